// Small things shown in many places: avatars, badges, lines of people and channels for menus.

import { h, icon } from "./dom.js";
import { safeUrl } from "./mrkdwn.js";
import { store, titleOf } from "./store.js";

/** A person's picture: initials on their colour; the app has its own mark. */
export function avatar(id, size = "medium") {
  const person = store.people.get(id);
  const className = `avatar avatar-${size}`;
  if (person?.is_bot) return h("img", { class: `${className} avatar-app`, src: "icon.svg", alt: "" });
  return h("span", { class: className, style: { "--person": person?.colour || "#6b7280" }, "aria-hidden": "true" }, person?.initials || "?");
}

/** Says that it is an app, not a person. */
export const appBadge = () => h("span", { class: "app-badge" }, "APP");

/** A conversation's sign: #, a lock, or a face. */
export function channelSign(channel) {
  if (channel.kind === "im") return avatar(channel.with[0] || store.me.id, "small");
  if (channel.kind === "mpim") return h("span", { class: "avatar avatar-small avatar-count", "aria-hidden": "true" }, String(channel.with.length));
  if (channel.is_archived) return icon("archive");
  return icon(channel.kind === "group" ? "lock" : "hash");
}

/** People as lines of a menu. */
export const peopleItems = (people) =>
  people.map((person) => ({
    id: person.id,
    label: person.display_name || person.real_name,
    description: person.is_bot ? "App" : person.title,
    words: `${person.name} ${person.real_name}`,
    lead: avatar(person.id, "small"),
    person,
  }));

/** Conversations as lines of a menu. */
export const channelItems = (channels) =>
  channels.map((channel) => ({ id: channel.id, label: titleOf(channel), lead: h("span", { class: "sign" }, channelSign(channel)), channel }));

/** Where the picture of an image block or element is: an address, or a file of the workspace as this person sees it. */
export function pictureOf(element) {
  const { image_url: url, slack_file: file } = element || {};
  if (url) return safeUrl(url) || "";
  if (!file) return "";
  return `${file.id ? `/files/${encodeURIComponent(file.id)}/picture` : new URL(file.url, location.href).pathname}?as=${store.me.id}`;
}
