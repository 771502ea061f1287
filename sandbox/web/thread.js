// The right column: one thread.

import { createComposer } from "./composer.js";
import { fill, h, iconButton } from "./dom.js";
import { go, titleOf } from "./store.js";
import { complain } from "./surface.js";
import { Timeline } from "./timeline.js";

/** A thread on screen: {el, ts, timeline, onEvent, close, focus}. */
export function createThread(channel, ts) {
  const leave = () => go({ thread: null });
  const title = h("h2", { id: "thread-title" }, "Thread");
  const where = h("div", { class: "head-topic" }, titleOf(channel));
  const foot = h("div", { class: "foot" });
  const el = h(
    "aside",
    { class: "thread", role: "complementary", "aria-labelledby": "thread-title" },
    h("header", { class: "head" }, iconButton("back", "Back to the conversation", { class: "icon-button only-narrow", onclick: leave }), h("div", { class: "head-words" }, title, where), iconButton("close", "Close thread", { class: "icon-button not-narrow", onclick: leave })),
  );
  let composer = null;
  let wantsFocus = false;
  const timeline = new Timeline({
    channel,
    threadTs: ts,
    label: "Replies",
    hooks: {
      edited: () => composer?.focus(),
      loaded: (data) => {
        fill(where, data.thread_title ? `${data.thread_title} · ${titleOf(data.channel)}` : titleOf(data.channel));
        const open = data.channel.is_member && !data.channel.is_archived;
        if (open && !composer) {
          composer = createComposer({ timeline, label: "Reply in thread" });
          fill(foot, composer.el);
          if (wantsFocus) composer.focus();
        } else if (!open) {
          composer = null;
          fill(foot, h("div", { class: "notice-bar" }, data.channel.is_archived ? "This channel is archived." : "Join the channel to reply."));
        }
      },
      failed: (problem) => {
        complain(problem);
        if (problem.error === "thread_not_found") leave();
      },
    },
  });
  el.append(timeline.el, foot);
  el.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open], .menu")) leave();
  });
  return {
    el,
    ts,
    timeline,
    onEvent: (event) => {
      if (event.type === "reset" || (event.channel === timeline.channel.id && (!event.thread_ts || event.thread_ts === ts || event.ts === ts))) timeline.refresh();
    },
    close: () => timeline.close(),
    focus: () => {
      wantsFocus = true;
      composer?.focus();
    },
  };
}
