import { el } from "../dom.js";
import { icon } from "../icons.js";
import { attachButton, offerPhoto } from "./attach.js";
import { CommandList } from "./commandlist.js";
import { ReplyKeys } from "./replykeys.js";

/** @import { Command, ReplyKeyboard } from "../types.js" */
/** @import { Sending } from "./attach.js" */

/**
 * What a person can do below the messages.
 *
 * @typedef {Sending & {
 *   say: (text: string) => Promise<boolean>,
 *   commands: () => Promise<Command[]>,
 *   shareContact: () => void,
 *   unblock: () => void,
 * }} Hands
 */

/** The line where one types, with the menu of commands, the attachments and the bot's keyboard. */
export class Composer {
  /** @param {Hands} hands */
  constructor(hands) {
    this._hands = hands;
    this._token = "";
    this._list = new CommandList((command) => this._send(`/${command.command}`));
    this._keys = new ReplyKeys((key) => this._pressKey(key));
    this._line = this._makeLine();
    this._sendButton = tool("send", "Send", () => this._submit());
    this._sendButton.classList.add("send");
    this._menuButton = tool("menu", "Menu of commands", () => this._toggleMenu());
    this._keysButton = tool("keyboard", "Answers", () => this._keys.toggle());
    const attach = attachButton(hands);
    this._bar = el(
      "div",
      { class: "composer-line" },
      this._menuButton,
      el("div", { class: "line" }, this._line, this._keysButton, ...attach),
      this._sendButton,
    );
    this._big = el("button", { type: "button", class: "big", hidden: true });
    this.root = el("div", { class: "composer" }, this._list.root, this._bar, this._big, this._keys.root);
    this._allowSending();
  }

  /**
   * This function will offer what the chat allows: START, unblocking, or a line to type in.
   *
   * @param {{isStarted: boolean, isBlocked: boolean, keyboard: ReplyKeyboard | null}} chat
   */
  show({ isStarted, isBlocked, keyboard }) {
    const isOpen = isStarted && !isBlocked && !this._token;
    const hasFocus = this.root.contains(document.activeElement) && isOpen === this._bar.hidden;
    this._bar.hidden = !isOpen;
    this._big.hidden = isOpen;
    this._keysButton.hidden = !keyboard?.rows.length;
    this._keys.show(isOpen ? keyboard : null);
    this._line.placeholder = keyboard?.placeholder || "Message";
    if (!isOpen) this._label(isBlocked && !this._token);
    if (hasFocus) this.focus();
  }

  /** @param {boolean} isBlocked */
  _label(isBlocked) {
    this._big.textContent = isBlocked ? "Unblock" : "Start";
    this._big.onclick = () => (isBlocked ? this._hands.unblock() : this._start());
  }

  /** @param {string} token what the link of an invitation carries */
  offerStart(token) {
    this._token = token;
  }

  focus() {
    (this._bar.hidden ? this._big : this._line).focus({ preventScroll: true });
  }

  clear() {
    this._token = "";
    this._line.value = "";
    this._list.close();
    this._allowSending();
  }

  async _start() {
    const text = `/start ${this._token}`.trim();
    this._token = "";
    await this._hands.say(text);
  }

  _makeLine() {
    const line = el("textarea", { rows: 1, "aria-label": "Message", autocomplete: "off" });
    line.setAttribute("aria-autocomplete", "list");
    line.setAttribute("aria-controls", this._list.root.id);
    line.addEventListener("input", () => this._typed());
    line.addEventListener("keydown", (event) => this._key(event));
    line.addEventListener("blur", () => this._closeList());
    line.addEventListener("paste", (event) => {
      const picture = Array.from(event.clipboardData?.files ?? []).find(isPicture);
      if (!picture) return;
      event.preventDefault();
      offerPhoto(picture, this._hands);
    });
    return line;
  }

  _allowSending() {
    this._sendButton.disabled = !this._line.value.trim();
  }

  async _typed() {
    this._allowSending();
    const { value } = this._line;
    if (!/^\/\w*$/.test(value)) {
      this._closeList();
      return;
    }
    const commands = await this._hands.commands();
    if (this._line.value !== value) return;
    this._list.offer(commands.filter(({ command }) => `/${command}`.startsWith(value.toLowerCase())));
    this._tellChosen();
  }

  async _toggleMenu() {
    if (this._list.isOpen) {
      this._closeList();
      return;
    }
    this._line.focus();
    this._list.offer(await this._hands.commands());
  }

  _closeList() {
    this._list.close();
    this._tellChosen();
  }

  _tellChosen() {
    this._line.setAttribute("aria-activedescendant", this._list.chosenId ?? "");
    this._menuButton.setAttribute("aria-expanded", String(this._list.isOpen));
  }

  /** @param {KeyboardEvent} event */
  _key(event) {
    if (event.isComposing) return;
    if (this._list.isOpen && this._keyInList(event)) {
      event.preventDefault();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      this._submit();
    }
  }

  /** @param {KeyboardEvent} event @returns {boolean} whether the list has used the key */
  _keyInList(event) {
    const { _list: list } = this;
    if (event.key === "Escape") this._closeList();
    else if (event.key === "ArrowDown") list.walk(1);
    else if (event.key === "ArrowUp") list.walk(-1);
    else if (event.key === "Tab" && !event.shiftKey) this._complete(list.chosen ?? list.first);
    else if (event.key === "Enter" && list.chosen) this._send(`/${list.chosen.command}`);
    else return false;
    this._tellChosen();
    return true;
  }

  /** @param {Command | null} command */
  _complete(command) {
    if (!command) return;
    this._line.value = `/${command.command} `;
    this._closeList();
    this._allowSending();
  }

  _submit() {
    const text = this._line.value.trim();
    if (text) this._send(text);
  }

  /** @param {string} text */
  async _send(text) {
    this.clear();
    this._tellChosen();
    if (!(await this._hands.say(text)) && !this._line.value) {
      this._line.value = text;
      this._allowSending();
    }
  }

  /** @param {ReplyKeyboard["rows"][number][number]} key */
  _pressKey(key) {
    if (key.action === "say") this._send(key.text);
    else if (key.action === "share_contact") this._hands.shareContact();
    else this._hands.refused("This phone does not know where it is.");
  }
}

/** @param {File} file */
const isPicture = (file) => file.type.startsWith("image/");

/** @param {Parameters<typeof icon>[0]} sign @param {string} label @param {() => void} act */
function tool(sign, label, act) {
  // The line keeps the focus, and a list that is open stays so, until the click is done.
  const stay = (/** @type {Event} */ event) => event.preventDefault();
  return el(
    "button",
    { type: "button", class: "tool", "aria-label": label, title: label, onclick: act, onmousedown: stay },
    icon(sign),
  );
}
