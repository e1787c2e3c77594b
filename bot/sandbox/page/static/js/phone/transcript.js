import { el, motion } from "../dom.js";
import { icon } from "../icons.js";
import { messageOf } from "./bubble.js";

/** @import { LocalTime } from "../format.js" */
/** @import { Message } from "../types.js" */
/** @import { Deeds } from "./bubble.js" */

const NEAR_END_PX = 80;

/** The messages of one chat, oldest above; stays at the newest unless one has scrolled up. */
export class Transcript {
  /**
   * @param {LocalTime} local
   * @param {Deeds} deeds
   * @param {() => void} reachedEnd
   */
  constructor(local, deeds, reachedEnd) {
    this._local = local;
    this._deeds = deeds;
    this._reachedEnd = reachedEnd;
    /** @type {Map<number, HTMLElement>} */
    this._shown = new Map();
    this._list = el("div", { class: "messages" });
    this._window = el("div", { class: "window", role: "log", "aria-label": "Messages", tabindex: 0 }, this._list);
    this._count = el("span", { class: "badge", hidden: true });
    this._down = el(
      "button",
      { type: "button", class: "round to-newest", "aria-label": "To the newest message", hidden: true },
      icon("down"),
      this._count,
    );
    this._down.addEventListener("click", () => this.toEnd(motion()));
    this._window.addEventListener("scroll", () => this._scrolled(), { passive: true });
    this.root = el("div", { class: "transcript" }, this._window, this._down);
    this._follows = true;
    this._lastTop = 0;
    new ResizeObserver(() => this._follows && this.toEnd(false)).observe(this._window);
    new ResizeObserver(() => this._follows && this.toEnd(motion())).observe(this._list);
  }

  /** Whether the newest message is in view, or about to be. */
  get isAtEnd() {
    return this._follows;
  }

  /**
   * This function will show a chat from its newest message on, with a line above what is unread.
   *
   * @param {Iterable<Message>} messages
   * @param {number} unread
   */
  open(messages, unread) {
    const all = Array.from(messages);
    this._shown.clear();
    this._list.replaceChildren();
    const unreadFrom = all.filter((message) => message.from_bot).at(-unread);
    for (const message of all) {
      if (unread && message === unreadFrom) {
        this._list.append(el("p", { class: "separator unread" }, "Unread"));
      }
      this._put(message);
    }
    this.toEnd(false);
  }

  /** @param {Message[]} changed new, edited and deleted messages */
  update(changed) {
    const isAnswering = changed.some((message) => !message.deleted && !message.from_bot);
    for (const message of changed) {
      if (message.deleted) this._remove(message.message_id);
      else this._put(message, true);
    }
    if (isAnswering || (this._follows && changed.length)) this.toEnd(motion());
  }

  /** @param {number} unread */
  showUnread(unread) {
    this._count.hidden = !unread;
    this._count.textContent = String(unread);
  }

  /** @param {boolean} isSmooth */
  toEnd(isSmooth) {
    const { _window: view } = this;
    this._follows = true;
    this._down.hidden = true;
    view.scrollTo({ top: view.scrollHeight, behavior: isSmooth ? "smooth" : "auto" });
  }

  /** Only a person scrolls up: what grows or moves by itself is followed to its end. */
  _scrolled() {
    const { scrollHeight, scrollTop, clientHeight } = this._window;
    if (scrollHeight - scrollTop - clientHeight < NEAR_END_PX) this._follows = true;
    else if (scrollTop < this._lastTop) this._follows = false;
    this._lastTop = scrollTop;
    this._down.hidden = this._follows;
    if (this._follows) this._reachedEnd();
  }

  /** @param {Message} message @param {boolean} [isFresh] */
  _put(message, isFresh = false) {
    const drawn = messageOf(message, this._local, this._deeds);
    const old = this._shown.get(message.message_id);
    this._shown.set(message.message_id, drawn);
    if (old) {
      replace(old, drawn);
      return;
    }
    this._separateDay(message);
    drawn.classList.toggle("is-fresh", isFresh);
    this._list.append(drawn);
  }

  /** @param {Message} message */
  _separateDay(message) {
    const day = this._local.day(new Date(message.at));
    const days = this._list.querySelectorAll(".day");
    if (days[days.length - 1]?.textContent === day) return;
    this._list.append(el("p", { class: "separator day" }, day));
  }

  /** @param {number} messageId */
  _remove(messageId) {
    const gone = this._shown.get(messageId);
    this._shown.delete(messageId);
    const before = gone?.previousElementSibling;
    const after = gone?.nextElementSibling;
    gone?.remove();
    const isLonely = !after || after.classList.contains("separator");
    if (isLonely && before?.classList.contains("separator")) before.remove();
  }
}

/**
 * This function will put a message in the place of its former version and keep the keyboard's
 * focus where it was.
 *
 * @param {HTMLElement} old
 * @param {HTMLElement} drawn
 */
function replace(old, drawn) {
  const focused = Array.from(old.querySelectorAll("button, a")).indexOf(
    /** @type {Element} */ (document.activeElement),
  );
  old.replaceWith(drawn);
  if (focused < 0) return;
  const candidates = Array.from(drawn.querySelectorAll("button, a"));
  const next = candidates[Math.min(focused, candidates.length - 1)];
  if (next instanceof HTMLElement) next.focus({ preventScroll: true });
}
