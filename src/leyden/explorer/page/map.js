// A map of any merit over any two parameters, drawn coarse to fine; a click goes there.

import { Line } from "./api.js";
import { inks } from "./colours.js";
import { h, refill } from "./dom.js";
import { Figure } from "./figure.js";
import { extent, read, shown, typed } from "./numbers.js";
import { change, changeDevice, now } from "./state.js";
import { plotted, unit } from "./symbols.js";

const STEPS = [25, 100, 200];
// Each point of a device beyond the Gaussian takes its time.
const SLOW_STEPS = [12];

export class Plane {
  constructor(merits, quantities) {
    this.merits = merits;
    this.quantities = quantities;
    this.figure = new Figure("", { label: "Map over two parameters", margin: { l: 60, r: 90, b: 42 } });
    this.line = new Line("map");
    this.steps = STEPS;
    this.controls = h("div", { className: "controls" });
    this.fault = h("p", { className: "fault", role: "alert" });
    this.figure.hatch.classList.add("hatched");
    this.elements = [this.controls, this.fault, h("div", { className: "grid one" }, this.figure.element)];
    this.figure.area.addEventListener("click", (event) => this.#go(event));
  }

  /** The present map; where none was chosen, the first two real parameters. */
  wanted() {
    if (now().map) return now().map;
    const real = this.#real();
    if (real.length < 2) return null;
    const axis = (entry) => ({ parameter: entry.name, low: entry.low > 0 ? entry.low : Math.max(entry.low, 0), high: entry.high });
    // Beyond the Gaussian not every method tells the ergotropy of many devices.
    const merit = this.isBeyond ? "stored_energy" : "ergotropy";
    return { x: axis(real[0]), y: axis(real[1]), merit };
  }

  /** The present map with as many points as its picture has. */
  pictured() {
    const wanted = this.wanted();
    return wanted && { ...wanted, points: this.steps.includes(this.found?.x.length) ? this.found.x.length : this.steps[0] };
  }

  #real() {
    return (this.described?.parameters ?? []).filter((entry) => entry.kind === "real" && !entry.is_pulsed);
  }

