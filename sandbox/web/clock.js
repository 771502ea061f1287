// Times as a person reads them, in that person's time zone.

import { store } from "./store.js";

const formats = new Map();
function shown(date, options) {
  const zone = store.me?.tz || "UTC";
  const key = zone + JSON.stringify(options);
  if (!formats.has(key)) formats.set(key, new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }));
  return formats.get(key).format(date);
}

export const fromTs = (ts) => new Date(Number(ts) * 1000);
/** "09:12" */
export const time = (date) => shown(date, { hour: "2-digit", minute: "2-digit" });
/** "2026-11-21": days compare and sort as text. */
export const dayKey = (date) => shown(date, { year: "numeric", month: "2-digit", day: "2-digit" }).split("/").reverse().join("-");
const longDay = (date) => shown(date, { weekday: "long", day: "numeric", month: "long" });
const fullDate = (date) => shown(date, { day: "numeric", month: "long", year: "numeric" });

function near(date) {
  const days = Math.round((Date.parse(dayKey(date)) - Date.parse(dayKey(new Date()))) / 86_400_000);
  return { "-1": "Yesterday", 0: "Today", 1: "Tomorrow" }[days] || null;
}

/** "Today", "Yesterday", "Monday 16 November", with the year if it is another one. */
export function dayName(date) {
  const sameYear = shown(date, { year: "numeric" }) === shown(new Date(), { year: "numeric" });
  return near(date) || (sameYear ? longDay(date) : `${longDay(date)} ${shown(date, { year: "numeric" })}`);
}

/** "Saturday 21 November 2026 at 09:12 (Europe/London)" */
export const whole = (date) => `${longDay(date)} ${shown(date, { year: "numeric" })} at ${time(date)} (${store.me?.tz || "UTC"})`;

/** "now", "4 min ago", "2 h ago", "3 days ago", or the date. */
export function ago(date) {
  const seconds = (Date.now() - date) / 1000;
  if (seconds < -60) return `in ${span(-seconds)}`;
  if (seconds < 60) return "just now";
  return `${span(seconds)} ago`;
}

function span(seconds) {
  if (seconds < 3600) return `${Math.round(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.round(seconds / 3600)} h`;
  const days = Math.round(seconds / 86_400);
  return days === 1 ? "1 day" : `${days} days`;
}

/** Slack's date tokens, "{date_short_pretty} at {time}". */
export function tokens(timestamp, format) {
  const date = new Date(timestamp * 1000);
  const short = () => shown(date, { day: "numeric", month: "short", year: "numeric" });
  const long = () => shown(date, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const pretty = (otherwise) => near(date)?.toLowerCase() || otherwise();
  const known = {
    date_num: () => dayKey(date),
    date_slash: () => shown(date, { year: "numeric", month: "2-digit", day: "2-digit" }),
    date: () => fullDate(date),
    date_short: short,
    date_long: long,
    date_long_full: long,
    date_pretty: () => pretty(() => fullDate(date)),
    date_short_pretty: () => pretty(short),
    date_long_pretty: () => pretty(long),
    day_divider_pretty: () => dayName(date),
    time: () => time(date),
    time_secs: () => shown(date, { hour: "2-digit", minute: "2-digit", second: "2-digit" }),
    ago: () => ago(date),
  };
  return format.replace(/\{(\w+)\}/g, (token, name) => (known[name] ? known[name]() : token));
}

/** Epoch seconds -> "2026-11-21T09:12" in the person's zone, for a datetime field. */
export const toLocalField = (seconds) => {
  const date = new Date(seconds * 1000);
  return `${dayKey(date)}T${time(date)}`;
};

/** "2026-11-21T09:12" in the person's zone -> epoch seconds. */
export function fromLocalField(value) {
  const asUtc = Date.parse(`${value}:00Z`);
  let guess = asUtc;
  // Twice: near a change to or from summer time the first offset may be that of the other side.
  for (let round = 0; round < 2; round += 1) {
    guess -= Date.parse(`${toLocalField(guess / 1000)}:00Z`) - asUtc;
  }
  return Math.round(guess / 1000);
}
