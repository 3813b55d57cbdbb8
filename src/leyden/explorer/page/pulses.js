// A pulse in place of a number: by form, or drawn with the pointer.

import { h, refill, svg } from "./dom.js";
import { read, typed } from "./numbers.js";
import { changeDevice, now } from "./state.js";

const [WIDTH, HEIGHT, SAMPLES] = [400, 100, 41];

export class PulseCard {
  constructor() {
    this.element = h("div", { className: "card" });
    this.parameter = null;
  }

  describe(described) {
    this.able = described.parameters.filter((entry) => entry.pulse);
    if (!this.able.some((entry) => entry.name === this.parameter)) this.parameter = this.able[0]?.name ?? null;
    this.show();
  }

  open(parameter) {
    this.parameter = parameter;
    this.show();
    this.element.scrollIntoView({ block: "nearest" });
    this.element.querySelector("select")?.focus();
  }

  /** Numbers of each kind to begin with: sizes from the parameter's value and the time shown. */
  #begin(kind) {
    const entry = this.able.find((one) => one.name === this.parameter);
    const height = (typeof entry.value === "number" && entry.value) || entry.high / 4 || 0.1;
    const long = now().times.until ?? this.until ?? 20;
    const part = (share) => Number((share * long).toPrecision(3));
    return {
      gaussian: { height, centre: part(0.3), width: part(0.08) },
      square: { height, start: 0, stop: part(0.4) },
      ramp: { first: 0, last: height, start: 0, stop: part(0.5) },
      cosine: { height, frequency: 1, phase: 0 },
      sampled: { times: [0, part(0.25), part(0.5), part(0.75), part(1)], values: [0, height, height, height / 2, 0] },
    }[kind];
  }

  #set(pulse) {
    const pulses = { ...now().device.pulses };
    if (pulse) pulses[this.parameter] = pulse;
    else delete pulses[this.parameter];
    changeDevice({ pulses });
    this.show();
  }

  show() {
    const pulse = now().device.pulses?.[this.parameter];
    refill(this.element, [this.parameter, pulse, this.able.map(({ name, label, low, high }) => [name, label, low, high])], () => this.#form(pulse));
  }

  #form(pulse) {
    if (!this.parameter) return [h("h2", {}, "Pulses"), h("p", { className: "muted" }, "No parameter of this device may be a pulse.")];
    const which = h("select", { "aria-label": "Parameter that is a pulse", onchange: (event) => { this.parameter = event.target.value; this.show(); } },
      this.able.map((entry) => h("option", { value: entry.name, selected: entry.name === this.parameter }, entry.label)));
    const kinds = [["", "a number"], ["gaussian", "Gaussian"], ["square", "square"], ["ramp", "ramp"], ["cosine", "cosine"], ["sampled", "drawn by hand"]];
    const kind = h("select", { "aria-label": "Form of the pulse", onchange: (event) => this.#set(event.target.value ? { kind: event.target.value, numbers: this.#begin(event.target.value) } : null) },
      kinds.map(([value, label]) => h("option", { value, selected: value === (pulse?.kind ?? "") }, label)));
    const fields = pulse && pulse.kind !== "sampled" ? h("div", { className: "stage" }, Object.entries(pulse.numbers).map(([name, value]) =>
      h("label", {}, name, h("input", { type: "text", inputmode: "decimal", "aria-label": name, value: typed(value), onchange: (event) => {
        const found = read(event.target.value);
        event.target.setAttribute("aria-invalid", String(found === null));
        if (found !== null) this.#set({ ...pulse, numbers: { ...pulse.numbers, [name]: found } });
      } })))) : null;
    return [h("h2", {}, "Pulses"), h("div", { className: "row" }, which, "is", kind), fields, pulse?.kind === "sampled" ? this.#sketch(pulse) : null];
  }

  #sketch(pulse) {
    const entry = this.able.find((one) => one.name === this.parameter);
    const [low, high] = [Math.min(entry.low, 0), entry.high || 1];
    const { times, values } = pulse.numbers;
    const long = times.at(-1) || 1;
    const line = svg("polyline", {});
    const place = (time, value) => `${(WIDTH * time) / long},${HEIGHT * (1 - (value - low) / (high - low))}`;
    line.setAttribute("points", times.map((time, at) => place(time, values[at])).join(" "));
    const zero = HEIGHT * (1 + low / (high - low));
    const picture = svg("svg", { class: "sketch", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": "Pulse: draw it with the pointer" }, svg("line", { x1: 0, x2: WIDTH, y1: zero, y2: zero }), line);
    let drawn = null;
    let last = -1;
    const at = (event) => {
      const box = picture.getBoundingClientRect();
      const share = (from, size, given) => Math.min(1, Math.max(0, (given - from) / size));
      const index = Math.round(share(box.left, box.width, event.clientX) * (SAMPLES - 1));
      const value = Number((high - share(box.top, box.height, event.clientY) * (high - low)).toPrecision(3));
      // A quick hand skips samples: those between get the straight line.
      const from = last < 0 ? index : last;
      const begin = drawn[from];
      for (let k = Math.min(from, index); k <= Math.max(from, index); k += 1) {
        drawn[k] = from === index ? value : Number((begin + ((value - begin) * (k - from)) / (index - from)).toPrecision(3));
      }
      last = index;
      line.setAttribute("points", drawn.map((one, k) => place((long * k) / (SAMPLES - 1), one)).join(" "));
    };
    picture.addEventListener("pointerdown", (event) => {
      picture.setPointerCapture(event.pointerId);
      drawn = Array.from({ length: SAMPLES }, (_, k) => interpolated(times, values, (long * k) / (SAMPLES - 1)));
      last = -1;
      at(event);
    });
    picture.addEventListener("pointermove", (event) => drawn && at(event));
    picture.addEventListener("pointerup", () => {
      if (drawn) this.#set({ kind: "sampled", numbers: { times: drawn.map((_, k) => Number(((long * k) / (SAMPLES - 1)).toPrecision(6))), values: drawn } });
      drawn = null;
    });
    return h("div", {}, picture, h("p", { className: "muted" }, `from 0 to ${typed(long, 4)}, between ${typed(low, 3)} and ${typed(high, 3)}`));
  }
}

function interpolated(times, values, time) {
  let at = 1;
  while (at < times.length - 1 && times[at] < time) at += 1;
  const share = (time - times[at - 1]) / (times[at] - times[at - 1] || 1);
  return Number((values[at - 1] + share * (values[at] - values[at - 1])).toPrecision(3));
}
