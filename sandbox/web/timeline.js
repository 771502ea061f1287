// The list of messages of a channel or a thread: loads, keeps itself current, stays where the person reads.

import { read } from "./api.js";
import { dayKey, dayName, fromTs } from "./clock.js";
import { arrange, coalesce, fill, h, icon, replaceKeepingFocus } from "./dom.js";
import { follows, messageNode, messageSurface } from "./message.js";
import { appBadge, avatar, channelSign } from "./pieces.js";
import { store, titleOf } from "./store.js";
import { complain } from "./surface.js";

const NEAR_END = 80;
const PAGE = 200;

export class Timeline {
  /** `channel` as the server gave it; `threadTs` for a thread. `hooks`: openThread(ts, focus), loaded(data). */
  constructor({ channel, threadTs = null, label, hooks }) {
    this.channel = channel;
    this.threadTs = threadTs;
    this.hooks = hooks;
    this.nodes = new Map();
    this.surfaces = new Map();
    this.pending = [];
    this.data = { messages: [], status: null, prompts: null };
    this.editing = null;
    this.limit = PAGE;
    this.newSince = null;
    this.stick = true;
    this.seen = null;
    this.lastTop = 0;
    this.list = h("div", { class: "messages", role: "log", "aria-label": label, "aria-live": "polite", "aria-relevant": "additions" });
    this.status = h("div", { class: "status-line", role: "status", "aria-live": "polite" });
    this.scroller = h("div", { class: "scroller", onscroll: () => this.onScroll() }, h("div", { class: "filler" }), this.list);
    this.jump = h("button", { type: "button", class: "jump", hidden: true, onclick: () => this.toEnd() }, icon("down"), "New message");
    this.el = h("div", { class: "timeline" }, this.scroller, this.jump, this.status);
    this.refresh = coalesce(() => this.load());
    this.list.addEventListener("keydown", (event) => this.onKey(event));
    this.list.addEventListener("focusin", (event) => this.onFocus(event));
    this.sizes = new ResizeObserver(() => {
      if (this.stick) this.scroller.scrollTop = this.scroller.scrollHeight;
    });
    this.sizes.observe(this.list);
    this.sizes.observe(this.scroller);
  }

  /** End it: nothing is fetched or observed any more. */
  close() {
    this.closed = true;
    clearInterval(this.turning);
    this.sizes.disconnect();
  }

  async load() {
    if (this.closed) return;
    const person = store.me.id;
    try {
      const data = await read("messages", { as: person, channel: this.channel.id, thread_ts: this.threadTs, limit: this.limit });
      if (this.closed || person !== store.me.id) return;
      this.channel = data.channel;
      if (this.newSince === null) this.newSince = data.channel.unread ? data.channel.last_read : "none";
      this.data = data;
      const known = new Set(data.messages.map((message) => message.ts));
      for (const message of this.pending) message.sentTs ??= arrived(message, data.messages);
      this.pending = this.pending.filter((message) => !known.has(message.sentTs));
      this.render();
      this.hooks.loaded?.(data);
    } catch (problem) {
      this.hooks.failed?.(problem);
      if (!this.hooks.failed) complain(problem);
    }
  }

  /** The status shown at a message that begins a thread. */
  statusFor(ts) {
    return !this.threadTs && this.data.status?.thread_ts === ts ? this.data.status : null;
  }

  surfaceOf(message) {
    if (!this.surfaces.has(message.ts)) this.surfaces.set(message.ts, messageSurface(this.channel.id, message.ts));
    return this.surfaces.get(message.ts);
  }

  openThread(ts, focus = false) {
    this.hooks.openThread?.(ts, focus);
  }

  startEdit(ts) {
    this.editing = ts;
    this.render();
  }

  stopEdit() {
    this.editing = null;
    this.render();
    this.hooks.edited?.();
  }

  /** The person's newest message here that can be edited, or null. */
  lastOwn() {
    return this.data.messages.findLast((m) => m.user === store.me.id && !m.subtype?.startsWith("channel_") && !m.ephemeral)?.ts || null;
  }

  render() {
    const messages = [...this.data.messages, ...this.pending];
    const shown = [];
    const fresh = new Map();
    let before = null;
    let newShown = false;
    if (this.data.has_more) shown.push(this.kept(fresh, "earlier", "earlier", () => this.earlier()));
    else if (!this.threadTs) shown.push(this.kept(fresh, "beginning", this.channel.topic, () => beginning(this.channel)));
    for (const message of messages) {
      const day = dayKey(fromTs(message.ts));
      if (!this.threadTs && (!before || dayKey(fromTs(before.ts)) !== day)) {
        const name = dayName(fromTs(message.ts));
        shown.push(this.kept(fresh, `day-${day}`, name, () => h("div", { class: "divider", role: "separator", "aria-label": name }, h("span", null, name))));
        before = null;
      }
      if (!newShown && !this.threadTs && this.newSince !== "none" && this.newSince !== null && message.ts > this.newSince && message.user !== store.me.id && !message.pending) {
        newShown = true;
        shown.push(this.kept(fresh, "new", "new", () => h("div", { class: "divider divider-new", role: "separator", "aria-label": "New" }, h("span", null, "New"))));
        before = null;
      }
      const grouped = follows(message, before);
      const sign = JSON.stringify([message, grouped, this.editing === message.ts, this.statusFor(message.ts)?.text]);
      shown.push(this.kept(fresh, message.ts, sign, () => messageNode(message, this, { grouped })));
      before = message;
      if (this.threadTs && message.ts === this.threadTs) {
        const count = messages.length - 1;
        const said = count === 0 ? "No replies yet" : count === 1 ? "1 reply" : `${count} replies`;
        shown.push(this.kept(fresh, "replies", said, () => h("div", { class: "divider divider-thread", role: "separator", "aria-label": said }, h("span", null, said))));
        before = null;
      }
    }
    this.nodes = fresh;
    arrange(this.list, shown);
    this.rove();
    this.showStatus();
    this.follow(messages);
  }

