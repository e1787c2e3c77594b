import { el, freshId } from "../dom.js";

/**
 * This function will show an alert over a phone, until it is acknowledged or Esc is pressed.
 *
 * @param {HTMLElement} screen
 * @param {string} text
 */
export function showAlert(screen, text) {
  const before = document.activeElement;
  const id = freshId("alert");
  const close = () => {
    alert.remove();
    if (before instanceof HTMLElement) before.focus({ preventScroll: true });
  };
  const button = el("button", { type: "button", class: "strong", onclick: close }, "OK");
  const box = el(
    "div",
    { class: "alert-box", role: "alertdialog", "aria-describedby": id, "aria-label": "The bot says" },
    el("p", { id }, text),
    button,
  );
  const alert = el("div", { class: "alert" }, box);
  alert.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    if (event.key === "Tab") event.preventDefault();
  });
  screen.append(alert);
  button.focus();
}
