import { el } from "../dom.js";
import { dress } from "./owner.js";

/** What the bot does, in words; Telegram forgets it after five seconds. */
const ACTIONS = /** @type {Record<string, string>} */ ({
  typing: "typing …",
  upload_photo: "sending a photo …",
  upload_document: "sending a file …",
});
const FORGOTTEN_MS = 5_000;

/** The bot's name at the top of a chat, and what it is doing just now. */
export class Presence {
  /** @param {string} name */
  constructor(name) {
    const avatar = el("span", { class: "avatar", "aria-hidden": "true" });
    dress(avatar, name, 0);
    this._state = el("span", { class: "presence-state", role: "status" }, "bot");
    this._timer = 0;
    this.root = el(
      "div",
      { class: "presence" },
      avatar,
      el("h2", {}, name),
      this._state,
    );
  }

  /** @param {string | null} action @param {boolean} hasSpoken */
  show(action, hasSpoken) {
    if (!action || hasSpoken) {
      this.forget();
      return;
    }
    clearTimeout(this._timer);
    this._state.textContent = ACTIONS[action] ?? "busy …";
    this._state.classList.add("is-busy");
    this._timer = setTimeout(() => this.forget(), FORGOTTEN_MS);
  }

  forget() {
    clearTimeout(this._timer);
    this._state.textContent = "bot";
    this._state.classList.remove("is-busy");
  }
}
