// Block Kit elements: buttons, menus, pickers, choices, fields. Each becomes one page element bound to its surface.

import { upload } from "./api.js";
import { fromLocalField, toLocalField } from "./clock.js";
import { fill, h, icon, iconButton, newId, toast } from "./dom.js";
import { openMenu } from "./menu.js";
import { plain, safeUrl, textObject } from "./mrkdwn.js";
import { pictureOf } from "./pieces.js";
import { plainOf } from "./richtext.js";
import { optionItem, select } from "./selects.js";
import { store } from "./store.js";
import { complain, focusKey } from "./surface.js";

/** An element as a page element. `label` names it where the block around it has one. */
export function renderElement(element, block, surface, label = null) {
  const make = ELEMENTS[element.type];
  if (!make) return h("span", { class: "unknown" }, `This page cannot show a ${element.type}`);
  const node = make(element, block, surface, label);
  node.dataset.actionId = element.action_id || "";
  return node;
}

const busy = (node) => node.getAttribute("aria-busy") === "true";

function button(element, block, surface) {
  const style = element.style ? ` button-${element.style}` : "";
  const url = element.url ? safeUrl(element.url) : null;
  const node = h(
    "button",
    {
      type: "button",
      class: `button${style}`,
      "aria-label": element.accessibility_label || null,
      data: { focusKey: focusKey(block, element) },
      onclick: () => {
        if (busy(node)) return;
        if (url) window.open(url, "_blank", "noopener");
        surface.press(block, element, {}, node);
      },
    },
    h("span", { class: "button-text" }, plain(element.text.text), url ? " ↗" : null),
  );
  return node;
}

function iconAction(element, block, surface) {
  const name = element.accessibility_label || element.text?.text || "Remove";
  const node = iconButton("trash", name, {
    class: "icon-button feedback",
    data: { focusKey: focusKey(block, element) },
    onclick: () => busy(node) || surface.press(block, element, {}, node),
  });
  return node;
}

function feedback(element, block, surface) {
  surface.given ||= new Map();
  const key = focusKey(block, element);
  const one = (which, sign) => {
    const choice = element[which];
    const node = h(
      "button",
      {
        type: "button",
        class: "icon-button feedback",
        "aria-label": choice.accessibility_label || choice.text.text,
        title: choice.text.text,
        "aria-pressed": String(surface.given.get(key) === choice.value),
        data: { focusKey: `${key}/${which}` },
        onclick: async () => {
          if (busy(node)) return;
          surface.given.set(key, choice.value);
          for (const other of group.children) other.setAttribute("aria-pressed", String(other === node));
          await surface.press(block, element, { value: choice.value }, node);
        },
      },
      icon(sign),
    );
    return node;
  };
  const group = h("span", { class: "feedback-pair", role: "group", "aria-label": "Feedback" });
  group.append(one("positive_button", "up"), one("negative_button", "thumbdown"));
  return group;
}

function overflow(element, block, surface) {
  const node = iconButton("more", element.accessibility_label || "More options", {
    class: "icon-button overflow",
    "aria-haspopup": "listbox",
    "aria-expanded": "false",
    data: { focusKey: focusKey(block, element) },
    onclick: () =>
      openMenu(node, {
        label: "More options",
        align: "end",
        search: false,
        load: () => [{ items: element.options.map(optionItem) }],
        onPick: ({ option }) => {
          const url = option.url && safeUrl(option.url);
          if (url) window.open(url, "_blank", "noopener");
          surface.press(block, element, { selected_option: option }, node);
        },
      }),
  });
  return node;
}

// -- choices --------------------------------------------------------------------------------------

function choices(element, block, surface, label) {
  const several = element.type === "checkboxes";
  const name = newId("choice");
  const chosen = () => (several ? surface.value(block, element) || [] : [surface.value(block, element)].filter(Boolean)).map((o) => o.value);
  const group = h("div", { class: "choices", role: several ? "group" : "radiogroup", "aria-label": label || (several ? "Choose any" : "Choose one") });
  const inputs = element.options.map((option, at) => {
    const id = `${name}-${at}`;
    const input = h("input", {
      type: several ? "checkbox" : "radio",
      name,
      id,
      checked: chosen().includes(option.value),
      data: { focusKey: `${focusKey(block, element)}/${option.value}` },
      onchange: async () => {
        const now = element.options.filter((_, index) => inputs[index].checked);
        const sent = await surface.commit(block, element, several ? now : now[0], group);
        if (!sent) inputs.forEach((one, index) => (one.checked = chosen().includes(element.options[index].value)));
      },
    });
    group.append(
      h(
        "div",
        { class: "choice" },
        input,
        h("label", { for: id }, h("span", null, textObject(option.text)), option.description ? h("span", { class: "choice-description" }, textObject(option.description)) : null),
      ),
    );
    return input;
  });
  return group;
}

// -- pickers --------------------------------------------------------------------------------------

const PICKERS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

