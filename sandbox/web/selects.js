// The menus of Block Kit: one choice or several, of options, people, conversations, or what the app suggests.

import { Failed, act } from "./api.js";
import { fill, h, icon, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { plain, textObject } from "./mrkdwn.js";
import { avatar, channelItems, peopleItems } from "./pieces.js";
import { nameOf, store, titleOf } from "./store.js";
import { focusKey } from "./surface.js";

/** An option as a line of a menu. */
export const optionItem = (option) => ({
  id: option.value,
  label: h("span", null, textObject(option.text)).textContent,
  description: option.description?.text,
  option,
});

const KINDS = { im: "im", mpim: "mpim", channel: "public", group: "private" };

/** Where a menu's lines come from, and how a line and a value relate. */
function sourceOf(element, block, surface) {
  const type = element.type.replace("multi_", "");
  if (type === "static_select") {
    const groups = element.option_groups
      ? element.option_groups.map((group) => ({ label: group.label.text, items: group.options.map(optionItem) }))
      : [{ items: element.options.map(optionItem) }];
    return { load: () => groups, toValue: (item) => item.option, toId: (value) => value.value, show: (value) => plain(value.text.text) };
  }
  if (type === "external_select") {
    return {
      filters: true,
      minQuery: element.min_query_length ?? 3,
      load: async (query) => {
        try {
          const body = { as: store.me.id, ...surface.place, block_id: block.block_id, action_id: element.action_id, value: query };
          const found = await act("suggest", body);
          if (found.option_groups) return found.option_groups.map((g) => ({ label: g.label.text, items: g.options.map(optionItem) }));
          return [{ items: found.options.map(optionItem) }];
        } catch (problem) {
          if (!(problem instanceof Failed)) throw problem;
          toast(problem.message, "error");
          return [];
        }
      },
      toValue: (item) => item.option,
      toId: (value) => value.value,
      show: (value) => plain(value.text.text),
    };
  }
  const byId = { toValue: (item) => item.id, toId: (value) => value };
  if (type === "users_select") {
    const people = [...store.people.values()].filter((person) => !person.deleted);
    return { ...byId, load: () => [{ items: peopleItems(people) }], show: (id) => [avatar(id, "tiny"), nameOf(id)] };
  }
  const wanted = type === "channels_select" ? ["public"] : element.filter?.include;
  const fits = (channel) =>
    !channel.is_archived && (!wanted || wanted.includes(KINDS[channel.kind])) && !(element.filter?.exclude_bot_users && channel.is_app);
  const shown = (id) => {
    const channel = store.channels.find((known) => known.id === id);
    return channel ? titleOf(channel) : id;
  };
  return { ...byId, load: () => [{ items: channelItems(store.channels.filter(fits)) }], show: shown };
}

/** A select element, of whatever kind: a button that opens its menu. */
export function select(element, block, surface, label) {
  const several = element.type.startsWith("multi_");
  const source = sourceOf(element, block, surface);
  const placeholder = element.placeholder?.text || (several ? "Choose one or more" : "Choose an option");
  const node = h("button", {
    type: "button",
    class: "select",
    role: "combobox",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    "aria-label": label || placeholder,
    data: { focusKey: focusKey(block, element) },
  });
  const show = () => {
    const value = surface.value(block, element);
    const chosen = several ? value || [] : value ? [value] : [];
    const words = chosen.map((one) => h("span", { class: several ? "chip" : "select-value" }, source.show(one)));
    fill(node, h("span", { class: "select-words" }, words.length ? words : h("span", { class: "placeholder" }, placeholder)), icon("chevron"));
  };
  const open = () => {
    if (node.getAttribute("aria-busy") === "true") return;
    const before = surface.value(block, element);
    const values = new Map((several ? before || [] : before ? [before] : []).map((value) => [source.toId(value), value]));
    const selected = new Set(values.keys());
    let changed = false;
    openMenu(node, {
      label: label || placeholder,
      load: source.load,
      filters: source.filters,
      minQuery: source.minQuery,
      several,
      selected,
      most: element.max_selected_items || Infinity,
      onPick: async (item) => {
        if (!several) {
          if (await surface.commit(block, element, source.toValue(item), node)) show();
          node.focus();
          return;
        }
        changed = true;
        values.set(item.id, source.toValue(item));
        surface.set(block, element, [...selected].map((id) => values.get(id)));
        show();
      },
      onClose: async () => {
        if (!changed) return;
        if (!(await surface.commit(block, element, surface.value(block, element), node))) surface.set(block, element, before);
        show();
      },
    });
  };
  node.addEventListener("click", open);
  node.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      open();
    }
  });
  show();
  return node;
}
