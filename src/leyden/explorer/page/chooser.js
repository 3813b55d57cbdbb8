// Which device: one of the catalog, or a device file that is read here and sent as text.

import { ask } from "./api.js";
import { byId, fill, h } from "./dom.js";
import { change, now } from "./state.js";
import { reset } from "./sliders.js";

const FILE = " file";
let fault = null;

export function makeChooser(devices, download) {
  fault = h("p", { className: "fault", id: "fault-text", role: "alert" });
  const select = h("select", { id: "device-name", "aria-label": "Device", onchange: (event) => choose(event.target.value) },
    devices.map((device) => h("option", { value: device.name, title: device.meaning }, device.name.replaceAll("_", " "))));
  const file = h("input", { type: "file", id: "file", accept: ".toml,text/plain", tabindex: "-1", "aria-label": "Device file", onchange: opened });
  const open = h("button", { type: "button", id: "file-button", title: "Open a device file (TOML)", onclick: () => file.click() }, "Open…");
  fill(byId("chooser"), h("div", { className: "row" }, select, open, file), fault);
  fill(byId("device-foot"),
    h("button", { type: "button", id: "download", onclick: download }, "Device file"),
    h("button", { type: "button", className: "quiet", id: "reset", onclick: reset }, "Reference values"));
}

function choose(name) {
  if (name !== FILE) change({ device: { catalog: name, parameters: {} }, cursor: null, map: null, stages: [] });
}

async function opened(event) {
  const [file] = event.target.files;
  event.target.value = "";
  if (!file) return;
  if (file.size > 200_000) {
    complainOfText("A device file must have at most 200 kB.");
    return;
  }
  const text = await file.text();
  const device = { text, parameters: {} };
  try {
    // A file that is no device must not take the place of one that is.
    await ask("/api/device", { device });
  } catch (error) {
    complainOfText(error.message);
    return;
  }
  complainOfText("");
  change({ device, cursor: null, map: null, stages: [] });
}

export function complainOfText(message) {
  fault.textContent = message;
  byId("file-button").setAttribute("aria-invalid", String(Boolean(message)));
}

export function showDevice(described) {
  const select = byId("device-name");
  const { device } = now();
  select.querySelector(`option[value="${FILE}"]`)?.remove();
  if (device.catalog === undefined) select.append(h("option", { value: FILE }, described.name));
  select.value = device.catalog ?? FILE;
  byId("meaning").textContent = described.meaning;
}
