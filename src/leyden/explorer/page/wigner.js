// The Wigner function of a battery at the cursor.

import { Line } from "./api.js";
import { divergingScale, inks } from "./colours.js";
import { h, refill } from "./dom.js";
import { Figure } from "./figure.js";
import { shown } from "./numbers.js";
import { change, now } from "./state.js";

// Room at the right for the colour bar and its numbers.
const BAR = 64;

export class Wigner {
  constructor() {
    this.figure = new Figure("Wigner function", { label: "Wigner function of the battery at the cursor", margin: { l: 46, r: BAR } });
    this.figure.area.classList.add("wigner");
    this.line = new Line("Wigner function");
    this.failed = "";
  }

  /** A choice of all modes, where there is more than the one charger and its one battery. */
  describe(described) {
    const { modes, batteries } = described;
    Object.assign(this, { described, modes, first: batteries[0] });
    const isChoice = modes.length > 2 || batteries.length > 1;
    refill(this.figure.heading, [modes, isChoice, this.#mode()], () => ["Wigner function", ...(isChoice ? [" of ", this.#select(modes)] : [])]);
  }

  #select(modes) {
    const select = h("select", { "aria-label": "Mode of the Wigner function", onchange: () => change({ mode: select.value === this.first ? null : select.value }) },
      modes.map((name) => h("option", { value: name, selected: name === (this.#mode() ?? this.first) }, name)));
    return select;
  }

  /** The mode that was chosen, where this device has it; null for the first battery. */
  #mode() {
    const { mode } = now();
    return this.modes?.includes(mode) ? mode : null;
  }

  /** What is asked for the picture: at the cursor; without one in the steady state, or where there is none at the end. */
  pictured(answer) {
    const isSettled = ["stable", "beyond"].includes(answer.condition);
    const time = answer.condition === "beyond" ? null : now().cursor ?? (isSettled ? null : answer.until);
    return { time, mode: this.#mode() };
  }

  async ask(answer) {
    const { time, mode } = this.pictured(answer);
    const asked = JSON.stringify([now().device, time, mode]);
    if (asked === this.asked) return;
    this.asked = asked;
    try {
      const found = await this.line.ask("/api/wigner", { device: now().device, time, mode, points: 61 });
      if (found) this.#draw(found, time);
      else this.asked = null;
    } catch (error) {
      this.asked = null;
      this.#none(error.message);
    }
  }

  #none(message) {
    this.found = null;
    this.figure.hatch.classList.add("hatched");
    this.figure.legend.replaceChildren();
    this.figure.draw([], { x: { visible: false, range: [0, 1] }, y: { visible: false, range: [0, 1] }, annotations: [{ xref: "paper", yref: "paper", x: 0.5, y: 0.5, showarrow: false, text: wrapped(message), bgcolor: inks().panel, borderpad: 6 }] });
  }

  #draw(found, time) {
    this.found = found;
    this.time = time;
    this.figure.hatch.classList.remove("hatched");
    const top = Math.max(...found.values.flat().map((value) => Math.abs(value ?? 0))) || 1;
    const bar = { thickness: 8, outlinewidth: 0, nticks: 5, x: 1.02, xanchor: "left", xpad: 0, tickfont: { size: 10, color: inks().muted } };
    const trace = { type: "heatmap", x: found.x, y: found.p, z: found.values, zmin: -top, zmax: top, colorscale: divergingScale(), zsmooth: "best", colorbar: bar };
    const reach = Math.max(...found.x.map(Math.abs), ...found.p.map(Math.abs));
    const { clientWidth, clientHeight } = this.figure.area;
    const ratio = Math.max(0.3, (clientWidth - 46 - BAR) / Math.max(1, clientHeight - 40));
    const wide = ratio > 1 ? [reach * ratio, reach] : [reach, reach / ratio];
    this.figure.draw([trace], { x: { title: "<i>x</i>", range: [-wide[0], wide[0]], zeroline: false }, y: { title: "<i>p</i>", range: [-wide[1], wide[1]], zeroline: false } });
    const when = time === null ? "steady" : `t = ${shown(time)}`;
    const negative = found.negativity > 1e-9 ? `, negativity ${shown(found.negativity, 3)}` : "";
    this.figure.legend.textContent = `${found.mode}, ${when}${negative}`;
    this.figure.legend.title = found.words ?? "";
  }

  redraw() {
    if (this.found) this.#draw(this.found, this.time);
  }
}

function wrapped(text) {
  const lines = [""];
  for (const word of text.replaceAll("<", "&lt;").split(" ")) {
    if (lines.at(-1).length + word.length > 34) lines.push("");
    lines[lines.length - 1] += `${word} `;
  }
  return lines.slice(0, 6).join("<br>");
}