  /** The node shown under `key`: the one that is there if nothing changed, else a new one in its place. */
  kept(fresh, key, sign, make) {
    const earlier = this.nodes.get(key);
    if (earlier?.sign === sign) {
      fresh.set(key, earlier);
      return earlier.node;
    }
    const node = make();
    if (earlier?.node.isConnected) replaceKeepingFocus(earlier.node, node);
    fresh.set(key, { sign, node });
    return node;
  }

  earlier() {
    const more = () => {
      this.limit += PAGE;
      this.stick = false;
      this.refresh();
    };
    return h("button", { type: "button", class: "earlier", onclick: more }, "Show earlier messages");
  }

  showStatus() {
    const status = this.threadTs || !this.data.messages.some((m) => m.ts === this.data.status?.thread_ts) ? this.data.status : null;
    const sign = JSON.stringify(status);
    if (sign === this.statusSign) return;
    this.statusSign = sign;
    clearInterval(this.turning);
    if (!status) {
      fill(this.status);
      return;
    }
    const lines = status.loading_messages?.length ? status.loading_messages : [`${store.app?.name} ${status.text}`];
    const words = h("span", null, lines[0]);
    fill(this.status, h("span", { class: "dots", "aria-hidden": "true" }), words);
    let at = 0;
    if (lines.length > 1) {
      this.turning = setInterval(() => {
        at = (at + 1) % lines.length;
        words.textContent = lines[at];
      }, 2500);
    }
  }

  /** Stay at the end when there; otherwise say that something new is below. */
  follow(messages) {
    const newest = messages.at(-1);
    const isNew = this.seen && newest && newest.ts !== this.seen && !newest.pending && newest.user !== store.me.id;
    if (this.stick) this.scroller.scrollTop = this.scroller.scrollHeight;
    else if (isNew) this.jump.hidden = false;
    this.seen = newest?.ts ?? "";
  }

  toEnd() {
    this.stick = true;
    this.jump.hidden = true;
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: "smooth" });
  }

  onScroll() {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    // Only the person's own scrolling up lets go of the end: the list also moves when what is around it grows.
    if (scrollHeight - scrollTop - clientHeight < NEAR_END) this.stick = true;
    else if (scrollTop < this.lastTop) this.stick = false;
    this.lastTop = scrollTop;
    if (this.stick) this.jump.hidden = true;
  }

  // -- keyboard: one message at a time is in the tab order; arrows move between them ------------------

  articles() {
    return [...this.list.querySelectorAll("article")];
  }

  rove(target = null) {
    const all = this.articles();
    const current = target || all.find((article) => article === this.roving) || all.at(-1);
    for (const article of all) article.tabIndex = article === current ? 0 : -1;
    this.roving = current;
  }

  onFocus(event) {
    const article = event.target.closest("article");
    if (!article) return;
    this.rove(article);
    for (const button of this.list.querySelectorAll(".tools button")) button.tabIndex = article.contains(button) ? 0 : -1;
  }

  onKey(event) {
    if (event.target.tagName !== "ARTICLE") return;
    const all = this.articles();
    const at = all.indexOf(event.target);
    const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || !all[to]) return;
    event.preventDefault();
    all[to].focus();
  }
}

/** The ts of a message that is being sent, if it has arrived before the server's answer to sending it. */
function arrived(sent, messages) {
  const bare = (text) => text.replace(/<([^<>|]+)(?:\|[^<>]*)?>/g, "$1");
  return messages.find((m) => m.user === sent.user && !sent.before.has(m.ts) && bare(m.text) === bare(sent.text))?.ts;
}

/** What stands above the first message of a conversation. */
function beginning(channel) {
  const app = channel.is_app ? store.app : null;
  const person = channel.kind === "im" && !app ? store.people.get(channel.with[0]) : null;
  const sign = app || person ? avatar(app ? app.bot_user_id : person.id, "large") : h("span", { class: "sign sign-beginning" }, channelSign(channel));
  const said = app
    ? app.description
    : person
      ? `This is the beginning of your conversation with ${person.real_name}${person.title ? `, ${person.title}` : ""}.`
      : `This is the beginning of ${titleOf(channel)}.${channel.topic ? ` ${channel.topic}.` : ""}`;
  return h("div", { class: "beginning" }, sign, h("div", null, h("div", { class: "beginning-name" }, titleOf(channel), app ? appBadge() : null), h("p", { class: "quiet" }, said || "")));
}
