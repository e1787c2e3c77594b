import * as api from "../api.js";
import { confirm } from "../dialogs.js";
import { el } from "../dom.js";
import { energy, power } from "../format.js";
import { icon } from "../icons.js";
import { menuOf } from "../menu.js";

/** @import { Toasts } from "../toasts.js" */
/** @import { Meter, Space } from "../types.js" */

const FULL_BAR_W = 3_000;

/** Every meter with its counter, what it draws, its relay, and what one can do to it. */
export class MeterList {
  /** @param {HTMLElement} root @param {Toasts} toasts */
  constructor(root, toasts) {
    this._toasts = toasts;
    /** @type {Map<string, MeterRow>} */
    this._rows = new Map();
    this._summary = el("p", { class: "card-note" });
    this._list = el("ul", { class: "meter-list" });
    root.append(
      el("div", { class: "card-head" }, el("h2", {}, "Meters"), this._summary),
      el("div", { class: "card-body", tabindex: 0, role: "region", "aria-label": "Meters" }, this._list),
    );
  }

  /** @param {Space[]} spaces */
  show(spaces) {
    const meters = spaces.flatMap((space) => space.meters);
    for (const meter of meters) this._row(meter).show(meter);
    const present = new Set(meters.map((meter) => meter.udf1));
    for (const [udf1, row] of this._rows) {
      if (present.has(udf1)) continue;
      row.root.remove();
      this._rows.delete(udf1);
    }
    const cut = meters.filter((meter) => meter.has_relay && !meter.relay_on).length;
    const away = meters.filter((meter) => !meter.online).length;
    this._summary.textContent = `${meters.length} meters · ${cut} off · ${away} offline`;
  }

  /** @param {Meter} meter */
  _row(meter) {
    let row = this._rows.get(meter.udf1);
    if (!row) {
      row = new MeterRow(meter, this._toasts);
      this._rows.set(meter.udf1, row);
      this._list.append(row.root);
    }
    return row;
  }
}

class MeterRow {
  /** @param {Meter} meter @param {Toasts} toasts */
  constructor(meter, toasts) {
    this._meter = meter;
    this._toasts = toasts;
    this._relay = el("span", { class: "visually-hidden" });
    this._lamp = el("span", { class: "lamp" }, this._relay);
    this._away = el("span", { class: "tag", hidden: true }, "offline");
    this._trap = el("span", { class: "tag", hidden: true });
    this._bar = el("span", { class: "bar-fill" });
    this._watts = el("span", { class: "watts" });
    this._register = el("span", { class: "register" });
    this._online = el("button", { type: "button", class: "switch", role: "switch" });
    this._online.setAttribute("aria-label", `${meter.room} online`);
    this._online.addEventListener("click", () => this._toggleOnline());
    this.root = el(
      "li",
      { class: "meter" },
      this._lamp,
      el("div", { class: "meter-name", title: meter.udf1 }, el("b", {}, meter.room), this._away, this._trap),
      el("div", { class: "load" }, el("span", { class: "bar", "aria-hidden": "true" }, this._bar), this._watts),
      el("div", { class: "counter" }, this._register, el("small", {}, " kWh")),
      this._online,
      ...this._more(),
    );
  }

  /** @param {Meter} meter */
  show(meter) {
    const hasSwitched = meter.relay_on !== this._meter.relay_on;
    this._meter = meter;
    const relay = meter.has_relay ? (meter.relay_on ? "on" : "off") : "none";
    this._lamp.dataset.relay = relay;
    this._lamp.title = { on: "Relay on", off: "Relay off", none: "No relay" }[relay];
    write(this._relay, this._lamp.title);
    write(this._watts, power(meter.watts));
    write(this._register, energy(meter.register));
    this._bar.style.transform = `scaleX(${Math.min(1, meter.watts / FULL_BAR_W)})`;
    this._online.setAttribute("aria-checked", String(meter.online));
    this._online.title = meter.online ? "Online: take it offline" : "Offline: bring it back";
    this._away.hidden = meter.online;
    this._trap.hidden = !meter.failures_ahead;
    write(this._trap, meter.failures_ahead > 1 ? `will fail ×${meter.failures_ahead}` : "will fail");
    this.root.classList.toggle("is-offline", !meter.online);
    if (hasSwitched) this._blink();
  }

  _blink() {
    this.root.classList.remove("has-switched");
    void this.root.offsetWidth; // starts the animation anew
    this.root.classList.add("has-switched");
  }

  _more() {
    const { room, udf1, has_relay } = this._meter;
    const label = `More for ${room}`;
    const button = el("button", { type: "button", class: "tool", "aria-label": label }, icon("more"));
    const replace = () =>
      confirm(`Replace the device of ${room}? The new one starts at 0 kWh.`, "Replace", () =>
        this._do(() => api.meters.replace(udf1)),
      );
    const items = () => [
      { label: "Replace the device …", act: replace },
      ...(has_relay ? this._failures() : []),
    ];
    return [button, menuOf(button, items, () => `${udf1}\n${this._meter.device_id}`)];
  }

  _failures() {
    const { udf1 } = this._meter;
    return [
      {
        label: "Next command: works, connection lost",
        act: () => this._do(() => api.meters.loseAnswer(udf1, "drop")),
      },
      {
        label: "Next command: works, answered with 504",
        act: () => this._do(() => api.meters.loseAnswer(udf1, "gateway_error")),
      },
    ];
  }

  _toggleOnline() {
    const { udf1, online } = this._meter;
    this._do(() => api.meters.setOnline(udf1, !online));
  }

  /** @param {() => Promise<Meter>} deed */
  async _do(deed) {
    const meter = await this._toasts.guard(deed);
    if (meter) this.show(meter);
  }
}

/** @param {HTMLElement} element @param {string} text */
function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
