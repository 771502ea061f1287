// The middle column: a channel's head, its messages or the app's Home tab, and the composer.

import { act } from "./api.js";
import { createComposer } from "./composer.js";
import { openDialog } from "./dialogs.js";
import { fill, h, icon, iconButton } from "./dom.js";
import { createHome } from "./home.js";
import { openMenu } from "./menu.js";
import { appBadge, avatar, channelSign, peopleItems } from "./pieces.js";
import { actors, go, nameOf, store, titleOf } from "./store.js";
import { complain } from "./surface.js";
import { Timeline } from "./timeline.js";

const NARROW = matchMedia("(max-width: 760px)");

/** Let a channel be read: its messages no longer count as new. */
const markRead = (channel) => act("read", { as: store.me.id, channel: channel.id }).catch(complain);

/** A conversation on screen: {el, channel, tab, timeline, onEvent, close, focus}. */
export function createConversation(channel, tab) {
  const el = h("main", { class: "conversation", "aria-label": titleOf(channel) });
  const head = h("header", { class: "head" });
  const view = { el, channel, tab, timeline: null, home: null, composer: null, watching: null };

  function showHead(now = channel) {
    const back = iconButton("back", "Back to the list", { class: "icon-button only-narrow", onclick: () => go({ channel: null, thread: null, tab: null }) });
    if (now.is_app) {
      const one = (name, to) =>
        h("button", { type: "button", role: "tab", class: "tab", "aria-selected": String(tab === to), onclick: () => go({ tab: to === "home" ? "home" : null, thread: null }) }, name);
      const tabs = h("div", { role: "tablist", class: "tabs", "aria-label": `${now.name} tabs` }, store.app.home_tab ? one("Home", "home") : null, store.app.messages_tab ? one("Messages", "messages") : null);
      tabs.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
        [...tabs.children].find((other) => other !== document.activeElement)?.focus();
      });
      fill(head, back, avatar(store.app.bot_user_id, "medium"), h("div", { class: "head-words" }, h("h1", null, now.name, appBadge()), h("div", { class: "head-topic" }, store.app.description || "")), tabs);
      return;
    }
    const members = h("button", { type: "button", class: "members", "aria-label": `${now.members} members`, onclick: () => membersDialog(now) }, icon("people"), String(now.members));
    const topic = now.kind === "im" ? store.people.get(now.with[0])?.title : now.topic;
    fill(head, back, h("span", { class: "sign sign-large" }, channelSign(now)), h("div", { class: "head-words" }, h("h1", null, now.kind === "channel" || now.kind === "group" ? now.name : titleOf(now)), h("div", { class: "head-topic" }, topic || "")), now.kind === "im" ? null : members);
  }

  showHead();
  el.append(head);
  if (channel.is_app && tab === "home") {
    view.home = createHome();
    el.append(view.home.el);
    view.onEvent = (event) => {
      if (event.type === "home" || event.type === "reset") view.home.refresh();
    };
    view.close = () => {};
    view.focus = () => {};
    return view;
  }

  const foot = h("div", { class: "foot" });
  const prompts = h("div", { class: "prompts", hidden: true });
  let said = false;
  let footSign = null;
  const timeline = new Timeline({
    channel,
    label: `Messages in ${titleOf(channel)}`,
    hooks: {
      openThread: (ts, focus) => {
        view.focusThread = focus;
        go({ thread: ts });
      },
      edited: () => view.composer?.focus(),
      loaded: (data) => {
        showFoot(data);
        showPrompts(data.prompts);
        if (data.channel.unread && document.visibilityState === "visible") markRead(data.channel);
        watchReplies(data);
      },
    },
  });
  view.timeline = timeline;
  el.append(timeline.el, prompts, foot);

  /** The composer, or why one cannot write here. */
  function showFoot({ channel: now }) {
    const why = now.is_archived ? "archived" : !now.is_member ? "join" : now.is_app && store.app.messages_read_only ? "read only" : "open";
    if (why === footSign) return;
    footSign = why;
    showHead(now);
    view.composer = null;
    if (why === "archived") fill(foot, h("div", { class: "notice-bar" }, icon("archive"), `#${now.name} is archived: nothing can be written any more.`));
    else if (why === "read only") fill(foot, h("div", { class: "notice-bar" }, `${now.name} does not take messages.`));
    else if (why === "join") {
      const join = () => act("join", { as: store.me.id, channel: now.id }).then(() => timeline.refresh(), complain);
      fill(foot, h("div", { class: "notice-bar" }, `You are looking at #${now.name}.`, h("button", { type: "button", class: "button button-primary", onclick: join }, "Join channel")));
    } else {
      view.composer = createComposer({
        timeline,
        label: `Message ${titleOf(now)}`,
        onSent: (ts) => {
          said = true;
          prompts.hidden = true;
          if (now.is_app) view.watching = ts;
        },
      });
      fill(foot, view.composer.el);
      if (!NARROW.matches && !document.querySelector("dialog[open]") && (document.activeElement === document.body || !document.activeElement)) view.composer.focus();
    }
  }

  function showPrompts(offered) {
    const list = offered?.prompts || [];
    prompts.hidden = said || !list.length || footSign !== "open";
    const sign = JSON.stringify(offered);
    if (prompts.dataset.sign === sign) return;
    prompts.dataset.sign = sign;
    fill(
      prompts,
      h("div", { class: "prompts-title" }, offered?.title || "Try"),
      h("div", { class: "prompts-list", role: "group", "aria-label": "Suggested prompts" }, list.map((prompt) => h("button", { type: "button", class: "prompt", onclick: () => view.composer?.say(prompt.message) }, prompt.title))),
    );
  }

  /** The app answers in the thread of what was just said: open it, unless the person has gone on to something else. */
  function watchReplies(data) {
    const parent = data.messages.find((message) => message.ts === view.watching);
    if (!parent?.reply_count && data.status?.thread_ts !== view.watching) return;
    if (!parent) return;
    view.watching = null;
    const busyElsewhere = view.composer && !view.composer.isEmpty();
    if (!view.threadOpen?.() && !busyElsewhere) {
      view.focusThread = view.composer?.has(document.activeElement);
      go({ thread: parent.ts });
    }
  }

  view.onEvent = (event) => {
    // A reply that changes (an answer being written, say) is not shown here.
    if (event.type === "changed" && event.thread_ts && event.thread_ts !== event.ts && !timeline.nodes.has(event.ts)) return;
    if (event.type === "reset" || event.type === "channel" || event.channel === timeline.channel.id) timeline.refresh();
  };
  view.close = () => timeline.close();
  view.focus = () => view.composer?.focus();
  act(channel.is_app ? "open_messages" : "open_channel", { as: store.me.id, channel: channel.id }).catch(complain);
  return view;
}

