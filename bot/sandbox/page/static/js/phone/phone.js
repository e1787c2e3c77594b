import * as api from "../api.js";
import { confirm } from "../dialogs.js";
import { el } from "../dom.js";
import { icon } from "../icons.js";
import { understood } from "../links.js";
import { menuOf } from "../menu.js";
import { Toasts } from "../toasts.js";
import { showAlert } from "./alert.js";
import { chooseGuest } from "./invitation.js";
import { Composer } from "./composer.js";
import { OwnerChoice } from "./owner.js";
import { Presence } from "./presence.js";
import { Transcript } from "./transcript.js";

/** @import { Change, Chats } from "../chats.js" */
/** @import { SimulatedTime } from "../clock.js" */
/** @import { LocalTime } from "../format.js" */
/** @import { People } from "../people.js" */
/** @import { CallbackAnswer, InlineButton, Message, Person } from "../types.js" */

/**
 * @typedef {object} Surroundings
 * @property {People} people
 * @property {Chats} chats
 * @property {LocalTime} local
 * @property {SimulatedTime} time
 * @property {(root: HTMLElement) => boolean} isSeen
 * @property {(userId: number, token: string) => void} invite
 */

/** One phone with the bot's chat open; whose phone it is can be chosen. */
export class Phone {
  /**
   * @param {HTMLElement} root
   * @param {Person["part"]} part whose phone it is at first
   * @param {Surroundings} around
   */
  constructor(root, part, around) {
    this.root = root;
    this.part = part;
    /** @type {number | null} */
    this.userId = null;
    this._around = around;
    const toasts = el("div", { class: "toasts", role: "status" });
    this._toasts = new Toasts(toasts);
    this._owner = new OwnerChoice(around.people, around.chats, (userId) => this.show(userId));
    this._presence = new Presence(around.people.bot.name);
    this._transcript = new Transcript(around.local, this._deeds(), () => this.seen());
    this._composer = new Composer(this._hands());
    this._about = el("p", { class: "about", hidden: true });
    const screen = el("div", { class: "screen" }, this._about, this._transcript.root, toasts);
    root.append(this._statusBar(), this._header(), screen, this._composer.root);
    this._screen = screen;
    around.chats.listen((change) => this._changed(change));
    around.people.listen(() => this._meet());
    this._meet();
  }

  /** How many messages wait for the people who are at home on this phone. */
  get unread() {
    const { people, chats } = this._around;
    const atHome = people.all.filter((person) => (person.part === "manager") === (this.part === "manager"));
    return atHome.reduce((total, person) => total + chats.of(person.user_id).unread, 0);
  }

  /** @param {number} userId */
  show(userId) {
    this.userId = userId;
    const { chats } = this._around;
    const state = chats.of(userId);
    this._composer.clear();
    this._transcript.open(state.messages.values(), state.unread);
    this._presence.forget();
    this._draw();
    this.seen();
    this._toasts.guard(() => chats.refresh(userId));
  }

  /** @param {string} token */
  offerStart(token) {
    this._composer.offerStart(token);
    this._draw();
    this._composer.focus();
  }

  /** This function will take note that what is at the end of the chat has been seen. */
  seen() {
    if (this.userId === null || !this._around.isSeen(this.root)) return;
    if (this._transcript.isAtEnd) this._around.chats.markRead(this.userId);
  }

  _meet() {
    const first = this._around.people.first(this.part);
    if (this.userId === null && first !== null) this.show(first);
    else this._draw();
  }

  /** @param {Change} change */
  _changed({ userId, state, changed, news }) {
    if (userId === this.userId) {
      this._transcript.update(changed);
      this._presence.show(state.botAction, news.length > 0);
      this.seen();
    }
    this._draw();
  }

  _draw() {
    const { userId } = this;
    this._owner.show(userId);
    if (userId === null) return;
    const { people, chats } = this._around;
    const state = chats.of(userId);
    const person = people.of(userId);
    const isStarted = state.isStarted || Boolean(person?.started);
    this._transcript.showUnread(state.unread);
    this._composer.show({ isStarted, isBlocked: state.blocked, keyboard: state.replyKeyboard });
    this._about.hidden = isStarted;
    this._about.textContent = person?.about_bot || "Nothing has been said here yet.";
  }

