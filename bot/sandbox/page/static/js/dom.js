/** @typedef {Node | string | null | undefined | false} Child */

/**
 * This function will make an element. Properties named `onsomething` are listeners, `true` is a
 * bare attribute, `null` and `false` are left out.
 *
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, String(value));
    }
  }
  element.append(...present(children));
  return element;
}

/** @param {Child[]} children @returns {(Node | string)[]} */
export function present(children) {
  const kept = [];
  for (const child of children) {
    if (child !== null && child !== undefined && child !== false) kept.push(child);
  }
  return kept;
}

/** @param {string} id @returns {HTMLElement} */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`There is no #${id} on the page`);
  return found;
}

/** Whether the person wants things to move. */
export const motion = () => !matchMedia("(prefers-reduced-motion: reduce)").matches;

let lastId = 0;

/** @param {string} stem */
export const freshId = (stem) => `${stem}-${++lastId}`;
