import { el, freshId } from "../dom.js";

/** @import { Command } from "../types.js" */

/** The commands that the bot offers, as a list over the line where one types. */
export class CommandList {
  /** @param {(command: Command) => void} choose */
  constructor(choose) {
    this._choose = choose;
    /** @type {Command[]} */
    this._offered = [];
    this._chosen = -1;
    this.root = el("ul", { class: "commands", role: "listbox", id: freshId("commands"), hidden: true });
    this.root.setAttribute("aria-label", "Commands");
  }

  get isOpen() {
    return !this.root.hidden;
  }

  /** @returns {Command | null} the one that the arrow keys have reached */
  get chosen() {
    return this._offered[this._chosen] ?? null;
  }

  /** @returns {string | null} its element's id */
  get chosenId() {
    return this.root.children[this._chosen]?.id ?? null;
  }

  /** @returns {Command | null} */
  get first() {
    return this._offered[0] ?? null;
  }

  /** @param {Command[]} commands */
  offer(commands) {
    this._offered = commands;
    this._chosen = -1;
    this.root.replaceChildren(...commands.map((command) => this._option(command)));
    this.root.hidden = commands.length === 0;
  }

  close() {
    this.offer([]);
  }

  /** @param {1 | -1} step */
  walk(step) {
    const { length } = this._offered;
    const from = this._chosen < 0 && step < 0 ? 0 : this._chosen;
    this._chosen = (from + step + length) % length;
    Array.from(this.root.children).forEach((option, index) => {
      option.setAttribute("aria-selected", String(index === this._chosen));
    });
    this.root.children[this._chosen]?.scrollIntoView({ block: "nearest" });
  }

  /** @param {Command} command */
  _option(command) {
    const choose = () => this._choose(command);
    // The line keeps the focus: pressing the mouse must not take it.
    const stay = (/** @type {Event} */ event) => event.preventDefault();
    return el(
      "li",
      { role: "option", id: freshId("command"), "aria-selected": "false", onclick: choose, onmousedown: stay },
      el("b", {}, `/${command.command}`),
      el("span", {}, command.description),
    );
  }
}
