// Eigenvalues, transfer there and back, and what leaves the device at each frequency.

import { Line } from "./api.js";
import { inks, palette } from "./colours.js";
import { byId, fill, h } from "./dom.js";
import { axis, draw, layout } from "./drawing.js";
import { now } from "./state.js";

const line = new Line("spectrum", { patience: 1500 });
let last = null;

export function buildSpectra() {
  fill(byId("panel-spectra"),
    h("div", { id: "spectra-words", className: "plot-head muted" }),
    h("div", { className: "two grow" },
      h("div", { className: "cell" }, h("div", { id: "plot-eigenvalues", className: "plot grow" })),
      h("div", { className: "cell" }, h("div", { id: "plot-transfer", className: "plot grow" }))),
    h("div", { id: "plot-emission", className: "plot grow" }));
}

export async function askSpectra() {
  try {
    const found = await line.ask("/api/spectrum", { device: now().device });
    if (!found) return;
    last = found;
    await redrawSpectra();
  } catch (error) {
    byId("spectra-words").textContent = error.message;
  }
}

const single = (values) => (typeof values[0] === "object" && values[0] !== null ? values[0].values : values);

export async function redrawSpectra() {
  if (!last || byId("panel-spectra").hidden) return;
  const colours = palette();
  byId("spectra-words").textContent = last.left_out || "Eigenvalues of the drift; transfer and emission over frequency, in the frame of the drive.";
  const values = last.eigenvalues;
  const edge = { type: "line", x0: 0, x1: 0, yref: "paper", y0: 0, y1: 1, line: { color: inks().muted, width: 1 } };
  const points = { x: values.map((one) => one.re), y: values.map((one) => one.im), mode: "markers", marker: { color: values.map((one) => (one.re < 0 ? colours.blue : colours.vermilion)), size: 9 }, hovertemplate: "%{x:.4g} %{y:+.4g}i<extra></extra>" };
  const plots = [draw(byId("plot-eigenvalues"), [points], layout({ xaxis: axis("Re <i>λ</i> (Γ)"), yaxis: axis("Im <i>λ</i> (Γ)"), shapes: [edge], hovermode: "closest", showlegend: false }))];
  const ways = last.response
    ? [["forward_transfer", "charger to battery", colours.blue], ["backward_transfer", "battery to charger", colours.vermilion]].map(([name, words, colour]) => ({ x: last.response.frequency, y: single(last.response[name]), name: words, mode: "lines", line: { color: colour, width: 2 }, hovertemplate: "%{y:.4g}" }))
    : [];
  plots.push(draw(byId("plot-transfer"), ways, layout({ xaxis: axis("frequency (Γ)"), yaxis: axis("transfer (1/Γ)", { rangemode: "tozero" }) })));
  const ports = last.emission ? Object.keys(last.emission).filter((name) => name !== "frequency") : [];
  const shades = [colours.blue, colours.vermilion, colours.green, colours.orange, colours.purple, colours.sky, colours.grey];
  const lines = ports.map((name, place) => ({ x: last.emission.frequency, y: last.emission[name], name, mode: "lines", line: { color: shades[place % shades.length], width: 1.6 }, hovertemplate: "%{y:.4g}" }));
  plots.push(draw(byId("plot-emission"), lines, layout({ xaxis: axis("frequency (Γ)"), yaxis: axis("quanta that leave", { rangemode: "tozero" }) })));
  await Promise.all(plots);
}
