import { fileUrl } from "../api.js";
import { enlarge } from "../dialogs.js";
import { el } from "../dom.js";
import { fileSize } from "../format.js";
import { icon } from "../icons.js";
import { richText } from "../richtext.js";

/** @import { LocalTime } from "../format.js" */
/** @import { InlineButton, Message, StoredDocument } from "../types.js" */

/**
 * What a message lets one do.
 *
 * @typedef {object} Deeds
 * @property {(message: Message, button: InlineButton) => Promise<void>} press
 * @property {(command: string) => void} command
 * @property {(address: string) => void} link
 */

/**
 * This function will draw a message with its buttons.
 *
 * @param {Message} message
 * @param {LocalTime} local
 * @param {Deeds} deeds
 * @returns {HTMLElement}
 */
export function messageOf(message, local, deeds) {
  const side = message.from_bot ? "in" : "out";
  const bubble = el(
    "div",
    { class: `bubble${message.photo ? " has-photo" : ""}${message.text ? "" : " is-bare"}` },
    message.reply_to && el("p", { class: "quote" }, message.reply_to.text || "Picture or file"),
    message.photo && photoOf(message),
    message.document && documentOf(message.document),
    message.contact && contactOf(message.contact),
    wordsOf(message, local, deeds),
  );
  return el(
    "article",
    { class: `message ${side}`, "data-id": message.message_id, "aria-label": message.sender },
    bubble,
    message.buttons.length > 0 && keysOf(message, deeds),
  );
}

/** @param {Message} message @param {LocalTime} local @param {Deeds} deeds */
function wordsOf(message, local, deeds) {
  const words = el("div", { class: "words", dir: "auto" });
  words.append(richText(message.html), metaOf(message, local));
  words.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const command = target?.closest("[data-command]")?.getAttribute("data-command");
    const address = target?.closest("a")?.getAttribute("href");
    if (command) deeds.command(command);
    if (address) {
      event.preventDefault();
      deeds.link(address);
    }
    target?.closest(".spoiler")?.classList.add("is-shown");
  });
  return words;
}

/** @param {Message} message @param {LocalTime} local */
function metaOf(message, local) {
  const at = new Date(message.at);
  return el(
    "span",
    { class: "meta" },
    message.edited && "edited ",
    el("time", { datetime: message.at, title: `${local.date(at)}, ${local.seconds(at)}` }, local.minutes(at)),
  );
}

/** @param {Message} message */
function photoOf(message) {
  const { photo, text } = message;
  if (!photo) return null;
  const source = fileUrl(photo.file_id);
  const label = text.split("\n")[0] || "Picture";
  const picture = el("img", { src: source, alt: label, width: photo.width, height: photo.height });
  const open = () => enlarge(source, label);
  return el("button", { type: "button", class: "photo", title: "Enlarge", onclick: open }, picture);
}

/** @param {StoredDocument} document */
function documentOf(document) {
  return el(
    "a",
    { class: "document", href: fileUrl(document.file_id), download: document.name },
    el("span", { class: "document-icon" }, icon("download")),
    el("span", { class: "document-name" }, document.name),
    el("span", { class: "document-size" }, fileSize(document.size_bytes)),
  );
}

/** @param {{phone_number: string, first_name: string}} contact */
function contactOf(contact) {
  return el(
    "div",
    { class: "document" },
    el("span", { class: "document-icon" }, icon("person")),
    el("span", { class: "document-name" }, contact.first_name),
    el("span", { class: "document-size" }, contact.phone_number),
  );
}

/** @param {Message} message @param {Deeds} deeds */
function keysOf(message, deeds) {
  const rows = message.buttons.map((row) =>
    el("div", { class: "key-row" }, ...row.map((button) => keyOf(message, button, deeds))),
  );
  return el("div", { class: "keys" }, ...rows);
}

/** @param {Message} message @param {InlineButton} button @param {Deeds} deeds */
function keyOf(message, button, deeds) {
  const signs = /** @type {const} */ ({ url: "link", web_app: "link", copy: "copy" });
  const sign = button.kind in signs ? signs[/** @type {"url"} */ (button.kind)] : null;
  const key = el(
    "button",
    { type: "button", class: `key ${button.style ?? ""}`.trim(), onclick: press },
    el("span", { class: "key-label" }, button.text),
    sign && icon(sign),
  );
  async function press() {
    if (key.getAttribute("aria-busy")) return;
    key.setAttribute("aria-busy", "true");
    await deeds.press(message, button);
    key.removeAttribute("aria-busy");
  }
  return key;
}
