// Stages in a row, and pulses: by form, or drawn by hand.

import { Line } from "./api.js";
import { curveOf } from "./curves.js";
import { inks, lookOf } from "./colours.js";
import { byId, fill, h, svg } from "./dom.js";
import { axis, draw, layout } from "./drawing.js";
import { read, typed, words } from "./numbers.js";
import { change, changeDevice, now } from "./state.js";

const PULSES = {
  gaussian: { height: 0.1, centre: 5, width: 1 },
  square: { height: 0.1, start: 0, stop: 10 },
  ramp: { first: 0, last: 0.1, start: 0, stop: 10 },
  cosine: { height: 0.1, frequency: 0.5, phase: 0 },
};
const CHARGE = [{ name: "charge", duration: 20, parameters: {} }, { name: "hold", duration: 10, parameters: { drive: 0 } }];
const WIDE = 560;
const TALL = 110;
const line = new Line("protocol", { patience: 1500 });
let parameters = [];
let last = null;

export function buildProtocol() {
  fill(byId("panel-protocol"),
    h("div", { className: "two forms" },
      h("section", { className: "cell", "aria-label": "Stages" }, h("div", { className: "row spread" }, h("h2", {}, "Stages"), h("button", { type: "button", id: "add-stage", onclick: addStage }, "Add stage")), h("div", { id: "stages" }), h("div", { id: "fault-protocol", className: "fault", role: "alert" })),
      h("section", { className: "cell", "aria-label": "Pulses" }, h("div", { className: "row spread" }, h("h2", {}, "Pulse on"), h("select", { id: "pulse-on", "aria-label": "Pulsed parameter", onchange: showPulse }), h("select", { id: "pulse-kind", "aria-label": "Kind of pulse", onchange: choosePulse }, h("option", { value: "" }, "constant"), ...Object.keys(PULSES).map((kind) => h("option", { value: kind }, kind)), h("option", { value: "sampled" }, "drawn by hand"))), h("div", { id: "pulse-form" }))),
    h("div", { id: "plot-protocol", className: "plot grow" }));
}

export function setPulsable(list) {
  parameters = list;
  const select = byId("pulse-on");
  const kept = select.value;
  const may = list.filter((one) => one.pulse);
  fill(select, ...may.map((one) => h("option", { value: one.name }, one.label)));
  if (may.some((one) => one.name === kept)) select.value = kept;
  showPulse();
  showStages();
}

const target = () => byId("pulse-on").value;

function showPulse() {
  const name = target();
  const pulse = now().device.pulses?.[name];
  byId("pulse-kind").value = pulse?.kind ?? "";
  byId("pulse-kind").disabled = !name;
  if (!name) return fill(byId("pulse-form"), h("p", { className: "muted" }, "No parameter of this device may change in time."));
  if (!pulse) return fill(byId("pulse-form"), h("p", { className: "muted" }, "Constant: its slider sets it."));
  if (pulse.kind === "sampled") return fill(byId("pulse-form"), canvas(name, pulse));
  const fields = Object.entries(pulse.numbers).map(([key, value]) => {
    const input = h("input", { type: "text", inputMode: "decimal", id: `pulse-${key}`, value: typed(value), onchange: () => {
      const number = read(input.value);
      if (number === null) return input.setAttribute("aria-invalid", "true");
      return setPulse(name, { kind: pulse.kind, numbers: { ...pulse.numbers, [key]: number } });
    } });
    return h("label", { className: "field" }, `${words(key)} `, input);
  });
  return fill(byId("pulse-form"), h("div", { className: "fields" }, ...fields), h("div", { id: `fault-pulse`, className: "fault", role: "alert" }));
}

function setPulse(name, pulse) {
  const pulses = { ...now().device.pulses };
  if (pulse) pulses[name] = pulse;
  else delete pulses[name];
  changeDevice({ pulses });
}

function choosePulse() {
  const [name, kind] = [target(), byId("pulse-kind").value];
  if (!kind) return setPulse(name, null);
  if (kind === "sampled") {
    const value = parameters.find((one) => one.name === name)?.value || 0.1;
    const times = Array.from({ length: 21 }, (_, place) => place);
    return setPulse(name, { kind, numbers: { times, values: times.map((time) => value * Math.exp(-(((time - 8) / 4) ** 2))) } });
  }
  return setPulse(name, { kind, numbers: { ...PULSES[kind] } });
}

