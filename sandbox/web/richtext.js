// Slack's rich_text blocks as page elements.

import { tokens } from "./clock.js";
import { h } from "./dom.js";
import { broadcast, channelMention, emoji, groupMention, link, mention, safeUrl } from "./mrkdwn.js";
import { withEmoji } from "./emoji.js";

const STYLES = { bold: "strong", italic: "em", strike: "del", underline: "u", highlight: "mark", client_highlight: "mark" };

/** A whole rich_text block -> nodes. */
export function richText(block) {
  const counters = [];
  return (block.elements || []).map((element) => part(element, counters));
}

function part(element, counters) {
  if (element.type === "rich_text_list") return list(element, counters);
  counters.length = 0;
  const content = (element.elements || []).flatMap(piece);
  if (element.type === "rich_text_preformatted") return h("pre", null, ...content);
  if (element.type === "rich_text_quote") return h("blockquote", null, ...content);
  return h("div", { class: "rich-section" }, ...content);
}

/** A run of one list. Slack sends nesting as neighbouring lists with an indent, so numbers are carried along. */
function list(element, counters) {
  const indent = element.indent || 0;
  const ordered = element.style === "ordered";
  counters.length = indent + 1;
  const start = 1 + (element.offset || counters[indent] || 0);
  if (ordered) counters[indent] = start - 1 + element.elements.length;
  const items = element.elements.map((item) => h("li", null, ...(item.elements || []).flatMap(piece)));
  const style = ordered ? ["decimal", "lower-alpha", "lower-roman"][indent % 3] : ["disc", "circle", "square"][indent % 3];
  return h(ordered ? "ol" : "ul", { start: ordered ? start : null, style: { "--depth": indent, "list-style-type": style } }, ...items);
}

function piece(element) {
  const made = bare(element);
  const style = element.style || {};
  let node = style.code ? h("code", null, ...[made].flat()) : made;
  for (const [name, tag] of Object.entries(STYLES)) if (style[name]) node = h(tag, null, ...[node].flat());
  return node;
}

function bare(element) {
  switch (element.type) {
    case "text":
      return (element.style?.code ? element.text : withEmoji(element.text)).split("\n").flatMap((line, at) => (at ? [h("br"), line] : [line]));
    case "link":
      return safeUrl(element.url) ? link(element.url, element.text || element.url.replace(/^mailto:/, "")) : element.text || element.url;
    case "user":
      return mention(element.user_id);
    case "usergroup":
      return groupMention(element.usergroup_id);
    case "channel":
      return channelMention(element.channel_id);
    case "broadcast":
      return broadcast(element.range);
    case "emoji":
      return emoji(element.name);
    case "date": {
      const said = tokens(element.timestamp, element.format);
      return element.url ? link(element.url, said) : h("time", null, said);
    }
    case "color":
      return h("span", { class: "colour" }, h("span", { class: "colour-chip", style: { background: /^#[0-9a-f]{3,8}$/i.test(element.value) ? element.value : "none" } }), element.value);
    default:
      return element.text || "";
  }
}

/** The words of a rich_text block, for a plain text field. */
export function plainOf(block) {
  const run = (elements) => (elements || []).map((e) => e.text || (e.elements ? run(e.elements) : "")).join("");
  return (block?.elements || []).map((e) => (e.type === "rich_text_list" ? e.elements.map((item) => `- ${run(item.elements)}`).join("\n") : run(e.elements))).join("\n");
}
