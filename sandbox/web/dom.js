// Making page elements: text is always text, never markup.

/**
 * An element. `props` are attributes, except: `class`, `style` (an object), `data` (an object of data-*),
 * `onclick` and the like (functions). null, undefined and false leave an attribute out; children may be nested
 * lists, strings, nodes or nothing.
 */
export function h(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "data") Object.assign(node.dataset, value);
    else if (name === "style") for (const [key, said] of Object.entries(value)) node.style.setProperty(key, said);
    else if (typeof value === "function") node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Add children, skipping what is not there. */
export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false || child === "") continue;
    node.append(child);
  }
  return node;
}

/** Replace everything inside an element. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

const PATHS = {
  back: "M12.5 4.5 7 10l5.5 5.5",
  close: "M5 5l10 10M15 5 5 15",
  chevron: "M5.5 8l4.5 4.5L14.5 8",
  search: "M9 14.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11zM13.2 13.2 17 17",
  bolt: "M11 2.5 4.5 11.5H10L9 17.5l6.5-9H10z",
  more: "M4.5 10h.01M10 10h.01M15.5 10h.01",
  reply: "M4 5.5h12v8H9.5L6 16.5v-3H4z",
  smile: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM7 11.5c1.4 2.4 4.6 2.4 6 0M7.6 8h.01M12.4 8h.01",
  clip: "M15.5 9.5 10 15a3.3 3.3 0 0 1-4.7-4.7l6-6a2.2 2.2 0 0 1 3.1 3.1l-6 6a1.1 1.1 0 0 1-1.6-1.6L12 6.7",
  at: "M10 13a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM13 7v4.2c0 2.6 4 2.3 4-1.4A7 7 0 1 0 13.6 16",
  send: "M3.5 10 16.5 4 12.5 16.5 9.5 11z",
  lock: "M5.5 9h9v7.5h-9zM7.3 9V6.8a2.7 2.7 0 0 1 5.4 0V9",
  hash: "M8 3.5 6.5 16.5M13.5 3.5 12 16.5M4 7.5h12.5M3.5 12.5H16",
  plus: "M10 4v12M4 10h12",
  trash: "M4.5 6h11M8 6V4h4v2M6 6l.7 10.5h6.6L14 6",
  check: "M4.5 10.5 8.5 14.5 15.5 6",
  people: "M7.5 9.5a2.7 2.7 0 1 0 0-5.4 2.7 2.7 0 0 0 0 5.4zM2.5 16c.3-3 2.2-4.5 5-4.5s4.7 1.5 5 4.5M13 9.3a2.3 2.3 0 1 0-.6-4.5M14.5 11.7c1.8.3 2.9 1.7 3.1 4.1",
  file: "M5.5 2.5h6l3.5 3.5v11.5h-9.5zM11.5 2.5V6H15",
  down: "M10 4v12M5 11l5 5 5-5",
  up: "M7 9.5 9.8 3.5c1.6 0 2 1.2 1.7 2.5L11 8.5h4.2c1 0 1.6.8 1.4 1.7l-1 5c-.2.8-.8 1.3-1.6 1.3H7zM7 9.5v7H3.8v-7z",
  thumbdown: "M13 10.5 10.2 16.5c-1.6 0-2-1.2-1.7-2.5L9 11.5H4.8c-1 0-1.6-.8-1.4-1.7l1-5c.2-.8.8-1.3 1.6-1.3H13zM13 10.5v-7h3.2v7z",
  eye: "M2.5 10S5.3 5 10 5s7.5 5 7.5 5-2.8 5-7.5 5-7.5-5-7.5-5zM10 12.2a2.2 2.2 0 1 0 0-4.4 2.2 2.2 0 0 0 0 4.4z",
  archive: "M3.5 4h13v3.5h-13zM4.5 7.5v9h11v-9M8 10.5h4",
  link: "M8.5 11.5a3 3 0 0 0 4.3 0l2.6-2.6a3 3 0 0 0-4.3-4.3l-1 1M11.5 8.5a3 3 0 0 0-4.3 0l-2.6 2.6a3 3 0 0 0 4.3 4.3l1-1",
  edit: "M4 16l.8-3.3 8.3-8.3 2.5 2.5-8.3 8.3z",
};

/** A small line icon, hidden from assistive technology: the button around it carries the name. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 20 20", class: `icon icon-${name}`, "aria-hidden": "true" })) {
    svg.setAttribute(key, value);
  }
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}

/** A button that shows only an icon. */
export function iconButton(name, label, props) {
  return h("button", { type: "button", class: "icon-button", "aria-label": label, title: label, ...props }, icon(name));
}

/** Give the focus back to an element, or to the one that has taken its place since. */
export function refocus(node) {
  const key = node?.dataset?.focusKey;
  const now = node?.isConnected ? node : key && document.querySelector(`[data-focus-key="${CSS.escape(key)}"]`);
  now?.focus({ preventScroll: true });
}

let made = 0;
/** An id that nothing else on the page has. */
export const newId = (prefix) => `${prefix}-${++made}`;

/** Put `fresh` where `old` is; the focus and the caret stay on the element with the same data-focus-key. */
export function replaceKeepingFocus(old, fresh) {
  const active = document.activeElement;
  const within = old.contains(active);
  const key = within ? active.dataset.focusKey : null;
  const caret = within && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  old.replaceWith(fresh);
  if (!within) return;
  const again = key ? fresh.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) : null;
  (again || (fresh.tabIndex >= -1 ? fresh : null))?.focus({ preventScroll: true });
  if (again && caret && caret[0] !== null) {
    try {
      again.setSelectionRange(...caret);
    } catch {
      // Inputs of some types have no caret that could be set.
    }
  }
}

/** Bring an element's children into this order, touching only those that are not in place. */
export function arrange(parent, nodes) {
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] || null);
  });
}

/** Say something in passing. The same sentence twice in a row is said once. */
export function toast(text, kind = "info") {
  const box = document.getElementById("toasts");
  if ([...box.children].some((shown) => shown.dataset.text === text)) return;
  const shown = h(
    "div",
    { class: `toast toast-${kind}`, data: { text } },
    h("span", null, text),
    iconButton("close", "Dismiss", { onclick: () => shown.remove() }),
  );
  box.append(shown);
  // Above whatever dialog is open by now.
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  setTimeout(() => shown.remove(), kind === "error" ? 9000 : 5000);
}

/** Run `work` soon, never twice at once, and once more if asked while it runs. Returns a promise of its end. */
export function coalesce(work) {
  let running = null;
  let again = false;
  return function run() {
    if (running) {
      again = true;
      return running;
    }
    running = (async () => {
      do {
        again = false;
        await work();
      } while (again);
    })().finally(() => {
      running = null;
    });
    return running;
  };
}
