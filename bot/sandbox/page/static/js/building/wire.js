import { el } from "../dom.js";
import { icon } from "../icons.js";

/** @import { LocalTime } from "../format.js" */
/** @import { WireLine } from "../types.js" */

const MOST_LINES = 400;
const NAMES = { qube: "Qube", telegram: "Telegram" };

/** Every request that went over the wire, newest above, with what one looks for left. */
export class WireLog {
  /** @param {HTMLElement} root @param {LocalTime} local */
  constructor(root, local) {
    this._local = local;
    /** @type {Map<string, {line: WireLine, row: HTMLElement}>} oldest first */
    this._lines = new Map();
    this._search = el("input", { type: "search", placeholder: "Filter", "aria-label": "Filter the log" });
    this._search.addEventListener("input", () => this._sift());
    this._qube = this._toggle("Qube", "Requests to the meters", true);
    this._telegram = this._toggle("Telegram", "Calls of the bot", true);
    this._polls = this._toggle("Polls", "The bot asking for updates", false);
    this._list = el("ol", { class: "wire-list", reversed: true });
    this._empty = el("p", { class: "wire-empty" }, "Nothing has gone over the wire yet.");
    root.append(
      el(
        "div",
        { class: "card-head" },
        el("h2", {}, "On the wire"),
        el("div", { class: "chips", role: "group", "aria-label": "Shown" }, this._qube, this._telegram, this._polls),
        el("label", { class: "search" }, icon("search"), this._search),
      ),
      el(
        "div",
        { class: "card-body", tabindex: 0, role: "region", "aria-label": "Requests" },
        this._empty,
        this._list,
      ),
    );
  }

  /** @param {WireLine[]} lines oldest first */
  add(lines) {
    const fresh = lines.filter((line) => !this._lines.has(line.id));
    for (const line of fresh) {
      const row = this._row(line);
      row.hidden = !this._isWanted(line);
      this._lines.set(line.id, { line, row });
      this._list.prepend(row);
    }
    for (const [id, { row }] of this._lines) {
      if (this._lines.size <= MOST_LINES) break;
      row.remove();
      this._lines.delete(id);
    }
    this._tellWhetherEmpty();
  }

  /** @param {string} label @param {string} title @param {boolean} isOn */
  _toggle(label, title, isOn) {
    const button = el("button", { type: "button", class: "chip", title, "aria-pressed": isOn }, label);
    button.setAttribute("aria-pressed", String(isOn));
    button.addEventListener("click", () => {
      button.setAttribute("aria-pressed", String(!isPressed(button)));
      this._sift();
    });
    return button;
  }

  _sift() {
    for (const { line, row } of this._lines.values()) row.hidden = !this._isWanted(line);
    this._tellWhetherEmpty();
  }

  _tellWhetherEmpty() {
    this._empty.hidden = Array.from(this._lines.values()).some(({ row }) => !row.hidden);
    const sentence = this._lines.size ? "Nothing of what is shown." : "Nothing has gone over the wire yet.";
    this._empty.textContent = sentence;
  }

  /** @param {WireLine} line */
  _isWanted(line) {
    const source = line.method === "getUpdates" ? this._polls : this[`_${line.source}`];
    if (!isPressed(source)) return false;
    const wanted = this._search.value.trim().toLowerCase();
    const text = `${line.method} ${line.target} ${line.summary} ${line.status} ${line.problem}`;
    return !wanted || text.toLowerCase().includes(wanted);
  }

  /** @param {WireLine} line */
  _row(line) {
    const at = new Date(line.at);
    const row = el(
      "li",
      { class: "wire-line", "data-source": line.source, "data-outcome": outcome(line) },
      el(
        "details",
        {},
        el(
          "summary",
          {},
          el("time", { datetime: line.at, title: this._local.date(at) }, this._local.seconds(at)),
          el("span", { class: "wire-source", title: NAMES[line.source] }, NAMES[line.source]),
          el("span", { class: "wire-method" }, line.method),
          el("span", { class: "wire-target" }, line.target, " ", el("i", {}, line.summary)),
          el("span", { class: "wire-status", title: line.problem }, String(line.status ?? "—")),
        ),
        el("pre", {}, line.problem ? `${line.problem}\n\n${line.details}` : line.details),
      ),
    );
    return row;
  }
}

/** @param {HTMLElement} button */
const isPressed = (button) => button.getAttribute("aria-pressed") === "true";

/** @param {WireLine} line */
function outcome({ status }) {
  if (status === null || status >= 500) return "lost";
  return status >= 400 ? "refused" : "ok";
}
