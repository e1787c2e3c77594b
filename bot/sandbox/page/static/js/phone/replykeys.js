import { el } from "../dom.js";

/** @import { ReplyKeyboard } from "../types.js" */

/** The keyboard that a bot offers in place of letters. */
export class ReplyKeys {
  /** @param {(key: ReplyKeyboard["rows"][number][number]) => void} press */
  constructor(press) {
    this._press = press;
    this._shown = "";
    this.root = el("div", { class: "reply-keys", role: "group", "aria-label": "Answers", hidden: true });
  }

  /** @param {ReplyKeyboard | null} keyboard */
  show(keyboard) {
    const shown = JSON.stringify(keyboard);
    if (shown === this._shown) return;
    this._shown = shown;
    const rows = (keyboard?.rows ?? []).map((row) => {
      const keys = row.map((key) => {
        const press = () => {
          if (keyboard?.one_time) this.root.hidden = true;
          this._press(key);
        };
        return el("button", { type: "button", onclick: press }, key.text);
      });
      return el("div", { class: "key-row" }, ...keys);
    });
    this.root.replaceChildren(...rows);
    this.root.hidden = rows.length === 0;
  }

  toggle() {
    this.root.hidden = !this.root.hidden;
  }
}
