/** The formatting that a message may have; the server escapes everything else already. */
const ALLOWED = new Set(["B", "I", "U", "S", "CODE", "PRE", "BLOCKQUOTE", "TG-SPOILER", "A"]);
const LINK = /^(https?|tg|ton):/i;

/**
 * This function will turn the HTML of a message into nodes, and let nothing in that is not a
 * message's formatting.
 *
 * @param {string} html
 * @returns {DocumentFragment}
 */
export function richText(html) {
  const inert = new DOMParser().parseFromString(html, "text/html");
  const fragment = document.createDocumentFragment();
  fragment.append(...copies(inert.body));
  return fragment;
}

/** @param {Node} parent @returns {Node[]} */
function copies(parent) {
  return Array.from(parent.childNodes).flatMap((node) => {
    if (node instanceof Element) return copyOf(node);
    return [document.createTextNode(node.textContent ?? "")];
  });
}

/** @param {Element} element @returns {Node[]} */
function copyOf(element) {
  const children = copies(element);
  if (!ALLOWED.has(element.tagName)) return children;
  const copy = element.tagName === "A" ? anchor(element) : plain(element);
  copy.append(...children);
  return [copy];
}

/** @param {Element} element @returns {HTMLElement} */
function plain(element) {
  if (element.tagName !== "TG-SPOILER") return document.createElement(element.tagName);
  const spoiler = document.createElement("span");
  spoiler.className = "spoiler";
  spoiler.tabIndex = 0;
  return spoiler;
}

/** @param {Element} element @returns {HTMLElement} */
function anchor(element) {
  const command = element.getAttribute("data-command");
  if (command !== null) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "command-link";
    button.dataset.command = command;
    return button;
  }
  const href = element.getAttribute("href") ?? "";
  const link = document.createElement("a");
  if (LINK.test(href)) link.href = href;
  link.rel = "noopener noreferrer";
  link.target = "_blank";
  return link;
}
