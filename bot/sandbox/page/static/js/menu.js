import { el, freshId } from "./dom.js";
import { icon } from "./icons.js";

const GAP_PX = 4;

/**
 * @typedef {object} MenuItem
 * @property {string} label
 * @property {Parameters<typeof icon>[0]} [icon]
 * @property {() => void} act
 */

/**
 * This function will let a button open a menu that is put together anew each time.
 *
 * @param {HTMLButtonElement} button
 * @param {() => MenuItem[]} items
 * @param {() => string} [note] what stands above them
 * @returns {HTMLElement} the menu, to be put beside the button
 */
export function menuOf(button, items, note = () => "") {
  const menu = el("div", { class: "menu", role: "menu", popover: "auto", id: freshId("menu") });
  button.setAttribute("aria-haspopup", "menu");
  button.setAttribute("aria-controls", menu.id);
  button.setAttribute("aria-expanded", "false");
  button.popoverTargetElement = menu;
  menu.addEventListener("beforetoggle", (event) => {
    if (event.newState !== "open") return;
    const heading = note() ? [el("p", { class: "menu-note", role: "presentation" }, note())] : [];
    menu.replaceChildren(...heading, ...items().map((item) => entry(menu, item)));
  });
  menu.addEventListener("toggle", (event) => {
    const isOpen = event.newState === "open";
    button.setAttribute("aria-expanded", String(isOpen));
    if (!isOpen) return;
    place(menu, button);
    entries(menu)[0]?.focus();
  });
  menu.addEventListener("keydown", (event) => walk(menu, event));
  return menu;
}

/** @param {HTMLElement} menu @param {MenuItem} item */
function entry(menu, item) {
  const choose = () => {
    menu.hidePopover();
    item.act();
  };
  const drawn = item.icon ? icon(item.icon) : null;
  return el("button", { type: "button", role: "menuitem", onclick: choose }, drawn, item.label);
}

/** @param {HTMLElement} menu @returns {HTMLElement[]} */
const entries = (menu) => Array.from(menu.querySelectorAll("[role=menuitem]"));

/** @param {HTMLElement} menu @param {HTMLElement} button */
function place(menu, button) {
  const at = button.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = menu;
  const fitsBelow = at.bottom + GAP_PX + height <= innerHeight;
  const left = Math.min(Math.max(GAP_PX, at.right - width), innerWidth - width - GAP_PX);
  menu.style.left = `${left}px`;
  menu.style.top = `${fitsBelow ? at.bottom + GAP_PX : at.top - GAP_PX - height}px`;
}

/** @param {HTMLElement} menu @param {KeyboardEvent} event */
function walk(menu, event) {
  const all = entries(menu);
  const at = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const steps = /** @type {Record<string, number>} */ ({
    ArrowDown: at + 1,
    ArrowUp: at - 1 + all.length,
    Home: 0,
    End: all.length - 1,
  });
  const next = steps[event.key];
  if (next === undefined) return;
  event.preventDefault();
  all[next % all.length]?.focus();
}
