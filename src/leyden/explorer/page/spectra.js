// Eigenvalues of the drift, and what comes out at each frequency.

import { Line } from "./api.js";
import { inks, palette } from "./colours.js";
import { h } from "./dom.js";
import { Figure } from "./figure.js";
import { extent } from "./numbers.js";
import { now } from "./state.js";

const COLOURS = ["blue", "vermilion", "green", "purple", "orange", "sky", "grey"];

export class Spectra {
  constructor() {
    this.values = new Figure("Eigenvalues of the drift", { label: "Eigenvalues of the drift in the complex plane" });
    this.response = new Figure("Transfer", { label: "Transfer against frequency" });
    this.emission = new Figure("Emission", { label: "Emission of each port against frequency" });
    this.line = new Line("spectra");
    this.fault = h("p", { className: "fault", role: "alert" });
    this.elements = [this.fault, h("div", { className: "grid" }, this.values.element, this.response.element, this.emission.element)];
  }

  async ask() {
    const asked = JSON.stringify(now().device);
    if (asked === this.done) return;
    try {
      const found = await this.line.ask("/api/spectrum", { device: now().device, points: 401 });
      if (!found) return;
      this.done = asked;
      this.fault.textContent = found.left_out?.length ? [found.left_out].flat().join(" ") : "";
      this.found = found;
      this.redraw();
    } catch (error) {
      this.fault.textContent = error.message;
    }
  }

  redraw() {
    if (!this.found) return;
    const { eigenvalues, response, emission } = this.found;
    const points = eigenvalues ?? [];
    const real = points.map((one) => one.re);
    const [low, high] = extent(real, [0]) ?? [-1, 0];
    const room = 0.1 * (high - low || 1);
    const ink = inks();
    const [down, up] = extent(points.map((one) => one.im)) ?? [-1, 1];
    const tall = up - down < 1e-9 ? [down - 0.5, up + 0.5] : [down - 0.12 * (up - down), up + 0.12 * (up - down)];
    this.values.draw(
      [{ type: "scatter", mode: "markers", x: real, y: points.map((one) => one.im), marker: { size: 9, color: points.map((one) => (one.re < 0 ? palette().blue : palette().vermilion)), opacity: 0.85 } }],
      { x: { title: "Re <i>λ</i>", range: [low - room, Math.max(high, 0) + room] }, y: { title: "Im <i>λ</i>", range: tall }, shapes: [{ type: "line", xref: "x", yref: "paper", x0: 0, x1: 0, y0: 0, y1: 1, line: { color: ink.muted, width: 1, dash: "3px,3px" } }] },
    );
    this.#lines(this.response, response, { forward_transfer: "forward", backward_transfer: "backward" });
    this.#lines(this.emission, emission, {});
  }

  #lines(figure, found, names) {
    const keys = Object.keys(found ?? {}).filter((key) => key !== "frequency");
    figure.hatch.classList.toggle("hatched", keys.length === 0);
    figure.element.classList.toggle("none", keys.length === 0);
    const entries = keys.slice(0, COLOURS.length).map((key, at) => ({ key, colour: palette()[COLOURS[at]], dash: at % 2 ? "6px,3px" : "solid", title: names[key] ?? key }));
    figure.keys(entries);
    figure.draw(entries.map((entry) => ({ type: "scatter", mode: "lines", x: found.frequency, y: found[entry.key], line: { color: entry.colour, width: 2, dash: entry.dash } })), { x: { title: "frequency <i>ω</i>" }, y: { rangemode: "tozero" } });
  }
}
