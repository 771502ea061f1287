// The menu that opens under a button: a searchable list with arrow keys, for one choice or several.

import { fill, h, icon, newId } from "./dom.js";

const SEARCH_FROM = 7;

/**
 * Open a menu at `anchor`.
 * `load(query)` gives groups [{label, items: [{id, label, description, lead, danger}]}] or a promise of them;
 * it filters by itself only if `filters` is true. `selected` is a Set of ids (several: it is changed in place).
 * `onPick(item)` for each choice, `onClose()` at the end. Returns the element.
 */
export function openMenu(anchor, { label, load, filters = false, several = false, selected = new Set(), onPick, onClose, search = null, minQuery = 0, most = Infinity, align = "start", empty = "Nothing found" }) {
  const listId = newId("list");
  const list = h("div", { role: "listbox", id: listId, class: "menu-list", "aria-label": label, "aria-multiselectable": several ? "true" : null, tabindex: "-1" });
  const field = h("input", {
    type: "search",
    class: "menu-search",
    "aria-label": "Search options",
    "aria-controls": listId,
    placeholder: "Search",
    autocomplete: "off",
    spellcheck: "false",
  });
  const menu = h("div", { class: "menu", popover: "auto" }, h("div", { class: "menu-field" }, icon("search"), field), list);
  let items = [];
  let active = -1;
  let turn = 0;

  const optionNode = (item, index) =>
    h(
      "div",
      {
        role: "option",
        id: `${listId}-${index}`,
        class: `menu-option${item.danger ? " menu-danger" : ""}`,
        "aria-selected": String(selected.has(item.id)),
        data: { value: item.id },
        onclick: () => pick(item),
        onmousemove: () => activate(index, false),
      },
      several ? h("span", { class: "menu-box" }, icon("check")) : null,
      item.lead || null,
      h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, item.label), item.description ? h("span", { class: "menu-description" }, item.description) : null),
      !several && selected.has(item.id) ? icon("check") : null,
    );

  function activate(index, scroll = true) {
    const nodes = list.querySelectorAll('[role="option"]');
    nodes[active]?.classList.remove("active");
    active = Math.max(-1, Math.min(index, nodes.length - 1));
    const node = nodes[active];
    node?.classList.add("active");
    if (scroll) node?.scrollIntoView({ block: "nearest" });
    for (const owner of [field, list]) {
      if (node) owner.setAttribute("aria-activedescendant", node.id);
      else owner.removeAttribute("aria-activedescendant");
    }
  }

  function pick(item) {
    if (several) {
      if (selected.has(item.id)) selected.delete(item.id);
      else if (selected.size < most) selected.add(item.id);
      else return;
      onPick(item);
      const at = items.indexOf(item);
      list.querySelectorAll('[role="option"]')[at]?.setAttribute("aria-selected", String(selected.has(item.id)));
      activate(at, false);
      return;
    }
    menu.hidePopover();
    onPick(item);
  }

  async function show() {
    const query = field.value.trim();
    const mine = ++turn;
    if (query.length < minQuery) {
      items = [];
      fill(list, h("div", { class: "menu-note" }, minQuery === 1 ? "Type to search" : `Type at least ${minQuery} characters`));
      return;
    }
    let loaded = load(query);
    if (loaded instanceof Promise) {
      if (!list.childElementCount) fill(list, h("div", { class: "menu-note" }, "Loading…"));
      loaded = await loaded;
      if (mine !== turn || !menu.isConnected) return;
    }
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (item) => words.every((word) => `${item.label} ${item.description || ""} ${item.words || ""}`.toLowerCase().includes(word));
    const groups = (filters ? loaded : loaded.map((group) => ({ ...group, items: group.items.filter(fits) }))).filter((group) => group.items.length);
    items = groups.flatMap((group) => group.items);
    let index = 0;
    fill(
      list,
      groups.map((group) => {
        const options = group.items.map((item) => optionNode(item, index++));
        if (!group.label) return options;
        const id = newId("group");
        return h("div", { role: "group", "aria-labelledby": id }, h("div", { id, class: "menu-group" }, group.label), options);
      }),
      items.length ? null : h("div", { class: "menu-note" }, empty),
    );
    const chosen = query ? 0 : Math.max(0, items.findIndex((item) => selected.has(item.id)));
    activate(items.length ? chosen : -1);
    place();
  }

  function place() {
    if (!anchor.isConnected) return menu.hidePopover();
    const box = anchor.getBoundingClientRect();
    const width = Math.min(Math.max(box.width, 220, menu.offsetWidth), innerWidth - 16, 420);
    menu.style.minWidth = `${Math.min(Math.max(box.width, 220), innerWidth - 16)}px`;
    const below = innerHeight - box.bottom - 12;
    const above = box.top - 12;
    const up = below < Math.min(280, menu.scrollHeight) && above > below;
    menu.style.maxHeight = `${Math.min(360, up ? above : below)}px`;
    const left = align === "end" ? box.right - width : box.left;
    menu.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    if (up) Object.assign(menu.style, { top: "auto", bottom: `${innerHeight - box.top + 4}px` });
    else Object.assign(menu.style, { bottom: "auto", top: `${box.bottom + 4}px` });
  }

  menu.addEventListener("keydown", (event) => {
    const moves = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    if (event.key in moves) {
      event.preventDefault();
      const next = active + moves[event.key];
      activate(Math.abs(moves[event.key]) === 1 ? (next + items.length) % (items.length || 1) : next);
    } else if (event.key === "Home" || event.key === "End") {
      if (event.target === field && field.value) return;
      event.preventDefault();
      activate(event.key === "Home" ? 0 : items.length - 1);
    } else if (event.key === "Enter" || (event.key === " " && event.target !== field)) {
      event.preventDefault();
      event.stopPropagation();
      if (items[active]) pick(items[active]);
    } else if (event.key === "Tab") {
      menu.hidePopover();
    } else if (event.key.length === 1 && event.target !== field && !event.ctrlKey && !event.metaKey) {
      const at = items.findIndex((item) => item.label.toLowerCase().startsWith(event.key.toLowerCase()));
      if (at >= 0) activate(at);
    }
  });
  let timer;
  field.addEventListener("input", () => {
    clearTimeout(timer);
    if (filters) timer = setTimeout(show, 120);
    else show();
  });
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    anchor.setAttribute("aria-expanded", "false");
    removeEventListener("resize", place);
    document.removeEventListener("scroll", moved, true);
    menu.remove();
    onClose?.();
  });
  const moved = (event) => {
    if (!menu.contains(event.target)) place();
  };
  addEventListener("resize", place);
  document.addEventListener("scroll", moved, true);
  (anchor.closest("dialog") || document.body).append(menu);
  anchor.setAttribute("aria-expanded", "true");
  menu.showPopover({ source: anchor });
  const first = show();
  const count = items.length;
  const searching = search ?? (filters || count >= SEARCH_FROM);
  menu.classList.toggle("menu-plain", !searching);
  (searching ? field : list).focus();
  place();
  first.then(() => menu.isConnected && place());
  return menu;
}