function picker(element, block, surface, label) {
  const isMoment = element.type === "datetimepicker";
  const shown = () => {
    const value = surface.value(block, element);
    return value && isMoment ? toLocalField(value) : value || "";
  };
  const names = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };
  const empty = () => node.toggleAttribute("data-empty", !node.value);
  let typing = false;
  const take = async () => {
    typing = false;
    if (node.value === shown()) return;
    const value = node.value ? (isMoment ? fromLocalField(node.value) : node.value) : null;
    if (!(await surface.commit(block, element, value, node))) node.value = shown();
    empty();
  };
  const node = h("input", {
    type: PICKERS[element.type],
    class: "field field-picker",
    value: shown(),
    "aria-label": label || element.placeholder?.text || names[element.type],
    placeholder: element.placeholder?.text || `Choose a ${(names[element.type]).toLowerCase()}`,
    data: { focusKey: focusKey(block, element) },
    // A date that is being typed passes through others: only the one that stands in the end is meant.
    onkeydown: (event) => {
      if (event.key === "Enter") take();
      else typing = event.key !== "Tab";
    },
    onchange: () => typing || take(),
    onblur: take,
    oninput: () => {
      empty();
      if (!surface.dispatches(block)) surface.set(block, element, node.value ? (isMoment ? fromLocalField(node.value) : node.value) : null);
    },
  });
  empty();
  return node;
}

// -- fields ---------------------------------------------------------------------------------------

const TYPES = { email_text_input: "email", url_text_input: "url", number_input: "text", plain_text_input: "text" };

function field(element, block, surface, label) {
  const rich = element.type === "rich_text_input";
  const multiline = element.multiline || rich;
  const held = surface.value(block, element);
  const value = rich && held && typeof held === "object" ? plainOf(held) : held || "";
  const when = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  let timer;
  let sent = value;
  const commit = () => {
    clearTimeout(timer);
    if (node.value === sent) return;
    sent = node.value;
    surface.commit(block, element, node.value || null, node);
  };
  const node = h(multiline ? "textarea" : "input", {
    type: multiline ? null : TYPES[element.type],
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    class: "field",
    rows: multiline ? element.min_lines || 3 : null,
    value,
    placeholder: element.placeholder?.text || null,
    maxlength: element.max_length || null,
    "aria-label": label || element.placeholder?.text || "Text",
    autocomplete: "off",
    data: { focusKey: focusKey(block, element) },
    oninput: () => {
      surface.set(block, element, node.value || null);
      if (multiline) grow(node);
      if (block.dispatch_action && when.includes("on_character_entered")) {
        clearTimeout(timer);
        timer = setTimeout(commit, 300);
      }
    },
    onkeydown: (event) => {
      if (event.key !== "Enter" || event.isComposing) return;
      const alone = !multiline || event.ctrlKey || event.metaKey;
      if (alone && block.dispatch_action && when.includes("on_enter_pressed")) {
        event.preventDefault();
        event.stopPropagation();
        sent = null;
        commit();
      }
    },
    onblur: () => {
      if (!block.dispatch_action) surface.flush();
    },
  });
  if (multiline) requestAnimationFrame(() => grow(node));
  return node;
}

function grow(node) {
  node.style.height = "auto";
  node.style.height = `${Math.min(node.scrollHeight + 2, 280)}px`;
}

function files(element, block, surface, label) {
  const box = h("div", { class: "file-field" });
  const show = () => {
    const held = surface.value(block, element) || [];
    const input = h("input", {
      type: "file",
      class: "visually-hidden",
      id: newId("file"),
      "aria-label": label || "Files",
      multiple: (element.max_files || 10) > 1,
      accept: element.filetypes?.map((type) => `.${type}`).join(",") || null,
      onchange: async () => {
        const most = element.max_files || 10;
        const kept = [...(surface.value(block, element) || [])];
        for (const file of input.files) {
          const ending = file.name.split(".").pop().toLowerCase();
          if (element.filetypes && !element.filetypes.includes(ending)) {
            toast(`${file.name} is not one of: ${element.filetypes.join(", ")}`, "error");
          } else if (kept.length >= most) {
            toast(most === 1 ? "One file is enough here" : `At most ${most} files`, "error");
          } else {
            try {
              kept.push(await upload(store.me.id, file));
            } catch (problem) {
              complain(problem);
            }
          }
        }
        surface.commit(block, element, kept, box);
        show();
      },
    });
    const chips = held.map((file) =>
      h("span", { class: "chip" }, file.name || file.title || file, iconButton("close", `Remove ${file.name || "file"}`, {
        onclick: () => {
          surface.commit(block, element, held.filter((other) => other !== file), box);
          show();
        },
      })),
    );
    fill(box, input, h("label", { class: "button", for: input.id }, icon("clip"), held.length ? "Add a file" : "Choose a file"), chips);
  };
  show();
  return box;
}

function image(element) {
  return h("img", { class: "thumb", src: pictureOf(element), alt: element.alt_text || "", loading: "lazy" });
}

const ELEMENTS = {
  button,
  workflow_button: button,
  icon_button: iconAction,
  feedback_buttons: feedback,
  overflow,
  static_select: select,
  external_select: select,
  users_select: select,
  conversations_select: select,
  channels_select: select,
  multi_static_select: select,
  multi_external_select: select,
  multi_users_select: select,
  multi_conversations_select: select,
  multi_channels_select: select,
  radio_buttons: choices,
  checkboxes: choices,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  plain_text_input: field,
  email_text_input: field,
  url_text_input: field,
  number_input: field,
  rich_text_input: field,
  file_input: files,
  image,
};
