// Block Kit layout blocks as page elements.

import { chart } from "./chart.js";
import { arrange, h, icon, newId } from "./dom.js";
import { renderElement } from "./elements.js";
import { markdown } from "./markdown.js";
import { link, plain, safeUrl, textObject } from "./mrkdwn.js";
import { pictureOf } from "./pieces.js";
import { richText } from "./richtext.js";
import { dataTable, table } from "./table.js";

/**
 * Show blocks inside `container`. Blocks that have not changed keep their elements, and with them what the person is
 * typing, an open menu, a pressed button. `errors` (block id -> sentence) stand under input blocks.
 */
export function renderBlocks(container, blocks, surface, errors = {}) {
  const kept = container.shownBlocks || new Map();
  const shown = new Map();
  const nodes = blocks.map((block, at) => {
    const id = block.block_id || `at-${at}`;
    const sign = JSON.stringify([block, errors[id] || null]);
    const earlier = kept.get(id);
    const entry = earlier?.sign === sign && !shown.has(id) ? earlier : { sign, node: blockNode(block, surface, errors[id]) };
    shown.set(id, entry);
    return entry.node;
  });
  container.shownBlocks = shown;
  container.classList.add("blocks");
  arrange(container, nodes);
}

function blockNode(block, surface, error) {
  const make = BLOCKS[block.type];
  const node = make ? make(block, surface, error) : h("div", { class: "unknown" }, `This page cannot show a ${block.type} block`);
  node.classList.add("block", `block-${block.type}`);
  node.dataset.blockId = block.block_id || "";
  return node;
}

function section(block, surface) {
  const words = h("div", { class: "section-words" });
  if (block.text) words.append(h("div", { class: "prose" }, textObject(block.text)));
  if (block.fields) words.append(h("div", { class: "fields" }, block.fields.map((field) => h("div", { class: "prose" }, textObject(field)))));
  if (!block.accessory) return h("div", null, words);
  const accessory = renderElement(block.accessory, block, surface);
  return h("div", { class: `with-accessory accessory-${block.accessory.type}` }, words, h("div", { class: "accessory" }, accessory));
}

function context(block) {
  const pieces = block.elements.map((element) =>
    element.type === "image"
      ? h("img", { class: "context-image", src: pictureOf(element), alt: element.alt_text })
      : h("span", { class: "prose" }, textObject(element)),
  );
  return h("div", null, pieces);
}

function actions(block, surface) {
  return h("div", null, block.elements.map((element) => renderElement(element, block, surface)));
}

function input(block, surface, error) {
  const label = block.label.text;
  const element = renderElement(block.element, block, surface, label);
  const labelId = newId("label");
  const hintId = newId("hint");
  const errorId = newId("error");
  const control = element.matches("input, textarea, select, [role=combobox]") ? element : element.querySelector("input, [role]") || element;
  const described = [block.hint && hintId, error && errorId].filter(Boolean).join(" ");
  if (described) control.setAttribute("aria-describedby", described);
  if (error) control.setAttribute("aria-invalid", "true");
  if (!block.optional && control.matches("input:not([type=checkbox]):not([type=radio]), textarea, [role=combobox]")) control.setAttribute("aria-required", "true");
  if (control.matches("input, textarea, button")) control.id ||= newId("control");
  return h(
    "div",
    { class: error ? "invalid" : null },
    h("label", { class: "label", id: labelId, for: element === control ? control.id : null }, plain(label), block.optional ? h("span", { class: "optional" }, " (optional)") : null),
    element,
    error ? h("p", { class: "error", id: errorId, role: "alert" }, error) : null,
    block.hint ? h("p", { class: "hint", id: hintId }, plain(block.hint.text)) : null,
  );
}

