/** @import { Space, TimeView, WireLine } from "./types.js" */

const RETRY_MS = 2_000;

/**
 * @typedef {object} Listeners
 * @property {(news: {world: string}) => void} hello on every connection
 * @property {(news: {chats: number[], everybody: boolean}) => void} chat
 * @property {(time: TimeView) => void} time
 * @property {(spaces: Space[]) => void} building
 * @property {(lines: WireLine[]) => void} wire oldest first
 * @property {() => void} lost
 */

/** Hears what happens while the page is in sight, and connects again when it was cut off. */
export class Events {
  /** @param {Listeners} listeners */
  constructor(listeners) {
    this._listeners = listeners;
    /** @type {EventSource | null} */
    this._source = null;
    this._retry = 0;
    document.addEventListener("visibilitychange", () => this._follow());
    addEventListener("pagehide", () => this._close());
    this._follow();
  }

  /** A browser keeps only six connections to a server: pages out of sight let theirs go. */
  _follow() {
    if (document.hidden) this._close();
    else if (!this._source) this._open();
  }

  _open() {
    const source = new EventSource("/events");
    this._source = source;
    for (const kind of /** @type {const} */ (["hello", "chat", "time", "building", "wire"])) {
      source.addEventListener(kind, (event) => this._listeners[kind](JSON.parse(event.data)));
    }
    source.onerror = () => this._lost(source);
  }

  /** @param {EventSource} source */
  _lost(source) {
    this._listeners.lost();
    if (source.readyState !== EventSource.CLOSED || source !== this._source) return;
    this._close();
    this._retry = setTimeout(() => this._follow(), RETRY_MS);
  }

  _close() {
    clearTimeout(this._retry);
    this._source?.close();
    this._source = null;
  }
}