  _statusBar() {
    const time = el("span", { class: "status-time" });
    this._around.time.listen((now) => {
      time.textContent = this._around.local.minutes(now);
    });
    return el("div", { class: "status-bar" }, this._owner.root, time);
  }

  _header() {
    const button = el(
      "button",
      { type: "button", class: "tool", "aria-label": "More", title: "More" },
      icon("more"),
    );
    const menu = menuOf(button, () => {
      const isBlocked = this.userId !== null && this._around.chats.of(this.userId).blocked;
      const label = isBlocked ? "Unblock the bot" : "Block the bot";
      return [{ label, icon: "stop", act: () => this._block(!isBlocked) }];
    });
    return el("header", { class: "chat-header" }, this._presence.root, button, menu);
  }

  /** @returns {import("./bubble.js").Deeds} */
  _deeds() {
    return {
      press: (message, button) => this._press(message, button),
      command: (command) => void this._say(command),
      link: (address) => this._follow(address),
    };
  }

  /** @returns {import("./composer.js").Hands} */
  _hands() {
    const act = (/** @type {(userId: number) => Promise<unknown>} */ deed) => void this._act(deed);
    return {
      say: (text) => this._say(text),
      commands: async () => (await this._act((userId) => api.chat.commands(userId))) ?? [],
      photo: (photo, name, caption) =>
        act((userId) => api.chat.sendPhoto(userId, photo, name, caption)),
      document: (document) => act((userId) => api.chat.sendDocument(userId, document)),
      shareContact: () => this._offerContact(),
      unblock: () => this._block(false),
      refused: (sentence) => this._toasts.say(sentence),
    };
  }

  /**
   * @template T
   * @param {(userId: number) => Promise<T>} deed
   * @returns {Promise<T | null>}
   */
  async _act(deed) {
    const { userId } = this;
    return userId === null ? null : this._toasts.guard(() => deed(userId));
  }

  /** @param {string} text @returns {Promise<boolean>} whether it was sent */
  async _say(text) {
    return (await this._act((userId) => api.chat.say(userId, text))) !== null;
  }

  /** @param {boolean} blocked */
  _block(blocked) {
    this._act((userId) => api.chat.block(userId, blocked));
  }

  _offerContact() {
    const person = this.userId === null ? undefined : this._around.people.of(this.userId);
    if (!person) return;
    const number = person.phone_number;
    confirm(`Share your number ${number} with the bot?`, "Share", () =>
      this._act((userId) => api.chat.shareContact(userId, number)),
    );
  }

  /** @param {Message} message @param {InlineButton} button */
  async _press(message, button) {
    const value = button.value ?? "";
    if (button.kind === "copy") await this._copy(value);
    else if (button.kind === "url") this._follow(value);
    else if (button.kind === "callback") await this._call(message, value);
    else this._toasts.say("Only Telegram itself can do this.");
  }

  /** @param {Message} message @param {string} data */
  async _call(message, data) {
    const pressed = await this._act((userId) => api.chat.press(userId, message.message_id, data));
    if (pressed?.answer) this._hear(pressed.answer);
    else if (pressed) this._toasts.say("The bot has not answered the button.");
  }

  /** @param {CallbackAnswer} answer */
  _hear(answer) {
    if (answer.url) this._follow(answer.url);
    else if (answer.text && answer.show_alert) showAlert(this._screen, answer.text);
    else if (answer.text) this._toasts.say(answer.text);
  }

  /** @param {string} text */
  async _copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      this._toasts.say("Copied");
    } catch {
      this._toasts.say(`The browser did not let it be copied: ${text}`);
    }
  }

  /** @param {string} address */
  _follow(address) {
    const { people, invite } = this._around;
    const link = understood(address, people.bot.username);
    if (link.kind === "web") open(link.url, "_blank", "noopener,noreferrer");
    else if (link.kind === "telegram") this._toasts.say("Only Telegram itself can open this link.");
    else chooseGuest(people, (userId) => invite(userId, link.token));
  }
}
