// What a person types: names completed by "@" and "#" become Slack's markup when it is sent.

import { store } from "./store.js";

const quote = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Typed text as it is sent. `marks` maps what completion wrote ("@Dana Ortiz") to markup ("<@U0DANA>"). */
export function withMarks(text, marks) {
  const known = [...marks.keys()].sort((a, b) => b.length - a.length);
  let sent = text;
  if (known.length) {
    const pattern = new RegExp(`(${known.map(quote).join("|")})(?![\\p{L}\\p{N}_])`, "gu");
    sent = sent.replace(pattern, (shown) => marks.get(shown));
  }
  const people = new Map([...store.people.values()].filter((p) => !p.deleted).map((p) => [p.name, `<@${p.id}>`]));
  const groups = new Map([...store.groups.values()].map((group) => [group.handle, `<!subteam^${group.id}>`]));
  return sent.replace(/(^|[\s(])@([a-z0-9][a-z0-9._-]*[a-z0-9]|[a-z0-9])/g, (whole, before, name) => {
    const markup = people.get(name) || groups.get(name);
    return markup ? before + markup : whole;
  });
}
