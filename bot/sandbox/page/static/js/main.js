import { readSetup } from "./api.js";
import { MeterList } from "./building/meters.js";
import { WireLog } from "./building/wire.js";
import { Chats } from "./chats.js";
import { ClockPanel, SimulatedTime } from "./clock.js";
import { byId, el } from "./dom.js";
import { Events } from "./events.js";
import { LocalTime } from "./format.js";
import { People } from "./people.js";
import { Phone } from "./phone/phone.js";
import { Tabs } from "./tabs.js";
import { Toasts } from "./toasts.js";

const toasts = new Toasts(byId("toasts"));
const connection = byId("connection");

/** @param {string} sentence */
function showConnection(sentence) {
  connection.textContent = sentence;
  connection.hidden = !sentence;
}

/** This function will put the page together and keep it up to date. */
async function start() {
  const setup = await readSetup();
  byId("place").textContent = setup.place;
  const local = new LocalTime(setup.zone);
  const time = new SimulatedTime();
  const people = new People(setup);
  const chats = new Chats();
  const clock = new ClockPanel(byId("clock"), time, local, toasts);
  const building = buildingIn(byId("building"), local);

  /** @type {Phone[]} */
  const phones = [];
  const surroundings = {
    people,
    chats,
    local,
    time,
    isSeen: (/** @type {HTMLElement} */ root) => !document.hidden && tabs.isSeen(root),
    invite: (/** @type {number} */ userId, /** @type {string} */ token) =>
      openInvitation(phones, tabs, people, userId, token),
  };
  const tabs = new Tabs(byId("tabs"), phoneTabs(), () => phones.forEach((phone) => phone.seen()));
  phones.push(new Phone(byId("tenant"), "tenant", surroundings));
  phones.push(new Phone(byId("manager"), "manager", surroundings));
  document.addEventListener("visibilitychange", () => phones.forEach((phone) => phone.seen()));

  const showUnread = () => {
    document.title = `${chats.unread ? `(${chats.unread}) ` : ""}${setup.place} · demonstration`;
    for (const phone of phones) tabs.showBadge(phone.root, phone.unread);
  };
  chats.listen(showUnread);
  showUnread();

  const refresh = (/** @type {number[]} */ userIds) =>
    toasts.guard(() => Promise.all(userIds.map((userId) => chats.refresh(userId))));
  const meetPeople = () =>
    toasts.guard(async () => {
      const met = (await readSetup()).people;
      const strangers = met.filter((person) => !people.knows(person.user_id));
      for (const person of strangers) chats.welcome(person.user_id);
      people.meet(met);
    });

  new Events({
    hello: ({ world }) => {
      if (world !== setup.world) location.reload();
      showConnection("");
      refresh(people.ids);
    },
    chat: async ({ chats: changed, everybody }) => {
      if (everybody || changed.some((userId) => !people.knows(userId))) await meetPeople();
      refresh(changed.filter((userId) => people.knows(userId)));
    },
    time: (view) => clock.show(view),
    building: (spaces) => building.meters.show(spaces),
    wire: (lines) => building.wire.add(lines),
    lost: () => showConnection("The demonstration does not answer. Trying again …"),
  });
}

/** @returns {import("./tabs.js").Tab[]} */
const phoneTabs = () => [
  { label: "Tenant", icon: "person", panel: byId("tenant") },
  { label: "Manager", icon: "person", panel: byId("manager") },
  { label: "Building", icon: "building", panel: byId("building") },
];

/** @param {HTMLElement} root @param {LocalTime} local */
function buildingIn(root, local) {
  const rooms = el("section", { class: "card meters", "aria-label": "Meters" });
  const wireCard = el("section", { class: "card wire", "aria-label": "On the wire" });
  root.append(rooms, wireCard);
  return { meters: new MeterList(rooms, toasts), wire: new WireLog(wireCard, local) };
}

/**
 * @param {Phone[]} phones
 * @param {Tabs} tabs
 * @param {People} people
 * @param {number} userId
 * @param {string} token
 */
function openInvitation(phones, tabs, people, userId, token) {
  const isManager = people.of(userId)?.part === "manager";
  const shown = phones.find((phone) => phone.userId === userId);
  const phone = shown ?? phones[isManager ? 1 : 0];
  if (!phone) return;
  phone.show(userId);
  phone.offerStart(token);
  tabs.reveal(phone.root);
}

start().catch((error) => {
  showConnection(error instanceof Error ? error.message : String(error));
  throw error;
});
