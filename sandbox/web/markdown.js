// The markdown block: standard Markdown as page elements, without any HTML.

import { h } from "./dom.js";
import { emojiFor } from "./emoji.js";
import { broadcast, channelMention, emoji, groupMention, link, mention, safeUrl, unescapeText } from "./mrkdwn.js";

const FENCE = /^(\s*)(```+|~~~+)\s*([\w+-]*)\s*$/;
const HEADING = /^(#{1,6})\s+(.+?)\s*#*\s*$/;
const RULE = /^\s*([-*_])(\s*\1){2,}\s*$/;
const ITEM = /^(\s*)([-*+]|\d{1,9}[.)])\s+(.*)$/;
const QUOTE = /^\s{0,3}(?:>|&gt;)\s?/;
const DELIMITER = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Markdown -> a list of nodes. */
export function markdown(text) {
  return blocks(String(text).replaceAll("\r", "").split("\n"));
}

function blocks(lines) {
  const nodes = [];
  let at = 0;
  while (at < lines.length) {
    const line = lines[at];
    if (!line.trim()) {
      at += 1;
      continue;
    }
    const fence = FENCE.exec(line);
    if (fence) {
      const body = [];
      at += 1;
      while (at < lines.length && !lines[at].trim().startsWith(fence[2])) body.push(lines[at++]);
      at += 1;
      nodes.push(h("pre", null, unescapeText(body.join("\n"))));
      continue;
    }
    const heading = HEADING.exec(line);
    if (heading) {
      // Messages live under the page's own headings.
      nodes.push(h(`h${Math.min(6, heading[1].length + 3)}`, { class: `md-heading md-h${heading[1].length}` }, ...spans(heading[2])));
      at += 1;
      continue;
    }
    if (RULE.test(line)) {
      nodes.push(h("hr"));
      at += 1;
      continue;
    }
    if (QUOTE.test(line)) {
      const body = [];
      while (at < lines.length && QUOTE.test(lines[at])) body.push(lines[at++].replace(QUOTE, ""));
      nodes.push(h("blockquote", null, ...blocks(body)));
      continue;
    }
    if (ITEM.test(line)) {
      const [made, next] = list(lines, at);
      nodes.push(made);
      at = next;
      continue;
    }
    if (line.includes("|") && at + 1 < lines.length && DELIMITER.test(lines[at + 1]) && lines[at + 1].includes("-")) {
      const [made, next] = table(lines, at);
      nodes.push(made);
      at = next;
      continue;
    }
    const paragraph = [];
    while (at < lines.length && lines[at].trim() && !(paragraph.length && starts(lines[at]))) paragraph.push(lines[at++]);
    nodes.push(h("p", null, ...paragraph.flatMap((said, index) => (index ? [h("br"), ...spans(said.trim())] : spans(said.trim())))));
  }
  return nodes;
}

const starts = (line) => FENCE.test(line) || HEADING.test(line) || RULE.test(line) || QUOTE.test(line) || ITEM.test(line);

function list(lines, from) {
  const first = ITEM.exec(lines[from]);
  const indent = first[1].length;
  const ordered = /\d/.test(first[2]);
  const items = [];
  let at = from;
  while (at < lines.length) {
    const found = ITEM.exec(lines[at]);
    if (!found || found[1].length !== indent || /\d/.test(found[2]) !== ordered) break;
    const own = [found[3]];
    at += 1;
    const inner = [];
    while (at < lines.length) {
      const next = lines[at];
      const deeper = next.search(/\S/) > indent;
      if (!next.trim()) {
        // A gap inside the list only counts if the list goes on after it.
        const after = lines[at + 1] || "";
        if (!(after.search(/\S/) > indent || ITEM.exec(after)?.[1].length === indent)) break;
        at += 1;
        continue;
      }
      if (ITEM.test(next) ? !deeper : !deeper && starts(next)) break;
      if (!deeper && !ITEM.test(next) && lines[at - 1].trim() === "") break;
      (inner.length || ITEM.test(next) || FENCE.test(next) ? inner : own).push(inner.length || deeper ? next.slice(Math.min(indent + 2, next.search(/\S/))) : next.trim());
      at += 1;
    }
    const task = /^\[([ xX])\]\s+/.exec(own[0]);
    if (task) own[0] = own[0].slice(task[0].length);
    const box = task && h("span", { class: "task-box", role: "img", "aria-label": task[1] === " " ? "to do" : "done" }, task[1] === " " ? "☐" : "☑");
    items.push(h("li", { class: task ? "task" : null }, box, ...own.flatMap((said, index) => (index ? [h("br"), ...spans(said.trim())] : spans(said))), ...blocks(inner)));
  }
  const start = ordered ? Number.parseInt(first[2], 10) : null;
  return [h(ordered ? "ol" : "ul", { start: start === 1 ? null : start }, ...items), at];
}

function table(lines, from) {
  const cells = (line) => line.trim().replace(/^\||\|$/g, "").split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll("\\|", "|"));
  const aligned = cells(lines[from + 1]).map((cell) => (cell.endsWith(":") ? (cell.startsWith(":") ? "center" : "right") : null));
  const row = (line, tag) => h("tr", null, ...cells(line).map((cell, at) => h(tag, { style: aligned[at] ? { "text-align": aligned[at] } : {} }, ...spans(cell))));
  const head = row(lines[from], "th");
  const body = [];
  let at = from + 2;
  while (at < lines.length && lines[at].includes("|")) body.push(row(lines[at++], "td"));
  return [h("div", { class: "table-frame", tabindex: "0" }, h("table", null, h("thead", null, head), h("tbody", null, ...body))), at];
}

const RULES = [
  [/^\\([\\`*_{}[\]()#+.!|~<>-])/, (found) => [found[1]]],
  [/^(`+)([\s\S]*?[^`])\1(?!`)/, (found) => [h("code", null, unescapeText(found[2]))]],
  [/^!\[([^\]]*)\]\((\S+?)(?:\s+"[^"]*")?\)/, (found) => [safeUrl(found[2]) ? h("img", { class: "md-image", src: safeUrl(found[2]), alt: found[1], loading: "lazy" }) : found[1]]],
  [/^\[((?:[^[\]]|\[[^\]]*\])+)\]\((\S+?)(?:\s+"[^"]*")?\)/, (found) => [link(unescapeText(found[2]), ...spans(found[1]))]],
  [/^<@([UW][A-Z0-9]+)(?:\|[^>]*)?>/, (found) => [mention(found[1])]],
  [/^<#(C[A-Z0-9]+)(?:\|([^>]*))?>/, (found) => [channelMention(found[1], found[2])]],
  [/^<!subteam\^(S[A-Z0-9]+)(?:\|[^>]*)?>/, (found) => [groupMention(found[1])]],
  [/^<!(here|channel|everyone)>/, (found) => [broadcast(found[1])]],
  [/^<(https?:[^\s<>|]+|mailto:[^\s<>|]+)(?:\|([^<>]*))?>/, (found) => [link(unescapeText(found[1]), found[2] || unescapeText(found[1]))]],
  [/^https?:\/\/[^\s<>]*[^\s<>.,;:!?)\]'"*_]/, (found) => [link(unescapeText(found[0]), unescapeText(found[0]))]],
  [/^(\*\*\*|___)(?=\S)([\s\S]*?\S)\1/, (found) => [h("strong", null, h("em", null, ...spans(found[2])))]],
  [/^(\*\*|__)(?=\S)([\s\S]*?\S)\1(?![*_])/, (found) => [h("strong", null, ...spans(found[2]))]],
  [/^~~(?=\S)([\s\S]*?\S)~~/, (found) => [h("del", null, ...spans(found[1]))]],
  [/^\*(?=[^\s*])([\s\S]*?[^\s*])\*(?!\*)/, (found) => [h("em", null, ...spans(found[1]))]],
  [/^:([a-z0-9_+'-]+):/, (found) => (emojiFor(found[1]) ? [emoji(found[1])] : null)],
];
const UNDERSCORED = /^_(?=[^\s_])([\s\S]*?[^\s_])_(?![\p{L}\p{N}_])/u;

/** Inline Markdown -> nodes. */
function spans(text) {
  const nodes = [];
  let kept = "";
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    let found = null;
    let made = null;
    if (/[\\`![<h*_~:]/.test(rest[0])) {
      for (const [pattern, make] of RULES) {
        found = pattern.exec(rest);
        made = found && make(found);
        if (made) break;
      }
      if (!made && !/[\p{L}\p{N}]/u.test(text[at - 1] || " ")) {
        found = UNDERSCORED.exec(rest);
        made = found && [h("em", null, ...spans(found[1]))];
      }
    }
    if (!made) {
      kept += rest[0];
      at += 1;
      continue;
    }
    if (kept) nodes.push(unescapeText(kept));
    kept = "";
    nodes.push(...made);
    at += found[0].length;
  }
  if (kept) nodes.push(unescapeText(kept));
  return nodes;
}
