// One message: who, when, what it says, and what can be done with it.

import { act } from "./api.js";
import { renderBlocks } from "./blocks.js";
import { ask } from "./dialogs.js";
import { ago, fromTs, time, whole } from "./clock.js";
import { h, icon, iconButton, toast } from "./dom.js";
import { QUICK, allEmoji, emojiFor } from "./emoji.js";
import { openMenu } from "./menu.js";
import { editable, mrkdwn } from "./mrkdwn.js";
import { appBadge, avatar } from "./pieces.js";
import { addressOf, nameOf, referenceOf, store } from "./store.js";
import { Surface, complain } from "./surface.js";
import { withMarks } from "./typed.js";

const QUIET_KINDS = new Set(["channel_join", "channel_leave", "channel_topic", "channel_name", "channel_archive", "group_join"]);

/** Whether a message goes under the one before it without a name of its own. */
export function follows(message, before) {
  return Boolean(
    before &&
      before.user === message.user &&
      !before.subtype?.startsWith("channel_") &&
      !QUIET_KINDS.has(message.subtype) &&
      !message.ephemeral &&
      // Cards of the app one under another would look like one card.
      !(message.bot_id && message.blocks.length) &&
      !before.ephemeral &&
      message.subtype !== "thread_broadcast" &&
      Number(message.ts) - Number(before.ts) < 300,
  );
}

/** What a message says: blocks if it has some, its text otherwise, attachments and files after it. */
function content(message, surface) {
  const box = h("div", { class: "content" });
  const own = !message.bot_id && message.blocks.length === 1 && message.blocks[0].type === "rich_text";
  if (message.subtype === "tombstone") {
    box.append(h("p", { class: "quiet" }, "This message was deleted."));
    return box;
  }
  if (message.blocks.length && !own) {
    surface.values = message.state || {};
    surface.keepOnly(message.blocks);
    const blocks = h("div");
    renderBlocks(blocks, message.blocks, surface);
    box.append(blocks);
  } else if (message.text) {
    box.append(h("div", { class: "prose" }, message.mrkdwn === false ? message.text : mrkdwn(message.text)));
  }
  for (const attachment of message.attachments || []) box.append(attached(attachment, surface));
  if (message.files?.length) box.append(h("div", { class: "files" }, message.files.map(file)));
  return box;
}

function attached(attachment, surface) {
  const colour = { good: "#2e7d4f", warning: "#b7791f", danger: "#b3261e" }[attachment.color] || (attachment.color ? `#${attachment.color.replace("#", "")}` : "var(--line-strong)");
  const inner = h("div");
  if (attachment.blocks) renderBlocks(inner, attachment.blocks, surface);
  const fields = (attachment.fields || []).map((field) => h("div", { class: "prose" }, h("strong", null, field.title), h("br"), mrkdwn(field.value || "")));
  return h(
    "div",
    { class: "attachment", style: { "--colour": colour } },
    attachment.pretext ? h("div", { class: "prose" }, mrkdwn(attachment.pretext)) : null,
    attachment.title ? h("div", { class: "strong" }, attachment.title) : null,
    attachment.text ? h("div", { class: "prose" }, mrkdwn(attachment.text)) : null,
    fields.length ? h("div", { class: "fields" }, fields) : null,
    inner,
  );
}

