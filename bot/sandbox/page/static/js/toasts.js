import { el } from "./dom.js";

const SHOWN_MS = 4_000;
const MS_PER_CHARACTER = 45;

/** Short-lived sentences over a part of the page. */
export class Toasts {
  /** @param {HTMLElement} parent a live region */
  constructor(parent) {
    this._parent = parent;
  }

  /** @param {string} sentence */
  say(sentence) {
    const toast = el("p", { class: "toast" }, sentence);
    this._parent.replaceChildren(toast);
    setTimeout(() => toast.remove(), SHOWN_MS + sentence.length * MS_PER_CHARACTER);
  }

  /**
   * This function will run a deed and say why it failed, if it does.
   *
   * @template T
   * @param {() => Promise<T>} deed
   * @returns {Promise<T | null>}
   */
  async guard(deed) {
    try {
      return await deed();
    } catch (error) {
      this.say(error instanceof Error ? error.message : String(error));
      return null;
    }
  }
}
