// Where a person writes: text, mentions, commands, files, shortcuts.

import { Failed, act, upload } from "./api.js";
import { completion } from "./completion.js";
import { fill, h, icon, iconButton, toast } from "./dom.js";
import { allEmoji } from "./emoji.js";
import { openMenu } from "./menu.js";
import { avatar } from "./pieces.js";
import { store, titleOf } from "./store.js";
import { complain } from "./surface.js";
import { withMarks } from "./typed.js";

/** What was begun and not sent, per person, channel and thread. */
const drafts = new Map();
const COMMAND = /^\/([\w-]+)(?:\s|$)/;

/** Run a global shortcut of the app. */
const runShortcut = (callbackId) => act("shortcut", { as: store.me.id, callback_id: callbackId }).catch(complain);

/**
 * The composer of a channel or thread. `timeline` shows what is being sent; `onSent(ts)` after it was;
 * `label` names the field.
 */
export function createComposer({ timeline, label, onSent = () => {} }) {
  const key = `${store.me.id} ${timeline.channel.id} ${timeline.threadTs || ""}`;
  const draft = drafts.get(key) || { text: "", marks: new Map() };
  const { marks } = draft;
  let attached = [];
  const everyone = timeline.threadTs && !["im", "mpim"].includes(timeline.channel.kind) ? h("input", { type: "checkbox" }) : null;
  const place = () => ({ as: store.me.id, channel: timeline.channel.id, ...(timeline.threadTs ? { thread_ts: timeline.threadTs } : {}) });

  const field = h("textarea", {
    class: "composer-field",
    rows: 1,
    placeholder: label,
    "aria-label": label,
    value: draft.text,
    autocomplete: "off",
    data: { focusKey: `composer ${key}` },
    oninput: () => changed(),
    onkeydown: (event) => onKey(event),
    onpaste: (event) => {
      if (event.clipboardData.files.length) {
        event.preventDefault();
        attach(event.clipboardData.files);
      }
    },
  });
  const chips = h("div", { class: "composer-files", hidden: true });
  const send = iconButton("send", "Send", { class: "icon-button send", disabled: true, onclick: () => submit() });
  const complete = completion(field, marks, { commands: !timeline.threadTs });
  const picker = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Attach files", onchange: () => attach(picker.files) });
  const clip = iconButton("clip", "Attach a file", { onclick: () => picker.click() });
  const smile = iconButton("smile", "Insert an emoji", {
    "aria-haspopup": "listbox",
    onclick: () =>
      openMenu(smile, {
        label: "Emoji",
        search: true,
        load: () => [{ items: allEmoji().map(([name, sign]) => ({ id: name, label: name.replaceAll("_", " "), words: name, lead: h("span", { class: "emoji" }, sign) })) }],
        onPick: ({ id }) => insert(`:${id}: `),
      }),
  });
  const at = iconButton("at", "Mention someone", { onclick: () => insert("@") });
  const bolt = iconButton("bolt", "Shortcuts", { "aria-haspopup": "listbox", onclick: () => shortcuts(bolt) });
  const box = h(
    "div",
    {
      class: "composer",
      ondragover: (event) => event.preventDefault(),
      ondrop: (event) => {
        event.preventDefault();
        attach(event.dataTransfer.files);
      },
    },
    complete.list,
    chips,
    field,
    everyone ? h("label", { class: "broadcast" }, everyone, `Also send to ${titleOf(timeline.channel)}`) : null,
    h("div", { class: "composer-tools" }, clip, picker, smile, at, bolt, h("span", { class: "composer-hint" }, h("kbd", null, "Enter"), " sends"), send),
  );

  function changed() {
    drafts.set(key, { text: field.value, marks });
    send.disabled = !field.value.trim() && !attached.length;
    field.style.height = "auto";
    field.style.height = `${Math.min(field.scrollHeight, 220)}px`;
    complete.update();
  }

  function insert(text) {
    const [start, end] = [field.selectionStart, field.selectionEnd];
    const gap = text === "@" && start > 0 && !/\s$/.test(field.value.slice(0, start)) ? " " : "";
    field.setRangeText(gap + text, start, end, "end");
    field.focus();
    changed();
  }

  function onKey(event) {
    if (event.isComposing || complete.onKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && !field.value) {
      const own = timeline.lastOwn();
      if (own) {
        event.preventDefault();
        timeline.startEdit(own);
      }
    }
  }

  function attach(list) {
    attached.push(...list);
    showChips();
    field.focus();
    changed();
  }

  function showChips() {
    chips.hidden = !attached.length;
    fill(
      chips,
      attached.map((file) =>
        h("span", { class: "chip" }, icon("file"), file.name, iconButton("close", `Remove ${file.name}`, {
          onclick: () => {
            attached = attached.filter((other) => other !== file);
            showChips();
            changed();
          },
        })),
      ),
    );
  }

  async function submit() {
    const typed = field.value.trim();
    if (!typed && !attached.length) return;
    complete.close();
    if (COMMAND.test(typed) && !attached.length) {
      await command(typed);
      return;
    }
    const files = attached;
    const sent = withMarks(typed, marks);
    const broadcast = Boolean(everyone?.checked);
    clear();
    await deliver(sent, files, broadcast);
  }

  function clear() {
    field.value = "";
    attached = [];
    if (everyone) everyone.checked = false;
    picker.value = "";
    showChips();
    changed();
    drafts.delete(key);
  }

  /** Send; shown at once as being sent, and as not sent if that is so. */
  async function deliver(text, files, broadcast = false) {
    const shown = {
      type: "message",
      ts: String(Date.now() / 1000),
      user: store.me.id,
      text: escapeTyped(text) || files.map((file) => file.name).join(", "),
      blocks: [],
      ephemeral: false,
      pending: true,
      before: new Set(timeline.data.messages.map((message) => message.ts)),
    };
    timeline.pending.push(shown);
    timeline.stick = true;
    timeline.render();
    const drop = () => {
      timeline.pending = timeline.pending.filter((message) => message !== shown);
      timeline.render();
    };
    try {
      const stored = [];
      for (const file of files) stored.push((await upload(store.me.id, file)).id);
      const answer = await act("message", { ...place(), text, ...(stored.length ? { files: stored } : {}), ...(broadcast ? { reply_broadcast: true } : {}) });
      shown.sentTs = answer.ts;
      onSent(answer.ts);
      await timeline.refresh();
      drop();
    } catch (problem) {
      if (!(problem instanceof Failed)) throw problem;
      shown.failed = problem.message;
      shown.retry = () => {
        drop();
        deliver(text, files, broadcast);
      };
      shown.discard = drop;
      timeline.render();
    }
  }

  async function command(typed) {
    const [name, ...rest] = typed.split(/\s+/);
    if (!store.app?.commands.some((known) => known.command === name)) {
      toast(`${name} is not a command here. Type / to see those there are.`, "error");
      return;
    }
    if (timeline.threadTs) {
      toast(`${name} does not work in threads. Use it in the channel.`, "error");
      return;
    }
    const text = withMarks(typed.slice(name.length).trim(), marks);
    box.setAttribute("aria-busy", "true");
    try {
      clear();
      await act("command", { ...place(), command: name, ...(rest.length ? { text } : {}) });
    } catch (problem) {
      field.value ||= typed;
      changed();
      complain(problem);
    } finally {
      box.removeAttribute("aria-busy");
    }
  }

  requestAnimationFrame(changed);
  return {
    el: box,
    focus: () => field.focus(),
    isEmpty: () => !field.value,
    has: (node) => box.contains(node),
    /** Send words as if they had been typed: a suggested prompt. */
    say: (text) => deliver(text, []),
  };
}

const escapeTyped = (text) => text.replaceAll("&", "&amp;").replace(/<(?![@#!])/g, "&lt;").replace(/(?<!<[@#!][^<>\s]*)>/g, "&gt;");

/** The menu of the app's global shortcuts. */
function shortcuts(anchor) {
  const known = (store.app?.shortcuts || []).filter((one) => one.type === "global");
  openMenu(anchor, {
    label: "Shortcuts",
    search: known.length > 6,
    empty: "The app offers no shortcuts",
    load: () => [{ items: known.map((one) => ({ id: one.callback_id, label: one.name, description: one.description || store.app.name, lead: avatar(store.app.bot_user_id, "small") })) }],
    onPick: ({ id }) => runShortcut(id),
  });
}