function size(bytes) {
  if (bytes < 1024) return `${bytes} B`;
  return bytes < 1024 * 1024 ? `${Math.round(bytes / 1024)} kB` : `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

function file(one) {
  const address = one.url_private ? `${new URL(one.url_private, location.href).pathname}?as=${store.me.id}` : null;
  const title = one.title || one.name;
  if (!address) return h("span", { class: "file-card" }, icon("file"), h("span", null, title || "A file that is gone"));
  if (one.mimetype?.startsWith("image/")) {
    return h("a", { class: "file-image", href: address, target: "_blank", rel: "noopener" }, h("img", { src: address, alt: title, loading: "lazy" }), h("span", { class: "quiet" }, title));
  }
  return h(
    "a",
    { class: "file-card", href: address, target: "_blank", rel: "noopener" },
    icon("file"),
    h("span", null, h("span", { class: "strong" }, title), h("span", { class: "quiet" }, `${(one.name.split(".").pop() || "file").toUpperCase()} · ${size(one.size || 0)}`)),
  );
}

function reactions(message, channel) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) => {
      const mine = reaction.users.includes(store.me.id);
      return h(
        "button",
        {
          type: "button",
          class: "reaction",
          "aria-pressed": String(mine),
          "aria-label": `${reaction.name.replaceAll("_", " ")}, ${reaction.count}`,
          title: `${reaction.users.map(nameOf).join(", ")} reacted with :${reaction.name}:`,
          onclick: () => act("react", { as: store.me.id, channel: channel.id, ts: message.ts, name: reaction.name, remove: mine }).catch(complain),
        },
        emojiFor(reaction.name) || `:${reaction.name}:`,
        h("span", null, String(reaction.count)),
      );
    }),
  );
}

function replyBar(message, timeline) {
  if (timeline.threadTs || !(message.reply_count || timeline.statusFor(message.ts))) return null;
  const status = timeline.statusFor(message.ts);
  const open = () => timeline.openThread(message.ts);
  const count = message.reply_count || 0;
  return h(
    "button",
    { type: "button", class: "reply-bar", onclick: open },
    h("span", { class: "reply-faces" }, (message.reply_users || []).slice(0, 4).map((id) => avatar(id, "tiny"))),
    count ? h("span", { class: "reply-count" }, count === 1 ? "1 reply" : `${count} replies`) : null,
    status ? h("span", { class: "quiet" }, h("span", { class: "dots", "aria-hidden": "true" }), `${store.app?.name} ${status.text}`) : message.latest_reply ? h("span", { class: "quiet" }, `last ${ago(fromTs(message.latest_reply))}`) : null,
  );
}

function tools(message, timeline) {
  if (message.pending) return null;
  const { channel } = timeline;
  const place = { as: store.me.id, channel: channel.id, ts: message.ts };
  const react = (name) => act("react", { ...place, name }).catch(complain);
  const smile = iconButton("smile", "Add a reaction", {
    "aria-haspopup": "listbox",
    onclick: () =>
      openMenu(smile, {
        label: "Reactions",
        align: "end",
        search: true,
        load: (query) => {
          const known = query ? allEmoji() : QUICK.map((name) => [name, emojiFor(name)]);
          return [{ items: known.map(([name, sign]) => ({ id: name, label: name.replaceAll("_", " "), words: name, lead: h("span", { class: "emoji" }, sign) })) }];
        },
        onPick: ({ id }) => react(id),
      }),
  });
  const more = iconButton("more", "More actions", {
    "aria-haspopup": "listbox",
    onclick: () =>
      openMenu(more, {
        label: "More actions",
        align: "end",
        search: false,
        load: () => [{ items: [...shortcuts(), ...own()] }],
        onPick: (item) => item.run(),
      }),
  });
  const shortcuts = () =>
    (store.app?.shortcuts || [])
      .filter((one) => one.type === "message")
      .map((one) => ({ id: one.callback_id, label: one.name, description: store.app.name, lead: avatar(store.app.bot_user_id, "small"), run: () => act("message_shortcut", { ...place, callback_id: one.callback_id }).catch(complain) }));
  const own = () => {
    const thread = message.thread_ts && message.thread_ts !== message.ts ? message.thread_ts : null;
    const items = [
      {
        id: "copy",
        label: "Copy link",
        lead: icon("link"),
        run: async () => {
          await navigator.clipboard?.writeText(addressOf({ as: store.me.id, channel: referenceOf(channel), thread: thread || (message.reply_count ? message.ts : null) }));
          toast("Link copied");
        },
      },
    ];
    if (message.user === store.me.id && message.subtype !== "channel_join") {
      items.push({ id: "edit", label: "Edit message", lead: icon("edit"), run: () => timeline.startEdit(message.ts) });
      items.push({
        id: "delete",
        label: "Delete message",
        lead: icon("trash"),
        danger: true,
        run: async () => {
          if (await ask("Delete this message?", "This cannot be undone.", "Delete", "danger")) act("delete", place).catch(complain);
        },
      });
    }
    return items;
  };
  if (message.ephemeral) return null;
  return h(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Message actions" },
    smile,
    timeline.threadTs ? null : iconButton("reply", "Reply in thread", { onclick: () => timeline.openThread(message.thread_ts || message.ts, true) }),
    more,
  );
}

/** The field in which a person changes their own message. */
function editor(message, timeline) {
  const start = editable(message.text);
  const save = async () => {
    const text = withMarks(field.value.trim(), start.marks);
    if (!text) return;
    try {
      await act("edit", { as: store.me.id, channel: timeline.channel.id, ts: message.ts, text });
      timeline.stopEdit();
    } catch (problem) {
      complain(problem);
    }
  };
  const field = h("textarea", {
    class: "field",
    "aria-label": "Edit message",
    value: start.text,
    rows: Math.min(8, start.text.split("\n").length + 1),
    data: { focusKey: "edit" },
    onkeydown: (event) => {
      if (event.key === "Escape") {
        event.stopPropagation();
        timeline.stopEdit();
      }
      if (event.key === "Enter" && !event.shiftKey) {
        event.preventDefault();
        save();
      }
    },
  });
  requestAnimationFrame(() => {
    field.focus();
    field.setSelectionRange(field.value.length, field.value.length);
  });
  return h(
    "div",
    { class: "editor" },
    field,
    h("div", { class: "editor-foot" }, h("button", { type: "button", class: "button", onclick: () => timeline.stopEdit() }, "Cancel"), h("button", { type: "button", class: "button button-primary", onclick: save }, "Save")),
  );
}

/** The article of a message. `grouped`: it follows another one of the same author. */
export function messageNode(message, timeline, { grouped }) {
  const when = fromTs(message.ts);
  const person = store.people.get(message.user);
  const isApp = Boolean(message.bot_id) || person?.is_bot;
  const name = message.username || nameOf(message.user);
  const clock = h("time", { datetime: when.toISOString(), title: whole(when), class: "clock" }, time(when));
  const article = h("article", {
    class: ["message", grouped && "grouped", message.ephemeral && "ephemeral", message.pending && "pending", message.streaming && "streaming", isApp && "from-app"].filter(Boolean).join(" "),
    tabindex: "-1",
    "aria-label": `${name}${isApp ? ", app" : ""}, ${time(when)}`,
    data: { ts: message.ts, user: message.user || "" },
  });
  if (QUIET_KINDS.has(message.subtype)) {
    article.classList.add("notice");
    article.append(h("div", { class: "gutter" }, icon("people")), h("div", { class: "body quiet" }, mrkdwn(message.text), " ", clock));
    return article;
  }
  const surface = timeline.surfaceOf(message);
  const body = h("div", { class: "body" });
  if (message.ephemeral) {
    body.append(h("div", { class: "only-you" }, icon("eye"), "Only visible to you"));
  }
  if (message.subtype === "thread_broadcast" && !timeline.threadTs) {
    body.append(h("button", { type: "button", class: "replied-in", onclick: () => timeline.openThread(message.thread_ts) }, "replied in a thread"));
  }
  const edited = message.edited ? h("span", { class: "edited", title: `Edited ${whole(fromTs(message.edited.ts))}` }, "(edited)") : null;
  if (!grouped) body.append(h("div", { class: "meta" }, h("span", { class: "author" }, name), isApp ? appBadge() : null, clock, edited));
  body.append(timeline.editing === message.ts ? editor(message, timeline) : content(message, surface));
  if (grouped && edited) body.append(edited);
  if (message.failed) {
    body.append(h("div", { class: "not-sent" }, `Not sent: ${message.failed} `, h("button", { type: "button", class: "link", onclick: message.retry }, "Try again"), " ", h("button", { type: "button", class: "link", onclick: message.discard }, "Discard")));
  }
  if (message.ephemeral) {
    body.append(h("button", { type: "button", class: "link dismiss", onclick: () => act("delete", { as: store.me.id, channel: timeline.channel.id, ts: message.ts }).catch(complain) }, "Dismiss message"));
  }
  for (const extra of [reactions(message, timeline.channel), replyBar(message, timeline)]) if (extra) body.append(extra);
  article.append(h("div", { class: "gutter" }, grouped ? clock.cloneNode(true) : avatar(message.user)), body);
  const bar = tools(message, timeline);
  if (bar) {
    for (const button of bar.children) button.tabIndex = -1;
    article.append(bar);
  }
  return article;
}

/** The surface on which a message's elements live. */
export const messageSurface = (channel, ts) => new Surface("message", { channel, message_ts: ts });
