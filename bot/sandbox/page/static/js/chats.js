import * as api from "./api.js";

/** @import { ChatDelta, Message, ReplyKeyboard } from "./types.js" */

/** One person's chat as far as it is known, oldest message first. */
export class ChatState {
  constructor() {
    this.seq = 0;
    /** @type {Map<number, Message>} */
    this.messages = new Map();
    /** @type {ReplyKeyboard | null} */
    this.replyKeyboard = null;
    /** @type {string | null} */
    this.botAction = null;
    this.blocked = false;
    this.unread = 0;
    this.isLoaded = false;
  }

  /** Whether the person ever wrote, without which the bot may not. */
  get isStarted() {
    for (const message of this.messages.values()) if (!message.from_bot) return true;
    return false;
  }

  /** @param {ChatDelta} delta @returns {Message[]} what the bot has newly written */
  take(delta) {
    const isNews = (/** @type {Message} */ message) =>
      message.from_bot && !message.deleted && !this.messages.has(message.message_id);
    const news = this.isLoaded ? delta.messages.filter(isNews) : [];
    for (const message of delta.messages) {
      if (message.deleted) this.messages.delete(message.message_id);
      else this.messages.set(message.message_id, message);
    }
    this.seq = delta.seq;
    this.replyKeyboard = delta.reply_keyboard;
    this.botAction = delta.bot_action;
    this.blocked = delta.blocked;
    this.isLoaded = true;
    return news;
  }
}

/**
 * @typedef {object} Change
 * @property {number} userId
 * @property {ChatState} state
 * @property {Message[]} changed messages that are new, edited or deleted
 * @property {Message[]} news those of them that the bot has newly written
 */

/** Every person's chat, fetched in parts: whoever listens hears what changed. */
export class Chats {
  constructor() {
    /** @type {Map<number, ChatState>} */
    this._states = new Map();
    /** @type {Map<number, Promise<void>>} */
    this._fetching = new Map();
    /** @type {Set<number>} */
    this._stale = new Set();
    /** @type {Set<(change: Change) => void>} */
    this._listeners = new Set();
  }

  /** @param {(change: Change) => void} listener */
  listen(listener) {
    this._listeners.add(listener);
  }

  /** @param {number} userId */
  of(userId) {
    let state = this._states.get(userId);
    if (!state) this._states.set(userId, (state = new ChatState()));
    return state;
  }

  /** @param {number} userId somebody who came while one watched: all that the bot says is news */
  welcome(userId) {
    this.of(userId).isLoaded = true;
  }

  get unread() {
    let total = 0;
    for (const state of this._states.values()) total += state.unread;
    return total;
  }

  /** @param {number} userId */
  markRead(userId) {
    const state = this.of(userId);
    if (!state.unread) return;
    state.unread = 0;
    this._tell({ userId, state, changed: [], news: [] });
  }

  /**
   * This function will fetch what changed in a chat; calls while it does so make it look again.
   *
   * @param {number} userId
   * @returns {Promise<void>}
   */
  refresh(userId) {
    this._stale.add(userId);
    let fetching = this._fetching.get(userId);
    if (!fetching) {
      fetching = this._fetch(userId).finally(() => this._fetching.delete(userId));
      this._fetching.set(userId, fetching);
    }
    return fetching;
  }

  /** @param {number} userId */
  async _fetch(userId) {
    const state = this.of(userId);
    while (this._stale.delete(userId)) {
      const delta = await api.chat.changes(userId, state.seq);
      const news = state.take(delta);
      state.unread += news.length;
      this._tell({ userId, state, changed: delta.messages, news });
    }
  }

  /** @param {Change} change */
  _tell(change) {
    for (const listener of this._listeners) listener(change);
  }
}
