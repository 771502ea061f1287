// Charts of the data_visualization block, drawn as SVG, with their numbers as a table for those who cannot see them.

import { h } from "./dom.js";

const COLOURS = ["var(--chart-1)", "var(--chart-2)", "var(--chart-3)", "var(--chart-4)", "var(--chart-5)", "var(--chart-6)"];
const WIDTH = 420;
const HEIGHT = 200;
const LEFT = 38;
const BOTTOM = 28;

function s(tag, props, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(props)) node.setAttribute(name, value);
  node.append(...children.flat());
  return node;
}

const number = (value) => new Intl.NumberFormat("en-GB", { maximumFractionDigits: 1 }).format(value);

/** A chart object of Slack's -> an element. */
export function chart(spec, title) {
  const series = spec.series || [];
  const drawn = spec.type === "pie" ? pie(spec.segments || []) : axes(spec, series);
  const named = spec.type === "pie" ? (spec.segments || []).map((segment) => `${segment.label} ${number(segment.value)}`) : series.map((one) => one.name);
  const legend = named.length > 1 ? h("div", { class: "legend" }, named.map((name, at) => h("span", null, h("i", { style: { background: COLOURS[at % COLOURS.length] } }), name))) : null;
  drawn.setAttribute("role", "img");
  drawn.setAttribute("aria-label", `${title}: ${said(spec)}`);
  return h("div", null, drawn, legend);
}

function said(spec) {
  if (spec.type === "pie") return (spec.segments || []).map((segment) => `${segment.label} ${segment.value}`).join(", ");
  return (spec.series || []).map((one) => `${one.name}: ${one.data.map((point) => `${point.label} ${point.value}`).join(", ")}`).join("; ");
}

function pie(segments) {
  const sum = segments.reduce((total, segment) => total + segment.value, 0) || 1;
  let from = 0;
  const round = 2 * Math.PI * 70;
  const rings = segments.map((segment, at) => {
    const share = segment.value / sum;
    const ring = s("circle", { cx: 110, cy: 110, r: 70, fill: "none", stroke: COLOURS[at % COLOURS.length], "stroke-width": 44, "stroke-dasharray": `${share * round} ${round}`, transform: `rotate(${from * 360 - 90} 110 110)` });
    from += share;
    return ring;
  });
  return s("svg", { viewBox: "0 0 220 220", class: "chart-pie" }, rings);
}

function axes(spec, series) {
  const labels = spec.axis_config?.categories || series[0]?.data.map((point) => point.label) || [];
  const values = series.flatMap((one) => one.data.map((point) => point.value));
  const top = nice(Math.max(0, ...values));
  const low = Math.min(0, ...values) < 0 ? -nice(-Math.min(...values)) : 0;
  const y = (value) => 10 + (HEIGHT - BOTTOM - 10) * (1 - (value - low) / (top - low || 1));
  const step = (WIDTH - LEFT - 8) / (labels.length || 1);
  const x = (at) => LEFT + step * (at + 0.5);
  const parts = [];
  for (let at = 0; at <= 4; at += 1) {
    const value = low + ((top - low) * at) / 4;
    parts.push(s("line", { x1: LEFT, x2: WIDTH - 8, y1: y(value), y2: y(value), class: "grid" }));
    parts.push(s("text", { x: LEFT - 8, y: y(value) + 4, "text-anchor": "end" }, number(value)));
  }
  const every = Math.ceil(labels.length / 10);
  labels.forEach((label, at) => {
    if (at % every === 0) parts.push(s("text", { x: x(at), y: HEIGHT - BOTTOM + 18, "text-anchor": "middle" }, label.length > 12 ? `${label.slice(0, 11)}…` : label));
  });
  series.forEach((one, which) => {
    const colour = COLOURS[which % COLOURS.length];
    const at = (point) => Math.max(0, labels.indexOf(point.label));
    if (spec.type === "bar") {
      const wide = Math.min(46, (step * 0.7) / series.length);
      for (const point of one.data) {
        const left = x(at(point)) - (wide * series.length) / 2 + wide * which;
        const [from, to] = [y(Math.max(0, point.value)), y(Math.min(0, point.value))];
        parts.push(s("rect", { x: left + 1, y: from, width: Math.max(1, wide - 2), height: Math.max(1, to - from), rx: 3, fill: colour }, s("title", {}, `${one.name}, ${point.label}: ${number(point.value)}`)));
      }
      return;
    }
    const dots = one.data.map((point) => `${x(at(point))},${y(point.value)}`);
    if (spec.type === "area" && dots.length) {
      parts.push(s("polygon", { points: [`${x(at(one.data[0]))},${y(0)}`, ...dots, `${x(at(one.data.at(-1)))},${y(0)}`].join(" "), fill: colour, opacity: 0.22 }));
    }
    parts.push(s("polyline", { points: dots.join(" "), fill: "none", stroke: colour, "stroke-width": 2.5, "stroke-linejoin": "round" }));
    for (const point of one.data) parts.push(s("circle", { cx: x(at(point)), cy: y(point.value), r: 3.5, fill: colour }, s("title", {}, `${one.name}, ${point.label}: ${number(point.value)}`)));
  });
  return s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: "chart-axes" }, parts);
}

/** The next round number up: 1, 2, 2.5, 5 times a power of ten. */
function nice(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 4, 5, 8, 10].map((step) => step * power).find((step) => step >= value);
}
