// Curves in time with a cursor, ratios below, and the battery's Wigner function at the cursor.

import { Line } from "./api.js";
import { divergingScale, inks, lookOf, PIN_DASHES } from "./colours.js";
import { byId, fill, h } from "./dom.js";
import { axis, draw, layout } from "./drawing.js";
import { nearest, shown, words } from "./numbers.js";
import { change, now } from "./state.js";
import { plotted, unit } from "./symbols.js";

const ABOVE = ["stored_energy", "ergotropy", "passive_energy", "charger_energy"];
const RATIOS = ["utilization_ratio", "conversion_ratio", "transfer_ratio", "charging_efficiency"];
const wignerLine = new Line("wigner", { patience: 1500 });
let answers = { own: null, pins: [] };
let quantities = {};
let asked = "";

export function buildCurves(catalog) {
  quantities = catalog.quantities;
  const choice = h("select", { id: "extra", "aria-label": "Second plot", onchange: () => change({ extra: choice.value }) },
    h("option", { value: "charging_power" }, "power"), h("option", { value: "ratios" }, "ratios"),
    ...["purity", "entropy", "number_variance", "drive_work"].map((name) => h("option", { value: name }, words(name))));
  fill(byId("panel-time"),
    h("div", { id: "plot-energy", className: "plot grow2" }),
    h("div", { className: "two" },
      h("div", { className: "cell" }, h("div", { className: "plot-head" }, choice), h("div", { id: "plot-extra", className: "plot grow" })),
      h("div", { className: "cell" }, h("div", { className: "plot-head" }, h("span", { id: "wigner-words" })), h("div", { id: "plot-wigner", className: "plot grow" }))),
    h("div", { className: "cursor-row" },
      h("label", { htmlFor: "cursor" }, "time"),
      h("input", { type: "range", id: "cursor", min: 0, max: 1, step: 0.001, oninput: (event) => moveCursor(Number(event.target.value)) }),
      h("output", { id: "cursor-words", htmlFor: "cursor" }),
      h("button", { type: "button", id: "to-steady", className: "quiet", onclick: () => change({ cursor: null }) }, "steady")));
}

const moveCursor = (share) => {
  const end = answers.own?.until;
  if (end) change({ cursor: share * end });
};

export function stepCursor(steps) {
  const end = answers.own?.until;
  if (!end) return;
  const at = now().cursor ?? end;
  change({ cursor: Math.min(end, Math.max(0, at + (steps * end) / 200)) });
}

/** The curve of a quantity: of the only battery, or of all together. */
export function curveOf(curves, name) {
  const found = curves?.[name];
  if (!found) return null;
  if (typeof found[0] !== "object" || found[0] === null) return found;
  return (found.find((one) => one.battery === null) ?? found[0]).values;
}

const titled = (name) => plotted(quantities[name]?.symbol, words(name));

function traces(names) {
  const lines = [];
  for (const name of names) {
    const look = lookOf(name);
    const own = curveOf(answers.own?.curves, name);
    if (own) lines.push({ x: answers.own.curves.time, y: own, name: `${titled(name)} ${words(name)}`, mode: "lines", line: { color: look.colour, dash: look.dash, width: 2 }, hovertemplate: "%{y:.4g}" });
    answers.pins.forEach((pin, place) => {
      const other = curveOf(pin?.curves, name);
      if (other) lines.push({ x: pin.curves.time, y: other, name: `${titled(name)} ${pin.label}`, mode: "lines", showlegend: false, line: { color: look.colour, dash: PIN_DASHES[place], width: 1.2 }, hovertemplate: "%{y:.4g}" });
    });
  }
  return lines;
}

function cursorShape() {
  const { cursor } = now();
  if (cursor === null) return [];
  return [{ type: "line", x0: cursor, x1: cursor, yref: "paper", y0: 0, y1: 1, line: { color: inks().muted, width: 1, dash: "dot" } }];
}

function bands() {
  return (answers.own?.stages ?? []).map((stage, place) => ({ type: "rect", x0: stage.start, x1: stage.stop, yref: "paper", y0: 0, y1: 1, fillcolor: inks().grid, opacity: place % 2 ? 0.8 : 0, line: { width: 0 }, layer: "below" }));
}

