// Completion in a text field: "@" people and groups, "#" channels, ":" emoji, "/" commands.

import { fill, h, newId } from "./dom.js";
import { allEmoji } from "./emoji.js";
import { avatar } from "./pieces.js";
import { store } from "./store.js";

const MOST = 8;
const TRIGGER = /(?:^|[\s(])([@#:])([\p{L}\p{N}_.+'-]*(?: [\p{L}'-]*)?)$/u;

/**
 * Attach completion to a field. What is chosen is written as people read it; its markup goes into `marks`.
 * Returns {list, update, onKey, close}; onKey says whether it used the key.
 */
export function completion(field, marks, { commands }) {
  const id = newId("completion");
  const list = h("div", { class: "completion", role: "listbox", id, "aria-label": "Suggestions", hidden: true });
  let items = [];
  let active = 0;
  let from = 0;
  field.setAttribute("aria-autocomplete", "list");
  field.setAttribute("aria-controls", id);

  function close() {
    list.hidden = true;
    items = [];
    field.removeAttribute("aria-activedescendant");
  }

  function update() {
    const upTo = field.value.slice(0, field.selectionStart);
    const command = commands && /^\/[\w-]*$/.exec(upTo);
    const found = TRIGGER.exec(upTo);
    if (command) {
      from = 0;
      items = commandItems(upTo);
    } else if (found) {
      from = upTo.length - found[2].length - 1;
      items = itemsFor(found[1], found[2].toLowerCase());
    } else {
      items = [];
    }
    items = items.slice(0, MOST);
    if (!items.length) return close();
    active = 0;
    show();
  }

  function show() {
    fill(
      list,
      items.map((item, at) =>
        h(
          "div",
          { role: "option", id: `${id}-${at}`, class: `menu-option${at === active ? " active" : ""}`, "aria-selected": String(at === active), onmousedown: (event) => event.preventDefault(), onclick: () => choose(item) },
          item.lead,
          h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label), item.description ? h("span", { class: "menu-description" }, item.description) : null),
        ),
      ),
    );
    list.hidden = false;
    field.setAttribute("aria-activedescendant", `${id}-${active}`);
  }

  function choose(item) {
    if (item.markup) marks.set(item.insert, item.markup);
    field.setRangeText(`${item.insert} `, from, field.selectionStart, "end");
    field.focus();
    close();
    field.dispatchEvent(new Event("input", { bubbles: true }));
    close();
  }

  function onKey(event) {
    if (list.hidden) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      active = (active + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length;
      show();
    } else if (event.key === "Enter" || event.key === "Tab") {
      // A command or a name that is already complete is not completed again: Enter sends it.
      if (event.key === "Enter" && field.value.slice(from, field.selectionStart) === items[active].insert) {
        close();
        return false;
      }
      choose(items[active]);
    } else if (event.key === "Escape") {
      close();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  field.addEventListener("blur", close);
  return { list, update, onKey, close };
}

const commandItems = (typed) =>
  (store.app?.commands || [])
    .filter((command) => command.command.startsWith(typed))
    .map((command) => ({
      insert: command.command,
      label: `${command.command} ${command.usage_hint || ""}`.trim(),
      description: command.description,
      lead: avatar(store.app.bot_user_id, "small"),
    }));

const sign = (text) => h("span", { class: "sign" }, text);

function itemsFor(kind, query) {
  const starts = (...words) => words.some((word) => word && word.toLowerCase().startsWith(query));
  if (kind === ":") {
    if (query.length < 2) return [];
    const known = allEmoji().filter(([name]) => name.includes(query));
    known.sort(([a], [b]) => Number(b.startsWith(query)) - Number(a.startsWith(query)));
    return known.map(([name, shown]) => ({ insert: `:${name}:`, label: name.replaceAll("_", " "), lead: h("span", { class: "emoji" }, shown) }));
  }
  if (kind === "#") {
    return store.channels
      .filter((channel) => channel.kind === "channel" && !channel.is_archived && starts(channel.name))
      .map((channel) => ({ insert: `#${channel.name}`, markup: `<#${channel.id}>`, label: channel.name, description: channel.topic, lead: sign("#") }));
  }
  const people = [...store.people.values()]
    .filter((person) => !person.deleted && starts(person.display_name, person.name, ...(person.display_name || "").split(" ")))
    .map((person) => ({ insert: `@${person.display_name}`, markup: `<@${person.id}>`, label: person.display_name, description: person.is_bot ? "App" : person.title, lead: avatar(person.id, "small") }));
  const groups = [...store.groups.values()]
    .filter((group) => starts(group.handle, group.name))
    .map((group) => ({ insert: `@${group.handle}`, markup: `<!subteam^${group.id}>`, label: `@${group.handle}`, description: `${group.name}, ${group.users.length} ${group.users.length === 1 ? "person" : "people"}`, lead: sign("@") }));
  const everyone = ["here", "channel", "everyone"].filter((word) => query && word.startsWith(query)).map((word) => ({ insert: `@${word}`, label: `@${word}`, description: "Everyone in this conversation", lead: sign("@") }));
  return [...people, ...groups, ...everyone];
}
