import * as api from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";

/** @import { LocalTime } from "./format.js" */
/** @import { Toasts } from "./toasts.js" */
/** @import { TimeView } from "./types.js" */

const SPEEDS = [
  { speed: 0, label: "Pause", sign: "" },
  { speed: 1, label: "As fast as real time", sign: "×1" },
  { speed: 60, label: "A minute in a second", sign: "×60" },
  { speed: 3600, label: "An hour in a second", sign: "×3600" },
];
const JUMPS = [
  { hours: 1, sign: "+1 h", label: "One hour ahead" },
  { hours: 24, sign: "+1 day", label: "One day ahead" },
];
const TICK_MS = 200;

/** Knows what time it is in the simulated world, between what the server says too. */
export class SimulatedTime {
  constructor() {
    /** @type {TimeView | null} */
    this._told = null;
    this._toldAt = 0;
    /** @type {Set<(now: Date) => void>} */
    this._listeners = new Set();
    setInterval(() => this._tick(), TICK_MS);
  }

  /** @param {(now: Date) => void} listener hears the time, often enough for hands to run */
  listen(listener) {
    this._listeners.add(listener);
  }

  /** @param {TimeView} view */
  tell(view) {
    this._told = view;
    this._toldAt = performance.now();
    this._tick();
  }

  /** @returns {Date | null} */
  now() {
    if (!this._told) return null;
    const passedMs = (performance.now() - this._toldAt) * this._told.speed;
    return new Date(Date.parse(this._told.now) + passedMs);
  }

  _tick() {
    const now = this.now();
    if (now) for (const listener of this._listeners) listener(now);
  }
}

/** The clock of the page, with the buttons that run it and step it. */
export class ClockPanel {
  /**
   * @param {HTMLElement} root
   * @param {SimulatedTime} time
   * @param {LocalTime} local
   * @param {Toasts} toasts
   */
  constructor(root, time, local, toasts) {
    this._time = time;
    this._local = local;
    this._toasts = toasts;
    /** @type {number | null} */
    this._leftAtMs = null;
    this._date = el("span", { class: "clock-date" });
    this._hands = el("time", { class: "clock-time", role: "timer" });
    this._state = el("span", { class: "clock-state", role: "status" });
    this._progress = el("div", { class: "clock-progress" });
    this._speeds = SPEEDS.map((choice) => this._speedButton(choice));
    this._stop = this._stopButton();
    root.append(
      el("div", { class: "clock-face" }, this._hands, el("div", {}, this._date, this._state)),
      el("div", { class: "segments", role: "group", "aria-label": "Speed" }, ...this._speeds),
      el("div", { class: "jumps" }, ...JUMPS.map((jump) => this._jumpButton(jump)), this._stop),
      this._progress,
    );
    time.listen((now) => this._draw(now));
  }

  /** @param {TimeView} view */
  show(view) {
    this._time.tell(view);
    const destination = view.destination ? new Date(view.destination) : null;
    this._showState(view.speed, destination);
    this._showProgress(Date.parse(view.now), destination);
    this._stop.hidden = !destination;
    SPEEDS.forEach(({ speed }, index) => {
      this._speeds[index]?.setAttribute("aria-pressed", String(speed === view.speed));
    });
  }

  /** @param {number} speed @param {Date | null} destination */
  _showState(speed, destination) {
    const { _local: local } = this;
    let state = speed ? `running ×${speed}` : "paused";
    if (destination) state = `moving to ${local.weekday(destination)}, ${local.minutes(destination)}`;
    if (this._state.textContent !== state) this._state.textContent = state;
    this._state.classList.toggle("is-moving", Boolean(destination || speed));
  }

  /** @param {number} nowMs @param {Date | null} destination */
  _showProgress(nowMs, destination) {
    if (!destination) this._leftAtMs = null;
    else this._leftAtMs ??= nowMs;
    const wholeMs = destination && this._leftAtMs ? destination.getTime() - this._leftAtMs : 0;
    const share = wholeMs ? (nowMs - (this._leftAtMs ?? nowMs)) / wholeMs : 0;
    this._progress.classList.toggle("is-moving", Boolean(destination));
    this._progress.style.transform = `scaleX(${share})`;
  }

  /** @param {Date} now */
  _draw(now) {
    this._hands.textContent = this._local.seconds(now);
    this._date.textContent = this._local.date(now);
  }

  /** @param {typeof SPEEDS[number]} choice */
  _speedButton({ speed, label, sign }) {
    const run = () => this._ask(() => api.clock.run(speed));
    return el(
      "button",
      { type: "button", title: label, "aria-label": label, "aria-pressed": "false", onclick: run },
      sign || icon("pause"),
    );
  }

  /** @param {typeof JUMPS[number]} jump */
  _jumpButton({ hours, sign, label }) {
    const jump = () => this._ask(() => api.clock.travel(hours));
    return el("button", { type: "button", title: label, onclick: jump }, sign);
  }

  _stopButton() {
    const stop = () => this._ask(() => api.clock.stop());
    const label = "Stop moving";
    return el(
      "button",
      { type: "button", class: "stop", title: label, "aria-label": label, hidden: true, onclick: stop },
      icon("stop"),
    );
  }

  /** @param {() => Promise<TimeView>} deed */
  async _ask(deed) {
    const view = await this._toasts.guard(deed);
    if (view) this.show(view);
  }
}
