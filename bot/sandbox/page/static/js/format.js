const LOCALE = "en-GB";
const KILO = 1000;

/** Writes instants as the clocks of the building show them. */
export class LocalTime {
  /** @param {string} zone */
  constructor(zone) {
    const format = (/** @type {Intl.DateTimeFormatOptions} */ options) =>
      new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options });
    this._minutes = format({ hour: "2-digit", minute: "2-digit" });
    this._seconds = format({ hour: "2-digit", minute: "2-digit", second: "2-digit" });
    this._day = format({ day: "numeric", month: "long" });
    this._weekday = format({ weekday: "short", day: "numeric", month: "short" });
    this._date = format({ weekday: "short", day: "numeric", month: "short", year: "numeric" });
  }

  /** @param {Date} at */
  minutes(at) {
    return this._minutes.format(at);
  }

  /** @param {Date} at */
  seconds(at) {
    return this._seconds.format(at);
  }

  /** @param {Date} at */
  day(at) {
    return this._day.format(at);
  }

  /** @param {Date} at */
  weekday(at) {
    return this._weekday.format(at);
  }

  /** @param {Date} at */
  date(at) {
    return this._date.format(at);
  }
}

/** @param {number} bytes */
export function fileSize(bytes) {
  if (bytes < KILO) return `${bytes} B`;
  if (bytes < KILO * KILO) return `${(bytes / KILO).toFixed(1)} kB`;
  return `${(bytes / KILO / KILO).toFixed(1)} MB`;
}

/** @param {string} kwh */
export function energy(kwh) {
  const [whole = "0", thousandths] = kwh.split(".");
  const grouped = Number(whole).toLocaleString(LOCALE);
  return thousandths ? `${grouped}.${thousandths}` : grouped;
}

/** @param {number} watts */
export const power = (watts) => `${watts.toLocaleString(LOCALE)} W`;

/** @param {string} name */
export function initials(name) {
  const letters = name.split(/\s+/).map((word) => Array.from(word)[0] ?? "");
  return letters.slice(0, 2).join("").toUpperCase();
}
