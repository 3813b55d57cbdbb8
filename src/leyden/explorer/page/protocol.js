// Stages in a row, and pulses by form or drawn by hand.

import { Line } from "./api.js";
import { Curves } from "./curves.js";
import { h, refill } from "./dom.js";
import { read, typed } from "./numbers.js";
import { PulseCard } from "./pulses.js";
import { change, now } from "./state.js";

export class Protocol {
  constructor(quantities) {
    this.curves = new Curves(quantities, { withExtra: false });
    this.line = new Line("protocol");
    this.fault = h("p", { className: "fault", role: "alert" });
    this.stages = h("div", { className: "card" });
    this.pulses = new PulseCard();
    this.elements = [h("div", { className: "cards" }, this.stages, this.pulses.element), this.fault,
      h("div", { className: "grid two" }, this.curves.energy.element, this.curves.power.element)];
    this.curves.figures = [this.curves.energy, this.curves.power];
  }

  describe(described) {
    this.described = described;
    this.pulses.describe(described);
    this.show();
  }

  show() {
    const { stages } = now();
    const real = (this.described?.parameters ?? []).filter((entry) => entry.kind === "real");
    refill(this.stages, [stages, real.map(({ name, label }) => [name, label])], () => this.#form(stages, real));
  }

  #form(stages, real) {
    const set = (at, patch) => change({ stages: stages.map((one, other) => (other === at ? { ...one, ...patch } : one)) });
    const row = (stage, at) => {
      const [name, value] = Object.entries(stage.parameters)[0] ?? ["", null];
      const field = (label, text, act, className = "") => h("input", { type: "text", className, value: text, "aria-label": `${label} of stage ${at + 1}`, onchange: (event) => act(event.target) });
      const number = (target, act) => {
        const found = read(target.value);
        target.setAttribute("aria-invalid", String(found === null));
        if (found !== null) act(found);
      };
      const choice = h("select", { "aria-label": `Parameter of stage ${at + 1}`, onchange: (event) => set(at, { parameters: event.target.value ? { [event.target.value]: value ?? 0 } : {} }) },
        h("option", { value: "" }, "as it is"), real.map((entry) => h("option", { value: entry.name, selected: entry.name === name }, entry.label)));
      return h("div", { className: "stage" },
        field("Name", stage.name, (target) => target.value.trim() && set(at, { name: target.value.trim() }), "name"),
        field("Duration", typed(stage.duration), (target) => number(target, (found) => found > 0 && set(at, { duration: found }))),
        choice, name ? field("Value", typed(value), (target) => number(target, (found) => set(at, { parameters: { [name]: found } }))) : null,
        h("button", { type: "button", className: "quiet", "aria-label": `Remove stage ${stage.name}`, onclick: () => change({ stages: stages.filter((_, other) => other !== at) }) }, "×"));
    };
    const drive = real.find((entry) => entry.group === "drive" || entry.name === "drive");
    const part = (name, parameters) => ({ name, duration: Number(((this.until ?? 20) / 2).toPrecision(2)), parameters });
    const start = () => change({ stages: [part("charge", {}), part("hold", drive ? { [drive.name]: 0 } : {})] });
    return [h("h2", {}, "Stages"), stages.map(row),
      h("div", { className: "row" },
        h("button", { type: "button", onclick: () => (stages.length ? change({ stages: [...stages, part(`stage ${stages.length + 1}`, {})] }) : start()), disabled: stages.length >= 12 }, stages.length ? "Add stage" : "Charge, then hold"),
        stages.length ? h("button", { type: "button", className: "quiet", onclick: () => change({ stages: [] }) }, "Clear") : h("span", { className: "muted" }, "without stages: the device as it is"))];
  }

  async ask(answer) {
    this.until = answer?.until;
    const { device, stages } = now();
    this.fault.textContent = "";
    if (!stages.length) {
      this.curves.stages = [];
      if (answer) this.curves.draw(answer);
      return;
    }
    try {
      const found = await this.line.ask("/api/protocol", { device, stages });
      if (!found || now().stages !== stages) return;
      this.curves.stages = found.stages;
      this.curves.draw(found);
    } catch (error) {
      if (now().stages === stages) this.fault.textContent = error.message;
    }
  }

  redraw() {
    this.curves.redraw();
  }
}
