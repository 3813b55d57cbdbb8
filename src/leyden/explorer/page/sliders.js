// One row for each parameter: symbol, name, unit, a typed number and a slider.

import { byId, fill, h, isTyped } from "./dom.js";
import { read, typed } from "./numbers.js";
import { changeDevice, changeParameter, now, settle } from "./state.js";
import { symbol, unit } from "./symbols.js";

// The whole unit is in the hint of the label.
const SHORT = { "rate unit": "rate", "frequency unit": "freq." };

let shape = "";
let rows = new Map();
let ends = new Map();
let openPulse = () => null;
export const onPulse = (act) => {
  openPulse = act;
};

const isComplex = (value) => value !== null && typeof value === "object";

function slider(entry, value, act, label) {
  const [low, high] = ends.get(entry.name);
  const field = h("input", {
    type: "range", min: low, max: high, step: "any", value, "aria-label": label, data: { parameter: entry.name },
  });
  const step = entry.step || (high - low) / 200;
  field.addEventListener("input", () => act(rounded(Number(field.value), step), `slider ${entry.name}`));
  field.addEventListener("change", settle);
  field.addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: 10, PageDown: -10 }[event.key];
    if (!way) return;
    event.preventDefault();
    const next = Math.min(high, Math.max(low, Number(field.value) + way * step));
    act(rounded(next, step), `slider ${entry.name}`);
    settle();
  });
  return field;
}

const rounded = (value, step) => Number((Math.round(value / step) * step).toPrecision(10));

function filled(field) {
  const share = (Number(field.value) - Number(field.min)) / (Number(field.max) - Number(field.min));
  field.style.setProperty("--filled", `${Math.min(100, Math.max(0, 100 * share))}%`);
}

function number(entry, label, act, fault) {
  const field = h("input", { type: "text", inputmode: "decimal", "aria-label": label, data: { typed: entry.name } });
  field.addEventListener("change", () => {
    const value = read(field.value);
    field.setAttribute("aria-invalid", String(value === null));
    fault.textContent = value === null ? "A number, please: 0.05, 1e-3 or pi/2." : "";
    if (value !== null) act(entry.kind === "whole" ? Math.round(value) : value);
  });
  return field;
}

function partRow(entry, part, fault, parts) {
  const label = part ? `${entry.label}, ${part === "re" ? "real" : "imaginary"} part` : entry.label;
  const act = (value, drag) => {
    const known = rows.get(entry.name).value;
    changeParameter(entry.name, part ? { ...known, [part]: value } : value, { drag });
  };
  const made = { part, slider: slider(entry, 0, act, label), number: number(entry, label, act, fault) };
  parts.push(made);
  return made;
}

function choice(entry) {
  const field = h("select", { "aria-label": entry.label, data: { typed: entry.name } });
  const isOpen = entry.kind === "complex" || entry.kind === "real";
  field.append(...(isOpen ? [h("option", { value: "" }, "by number")] : []), ...entry.choices.map((one) => h("option", { value: String(one) }, String(one))));
  field.addEventListener("change", () => {
    const word = entry.choices.find((one) => String(one) === field.value);
    changeParameter(entry.name, word === undefined ? rows.get(entry.name).value : word);
  });
  return field;
}

function row(entry) {
  const fault = h("p", { className: "fault", id: `fault-${entry.name}` });
  const parts = [];
  const name = h("span", { className: "name" }, entry.label);
  const words = h("label", { title: `${entry.meaning}${entry.unit ? ` (${entry.unit})` : ""}` },
    symbol(entry.symbol), name, h("span", { className: "unit" }, SHORT[entry.unit] ?? unit(entry.unit)));
  const chooser = entry.choices?.length ? choice(entry) : null;
  const pulse = entry.pulse
    ? h("button", { type: "button", className: "pulse", title: `Make ${entry.label} a pulse`, "aria-label": `Pulse of ${entry.label}`, onclick: () => openPulse(entry.name) }, "∿")
    : null;
  const element = h("div", { className: "parameter", data: { row: entry.name } });
  if (entry.kind === "choice") element.append(h("div", { className: "parameter-line" }, words, chooser));
  else if (entry.kind === "complex") {
    element.append(h("div", { className: "parameter-line" }, words, chooser, pulse));
    for (const part of ["re", "im"]) {
      const made = partRow(entry, part, fault, parts);
      element.append(h("div", { className: "complex-row parameter-line" }, h("span", { className: "unit" }, part === "re" ? "Re" : "Im"), made.slider, made.number));
    }
  } else {
    const made = partRow(entry, null, fault, parts);
    made.number.id = `field-${entry.name}`;
    words.htmlFor = made.number.id;
    made.number.removeAttribute("aria-label");
    element.append(h("div", { className: "parameter-line" }, words, chooser, made.number, pulse ?? h("span", { className: "pulse-place" })), made.slider);
  }
  element.append(fault);
  return { entry, element, parts, chooser, pulse, fault, value: entry.value };
}