export async function showCurves(own, pins) {
  answers = { own, pins };
  await redrawCurves();
}

export async function redrawCurves() {
  const { own } = answers;
  if (!own) return;
  const extra = now().extra;
  byId("extra").value = extra;
  const end = own.until;
  const x = axis("time (1/Γ)", { range: [0, end] });
  const shapes = [...bands(), ...cursorShape()];
  const energies = ABOVE.filter((name) => curveOf(own.curves, name));
  const below = extra === "ratios" ? RATIOS : [extra];
  const label = extra === "ratios" ? "ratio" : `${titled(extra)} (${unit(quantities[extra]?.unit) || "1"})`;
  await Promise.all([
    draw(byId("plot-energy"), traces(energies), layout({ xaxis: x, yaxis: axis("energy (ħω₀)", { rangemode: "tozero" }), shapes })),
    draw(byId("plot-extra"), traces(below), layout({ xaxis: axis("time (1/Γ)", { range: [0, end] }), yaxis: axis(label), shapes, showlegend: extra === "ratios", legend: { orientation: "h", y: 1, yanchor: "bottom", font: { size: 10 } } })),
  ]);
  for (const place of [byId("plot-energy"), byId("plot-extra")]) {
    if (place.dataset.listens) continue;
    place.dataset.listens = "yes";
    place.on("plotly_click", (event) => change({ cursor: event.points[0].x }));
  }
  showCursor();
}

export function showCursor() {
  const { own } = answers;
  if (!own) return;
  const { cursor } = now();
  const slider = byId("cursor");
  slider.value = cursor === null ? 1 : cursor / own.until;
  slider.style.setProperty("--filled", `${100 * Number(slider.value)}%`);
  const place = cursor === null ? -1 : nearest(own.curves.time, cursor);
  const value = (name) => (place < 0 ? null : curveOf(own.curves, name)?.[place]);
  byId("cursor-words").textContent = cursor === null
    ? "steady state"
    : `t = ${shown(cursor, 3)}: E = ${shown(value("stored_energy"))}, W = ${shown(value("ergotropy"))}`;
  for (const plot of [byId("plot-energy"), byId("plot-extra")]) {
    if (plot.layout) globalThis.Plotly.relayout(plot, { shapes: [...bands(), ...cursorShape()] });
  }
  askWigner();
}

async function askWigner() {
  const state = now();
  // Above threshold, and where pulses act, there is no steady state: the end of the run is shown.
  const isSettled = ["stable", "beyond"].includes(answers.own.condition);
  const isBeyond = answers.own.condition === "beyond";
  const time = isBeyond ? null : state.cursor ?? (isSettled ? null : answers.own.until);
  const question = { device: state.device, time, points: 61 };
  const key = JSON.stringify(question);
  if (key === asked) return;
  asked = key;
  try {
    const found = await wignerLine.ask("/api/wigner", question);
    if (found && key === asked) drawWigner(found);
  } catch (error) {
    byId("wigner-words").textContent = error.message;
    globalThis.Plotly.purge(byId("plot-wigner"));
  }
}

let lastWigner = null;
export const redrawWigner = () => lastWigner && drawWigner(lastWigner);

function drawWigner(found) {
  lastWigner = found;
  const top = Math.max(...found.values.flat().map(Math.abs), 1e-12);
  byId("wigner-words").textContent = found.words + (found.negativity > 1e-6 ? `, negative volume ${shown(found.negativity, 3)}` : "");
  const map = { type: "heatmap", x: found.x, y: found.p, z: found.values, zmin: -top, zmax: top, colorscale: divergingScale(), showscale: true, colorbar: { thickness: 8, len: 1, outlinewidth: 0, tickfont: { size: 10 } }, hovertemplate: "x %{x:.2f}, p %{y:.2f}: %{z:.4f}<extra></extra>" };
  draw(byId("plot-wigner"), [map], layout({ xaxis: axis("<i>x</i>", { constrain: "domain" }), yaxis: axis("<i>p</i>", { scaleanchor: "x", constrain: "domain" }), hovermode: "closest", showlegend: false, margin: { l: 44, r: 8, t: 6, b: 34 } }));
}
