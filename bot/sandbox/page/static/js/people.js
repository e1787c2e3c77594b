/** @import { Person, Setup } from "./types.js" */

/** Everybody with a phone, and the bot that they talk to. */
export class People {
  /** @param {Setup} setup */
  constructor(setup) {
    this.bot = setup.bot;
    /** @type {Map<number, Person>} */
    this._people = new Map();
    /** @type {Set<() => void>} */
    this._listeners = new Set();
    this.meet(setup.people);
  }

  /** @param {() => void} listener */
  listen(listener) {
    this._listeners.add(listener);
  }

  /** @param {Person[]} people */
  meet(people) {
    for (const person of people) this._people.set(person.user_id, person);
    for (const listener of this._listeners) listener();
  }

  get all() {
    return Array.from(this._people.values());
  }

  get ids() {
    return Array.from(this._people.keys());
  }

  /** @param {number} userId */
  of(userId) {
    return this._people.get(userId);
  }

  /** @param {number} userId */
  knows(userId) {
    return this._people.has(userId);
  }

  /** @param {Person["part"]} part @returns {number | null} whose phone to show first */
  first(part) {
    const { all } = this;
    const found = all.find((person) => person.part === part) ?? all[0];
    return found?.user_id ?? null;
  }
}
