// Slack's mrkdwn and plain text as page elements. Everything becomes text nodes: nothing in a message is markup.

import { tokens } from "./clock.js";
import { h } from "./dom.js";
import { emojiFor, withEmoji } from "./emoji.js";
import { channelBy, go, nameOf, store } from "./store.js";

/** Slack's three escapes, undone. */
export const unescapeText = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** An address that may be opened; anything else (javascript: and the like) is not a link. */
export const safeUrl = (url) => (/^(https?:|mailto:|tel:|\/)/i.test(url.trim()) ? url.trim() : null);

/** A link, or its text where the address is not one to open. */
export function link(url, ...content) {
  const address = safeUrl(url);
  if (!address) return h("span", null, ...content);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, ...content);
}

/** "@Dana Ortiz" */
export function mention(id) {
  const mine = id === store.me?.id;
  return h("span", { class: mine ? "mention mention-me" : "mention", data: { user: id } }, `@${nameOf(id)}`);
}

/** "#claims", which opens the channel if the person can see it. */
export function channelMention(id, label) {
  const channel = channelBy(id);
  if (!channel) return h("span", { class: "mention" }, label ? `#${label}` : "#private channel");
  const open = () => go({ channel: channel.id, thread: null, tab: null });
  return h("button", { type: "button", class: "mention mention-link", onclick: open }, `#${channel.name}`);
}

/** "@risk-partners" */
export function groupMention(id) {
  const group = store.groups.get(id);
  const mine = group?.users.includes(store.me?.id);
  return h("span", { class: mine ? "mention mention-me" : "mention" }, `@${group ? group.handle : id}`);
}

/** "@here" and its kin. */
export const broadcast = (range) => h("span", { class: "mention mention-me" }, `@${range}`);

/** An emoji by shortcode; the shortcode itself where it is not known. */
export function emoji(name) {
  const found = emojiFor(name);
  return found ? h("span", { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " ") }, found) : `:${name}:`;
}

/** A text object's text: mrkdwn or plain, as its type says. */
export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plain(object.text);
}

/** Plain text, with emoji and line breaks. */
export const plain = (text) => withBreaks(withEmoji(String(text)));

function withBreaks(text) {
  return text.split("\n").flatMap((line, index) => (index ? [h("br"), line] : [line]));
}

/** mrkdwn -> a list of nodes. */
export function mrkdwn(text) {
  const nodes = [];
  const parts = String(text).split(/```\n?([\s\S]+?)```\n?/g);
  parts.forEach((part, index) => {
    if (index % 2) nodes.push(h("pre", null, preText(part)));
    else if (part) nodes.push(...lines(part));
  });
  return nodes;
}

const preText = (text) => unescapeText(text.replace(/<([^<>|]+)\|?([^<>]*)>/g, (_, url, label) => label || url)).replace(/\n$/, "");

const QUOTE = /^(?:&gt;|>) ?/;
const ITEM = /^(\s*)([•◦▪‣·]|[-*](?= )|\d{1,3}[.)])\s+/;

function lines(text) {
  const nodes = [];
  const all = text.split("\n");
  let open = false;
  for (let at = 0; at < all.length; at += 1) {
    if (QUOTE.test(all[at])) {
      const quoted = [];
      while (at < all.length && QUOTE.test(all[at])) quoted.push(all[at++].replace(QUOTE, ""));
      at -= 1;
      nodes.push(h("blockquote", null, ...lines(quoted.join("\n"))));
      open = false;
      continue;
    }
    const item = ITEM.exec(all[at]);
    if (item) {
      const depth = Math.min(3, Math.floor(item[1].length / 2));
      const body = h("span", null, ...inline(all[at].slice(item[0].length)));
      nodes.push(h("span", { class: "item", style: { "--depth": depth } }, h("span", { class: "item-mark" }, item[2]), body));
      open = false;
      continue;
    }
    // A line without anything in it is a gap between paragraphs.
    if (!all[at].trim()) {
      if (nodes.length && at < all.length - 1) nodes.push(h("span", { class: "gap" }));
      open = false;
      continue;
    }
    if (open) nodes.push(h("br"));
    nodes.push(...inline(all[at]));
    open = true;
  }
  return nodes;
}

const MARKS = { "*": "strong", _: "em", "~": "del" };
const WORD = /[\p{L}\p{N}]/u;

