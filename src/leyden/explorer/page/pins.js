// Up to four devices kept beside the present one.

import { Line } from "./api.js";
import { PIN_DASHES } from "./colours.js";
import { byId, h, refill, svg, toast } from "./dom.js";
import { typed, words } from "./numbers.js";
import { change, now } from "./state.js";

const MOST = 4;
const known = new Map();
const lines = Array.from({ length: MOST }, (_, at) => new Line(`device ${at + 1} to compare`));

export function pin() {
  const { device, pins } = now();
  if (pins.length >= MOST) {
    toast("Four devices are pinned: remove one first.");
    return;
  }
  change({ pins: [...pins, { label: labelOf(device), device }] });
}

function labelOf(device) {
  const value = (one) => (typeof one === "object" && one !== null ? `${typed(one.re, 3)}${one.im < 0 ? "−" : "+"}${typed(Math.abs(one.im), 3)}i` : typeof one === "number" ? typed(one, 3) : String(one));
  const changed = Object.entries(device.parameters ?? {}).map(([name, one]) => `${words(name)} ${value(one)}`);
  return changed.length ? changed.slice(-2).join(", ") : words(device.catalog ?? "device file");
}

export function showPins() {
  const { pins } = now();
  const chip = (one, at) => {
    const sample = svg("svg", { viewBox: "0 0 22 8", "aria-hidden": "true" }, svg("line", { x1: 0, x2: 22, y1: 4, y2: 4, "stroke-dasharray": PIN_DASHES[at].replaceAll("px", "") }));
    return h("span", { className: "pin" },
      h("button", { type: "button", title: `Go to: ${one.label}`, onclick: () => change({ device: one.device }) }, sample, h("span", { className: "words" }, one.label)),
      h("button", { type: "button", className: "remove", "aria-label": `Remove ${one.label}`, onclick: () => change({ pins: pins.filter((_, other) => other !== at) }) }, "×"));
  };
  refill(byId("pins"), pins, () => [...pins.map(chip), h("button", { type: "button", id: "pin", title: "Keep this device for comparison (p)", disabled: pins.length >= MOST, onclick: pin }, "Pin")]);
}

/** Curves of the pinned devices, asked once for each. */
export async function askPins(until) {
  const { pins } = now();
  return Promise.all(pins.map(async (one, at) => {
    const key = JSON.stringify([one.device, until]);
    if (!known.has(key)) {
      try {
        const found = await lines[at].ask("/api/answer", { device: one.device, times: { until }, detail: "curves" });
        if (!found) return null;
        known.set(key, found);
      } catch {
        return null;
      }
    }
    return known.get(key);
  }));
}
