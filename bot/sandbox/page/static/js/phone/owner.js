import { el } from "../dom.js";
import { initials } from "../format.js";

/** @import { Chats } from "../chats.js" */
/** @import { People } from "../people.js" */
/** @import { Person } from "../types.js" */

const GROUPS = /** @type {const} */ ({ tenant: "Tenants", manager: "Managers", stranger: "Strangers" });
const TINTS = 6;

/** Chooses whose phone it is. */
export class OwnerChoice {
  /**
   * @param {People} people
   * @param {Chats} chats
   * @param {(userId: number) => void} chosen
   */
  constructor(people, chats, chosen) {
    this._people = people;
    this._chats = chats;
    this._drawn = "";
    /** @type {number | null} */
    this._shown = null;
    this._avatar = el("span", { class: "avatar small", "aria-hidden": "true" });
    this._select = el("select", { "aria-label": "Whose phone" });
    this._select.addEventListener("change", () => chosen(Number(this._select.value)));
    this._news = el("span", { class: "dot", title: "Somebody else has unread messages", hidden: true });
    this.root = el("label", { class: "owner" }, this._avatar, this._select, this._news);
  }

  /** @param {number | null} userId */
  show(userId) {
    this._shown = userId;
    const groups = Object.entries(GROUPS).map(([part, label]) => this._group(part, label));
    const drawn = JSON.stringify(groups);
    if (drawn !== this._drawn) {
      this._drawn = drawn;
      this._select.replaceChildren(...groups.filter((group) => group.people.length).map(optgroup));
    }
    this._select.value = String(userId);
    const person = userId === null ? undefined : this._people.of(userId);
    dress(this._avatar, person?.name ?? "?", userId ?? 0);
    const others = this._people.ids.filter((other) => other !== userId);
    this._news.hidden = !others.some((other) => this._chats.of(other).unread);
  }

  /** @param {string} part @param {string} label */
  _group(part, label) {
    const members = this._people.all.filter((person) => person.part === part);
    return { label, people: members.map((person) => [person.user_id, this._label(person)]) };
  }

  /** @param {Person} person */
  _label(person) {
    const isShown = person.user_id === this._shown;
    const unread = isShown ? 0 : this._chats.of(person.user_id).unread;
    const note = person.note ? ` · ${person.note}` : "";
    return `${person.name}${note}${unread ? ` (${unread} unread)` : ""}`;
  }
}

/** @param {{label: string, people: (string | number)[][]}} group */
function optgroup({ label, people }) {
  const options = people.map(([userId, text]) => el("option", { value: userId }, String(text)));
  return el("optgroup", { label }, ...options);
}

/**
 * This function will put somebody's initials and colour on an avatar.
 *
 * @param {HTMLElement} avatar
 * @param {string} name
 * @param {number} number
 */
export function dress(avatar, name, number) {
  avatar.textContent = initials(name);
  avatar.dataset.tint = String(number % TINTS);
}
