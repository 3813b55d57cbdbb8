// A map of two parameters: coarse first, then finer; the threshold, the present point, and a click to go there.

import { Line } from "./api.js";
import { inks } from "./colours.js";
import { byId, fill, h } from "./dom.js";
import { axis, draw, layout } from "./drawing.js";
import { shown, words } from "./numbers.js";
import { change, changeDevice, now } from "./state.js";
import { plotted, unit } from "./symbols.js";

const GRIDS = [25, 100, 200];
const SLOW_GRIDS = [12];
const line = new Line("map", { patience: 3000 });
let parameters = [];
let merits = [];
let last = null;
let round = 0;

export function buildMap(catalog) {
  merits = catalog.merits;
  const choose = (id, label) => h("label", {}, `${label} `, h("select", { id, onchange: chosen }));
  fill(byId("panel-map"),
    h("div", { className: "plot-head" }, choose("map-merit", "map of"), choose("map-x", "across"), choose("map-y", "up"), h("span", { id: "map-words", className: "muted" })),
    h("div", { id: "fault-map", className: "fault", role: "alert" }),
    h("div", { id: "plot-map", className: "plot grow" }));
  fill(byId("map-merit"), ...merits.map((one) => h("option", { value: one.name }, words(one.name))));
}

const usable = () => parameters.filter((one) => one.kind === "real" && !one.is_pulsed);

function chosen() {
  change({ map: { merit: byId("map-merit").value, x: byId("map-x").value, y: byId("map-y").value } });
}

function settings() {
  const names = usable().map((one) => one.name);
  const wanted = now().map ?? {};
  const pick = (name, place, other) => (names.includes(name) && name !== other ? name : names.filter((one) => one !== other)[place]);
  const x = pick(wanted.x, 0, null);
  return { merit: wanted.merit ?? "ergotropy", x, y: pick(wanted.y, 0, x) };
}

export function setParameters(list) {
  parameters = list;
  const { merit, x, y } = settings();
  for (const [id, value] of [["map-x", x], ["map-y", y]]) {
    fill(byId(id), ...usable().map((one) => h("option", { value: one.name }, one.label)));
    byId(id).value = value;
  }
  byId("map-merit").value = merit;
}

function axisOf(name) {
  const one = parameters.find((entry) => entry.name === name);
  const own = Math.abs(one.value) || 0;
  return { parameter: name, low: one.low, high: Math.max(one.high, own * 1.2, one.low + 1e-9) };
}

export async function askMap(isBeyond) {
  const { merit, x, y } = settings();
  if (!x || !y) return;
  const mine = (round += 1);
  const device = structuredClone(now().device);
  for (const points of isBeyond ? SLOW_GRIDS : GRIDS) {
    try {
      const found = await line.ask("/api/map", { device, x: axisOf(x), y: axisOf(y), points, merit });
      if (mine !== round || !found) return;
      byId("fault-map").textContent = "";
      last = { found, x, y };
      await redrawMap();
    } catch (error) {
      byId("fault-map").textContent = error.message;
      return;
    }
  }
}

/** What the map shows, as the server is asked for it. */
export function mapRequestNow() {
  const { merit, x, y } = settings();
  return { x: axisOf(x), y: axisOf(y), points: 100, merit };
}

const titled = (name) => {
  const one = parameters.find((entry) => entry.name === name);
  const units = unit(one?.unit).replace("rate unit", "Γ");
  return `${one?.symbol ? plotted(one.symbol) : one?.label ?? name}${units ? ` (${units})` : ""}`;
};

export async function redrawMap() {
  if (!last || byId("panel-map").hidden) return;
  const { found, x, y } = last;
  const ink = inks();
  const at = (name) => parameters.find((one) => one.name === name)?.value;
  const finite = found.values.flat().filter((value) => value !== null);
  const plane = { type: "heatmap", x: found.x, y: found.y, z: found.values, colorscale: "Viridis", hoverongaps: false, colorbar: { thickness: 10, outlinewidth: 0, title: { text: `${plotted(found.merit.symbol, words(found.merit.name))} (${unit(found.merit.unit) || "1"})`, side: "right" } }, hovertemplate: "%{x:.4g}, %{y:.4g}: %{z:.4g}<extra></extra>" };
  // Near a threshold energies run away: colours tell the most part of the map apart.
  if (finite.length) plane.zmax = quantile(finite, 0.97);
  const edges = found.threshold.map(([across, up]) => ({ x: across, y: up, mode: "lines", line: { color: ink.text, width: 1.5 }, hoverinfo: "skip", showlegend: false }));
  const present = { x: [at(x)], y: [at(y)], mode: "markers", marker: { symbol: "cross-thin", size: 15, line: { width: 2.5, color: "#ff5a36" } }, hoverinfo: "skip", showlegend: false };
  const place = byId("plot-map");
  await draw(place, [plane, ...edges, present], layout({ xaxis: axis(titled(x), { range: [found.x[0], found.x.at(-1)], showgrid: false }), yaxis: axis(titled(y), { range: [found.y[0], found.y.at(-1)], showgrid: false }), hovermode: "closest", showlegend: false }));
  byId("map-words").textContent = finite.length < found.values.flat().length ? "hatched: no steady state" : "";
  if (place.dataset.listens) return;
  place.dataset.listens = "yes";
  place.on("plotly_click", (event) => go(event.points[0].x, event.points[0].y));
}

function go(first, second) {
  const { x, y } = last;
  const parametersNow = { ...now().device.parameters, [x]: Number(first.toPrecision(6)), [y]: Number(second.toPrecision(6)) };
  changeDevice({ parameters: parametersNow });
  byId("map-words").textContent = `went to ${shown(first)}, ${shown(second)}`;
}

function quantile(values, share) {
  const sorted = [...values].sort((first, second) => first - second);
  return sorted[Math.floor(share * (sorted.length - 1))];
}
