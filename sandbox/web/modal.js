// Modals: the top of the person's stack of views, as the server has it.

import { Failed, act, read } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { append, coalesce, fill, h, iconButton, refocus } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { store } from "./store.js";
import { Surface, complain } from "./surface.js";

let dialog = null;
let shownId = null;
let parts = null;
let views = [];
const surfaces = new Map();

/** Read the person's views and show the topmost one; closes the dialog when there is none. */
export const refreshViews = coalesce(async () => {
  const person = store.me.id;
  const found = await read("views", { as: person }).catch((problem) => {
    complain(problem);
    return null;
  });
  if (!found || person !== store.me.id) return;
  show(found.views);
});

/** Take every modal off the screen without telling anyone: the person has changed. */
export function forgetViews() {
  surfaces.clear();
  show([]);
}

function show(stack) {
  views = stack;
  const view = views.at(-1);
  for (const id of surfaces.keys()) if (!views.some((one) => one.id === id)) surfaces.delete(id);
  if (!view) {
    shownId = null;
    const gone = dialog;
    dialog = null;
    if (gone) {
      gone.close();
      gone.remove();
      refocus(gone.before);
    }
    return;
  }
  if (!dialog) build();
  const surface = surfaces.get(view.id) || new Surface("modal", { view_id: view.id });
  surfaces.set(view.id, surface);
  surface.values = view.state?.values || {};
  surface.keepOnly(view.blocks);
  surface.onInput = (block) => clearError(view, block);
  const isNew = shownId !== view.id;
  shownId = view.id;
  const title = plain(view.title.text);
  fill(parts.title, title);
  fill(parts.lead, views.length > 1 ? iconButton("back", "Back", { onclick: () => close(false) }) : null);
  if (isNew) {
    parts.body.shownBlocks = null;
    parts.body.replaceChildren();
    parts.body.scrollTop = 0;
  }
  renderBlocks(parts.body, view.blocks, surface, view.errors || {});
  const hasInput = view.blocks.some((block) => block.type === "input");
  const submit = view.submit || hasInput ? h("button", { type: "submit", class: "button button-primary", disabled: view.submit_disabled }, h("span", { class: "button-text" }, plain(view.submit?.text || "Submit"))) : null;
  const label = view.close?.text || (submit ? "Cancel" : "Close");
  const sign = JSON.stringify([view.submit, view.close, view.submit_disabled, hasInput, view.id]);
  if (parts.foot.sign !== sign) {
    parts.foot.sign = sign;
    fill(parts.foot, h("button", { type: "button", class: "button", onclick: () => close(false) }, plain(label)), submit);
  }
  if (isNew) focusFirst(view);
  else focusInvalid(view);
}

function build() {
  parts = {
    lead: h("span", { class: "modal-lead" }),
    title: h("h2", { id: "modal-title" }),
    body: h("div", { class: "dialog-body" }),
    foot: h("footer", { class: "dialog-foot" }),
  };
  const form = h(
    "form",
    {
      class: "modal-form",
      novalidate: true,
      onsubmit: (event) => {
        event.preventDefault();
        submit();
      },
      onkeydown: (event) => {
        // A multiline field takes Enter itself; with Ctrl or Cmd it sends the form.
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.matches("textarea")) form.requestSubmit();
      },
    },
    h("header", { class: "dialog-head" }, parts.lead, h("span", { class: "modal-app", "aria-hidden": "true" }, h("img", { src: "icon.svg", alt: "" })), parts.title, iconButton("close", "Close", { onclick: () => close(true) })),
    parts.body,
    parts.foot,
  );
  dialog = h("dialog", { class: "dialog modal", "aria-labelledby": "modal-title" });
  dialog.before = document.activeElement;
  append(dialog, [form]);
  dialog.addEventListener("cancel", (event) => {
    if (event.target !== dialog) return;
    event.preventDefault();
    close(false);
  });
  document.body.append(dialog);
  dialog.showModal();
}

function focusFirst(view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load);
  const inside = wanted ? parts.body.querySelector(`[data-block-id="${CSS.escape(wanted.block_id)}"]`) : parts.body;
  const field = inside?.querySelector("input:not(.visually-hidden), textarea, [role=combobox]");
  (field || parts.foot.querySelector("[type=submit]") || parts.foot.querySelector("button"))?.focus();
}

function focusInvalid(view) {
  const wrong = view.blocks.find((block) => view.errors?.[block.block_id]);
  const sign = wrong ? `${view.hash}${JSON.stringify(view.errors)}` : null;
  if (sign && parts.told !== sign) parts.body.querySelector("[aria-invalid=true]")?.focus();
  parts.told = sign;
}

/** An error is about what was sent: once the person changes the field, it is said no more. */
function clearError(view, block) {
  if (!view.errors?.[block.block_id]) return;
  delete view.errors[block.block_id];
  const node = parts.body.querySelector(`[data-block-id="${CSS.escape(block.block_id)}"]`);
  node?.classList.remove("invalid");
  node?.querySelector(".error")?.remove();
  node?.querySelector("[aria-invalid]")?.removeAttribute("aria-invalid");
  const kept = parts.body.shownBlocks?.get(block.block_id);
  if (kept) kept.sign = JSON.stringify([block, null]);
}

async function submit() {
  const view = views.at(-1);
  if (!view || dialog.getAttribute("aria-busy") === "true") return;
  const surface = surfaces.get(view.id);
  const button = parts.foot.querySelector("[type=submit]");
  if (!button || button.disabled) return;
  busy(true, button);
  parts.told = null;
  try {
    await surface.queue;
    await act("submit_view", { as: store.me.id, view_id: view.id, values: surface.typed() });
  } catch (problem) {
    if (!(problem instanceof Failed)) throw problem;
    if (problem.answer.errors) {
      view.errors = problem.answer.errors;
      renderBlocks(parts.body, view.blocks, surface, view.errors);
      focusInvalid(view);
      busy(false, button);
      return;
    }
    complain(problem);
  }
  await refreshViews();
  busy(false, button);
}

function busy(is, button) {
  if (!dialog) return;
  dialog.toggleAttribute("data-busy", is);
  if (is) dialog.setAttribute("aria-busy", "true");
  else dialog.removeAttribute("aria-busy");
  if (is) button.setAttribute("aria-busy", "true");
  else button.removeAttribute("aria-busy");
}

async function close(everything) {
  const view = views.at(-1);
  if (!view) return;
  await act("close_view", { as: store.me.id, view_id: view.id, all: everything }).catch(complain);
  await refreshViews();
}