function widen(entry) {
  const value = isComplex(entry.value) ? [entry.value.re, entry.value.im] : [entry.value];
  const known = ends.get(entry.name) ?? [entry.low, entry.high];
  const fits = value.every((one) => typeof one !== "number" || (one >= known[0] && one <= known[1]));
  ends.set(entry.name, fits ? known : [Math.min(known[0], entry.low), Math.max(known[1], entry.high)]);
}

/** Shows the parameters that the server described; rows stay where the device is the same one. */
export function showParameters(described, identity) {
  const wanted = identity + described.parameters.map((entry) => `${entry.name}:${entry.kind}`).join();
  if (wanted !== shape) {
    shape = wanted;
    ends = new Map();
    rows = new Map();
    described.parameters.forEach(widen);
    const groups = new Map();
    for (const entry of described.parameters) {
      const made = row(entry);
      rows.set(entry.name, made);
      groups.set(entry.group ?? "", [...(groups.get(entry.group ?? "") ?? []), made.element]);
    }
    fill(byId("parameters"), [...groups].map(([group, elements]) => h("fieldset", {}, h("legend", { className: "group" }, group), ...elements)));
  }
  described.parameters.forEach((entry) => {
    widen(entry);
    rows.get(entry.name).value = entry.value;
    rows.get(entry.name).entry = entry;
  });
  showValues();
}

/** Brings fields and sliders to what the state says, without asking the server. */
export function showValues() {
  const { parameters, pulses } = now().device;
  for (const [name, made] of rows) {
    const given = parameters?.[name];
    const isWord = typeof given === "string";
    if (given !== undefined && !isWord && given !== null) made.value = given;
    const pulsed = Boolean(pulses?.[name]);
    made.pulse?.classList.toggle("on", pulsed);
    if (made.chooser) made.chooser.value = isWord ? given : given === undefined ? String(made.entry.chosen ?? made.entry.value) : "";
    if (made.chooser && made.chooser.value === "" && made.chooser.options[0].value !== "") made.chooser.selectedIndex = -1;
    for (const part of made.parts) {
      const value = part.part ? made.value?.[part.part] : made.value;
      const [low, high] = ends.get(name);
      if (typeof value === "number" && (value < low || value > high)) ends.set(name, [Math.min(low, value), Math.max(high, value)]);
      [part.slider.min, part.slider.max] = ends.get(name);
      part.slider.disabled = pulsed;
      part.number.disabled = pulsed;
      if (typeof value === "number") {
        part.slider.value = value;
        if (!isTyped(part.number)) part.number.value = pulsed ? "pulse" : typed(value);
        part.slider.setAttribute("aria-valuetext", `${typed(value)} ${made.entry.unit}`);
      }
      filled(part.slider);
    }
  }
}

/** Puts a complaint at its parameter; false where the page has no such field. */
export function complain(field, message) {
  const name = [...rows.keys()].find((one) => one === field || field?.endsWith(`.${one}`));
  if (!name) return false;
  const made = rows.get(name);
  made.fault.textContent = message;
  for (const part of made.parts) {
    part.number.setAttribute("aria-invalid", "true");
    part.number.setAttribute("aria-describedby", made.fault.id);
  }
  return true;
}

export function forgive() {
  for (const made of rows.values()) {
    made.fault.textContent = "";
    made.parts.forEach((part) => part.number.removeAttribute("aria-invalid"));
  }
}

export const reset = () => changeDevice({ parameters: {}, pulses: {} });
