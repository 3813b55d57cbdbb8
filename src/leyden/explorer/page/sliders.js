// The device on the left: which one, its drawing, and a slider with a typed number for each parameter.

import { ask } from "./api.js";
import { byId, fill, h, parsed } from "./dom.js";
import { read, typed } from "./numbers.js";
import { change, changeDevice, changeParameter, now, settle } from "./state.js";
import { symbol, unit } from "./symbols.js";

const LARGEST_FILE = 200_000;
let shownNames = "";

export function buildChooser(catalog) {
  const select = h("select", {
    id: "device-name",
    "aria-label": "Device",
    onchange: () => changeDevice({ catalog: select.value, text: undefined, parameters: {}, pulses: undefined }),
  });
  for (const one of catalog.devices) select.append(h("option", { value: one.name, title: one.meaning }, one.name.replaceAll("_", " ")));
  const file = h("input", { type: "file", id: "file", accept: ".toml,text/plain", tabindex: "-1", "aria-label": "Device file", onchange: () => upload(file) });
  const open = h("button", { id: "file-button", type: "button", title: "Open a device file (TOML)", onclick: () => file.click() }, "Open…");
  fill(byId("chooser"), h("div", { className: "row" }, select, open, file), h("div", { id: "fault-device", className: "fault", role: "alert" }));
}

async function upload(input) {
  const [file] = input.files;
  input.value = "";
  if (!file) return;
  if (file.size > LARGEST_FILE) return tellFault("device", `${file.name} is larger than ${LARGEST_FILE / 1000} kB.`);
  const device = { text: await file.text(), parameters: {} };
  try {
    // A file that is no device must not take the place of one that is.
    await ask("/api/device", { device });
    change({ device });
  } catch (error) {
    tellFault("device", error.message);
  }
}

/** The words of a fault at the field that it concerns; false where there is no such field. */
export function tellFault(field, message) {
  const place = byId(`fault-${field}`) ?? (field === "path" || field === "text" ? byId("fault-device") : null);
  if (!place) return false;
  place.textContent = message;
  byId(`number-${field}`)?.setAttribute("aria-invalid", "true");
  return true;
}

export function clearFaults() {
  for (const place of document.querySelectorAll(".fault")) place.textContent = "";
  for (const input of document.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
}

export function showDevice(answer) {
  const select = byId("device-name");
  const { device } = now();
  select.querySelector("option[value='']")?.remove();
  if (device.catalog) select.value = device.catalog;
  else {
    select.prepend(h("option", { value: "" }, answer.name));
    select.value = "";
  }
  byId("meaning").textContent = answer.meaning;
  fill(byId("schematic"), answer.schematic ? parsed(answer.schematic, "image/svg+xml") : null);
  const names = answer.parameters.map((one) => `${one.name}:${one.kind}:${one.low}:${one.high}`).join();
  // Sliders stay under the pointer while they are moved: they are made anew for another device only.
  if (names !== shownNames) {
    shownNames = names;
    buildParameters(answer.parameters);
  }
  answer.parameters.forEach(showValue);
}

function buildParameters(parameters) {
  const groups = new Map();
  for (const one of parameters) groups.set(one.group, [...(groups.get(one.group) ?? []), one]);
  const rows = [...groups].map(([name, members]) => [h("h2", { className: "group" }, name), ...members.map(row)]);
  fill(byId("parameters"), ...rows.flat());
}

const id = (name) => name.replaceAll(/[^\w]/g, "_");

function row(one) {
  const fault = h("div", { id: `fault-${one.name}`, className: "fault", role: "alert" });
  const head = [one.symbol ? symbol(one.symbol) : null, h("span", { className: "name" }, one.label)];
  if (one.kind === "choice") {
    const select = h("select", { id: `number-${one.name}`, onchange: () => changeParameter(one.name, JSON.parse(select.value)) });
    for (const choice of one.choices) select.append(h("option", { value: JSON.stringify(choice) }, String(choice)));
    return h("div", { className: "parameter", data: { name: one.name } }, h("div", { className: "parameter-line" }, h("label", { htmlFor: select.id, title: one.meaning }, ...head), select), fault);
  }
  const parts = one.kind === "complex" ? ["re", "im"] : [null];
  const lines = parts.map((part) => line(one, part, part === "im" ? [h("span", { className: "name muted" }, "imaginary part")] : head));
  return h("div", { className: "parameter", data: { name: one.name } }, ...lines.flat(), fault);
}

function line(one, part, head) {
  const key = part ? `${one.name}-${part}` : one.name;
  const number = h("input", { type: "text", inputMode: "decimal", id: `number-${key}`, title: one.meaning });
  const slider = h("input", { type: "range", id: `slider-${id(key)}`, min: one.low, max: one.high, step: one.step, "aria-label": `${one.label}${part === "im" ? ", imaginary part" : ""}` });
  const put = (value, options) => {
    if (part === null) return changeParameter(one.name, value, options);
    const at = now().device.parameters[one.name] ?? current.get(one.name);
    const whole = { ...(typeof at === "object" ? at : current.get(one.name)), [part]: value };
    return changeParameter(one.name, whole, options);
  };
  slider.addEventListener("input", () => {
    number.value = typed(Number(slider.value));
    filled(slider);
    put(Number(slider.value), { drag: key });
  });
  slider.addEventListener("change", settle);
  number.addEventListener("change", () => {
    const value = read(number.value);
    if (value === null) {
      tellFault(one.name, `${one.label} must be a number, but is “${number.value}”.`);
      return;
    }
    put(one.kind === "whole" ? Math.round(value) : value);
  });
  const label = h("label", { htmlFor: number.id, title: one.meaning }, ...head);
  return [h("div", { className: "parameter-line" }, label, number, h("span", { className: "unit" }, unit(one.unit).replace("rate unit", "Γ"))), slider];
}

const filled = (slider) => {
  const share = (Number(slider.value) - Number(slider.min)) / (Number(slider.max) - Number(slider.min));
  slider.style.setProperty("--filled", `${100 * share}%`);
};

const current = new Map();

function showValue(one) {
  const value = one.value;
  current.set(one.name, value);
  if (one.kind === "choice") {
    byId(`number-${one.name}`).value = JSON.stringify(value);
    return;
  }
  const parts = one.kind === "complex" ? [["re", value.re], ["im", value.im]] : [[null, value]];
  for (const [part, number] of parts) {
    const key = part ? `${one.name}-${part}` : one.name;
    const [field, slider] = [byId(`number-${key}`), byId(`slider-${id(key)}`)];
    if (document.activeElement !== field) field.value = typed(number);
    if (document.activeElement !== slider || Number(slider.value) !== number) slider.value = number;
    filled(slider);
  }
}
