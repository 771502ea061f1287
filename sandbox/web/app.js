// The page: puts the columns together, follows the address line and what happens in the workspace.

import { Failed, follow } from "./api.js";
import { createConversation } from "./conversation.js";
import { coalesce, fill, h, toast } from "./dom.js";
import { forgetViews, refreshViews } from "./modal.js";
import { renderSidebar, sidebar } from "./sidebar.js";
import { actors, channelBy, go, loadChannels, loadWorkspace, onRoute, route, store, titleOf } from "./store.js";
import { complain } from "./surface.js";
import { jump } from "./switcher.js";
import { createThread } from "./thread.js";

const NARROW = matchMedia("(max-width: 760px)");
const root = document.getElementById("app");
const banner = h("div", { class: "banner", role: "status", hidden: true }, "The connection is lost. Trying again…");
let conversation = null;
let thread = null;
let unfollow = null;

const refreshChannels = coalesce(async () => {
  const person = store.me.id;
  try {
    await loadChannels();
    if (person === store.me.id) showAround();
  } catch (problem) {
    complain(problem);
  }
});

const refreshWorkspace = coalesce(() => loadWorkspace().then(showAround, complain));

/** What depends on the lists: the sidebar and the window's title. */
function showAround() {
  renderSidebar();
  const waiting = store.channels.reduce((sum, channel) => sum + channel.mentions, 0);
  const here = conversation ? `${titleOf(conversation.channel)} · ` : "";
  document.title = `${waiting ? `(${waiting}) ` : ""}${here}${store.me.real_name} · ${store.team.name}`;
}

function onEvent(event) {
  if (event.type === "toast") toast(event.text, "error");
  else if (event.type === "view") refreshViews();
  else if (event.type === "people" || event.type === "app") refreshWorkspace();
  else if (event.type === "reset") everything();
  if (["message", "deleted", "channel", "app", "reset"].includes(event.type)) refreshChannels();
  conversation?.onEvent(event);
  thread?.onEvent(event);
}

/** After something may have been missed: fetch all of it. */
function everything() {
  refreshWorkspace();
  refreshViews();
  conversation?.onEvent({ type: "reset" });
  thread?.onEvent({ type: "reset" });
}

function onState(state, missed) {
  const wasLost = !banner.hidden;
  banner.hidden = state === "live";
  if (state === "live" && (wasLost || missed)) {
    everything();
    refreshChannels();
  }
}

/** Become the person of the address line. */
async function become(id) {
  unfollow?.();
  forgetViews();
  leave();
  store.me = store.people.get(id);
  store.channels = [];
  await loadChannels();
  unfollow = follow(id, onEvent, onState);
  refreshViews();
}

function leave() {
  conversation?.close();
  conversation?.el.remove();
  thread?.close();
  thread?.el.remove();
  conversation = thread = null;
}

/** Show what the address line says. */
const show = coalesce(async () => {
  const asked = route();
  const people = actors();
  const person = people.find((one) => one.id === asked.as || one.name === asked.as) || people[0];
  if (!person) {
    fill(root, h("p", { class: "broken" }, "There is nobody in this workspace. Start it with a workspace file."));
    return;
  }
  if (person.id !== asked.as) go({ as: person.id }, { replace: true });
  try {
    if (store.me?.id !== person.id) await become(person.id);
    await showPlace();
  } catch (problem) {
    complain(problem);
  }
});

async function showPlace() {
  const { channel: reference, thread: threadTs, tab: askedTab } = route();
  let channel = channelBy(reference);
  if (reference && !channel) {
    await loadChannels();
    channel = channelBy(reference);
    if (!channel) toast("That conversation is not there, or not for you.", "error");
  }
  if (!channel && !(NARROW.matches && !reference)) {
    channel = channelBy("@app") || store.channels.find((one) => one.is_member) || store.channels[0];
    if (channel) go({ channel: channel.is_app ? "@app" : channel.id, thread: null, tab: askedTab }, { replace: true });
  }
  const tab = channel?.is_app ? (askedTab === "home" && store.app.home_tab ? "home" : store.app.messages_tab ? "messages" : "home") : null;
  const same = conversation && channel && conversation.channel.id === channel.id && conversation.tab === tab;
  let focusThread = conversation?.focusThread || false;
  if (conversation) conversation.focusThread = false;
  if (!same) {
    leave();
    if (channel) {
      conversation = createConversation(channel, tab);
      conversation.threadOpen = () => Boolean(thread);
      root.append(conversation.el);
      conversation.timeline?.refresh();
    }
    focusThread = false;
  }
  const wanted = channel && tab !== "home" ? threadTs : null;
  if (thread?.ts !== wanted) {
    const had = Boolean(thread);
    thread?.close();
    thread?.el.remove();
    thread = null;
    if (wanted) {
      thread = createThread(channel, wanted);
      root.append(thread.el);
      thread.timeline.refresh();
      if (focusThread) thread.focus();
    } else if (had && !NARROW.matches) conversation?.focus();
  }
  root.dataset.screen = thread ? "thread" : channel ? "channel" : "list";
  root.classList.toggle("with-thread", Boolean(thread));
  showAround();
}

async function start() {
  try {
    await loadWorkspace();
  } catch (problem) {
    if (!(problem instanceof Failed)) throw problem;
    fill(root, h("p", { class: "broken" }, `The workspace does not answer (${problem.message}). `, h("button", { type: "button", class: "button", onclick: () => location.reload() }, "Try again")));
    return;
  }
  fill(root, sidebar);
  document.body.prepend(banner);
  onRoute(show);
  NARROW.addEventListener("change", show);
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") conversation?.timeline?.refresh();
  });
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k" && !document.querySelector("dialog[open]")) {
      event.preventDefault();
      jump();
    }
  });
  await show();
}

start();