  describe(described) {
    this.described = described;
    const wanted = this.wanted();
    refill(this.controls, [wanted, this.#real().map(({ name, label }) => [name, label])], () => this.#controls(wanted));
  }

  #controls(wanted) {
    if (!wanted) return ["This device has fewer than two real parameters."];
    const set = (patch) => change({ map: { ...this.wanted(), ...patch } });
    const axis = (which) => {
      const given = wanted[which];
      const select = h("select", { "aria-label": `Parameter along ${which}`, onchange: (event) => {
        const entry = this.#real().find((one) => one.name === event.target.value);
        set({ [which]: { parameter: entry.name, low: entry.low, high: entry.high } });
      } }, this.#real().map((entry) => h("option", { value: entry.name, selected: entry.name === given.parameter }, entry.label)));
      const end = (side) => h("input", { type: "text", inputmode: "decimal", value: typed(given[side]), "aria-label": `${which} from ${side}`, onchange: (event) => {
        const value = read(event.target.value);
        event.target.setAttribute("aria-invalid", String(value === null));
        if (value !== null) set({ [which]: { ...given, [side]: value } });
      } });
      return h("span", { className: "row" }, which === "x" ? "across" : "up", select, end("low"), "–", end("high"));
    };
    const merit = h("select", { "aria-label": "Merit", onchange: (event) => set({ merit: event.target.value }) },
      this.merits.map((one) => h("option", { value: one.name, selected: one.name === wanted.merit }, one.label ?? one.name)));
    return [merit, "over", axis("x"), axis("y")];
  }

  async ask(isBeyond = false) {
    if (isBeyond !== this.isBeyond) {
      this.isBeyond = isBeyond;
      this.describe(this.described);
    }
    const wanted = this.wanted();
    if (!wanted) return;
    const isSlow = isBeyond || [wanted.x, wanted.y].some((axis) => this.#parameter(axis.parameter)?.group === "beyond Gaussian");
    this.steps = isSlow ? SLOW_STEPS : STEPS;
    const asked = JSON.stringify([now().device, wanted]);
    if (asked === this.done) return;
    this.done = asked;
    this.fault.textContent = "";
    for (const points of this.steps) {
      try {
        const found = await this.line.ask("/api/map", { device: now().device, ...wanted, points });
        if (!found || this.done !== asked) return;
        this.found = found;
        this.#draw(wanted);
      } catch (error) {
        if (this.done !== asked) return;
        this.fault.textContent = error.message;
        this.done = null;
        return;
      }
    }
  }

  #parameter(name) {
    return this.described.parameters.find((entry) => entry.name === name);
  }

  #title(name) {
    const entry = this.#parameter(name);
    return `${entry?.label ?? name} ${plotted(entry?.symbol ?? "")} ${entry?.unit ? `(${unit(entry.unit)})` : ""}`;
  }

  #draw(wanted) {
    const { x, y, values, threshold, merit } = this.found;
    const positive = values.flat().filter((value) => value !== null && value > 0).sort((a, b) => a - b);
    const found = extent(values.flat());
    const quantile = (share) => positive[Math.floor(share * (positive.length - 1))];
    const isWide = found && found[0] >= 0 && positive.length > 4 && quantile(0.99) > 30 * quantile(0.01);
    const z = isWide ? values.map((row) => row.map((value) => (value > 0 ? Math.log10(value) : null))) : values;
    const bar = { thickness: 10, outlinewidth: 0, title: { text: `${plotted(merit.symbol, merit.label)}<br>${unit(merit.unit)}`, side: "top" }, x: 1.02, xanchor: "left" };
    if (isWide) {
      const [low, high] = [Math.floor(Math.log10(quantile(0.005))), Math.ceil(Math.log10(quantile(0.995)))];
      bar.tickvals = Array.from({ length: high - low + 1 }, (_, at) => low + at);
      bar.ticktext = bar.tickvals.map((power) => `10<sup>${String(power).replace("-", "−")}</sup>`);
    }
    const limits = isWide ? { zmin: Math.log10(quantile(0.005)), zmax: Math.log10(quantile(0.995)) } : {};
    const ink = inks();
    const traces = [{ type: "heatmap", x, y, z, colorscale: "Viridis", colorbar: bar, ...limits }];
    for (const [across, up] of threshold ?? []) traces.push({ type: "scatter", mode: "lines", x: across, y: up, line: { color: ink.text, width: 2 } });
    const here = [this.#parameter(wanted.x.parameter)?.value, this.#parameter(wanted.y.parameter)?.value];
    traces.push({ type: "scatter", mode: "markers", x: [here[0]], y: [here[1]], marker: { size: 12, color: "#fff", line: { color: "#111", width: 2.5 } } });
    this.figure.keys([{ colour: ink.text, dash: "solid", title: "threshold" }]);
    this.figure.heading.textContent = `${merit.label}, ${x.length} × ${y.length}`;
    this.figure.draw(traces, {
      x: { title: this.#title(wanted.x.parameter), range: [wanted.x.low, wanted.x.high] },
      y: { title: this.#title(wanted.y.parameter), range: [wanted.y.low, wanted.y.high] },
    });
  }

  #go(event) {
    const place = this.figure.at(event);
    const wanted = this.wanted();
    if (!place || !wanted) return;
    const rounded = (value) => Number(value.toPrecision(4));
    changeDevice({ parameters: { ...now().device.parameters, [wanted.x.parameter]: rounded(place.x), [wanted.y.parameter]: rounded(place.y) } });
    this.figure.drawing.setAttribute("aria-label", `Map; present point ${shown(place.x)}, ${shown(place.y)}`);
  }

  redraw() {
    if (this.found && this.wanted()) this.#draw(this.wanted());
  }
}
