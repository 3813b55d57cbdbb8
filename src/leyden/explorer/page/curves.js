// Energies, power and ratios in time, with one cursor for all.

import { LOOK, PIN_DASHES, lookOf } from "./colours.js";
import { h, isTyped } from "./dom.js";
import { Figure } from "./figure.js";
import { extent, nearest, read, shown, typed, words } from "./numbers.js";
import { change, now } from "./state.js";
import { plotted, unit } from "./symbols.js";

const ENERGIES = ["stored_energy", "ergotropy", "passive_energy", "charger_energy"];
const RATIOS = ["utilization_ratio", "conversion_ratio", "transfer_ratio", "charging_efficiency"];

/** Curves of one quantity: the whole first, then each battery. */
export function seriesOf(curves, name) {
  const found = curves?.[name];
  if (!found) return [];
  if (!Array.isArray(found) || typeof found[0] !== "object" || found[0] === null) return [{ battery: null, values: found }];
  return [...found].sort((a, b) => (a.battery !== null) - (b.battery !== null));
}

// An unstable device that grows by this factor in the second half of the time outgrows a linear axis.
const GROWTH = 20;

const isKnown = (values) => values.some((value) => value !== null);

export class Curves {
  constructor(quantities, { withExtra = true } = {}) {
    this.quantities = quantities;
    this.withExtra = withExtra;
    this.energy = new Figure("Energy", { label: "Energies in time" });
    this.power = new Figure("Power", { label: "Power in time" });
    this.ratios = new Figure("Ratios", { label: "Ratios of energies in time" });
    this.figures = [this.energy, this.power, this.ratios];
    this.pins = [];
    this.stages = [];
    if (withExtra) this.#chooser();
    for (const figure of this.figures) this.#listen(figure);
  }

  #chooser() {
    this.select = h("select", { "aria-label": "Quantity of the second plot", onchange: () => change({ extra: this.select.value }) });
    this.power.heading.replaceChildren(this.select);
  }

  #listen(figure) {
    const move = (event) => figure.at(event);
    figure.area.addEventListener("pointerdown", (event) => {
      const place = move(event);
      if (!place) return;
      figure.area.setPointerCapture(event.pointerId);
      this.dragged = true;
      change({ cursor: Number(place.x.toPrecision(4)) });
    });
    figure.area.addEventListener("pointerup", () => {
      this.dragged = false;
    });
    figure.area.addEventListener("pointermove", (event) => {
      const place = move(event);
      if (place && this.dragged) change({ cursor: Number(place.x.toPrecision(4)) });
      this.showHover(place ? place.x : null);
    });
    figure.area.addEventListener("pointerleave", () => this.showHover(null));
  }

  showHover(time) {
    for (const figure of this.figures) figure.mark(figure.hover, this.dragged ? null : time);
    this.#legends(time ?? now().cursor);
  }

  showCursor() {
    for (const figure of this.figures) figure.mark(figure.cursor, now().cursor);
    this.#legends(now().cursor);
  }

  #names() {
    const extra = this.withExtra ? now().extra : "charging_power";
    return [[this.energy, ENERGIES], [this.power, [extra]], [this.ratios, RATIOS]];
  }

  #legends(time) {
    if (!this.answer) return;
    const { curves } = this.answer;
    const index = time === null ? curves.time.length - 1 : nearest(curves.time, time);
    for (const [figure, names] of this.#names()) {
      figure.keys(names.filter((name) => seriesOf(curves, name).some((one) => isKnown(one.values))).map((name) => {
        const quantity = this.quantities[name] ?? {};
        return { ...lookOf(name), symbol: quantity.symbol, title: words(name), value: seriesOf(curves, name)[0].values[index] };
      }));
    }
  }

  #traces(curves, names, pin) {
    return names.flatMap((name) => {
      const series = seriesOf(curves, name);
      return (pin === null ? series : series.slice(0, 1)).filter((one) => isKnown(one.values)).map((one, at) => {
        const look = lookOf(name);
        const isEach = at > 0;
        const dash = pin !== null ? PIN_DASHES[pin] : look.dash;
        return {
          type: "scatter", mode: "lines", x: curves.time, y: one.values, opacity: pin !== null ? 0.75 : isEach ? 0.35 : 1,
          line: { color: look.colour, width: pin !== null || isEach ? 1.1 : 2, dash, simplify: false }, hoverinfo: "skip",
        };
      });
    });
  }

  draw(answer) {
    this.answer = answer;
    const { curves } = answer;
    if (this.withExtra) this.#options(curves);
    const until = answer.until ?? curves.time.at(-1);
    const time = { title: plotted("t", "time"), range: [0, until] };
    for (const [figure, names] of this.#names()) {
      const traces = [...this.pins.flatMap((pin, at) => (pin ? this.#traces(pin.curves, names, at) : [])), ...this.#traces(curves, names, null)];
      const isRatio = names === RATIOS;
      const range = this.#range(curves, names, isRatio);
      const units = unit(this.quantities[names[0]]?.unit);
      const up = this.#outgrows(answer, names) ?? { range };
      figure.draw(traces, { x: time, y: { title: isRatio ? "" : units, ...up }, ...this.#bands(until) });
    }
    this.showCursor();
  }

  /** A logarithmic axis for what an unstable device makes of energies, from the first tenth of the time on. */
  #outgrows({ condition, curves }, names) {
    if (condition !== "unstable" || names === RATIOS) return null;
    const values = names.flatMap((name) => seriesOf(curves, name).slice(0, 1).map((one) => one.values));
    const middle = Math.floor(curves.time.length / 2);
    const late = extent(...values.map((one) => one.slice(middle)));
    const early = extent(...values.map((one) => one.slice(0, middle)));
    const first = extent(...values.map((one) => one.slice(Math.floor(middle / 5)).filter((value) => value > 0)));
    if (!late || !early || !first || late[1] < GROWTH * early[1]) return null;
    const top = Math.log10(late[1]);
    return { type: "log", range: [Math.max(Math.log10(first[0]), top - 12), top + 0.1], dtick: top - Math.log10(first[0]) > 5 ? 2 : 1 };
  }

  #bands(until) {
    const shapes = this.stages.filter((_, at) => at % 2 === 1).map((stage) => ({
      type: "rect", xref: "x", yref: "paper", x0: stage.start, x1: Math.min(stage.stop, until), y0: 0, y1: 1, line: { width: 0 }, fillcolor: "rgba(128,140,160,.13)", layer: "below",
    }));
    const annotations = this.stages.map((stage) => ({
      xref: "x", yref: "paper", x: (stage.start + stage.stop) / 2, y: 1, yanchor: "top", text: stage.name.replaceAll("<", "&lt;"), showarrow: false,
    }));
    return { shapes, annotations };
  }

  #range(curves, names, isRatio) {
    const all = [curves, ...this.pins.filter(Boolean).map((pin) => pin.curves)];
    const found = extent(...all.flatMap((one) => names.flatMap((name) => seriesOf(one, name).slice(0, 1).map((series) => series.values))));
    if (!found) return undefined;
    const [low, high] = [Math.min(0, found[0]), found[1]];
    // Where a denominator nearly vanishes ratios have poles that would flatten all else.
    const top = isRatio ? Math.min(high, 6) : high;
    const room = 0.06 * (top - low || 1);
    return [low < 0 ? low - room : 0, top + room];
  }

  #options(curves) {
    const names = Object.keys(curves).filter((name) => name !== "time" && name !== "pulses");
    if (this.select.childElementCount !== names.length) {
      this.select.replaceChildren(...names.map((name) => h("option", { value: name }, words(name).replace("charging power", "power"))));
    }
    this.select.value = names.includes(now().extra) ? now().extra : "charging_power";
  }

  redraw() {
    if (this.answer) this.draw(this.answer);
  }
}