/** Who is in a channel; brings others in. */
function membersDialog(channel) {
  const body = h("div", { class: "members-list" }, channel.member_ids.map((id) => h("div", { class: "member" }, avatar(id, "medium"), h("span", { class: "menu-words" }, h("span", { class: "menu-label" }, nameOf(id), store.people.get(id)?.is_bot ? appBadge() : null), h("span", { class: "menu-description" }, store.people.get(id)?.title || "")))));
  const add = h("button", {
    type: "button",
    class: "button",
    "aria-haspopup": "listbox",
    onclick: () =>
      openMenu(add, {
        label: "Bring someone in",
        load: () => [{ items: peopleItems([...(store.app ? [store.people.get(store.app.bot_user_id)] : []), ...actors()].filter((person) => !channel.member_ids.includes(person.id))) }],
        onPick: ({ id }) =>
          act("invite", { as: store.me.id, channel: channel.id, user: id }).then(() => {
            opened.close();
          }, complain),
      }),
  }, icon("plus"), "Bring someone in");
  const leave = h("button", { type: "button", class: "button", onclick: () => act("leave", { as: store.me.id, channel: channel.id }).then(() => opened.close(), complain) }, "Leave channel");
  const opened = openDialog({ title: titleOf(channel), body, footer: channel.is_member ? [leave, add] : null, className: "dialog-small" });
}
