// The toolbar: history, copies, files, theme; pins; keys.

import { askFile } from "./api.js";
import { PIN_DASHES } from "./colours.js";
import { stepCursor } from "./curves.js";
import { byId, fill, h, svg, toast } from "./dom.js";
import { protocolRequest } from "./protocol.js";
import { canRedo, canUndo, change, linkOf, now, redo, undo } from "./state.js";
import { toggleTheme } from "./theme.js";

const MOST_PINS = 4;
const TABS = ["time", "map", "spectra", "protocol"];
const KEYS = [
  ["1 – 4", "the plots", null],
  ["← →", "move the cursor"],
  ["s", "cursor to the steady state"],
  ["p", "pin this device"],
  ["Ctrl+Z, Ctrl+Shift+Z", "undo, redo"],
  ["c", "copy as Python"],
  ["l", "copy the link"],
  ["t", "light or dark"],
  ["Esc", "cancel a long answer"],
  ["?", "this sheet"],
];
let texts = { python: "", command: "" };
let mapRequest = () => ({});

export const setTexts = (found) => {
  texts = found;
};
export const onMapRequest = (make) => {
  mapRequest = make;
};

async function copied(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied ${what}.`);
  } catch {
    toast("The browser does not let pages copy here.");
  }
}

export const copyPython = () => copied(texts.python, "the script");
export const copyText = copied;

function request(what) {
  const { times, cursor } = now();
  return { curves: { times: { until: times.until } }, steady: {}, map: mapRequest(), wigner: { time: cursor }, protocol: protocolRequest(), device: {} }[what];
}

async function save(what, format) {
  try {
    const { blob, name } = await askFile("/api/export", { device: now().device, what, format, request: request(what) });
    const link = h("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    toast(`Saved ${name}.`);
  } catch (error) {
    toast(error.message);
  }
}

function exportMenu() {
  const items = [["curves", "PNG SVG CSV NC"], ["steady", "CSV NC"], ["map", "PNG SVG CSV NC"], ["wigner", "PNG SVG CSV NC"], ["protocol", "PNG SVG CSV NC"], ["device", "TOML"]];
  const menu = h("div", { role: "menu", hidden: true, "aria-label": "Export" }, ...items.flatMap(([what, formats]) => formats.split(" ").map((format) => h("button", { type: "button", role: "menuitem", data: { what, format }, onclick: () => {
    menu.hidden = true;
    save(what, format.toLowerCase());
  } }, what, h("span", { className: "muted" }, format === "NC" ? "netCDF" : format)))));
  const button = h("button", { type: "button", id: "export", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => {
    menu.hidden = !menu.hidden;
    button.setAttribute("aria-expanded", String(!menu.hidden));
    if (!menu.hidden) menu.querySelector("button").focus();
  } }, "Export");
  addEventListener("pointerdown", (event) => {
    if (!menu.parentElement?.contains(event.target)) menu.hidden = true;
  });
  menu.addEventListener("keydown", (event) => {
    const all = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) all[(all.indexOf(document.activeElement) + step + all.length) % all.length].focus();
    if (event.key === "Escape") {
      menu.hidden = true;
      button.focus();
    }
    if (step || event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
    }
  });
  return h("div", { className: "menu" }, button, menu);
}

export function buildTools() {
  const tool = (id, words, title, act) => h("button", { type: "button", id, title, onclick: act }, words);
  fill(byId("toolbar"),
    tool("undo", "Undo", "Undo (Ctrl+Z)", undo), tool("redo", "Redo", "Redo (Ctrl+Shift+Z)", redo), h("span", { className: "gap" }),
    tool("copy-python", "Python", "Copy as a Python script (c)", copyPython),
    tool("copy-command", "Command", "Copy as a command", () => copied(texts.command, "the command")),
    tool("copy-link", "Link", "Copy a link to this page as it is (l)", copyLink), exportMenu(), h("span", { className: "gap" }),
    tool("theme-button", "◐", "Light or dark (t)", toggleTheme), tool("help-button", "?", "Keys (?)", showHelp));
  byId("theme-button").setAttribute("aria-label", "Dark theme");
  byId("help-button").setAttribute("aria-label", "Keys");
  fill(byId("device-foot"), tool("save-device", "Download device file", "As TOML, for Python and the command line", () => save("device", "toml")));
  fill(byId("tabs"), ...TABS.map((name) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => change({ tab: name }) }, { time: "In time", map: "Map", spectra: "Spectra", protocol: "Protocol" }[name])));
  byId("tabs").addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const tab = TABS[(TABS.indexOf(now().tab) + step + TABS.length) % TABS.length];
    change({ tab });
    byId(`tab-${tab}`).focus();
    event.stopPropagation();
    event.preventDefault();
  });
  fill(byId("help"), h("h2", { id: "help-title" }, "Keys"), h("dl", {}, ...KEYS.flatMap(([keys, words]) => [h("dt", {}, h("kbd", {}, keys)), h("dd", {}, words)])), h("button", { type: "button", className: "primary", onclick: () => byId("help").close() }, "Close"));
  addEventListener("keydown", pressed);
}

const copyLink = () => copied(location.href.split("#")[0] + linkOf(now()), "the link");
const showHelp = () => byId("help").showModal();

function pressed(event) {
  const isTyping = event.target.matches?.("input[type=text], select, textarea");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping) {
    event.preventDefault();
    return event.shiftKey ? redo() : undo();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping || byId("help").open) return null;
  if (event.target.matches?.("input[type=range]") && event.key.startsWith("Arrow")) return null;
  const acts = { "?": showHelp, c: copyPython, l: copyLink, t: toggleTheme, p: pin, s: () => change({ cursor: null }), ArrowLeft: () => stepCursor(event.shiftKey ? -10 : -1), ArrowRight: () => stepCursor(event.shiftKey ? 10 : 1), 1: () => change({ tab: TABS[0] }), 2: () => change({ tab: TABS[1] }), 3: () => change({ tab: TABS[2] }), 4: () => change({ tab: TABS[3] }) };
  const act = acts[event.key];
  if (!act) return null;
  event.preventDefault();
  return act();
}

export function pin() {
  const { pins, device } = now();
  if (pins.length >= MOST_PINS) return toast(`Four devices are pinned: unpin one first.`);
  return change({ pins: [...pins, structuredClone(device)] });
}

/** A short name of a pinned device: what was changed in it. */
export function labelOf(device) {
  const changed = Object.entries(device.parameters).slice(0, 2).map(([name, value]) => `${name.replaceAll("_", " ")} ${typeof value === "object" && value ? `${value.re}${value.im < 0 ? "−" : "+"}${Math.abs(value.im)}i` : value}`);
  return changed.join(", ") || (device.catalog ?? "device file").replaceAll("_", " ");
}

export function showPins() {
  const { pins } = now();
  const chips = pins.map((device, place) => h("span", { className: "pin" },
    h("button", { type: "button", title: `Go to ${labelOf(device)}`, onclick: () => change({ device: structuredClone(device) }) }, svg("svg", { viewBox: "0 0 22 8", "aria-hidden": "true" }, svg("line", { x1: 0, x2: 22, y1: 4, y2: 4, "stroke-dasharray": PIN_DASHES[place] })), h("span", { className: "words" }, labelOf(device))),
    h("button", { type: "button", className: "remove", "aria-label": `Unpin ${labelOf(device)}`, onclick: () => change({ pins: pins.filter((_, at) => at !== place) }) }, "✕")));
  fill(byId("pins"), ...chips, h("button", { type: "button", id: "pin", title: "Keep this device for comparison (p)", disabled: pins.length >= MOST_PINS, onclick: pin }, "Pin"));
}

export function showTools() {
  byId("undo").disabled = !canUndo();
  byId("redo").disabled = !canRedo();
  const { tab } = now();
  for (const name of TABS) {
    const isChosen = name === tab;
    byId(`tab-${name}`).setAttribute("aria-selected", String(isChosen));
    byId(`tab-${name}`).tabIndex = isChosen ? 0 : -1;
    byId(`panel-${name}`).hidden = !isChosen;
  }
}
