// What this window knows about the workspace, and where it is: the address line says person, channel, thread, tab.

import { read } from "./api.js";

export const store = {
  team: { name: "" },
  people: new Map(),
  groups: new Map(),
  app: null,
  channels: [],
  /** The person this window acts as. */
  me: null,
};

/** Read team, people, groups and the app. */
export async function loadWorkspace() {
  const found = await read("workspace");
  store.team = found.team;
  store.people = new Map(found.people.map((person) => [person.id, person]));
  store.groups = new Map(found.groups.map((group) => [group.id, group]));
  store.app = found.app;
  if (store.me) store.me = store.people.get(store.me.id) || store.me;
}

/** Read the sidebar of the person. */
export async function loadChannels() {
  store.channels = (await read("channels", { as: store.me.id })).channels;
}

/** The people one can act as, in the order of the workspace file. */
export const actors = () => [...store.people.values()].filter((person) => !person.is_bot && !person.deleted);

/** A person's name as shown. */
export function nameOf(id) {
  const person = store.people.get(id);
  return person ? person.display_name || person.real_name || person.name : id;
}

/** A channel by id, "#name", or "@app". */
export function channelBy(reference) {
  if (!reference) return null;
  if (reference === "@app") return store.channels.find((channel) => channel.is_app) || null;
  const name = reference.replace(/^#/, "");
  return store.channels.find((c) => c.id === reference || (c.kind !== "im" && c.name === name)) || null;
}

/** How a conversation is called in the address line: the same words for everyone where that is possible. */
export const referenceOf = (channel) => (channel.is_app ? "@app" : channel.id);

/** "#claims", "Preflight", "Dana Ortiz, Mo Haddad". */
export const titleOf = (channel) => (channel.kind === "channel" || channel.kind === "group" ? `#${channel.name}` : channel.name);

/** What the address line asks for. */
export function route() {
  const query = new URLSearchParams(location.search);
  return { as: query.get("as"), channel: query.get("channel"), thread: query.get("thread"), tab: query.get("tab") };
}

const listeners = new Set();
/** Be told when the address line has changed. */
export const onRoute = (listener) => listeners.add(listener);
addEventListener("popstate", () => listeners.forEach((tell) => tell()));

/** Go somewhere: named parts change, null removes one. */
export function go(parts, { replace = false } = {}) {
  const next = { ...route(), ...parts };
  const query = new URLSearchParams();
  for (const name of ["as", "channel", "thread", "tab"]) if (next[name]) query.set(name, next[name]);
  const address = `/?${query.toString().replaceAll("%40", "@")}`;
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
  listeners.forEach((tell) => tell());
}

/** The address of a view, to open it in another window. */
export function addressOf(parts) {
  const query = new URLSearchParams(Object.entries(parts).filter(([, value]) => value));
  return `${location.origin}/?${query.toString().replaceAll("%40", "@")}`;
}
