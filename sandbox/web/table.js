// Tables in messages: the table block, and the data table with its pages and sorting.

import { fill, h, icon, iconButton } from "./dom.js";
import { plain } from "./mrkdwn.js";
import { plainOf, richText } from "./richtext.js";

function content(cell) {
  if (!cell) return null;
  if (cell.type === "rich_text") return richText(cell);
  if (cell.type === "raw_number") return cell.text ?? String(cell.value);
  return plain(cell.text ?? "");
}

const words = (cell) => (cell?.type === "rich_text" ? plainOf(cell) : (cell?.text ?? cell?.value ?? ""));

/** A table block. Its first row is the head. */
export function table(block) {
  const settings = block.column_settings || [];
  const styled = (at) => ({ style: settings[at]?.align ? { "text-align": settings[at].align } : {}, class: settings[at]?.is_wrapped ? "wrapped" : null });
  const row = (cells, tag) => h("tr", null, cells.map((cell, at) => h(tag, { ...styled(at), scope: tag === "th" ? "col" : null }, content(cell))));
  const [head, ...body] = block.rows;
  return frame("Table", h("table", null, h("thead", null, row(head, "th")), h("tbody", null, body.map((cells) => row(cells, "td")))));
}

const frame = (name, inner) => h("div", { class: "table-frame", tabindex: "0", role: "region", "aria-label": name }, inner);

/** A data table: sorted by a click on a column's head, some rows a page. */
export function dataTable(block) {
  const [head, ...rows] = block.rows;
  const size = block.page_size || 5;
  const box = h("div", { class: "data-table" });
  let page = 0;
  let by = null;
  let down = false;
  const compare = (a, b) => {
    const [left, right] = [a[by], b[by]];
    if (left?.type === "raw_number" && right?.type === "raw_number") return left.value - right.value;
    return String(words(left)).localeCompare(String(words(right)), "en", { numeric: true });
  };
  const show = () => {
    const sorted = by === null ? rows : [...rows].sort((a, b) => compare(a, b) * (down ? -1 : 1));
    const pages = Math.max(1, Math.ceil(sorted.length / size));
    page = Math.min(page, pages - 1);
    const sort = (at) => {
      down = by === at && !down;
      by = at;
      show();
    };
    const heads = head.map((cell, at) =>
      h("th", { scope: "col", "aria-sort": by === at ? (down ? "descending" : "ascending") : null }, h("button", { type: "button", class: "sort", onclick: () => sort(at) }, content(cell), by === at ? icon(down ? "down" : "chevron") : null)),
    );
    const lead = block.row_header_column_index ?? 0;
    const cellsOf = (cells) => cells.map((cell, at) => h(at === lead ? "th" : "td", { scope: at === lead ? "row" : null, class: cell?.type === "raw_number" ? "number" : null }, content(cell)));
    const body = sorted.slice(page * size, (page + 1) * size).map((cells) => h("tr", null, cellsOf(cells)));
    const turn = (by_) => () => {
      page += by_;
      show();
    };
    fill(
      box,
      frame(block.caption || "Table", h("table", null, block.caption ? h("caption", null, block.caption) : null, h("thead", null, h("tr", null, heads)), h("tbody", null, body))),
      pages > 1
        ? h("div", { class: "pages" }, iconButton("back", "Previous page", { disabled: page === 0, onclick: turn(-1) }), h("span", { class: "quiet" }, `${page + 1} of ${pages}`), iconButton("back", "Next page", { class: "icon-button turned", disabled: page === pages - 1, onclick: turn(1) }))
        : null,
    );
  };
  show();
  return box;
}