/** One line of mrkdwn -> nodes. */
function inline(text) {
  const nodes = [];
  let plainFrom = 0;
  let at = 0;
  const flush = (end) => {
    if (end > plainFrom) nodes.push(unescapeText(text.slice(plainFrom, end)));
  };
  const take = (end, ...made) => {
    flush(at);
    nodes.push(...made);
    at = plainFrom = end;
  };
  while (at < text.length) {
    const char = text[at];
    if (char === "`") {
      const end = text.indexOf("`", at + 1);
      if (end > at + 1) {
        take(end + 1, h("code", null, preText(text.slice(at + 1, end))));
        continue;
      }
    } else if (char === "<") {
      const end = text.indexOf(">", at + 1);
      const made = end > 0 ? angle(text.slice(at + 1, end)) : null;
      if (made) {
        take(end + 1, made);
        continue;
      }
    } else if (char === ":") {
      const found = /^:([a-z0-9_+'-]+):(?::skin-tone-\d:)?/.exec(text.slice(at));
      if (found && emojiFor(found[1])) {
        take(at + found[0].length, emoji(found[1]));
        continue;
      }
    } else if (MARKS[char]) {
      const end = closing(text, at, char);
      if (end > 0) {
        take(end + 1, h(MARKS[char], null, ...inline(text.slice(at + 1, end))));
        continue;
      }
    }
    at += 1;
  }
  flush(text.length);
  return nodes;
}

/** Where formatting that opens at `start` ends, or -1: marks stand at word edges, as in Slack. */
function closing(text, start, mark) {
  const before = text[start - 1];
  const first = text[start + 1];
  if ((before && (WORD.test(before) || before === mark)) || !first || /\s/.test(first) || first === mark) return -1;
  let inCode = false;
  let inAngle = false;
  for (let at = start + 1; at < text.length; at += 1) {
    const char = text[at];
    if (char === "`" && !inAngle) inCode = !inCode;
    else if (char === "<" && !inCode) inAngle = true;
    else if (char === ">" && !inCode) inAngle = false;
    else if (char === mark && !inCode && !inAngle && !/\s/.test(text[at - 1])) {
      const after = text[at + 1];
      if (!after || (!WORD.test(after) && after !== mark)) return at;
    }
  }
  return -1;
}

/** What stands between < and >: a mention, a date, a link. */
function angle(inside) {
  const [body, ...rest] = inside.split("|");
  const label = rest.join("|");
  if (/^@[UW]/.test(body)) return mention(body.slice(1));
  if (/^#C/.test(body)) return channelMention(body.slice(1), label);
  if (body.startsWith("!subteam^")) return groupMention(body.slice(9));
  if (body.startsWith("!date^")) {
    const [, seconds, format, url] = body.split("^");
    const said = Number.isFinite(Number(seconds)) && format ? tokens(Number(seconds), format) : unescapeText(label);
    return url ? link(url, said) : h("time", null, said);
  }
  if (/^!(here|channel|everyone)$/.test(body)) return broadcast(body.slice(1));
  if (body.startsWith("!")) return h("span", { class: "mention" }, unescapeText(label || body.slice(1)));
  if (!/^[a-z][a-z0-9+.-]*:/i.test(body)) return null;
  const url = unescapeText(body);
  return link(url, ...(label ? inline(label) : [url.replace(/^mailto:/, "")]));
}

/**
 * A person's own message as they typed it, for editing: {text, marks}. `marks` maps "@Dana Ortiz" back to its markup.
 */
export function editable(text) {
  const marks = new Map();
  const keep = (shown, markup) => {
    marks.set(shown, markup);
    return shown;
  };
  const typed = text.replace(/<([^<>]+)>/g, (whole, inside) => {
    const [body, label] = inside.split("|");
    if (body.startsWith("@")) return keep(`@${nameOf(body.slice(1))}`, `<${body}>`);
    if (body.startsWith("#")) return keep(`#${channelBy(body.slice(1))?.name || label || body}`, `<${body}>`);
    if (body.startsWith("!subteam^")) return keep(`@${store.groups.get(body.slice(9))?.handle || body}`, `<${body}>`);
    if (body.startsWith("!")) return `@${body.slice(1)}`;
    return label || body.replace(/^mailto:/, "");
  });
  return { text: unescapeText(typed), marks };
}
