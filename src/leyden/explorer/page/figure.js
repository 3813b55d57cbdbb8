// A plot: a heading with a live legend, a picture by Plotly, and lines over it that cost nothing to move.

import { inks } from "./colours.js";
import { fill, h } from "./dom.js";
import { shown } from "./numbers.js";
import { symbol } from "./symbols.js";

const MARGIN = { l: 52, r: 10, t: 6, b: 34 };
const CONFIG = { staticPlot: true, displayModeBar: false, responsive: false };

export class Figure {
  constructor(title, { label, margin = {} } = {}) {
    this.margin = { ...MARGIN, ...margin };
    this.legend = h("div", { className: "legend" });
    this.heading = h("h2", {}, title);
    this.drawing = h("div", { className: "drawing", role: "img", "aria-label": label ?? String(title) });
    this.hatch = h("div", { className: "hatch" });
    this.cursor = h("div", { className: "cursor", hidden: true });
    this.hover = h("div", { className: "hover", hidden: true });
    this.area = h("div", { className: "plot-area" }, this.hatch, this.drawing, this.cursor, this.hover);
    this.element = h("div", { className: "plot" }, h("div", { className: "plot-head" }, this.heading, this.legend), this.area);
    new ResizeObserver(() => this.last && this.#draw()).observe(this.area);
  }

  /** Draws traces; ranges and titles of the axes as Plotly has them. */
  draw(traces, axes) {
    this.last = { traces, axes };
    return this.#draw();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.area;
    if (width < 20 || height < 20 || !window.Plotly) return null;
    const ink = inks();
    const axis = (given) => ({
      gridcolor: ink.grid, linecolor: ink.line, zerolinecolor: ink.line, zerolinewidth: 1, tickcolor: ink.line, showline: true, ticks: "outside", ticklen: 3,
      nticks: 6, exponentformat: "power", tickfont: { size: 11, color: ink.muted }, ...given, title: { text: given?.title ?? "", standoff: 6, font: { size: 12, color: ink.muted } },
    });
    const font = { family: getComputedStyle(document.body).fontFamily, size: 11, color: ink.text };
    const layout = {
      width, height, margin: this.margin, font, showlegend: false, paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: axis(this.last.axes.x), yaxis: axis(this.last.axes.y), shapes: this.last.axes.shapes ?? [], annotations: this.last.axes.annotations ?? [],
    };
    const { l, r, t, b } = this.margin;
    Object.assign(this.hatch.style, { left: `${l}px`, right: `${r}px`, top: `${t}px`, bottom: `${b}px` });
    return window.Plotly.react(this.drawing, this.last.traces, layout, CONFIG);
  }

  redraw() {
    if (this.last) this.#draw();
  }

  range(which = "x") {
    return this.drawing.layout?.[`${which}axis`]?.range ?? null;
  }

  /** Position of a pointer in units of the axes, or null outside. */
  at(event) {
    const box = this.area.getBoundingClientRect();
    const across = (event.clientX - box.left - this.margin.l) / (box.width - this.margin.l - this.margin.r);
    const up = 1 - (event.clientY - box.top - this.margin.t) / (box.height - this.margin.t - this.margin.b);
    const [x, y] = [this.range("x"), this.range("y")];
    if (!x || !y || across < -0.02 || across > 1.02 || up < -0.05 || up > 1.05) return null;
    const part = (share) => Math.min(1, Math.max(0, share));
    return { x: x[0] + part(across) * (x[1] - x[0]), y: y[0] + part(up) * (y[1] - y[0]) };
  }

  /** Moves a vertical line to a value of x; null hides it. */
  mark(line, value) {
    const range = this.range("x");
    line.hidden = value === null || !range || value < range[0] || value > range[1];
    if (line.hidden) return;
    const width = this.area.clientWidth - this.margin.l - this.margin.r;
    const left = this.margin.l + ((value - range[0]) / (range[1] - range[0])) * width;
    Object.assign(line.style, { left: `${left}px`, top: `${this.margin.t}px`, bottom: `${this.margin.b}px` });
  }

  /** Keys with the values at the cursor. */
  keys(entries) {
    fill(this.legend, entries.map((entry) => {
      const key = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      key.setAttribute("class", "key");
      const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
      for (const [name, value] of Object.entries({ x1: 0, x2: 16, y1: 3, y2: 3, stroke: entry.colour, "stroke-width": 2.2 })) line.setAttribute(name, value);
      if (entry.dash !== "solid") line.setAttribute("stroke-dasharray", entry.dash.replaceAll("px", ""));
      key.append(line);
      return h("span", { title: entry.title }, key, symbol(entry.symbol, entry.title), entry.value === undefined ? "" : ` ${shown(entry.value, 3)}`);
    }));
  }
}
