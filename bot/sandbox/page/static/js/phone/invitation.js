import { showDialog } from "../dialogs.js";
import { el } from "../dom.js";
import { dress } from "./owner.js";

/** @import { People } from "../people.js" */

/**
 * This function will ask on whose phone a link to the bot is opened.
 *
 * @param {People} people
 * @param {(userId: number) => void} chosen
 */
export function chooseGuest(people, chosen) {
  showDialog("guests", "Open the link on whose phone?", (close) => {
    const choices = people.all.map((person) => {
      const avatar = el("span", { class: "avatar small", "aria-hidden": "true" });
      dress(avatar, person.name, person.user_id);
      const choose = () => {
        close();
        chosen(person.user_id);
      };
      const note = el("small", {}, person.note || person.part);
      return el("button", { type: "button", onclick: choose }, avatar, el("span", {}, person.name), note);
    });
    return [el("p", {}, "Open the link on whose phone?"), el("div", { class: "guest-list" }, ...choices)];
  });
}
