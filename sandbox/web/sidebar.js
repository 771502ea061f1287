// The left column: who you are, the app, channels, people.

import { fill, h, icon } from "./dom.js";
import { appBadge, avatar, channelSign } from "./pieces.js";
import { channelBy, go, referenceOf, route, store, titleOf } from "./store.js";
import { jump, switchPerson } from "./switcher.js";

const el = h("nav", { class: "sidebar", "aria-label": "Workspace" });
export const sidebar = el;

/** Open a conversation: the app's shows its messages. */
const open = (channel) => go({ channel: referenceOf(channel), thread: null, tab: null });

function line(channel, current) {
  const isCurrent = current && channel.id === current.id;
  const unread = channel.unread > 0 && !isCurrent;
  const count = channel.mentions || 0;
  const spoken = `${titleOf(channel)}${channel.is_app ? ", app" : ""}${channel.kind === "group" ? ", private" : ""}${channel.is_archived ? ", archived" : ""}${unread ? `, ${channel.unread} unread` : ""}`;
  return h(
    "li",
    null,
    h(
      "button",
      {
        type: "button",
        class: ["line", isCurrent && "current", unread && "unread", channel.is_archived && "archived"].filter(Boolean).join(" "),
        "aria-current": isCurrent ? "page" : null,
        "aria-label": spoken,
        data: { focusKey: `line-${channel.id}`, channel: channel.id },
        onclick: () => open(channel),
      },
      h("span", { class: "sign" }, channelSign(channel)),
      h("span", { class: "line-name" }, channel.kind === "channel" || channel.kind === "group" ? channel.name : titleOf(channel)),
      channel.is_app ? appBadge() : null,
      unread && count ? h("span", { class: "badge" }, String(count)) : null,
    ),
  );
}

function group(name, channels, current, more = null) {
  if (!channels.length && !more) return null;
  return h("section", { class: "group" }, h("h2", null, name), h("ul", null, channels.map((channel) => line(channel, current))), more);
}

/** Show the sidebar as things are now; the focus stays where it is. */
export function renderSidebar() {
  const key = el.contains(document.activeElement) ? document.activeElement.dataset.focusKey : null;
  const scrolled = el.querySelector(".sidebar-scroll")?.scrollTop || 0;
  const unfolded = el.querySelector("details")?.open || false;
  const me = store.me;
  const current = channelBy(route().channel);
  const apps = store.channels.filter((channel) => channel.is_app);
  const isPlace = (channel) => channel.kind === "channel" || channel.kind === "group";
  const joined = store.channels.filter((channel) => isPlace(channel) && (channel.is_member || channel.id === current?.id) && !channel.is_archived);
  const others = store.channels.filter((channel) => isPlace(channel) && !joined.includes(channel));
  const direct = store.channels.filter((channel) => !channel.is_app && !isPlace(channel));
  const rest = others.length
    ? h("details", { open: unfolded }, h("summary", { data: { focusKey: "more-channels" } }, icon("chevron"), `${others.length} more`), h("ul", null, others.map((channel) => line(channel, current))))
    : null;
  fill(
    el,
    h("div", { class: "sidebar-head" }, h("span", { class: "team-mark", "aria-hidden": "true" }, store.team.name.slice(0, 1)), h("span", { class: "team" }, store.team.name)),
    h(
      "button",
      { type: "button", class: "who", "aria-haspopup": "dialog", "aria-label": `You are ${me.real_name}, ${me.title || "no title"}. Switch person`, data: { focusKey: "who" }, onclick: switchPerson },
      avatar(me.id, "medium"),
      h("span", { class: "who-words" }, h("span", { class: "who-you" }, "You are"), h("span", { class: "who-name" }, me.real_name), h("span", { class: "who-title" }, me.title)),
      h("span", { class: "who-switch" }, "Switch"),
    ),
    h("button", { type: "button", class: "jump-to", "aria-haspopup": "dialog", data: { focusKey: "jump-to" }, onclick: jump }, icon("search"), h("span", null, "Jump to…"), h("kbd", null, /Mac/.test(navigator.platform) ? "⌘ K" : "Ctrl K")),
    h("div", { class: "sidebar-scroll" }, group("Apps", apps, current), group("Channels", joined, current, rest), group("Direct messages", direct, current, h("button", { type: "button", class: "line line-add", data: { focusKey: "new-dm" }, onclick: jump }, h("span", { class: "sign" }, icon("plus")), "New message"))),
  );
  el.querySelector(".sidebar-scroll").scrollTop = scrolled;
  if (key) el.querySelector(`[data-focus-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

el.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step || !event.target.closest(".line")) return;
  const lines = [...el.querySelectorAll(".line")].filter((one) => one.checkVisibility());
  const next = lines[lines.indexOf(event.target.closest(".line")) + step];
  if (next) {
    event.preventDefault();
    next.focus();
  }
});