/** The line under the plots: a slider for the cursor, and how long. */
export function timeBar() {
  const slider = h("input", { type: "range", id: "cursor", min: 0, max: 1, step: "any", value: 1, "aria-label": "Cursor in time", oninput: () => change({ cursor: Number(Number(slider.value).toPrecision(4)) }) });
  const words_ = h("output", { htmlFor: "cursor" });
  const end = h("button", { type: "button", className: "quiet", title: "Cursor to the steady state", onclick: () => change({ cursor: null }) }, "steady");
  const fault = h("span", { className: "fault" });
  const until = h("input", { type: "text", id: "until", inputmode: "decimal", placeholder: "auto", "aria-label": "Until which time; empty for a fitting one" });
  until.addEventListener("change", () => {
    const value = until.value.trim() === "" ? null : read(until.value);
    const isWrong = until.value.trim() !== "" && (value === null || value <= 0);
    until.setAttribute("aria-invalid", String(isWrong));
    fault.textContent = isWrong ? "A time above 0, or nothing." : "";
    if (!isWrong) change({ times: { until: value } });
  });
  const show = (answer) => {
    const last = answer?.until ?? answer?.curves.time.at(-1) ?? 1;
    const cursor = now().cursor;
    slider.max = last;
    slider.value = cursor ?? last;
    slider.style.setProperty("--filled", `${(100 * (cursor ?? last)) / last}%`);
    slider.setAttribute("aria-valuetext", cursor === null ? "steady state" : `t = ${typed(cursor)}`);
    words_.textContent = cursor === null ? "steady state" : `t = ${shown(cursor)}`;
    if (!isTyped(until)) until.value = now().times.until === null ? "" : typed(now().times.until);
    until.placeholder = `auto: ${shown(last, 3)}`;
  };
  return { element: h("div", { className: "under" }, words_, slider, end, h("label", {}, "until ", until), fault), show, fault, until };
}

export const HAS_LOOK = Object.keys(LOOK);