function image(block) {
  const url = pictureOf(block);
  const shown = url
    ? h("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, h("img", { src: url, alt: block.alt_text, loading: "lazy" }))
    : h("span", { class: "unknown" }, block.alt_text);
  return h("figure", null, block.title ? h("figcaption", null, plain(block.title.text)) : null, shown);
}

function video(block) {
  const url = safeUrl(block.title_url || block.video_url || "");
  const thumb = safeUrl(block.thumbnail_url || "");
  return h(
    "div",
    null,
    h("div", { class: "strong" }, url ? link(url, block.title.text) : block.title.text),
    block.description ? h("div", { class: "quiet" }, plain(block.description.text)) : null,
    thumb ? h("img", { src: thumb, alt: block.alt_text, loading: "lazy" }) : null,
  );
}

const STATES = { pending: "to do", in_progress: "in progress", complete: "done", error: "failed" };

function task(block) {
  const status = block.status || "pending";
  const sign = h("span", { class: `task-sign task-${status}`, role: "img", "aria-label": STATES[status] }, status === "complete" ? icon("check") : status === "error" ? icon("close") : null);
  const rich = (content) => (content && typeof content === "object" ? richText(content) : content ? plain(content) : null);
  const more = [
    block.details ? h("div", { class: "prose" }, rich(block.details)) : null,
    block.output ? h("div", { class: "prose task-output" }, rich(block.output)) : null,
    block.sources?.length ? h("div", { class: "task-sources" }, block.sources.map((source) => link(source.url, source.text || source.url))) : null,
  ].filter(Boolean);
  const title = h("span", { class: "task-title" }, plain(block.title));
  if (!more.length) return h("div", { class: "task-card" }, sign, title);
  return h("details", { class: "task-card", open: status === "in_progress" || status === "error" }, h("summary", null, sign, title, icon("chevron")), h("div", { class: "task-more" }, more));
}

function plan(block) {
  const tasks = block.tasks || [];
  const done = tasks.filter((one) => one.status === "complete").length;
  return h(
    "section",
    { class: "plan" },
    h("div", { class: "plan-title" }, plain(block.title), tasks.length ? h("span", { class: "quiet" }, `${done} of ${tasks.length}`) : null),
    tasks.map((one) => task(one)),
  );
}

function card(block, surface) {
  const picture = (element, className) => element && h("img", { class: className, src: pictureOf(element), alt: element.alt_text || "" });
  return h(
    "section",
    { class: "card" },
    picture(block.hero_image, "card-hero"),
    h(
      "div",
      { class: "card-head" },
      picture(block.icon, "card-icon"),
      h("div", null, block.title ? h("div", { class: "card-title" }, textObject(block.title)) : null, block.subtitle ? h("div", { class: "quiet" }, textObject(block.subtitle)) : null),
    ),
    block.body ? h("div", { class: "prose" }, textObject(block.body)) : null,
    block.actions ? h("div", { class: "block-actions" }, block.actions.map((element) => renderElement(element, block, surface))) : null,
  );
}

function container(block, surface) {
  const inner = h("div");
  renderBlocks(inner, block.child_blocks, surface);
  const title = block.rich_text_title ? richText(block.rich_text_title) : block.title ? plain(block.title.text) : null;
  const head = [title ? h("span", { class: "card-title" }, title) : null, block.subtitle ? h("span", { class: "quiet" }, textObject(block.subtitle)) : null];
  if (!block.is_collapsible) return h("section", { class: "card" }, head, inner);
  return h("details", { class: "card", open: !block.default_collapsed }, h("summary", null, head), inner);
}

const BLOCKS = {
  section,
  header: (block) => h("h3", null, plain(block.text.text)),
  divider: () => h("hr"),
  context,
  actions,
  context_actions: actions,
  input,
  image,
  video,
  markdown: (block) => h("div", { class: "prose" }, markdown(block.text)),
  rich_text: (block) => h("div", { class: "prose" }, richText(block)),
  file: (block) => h("div", { class: "file-card" }, icon("file"), h("span", null, block.external_id)),
  table: (block) => table(block),
  data_table: (block) => dataTable(block),
  data_visualization: (block) => h("figure", { class: "chart" }, h("figcaption", null, block.title), chart(block.chart, block.title)),
  task_card: task,
  plan,
  card,
  carousel: (block, surface) => h("div", { class: "carousel", tabindex: "0" }, block.elements.map((one) => card(one, surface))),
  alert: (block) => h("div", { class: `alert alert-${block.level || "default"}`, role: "note" }, textObject(block.text)),
  container,
};
