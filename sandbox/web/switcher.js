// Going elsewhere: as another person, or to another conversation. A dialog with a field and a list.

import { act, read } from "./api.js";
import { openDialog } from "./dialogs.js";
import { fill, h, icon, newId } from "./dom.js";
import { appBadge, avatar, channelSign } from "./pieces.js";
import { actors, channelBy, go, referenceOf, route, store, titleOf } from "./store.js";
import { complain } from "./surface.js";

/**
 * A dialog that lists `items` ({id, label, description, lead, note, current, words}) and filters them as one types.
 * `onPick(item)` once one was chosen. Returns {refresh}: show the items anew, for instance with notes that came later.
 */
function pickDialog({ title, placeholder, items, onPick }) {
  const id = newId("pick");
  let shown = [];
  let active = 0;
  let chosen = null;
  const list = h("div", { role: "listbox", id, class: "pick-list", "aria-label": title });
  const field = h("input", {
    type: "text",
    class: "field pick-field",
    role: "combobox",
    "aria-expanded": "true",
    "aria-controls": id,
    "aria-autocomplete": "list",
    "aria-label": placeholder,
    placeholder,
    autocomplete: "off",
    oninput: () => {
      active = 0;
      show();
    },
    onkeydown: (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) {
        event.preventDefault();
        active = (active + step + shown.length) % (shown.length || 1);
        show();
      } else if (event.key === "Enter" && shown[active]) {
        event.preventDefault();
        choose(shown[active]);
      }
    },
  });
  const { dialog, close } = openDialog({
    title,
    body: [h("div", { class: "pick-search" }, icon("search"), field), list],
    className: "dialog-pick",
    onClose: () => chosen && onPick(chosen),
  });
  function choose(item) {
    chosen = item;
    close();
  }
  function show() {
    const words = field.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    shown = items().filter((item) => words.every((word) => `${item.label} ${item.description || ""} ${item.words || ""}`.toLowerCase().includes(word)));
    fill(
      list,
      shown.map((item, at) =>
        h(
          "div",
          { role: "option", id: `${id}-${at}`, class: `menu-option${at === active ? " active" : ""}`, "aria-selected": String(Boolean(item.current)), data: { value: item.id }, onclick: () => choose(item) },
          item.lead,
          h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label, item.badge || null), item.description ? h("span", { class: "menu-description" }, item.description) : null),
          item.note ? h("span", { class: "badge" }, item.note) : null,
          item.current ? icon("check") : null,
        ),
      ),
      shown.length ? null : h("div", { class: "menu-note" }, "Nobody and nothing by that name"),
    );
    field.setAttribute("aria-activedescendant", `${id}-${active}`);
    list.children[active]?.scrollIntoView({ block: "nearest" });
  }
  show();
  field.focus();
  return { refresh: () => dialog.open && show() };
}

/** Become another person in this window. */
export function switchPerson() {
  const waiting = new Map();
  const picked = pickDialog({
    title: "Who are you?",
    placeholder: "Find a person",
    items: () =>
      actors().map((person) => ({
        id: person.id,
        label: person.real_name,
        description: person.title,
        words: person.name,
        lead: avatar(person.id, "medium"),
        note: waiting.get(person.id) ? String(waiting.get(person.id)) : null,
        current: person.id === store.me.id,
      })),
    onPick: (item) => {
      const { channel, thread, tab } = route();
      const here = channelBy(channel);
      // An open conversation of two people is of no use to a third.
      const shared = here && (here.is_app || here.kind === "channel");
      go({ as: item.id, channel: shared ? channel : "@app", thread: shared && !here.is_app ? thread : null, tab: shared ? tab : null });
    },
  });
  // What waits for each of them, as it comes in.
  const ids = actors().map((person) => person.id);
  const next = async () => {
    for (let id = ids.shift(); id; id = ids.shift()) {
      const { channels } = await read("channels", { as: id });
      waiting.set(id, channels.reduce((sum, channel) => sum + channel.mentions, 0));
    }
  };
  Promise.all([next(), next(), next()]).then(picked.refresh, complain);
}

/** Jump to a conversation, or begin one. */
export function jump() {
  const open = async (item) => {
    if (item.channel) {
      go({ channel: referenceOf(item.channel), thread: null, tab: null });
      return;
    }
    try {
      const { channel } = await act("open_dm", { as: store.me.id, with: [item.id] });
      go({ channel: channel.id, thread: null, tab: null });
    } catch (problem) {
      complain(problem);
    }
  };
  pickDialog({
    title: "Jump to",
    placeholder: "Find a channel or a person",
    onPick: open,
    items: () => {
      const known = new Set(store.channels.filter((channel) => channel.kind === "im").flatMap((channel) => channel.with));
      return [
        ...store.channels.map((channel) => ({
          id: channel.id,
          channel,
          label: titleOf(channel),
          badge: channel.is_app ? appBadge() : null,
          description: channel.kind === "im" ? store.people.get(channel.with[0])?.title : channel.topic,
          lead: h("span", { class: "sign" }, channelSign(channel)),
          note: channel.mentions ? String(channel.mentions) : null,
        })),
        ...actors()
          .filter((person) => person.id !== store.me.id && !known.has(person.id))
          .map((person) => ({ id: person.id, label: person.real_name, description: person.title, words: person.name, lead: avatar(person.id, "small") })),
      ];
    },
  });
}
