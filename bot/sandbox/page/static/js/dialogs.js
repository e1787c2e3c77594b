import { el } from "./dom.js";
import { icon } from "./icons.js";

/**
 * This function will show a dialog over the whole page until it is closed, with Esc or by a click
 * beside it.
 *
 * @param {string} kind class of the dialog
 * @param {string} label
 * @param {(close: () => void) => Node[]} content
 */
export function showDialog(kind, label, content) {
  const dialog = el("dialog", { class: `dialog ${kind}`, "aria-label": label });
  const close = () => dialog.close();
  dialog.append(...content(close));
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) close();
  });
  document.body.append(dialog);
  dialog.showModal();
}

/** @param {string} source @param {string} caption */
export function enlarge(source, caption) {
  const label = caption || "Picture";
  showDialog("lightbox", label, (close) => [
    el("img", { src: source, alt: label, onclick: close }),
    el(
      "div",
      { class: "lightbox-actions" },
      el("a", { class: "round", href: source, download: "picture", title: "Download" }, icon("download")),
      el("button", { class: "round", type: "button", "aria-label": "Close", onclick: close }, icon("close")),
    ),
  ]);
}

/**
 * @param {string} question
 * @param {string} verb
 * @param {() => void} act
 */
export function confirm(question, verb, act) {
  showDialog("question", question, (close) => [
    el("p", {}, question),
    el(
      "div",
      { class: "dialog-actions" },
      el("button", { type: "button", class: "quiet", onclick: close }, "Cancel"),
      el(
        "button",
        {
          type: "button",
          class: "strong",
          autofocus: true,
          onclick: () => {
            close();
            act();
          },
        },
        verb,
      ),
    ),
  ]);
}