/** A curve that is drawn with the pointer: samples at fixed times, cubic between them. */
function canvas(name, pulse) {
  const { times, values } = pulse.numbers;
  const one = parameters.find((entry) => entry.name === name);
  const top = Math.max(one?.high ?? 0.2, ...values, 1e-9);
  const drawn = [...values];
  const path = svg("path", { class: "drawn" });
  const place = svg("svg", { viewBox: `0 0 ${WIDE} ${TALL}`, class: "canvas", role: "img", "aria-label": `Pulse of ${words(name)}, drawn by hand from 0 to ${times.at(-1)}` }, svg("rect", { width: WIDE, height: TALL, class: "sheet" }), path);
  const redraw = () => path.setAttribute("d", drawn.map((value, at) => `${at ? "L" : "M"}${(WIDE * at) / (times.length - 1)} ${TALL - (TALL * value) / top}`).join(""));
  const put = (event) => {
    const box = place.getBoundingClientRect();
    const at = Math.round(((event.clientX - box.left) / box.width) * (times.length - 1));
    if (at < 0 || at >= times.length) return;
    drawn[at] = Number((top * Math.min(1, Math.max(0, 1 - (event.clientY - box.top) / box.height))).toPrecision(4));
    redraw();
  };
  place.addEventListener("pointerdown", (event) => {
    place.setPointerCapture(event.pointerId);
    put(event);
  });
  place.addEventListener("pointermove", (event) => event.buttons && put(event));
  place.addEventListener("pointerup", () => setPulse(name, { kind: "sampled", numbers: { times, values: drawn } }));
  redraw();
  return h("div", {}, place, h("p", { className: "muted" }, `0 to ${times.at(-1)} (1/Γ) across, 0 to ${typed(top, 3)} up; draw with the pointer.`));
}

const stages = () => (now().stages.length ? now().stages : CHARGE);
const setStages = (list) => change({ stages: list });
const addStage = () => setStages([...stages(), { name: `stage ${stages().length + 1}`, duration: 10, parameters: {} }]);

function showStages() {
  const list = stages();
  const numbers = parameters.filter((one) => one.kind === "real");
  const edit = (place, patch) => setStages(list.map((stage, at) => (at === place ? { ...stage, ...patch } : stage)));
  fill(byId("stages"), ...list.map((stage, place) => {
    const [changed, value] = Object.entries(stage.parameters)[0] ?? ["", ""];
    const name = h("input", { type: "text", value: stage.name, "aria-label": "Name of the stage", onchange: () => edit(place, { name: name.value || "stage" }) });
    const duration = h("input", { type: "text", value: typed(stage.duration), "aria-label": "Duration", onchange: () => edit(place, { duration: read(duration.value) ?? stage.duration }) });
    const which = h("select", { "aria-label": "Parameter that is another one meanwhile", onchange: () => edit(place, { parameters: which.value ? { [which.value]: read(number.value) ?? 0 } : {} }) }, h("option", { value: "" }, "as set"), ...numbers.map((one) => h("option", { value: one.name }, one.label)));
    which.value = changed;
    const number = h("input", { type: "text", value: value === "" ? "" : typed(value), disabled: !changed, "aria-label": "Its value", onchange: () => edit(place, { parameters: { [changed]: read(number.value) ?? 0 } }) });
    const remove = h("button", { type: "button", className: "quiet", "aria-label": `Remove ${stage.name}`, disabled: list.length < 2, onclick: () => setStages(list.filter((_, at) => at !== place)) }, "✕");
    return h("div", { className: "stage" }, name, duration, which, number, remove);
  }));
}

export async function askProtocol() {
  try {
    const found = await line.ask("/api/protocol", { device: now().device, stages: stages() });
    if (!found) return;
    byId("fault-protocol").textContent = "";
    last = found;
    await redrawProtocol();
  } catch (error) {
    byId("fault-protocol").textContent = error.message;
  }
}

export const protocolRequest = () => ({ stages: stages() });

export async function redrawProtocol() {
  if (!last || byId("panel-protocol").hidden) return;
  const lines = ["stored_energy", "ergotropy", "charger_energy"].map((name) => ({ x: last.curves.time, y: curveOf(last.curves, name), name: words(name), mode: "lines", line: { color: lookOf(name).colour, dash: lookOf(name).dash, width: 2 }, hovertemplate: "%{y:.4g}" })).filter((one) => one.y);
  const bands = last.stages.map((stage, place) => ({ type: "rect", x0: stage.start, x1: stage.stop, yref: "paper", y0: 0, y1: 1, fillcolor: inks().grid, opacity: place % 2 ? 0.9 : 0, line: { width: 0 }, layer: "below" }));
  const names = last.stages.map((stage) => ({ x: (stage.start + stage.stop) / 2, y: 0.98, yref: "paper", text: stage.name, showarrow: false, yanchor: "top", font: { color: inks().muted, size: 11 } }));
  await draw(byId("plot-protocol"), lines, layout({ xaxis: axis("time (1/Γ)", { range: [0, last.until] }), yaxis: axis("energy (ħω₀)", { rangemode: "tozero" }), shapes: bands, annotations: names }));
}
