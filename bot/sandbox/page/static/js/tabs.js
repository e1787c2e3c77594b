import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * @typedef {object} Tab
 * @property {string} label
 * @property {Parameters<typeof icon>[0]} icon
 * @property {HTMLElement} panel
 */

/** Chooses which part is seen where there is no room for all; on a wide screen all are. */
export class Tabs {
  /**
   * @param {HTMLElement} root
   * @param {Tab[]} tabs
   * @param {() => void} changed
   */
  constructor(root, tabs, changed) {
    this._panels = tabs.map((tab) => tab.panel);
    this._badges = tabs.map(() => el("span", { class: "badge", hidden: true }));
    this._buttons = tabs.map((tab, index) =>
      el(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-controls": tab.panel.id,
          onclick: () => this.select(index),
          onkeydown: (/** @type {KeyboardEvent} */ event) => this._walk(event, index),
        },
        icon(tab.icon),
        el("span", {}, tab.label),
        this._badges[index],
      ),
    );
    this._changed = changed;
    this._wide = matchMedia("(min-width: 1000px)");
    this._wide.addEventListener("change", () => changed());
    root.append(...this._buttons);
    this.select(0);
  }

  /** @param {number} chosen */
  select(chosen) {
    this._buttons.forEach((button, index) => {
      button.setAttribute("aria-selected", String(index === chosen));
      button.tabIndex = index === chosen ? 0 : -1;
      this._panels[index]?.classList.toggle("is-chosen", index === chosen);
    });
    this._changed();
  }

  /** @param {HTMLElement} panel */
  reveal(panel) {
    this.select(this._panels.indexOf(panel));
  }

  /** @param {HTMLElement} panel */
  isSeen(panel) {
    return this._wide.matches || panel.classList.contains("is-chosen");
  }

  /** @param {HTMLElement} panel @param {number} count */
  showBadge(panel, count) {
    const badge = this._badges[this._panels.indexOf(panel)];
    if (!badge) return;
    badge.hidden = !count;
    badge.textContent = String(count);
    badge.setAttribute("aria-label", `${count} unread`);
  }

  /** @param {KeyboardEvent} event @param {number} index */
  _walk(event, index) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const next = (index + step + this._buttons.length) % this._buttons.length;
    this.select(next);
    this._buttons[next]?.focus();
  }
}
