// Undo, copies, files, the look and the sheet of keys.

import { Line, ask } from "./api.js";
import { byId, fill, h, toast } from "./dom.js";
import { canRedo, canUndo, linkOf, now, redo, undo } from "./state.js";
import { toggleTheme } from "./theme.js";

let plane = () => null;
let wigner = () => null;
export const setShown = (shown) => {
  ({ plane, wigner } = shown);
};
const files = new Line("file", { isFile: true });

export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    toast(`${what} copied.`);
  } catch {
    toast("This browser does not let pages copy.");
  }
}

/** A text of the device as it is now, which the page may not have been told yet. */
async function copyOfDevice(key, what) {
  try {
    await copy((await ask("/api/device", { device: now().device }))[key], what);
  } catch (error) {
    toast(error.message);
  }
}

export const copyPython = () => copyOfDevice("python", "Python script");
export const copyCommand = () => copyOfDevice("command", "Command");
export const copyLink = () => copy(location.href.split("#")[0] + linkOf(now()), "Link");

/** What is asked of the server for a file of what is shown. */
function shownNow() {
  const { tab, cursor, times, stages } = now();
  if (tab === "map" && plane()) return ["map", plane()];
  if (tab === "spectra") return ["spectrum", { points: 401 }];
  if (tab === "protocol" && stages.length) return ["protocol", { stages }];
  return ["curves", { times }, cursor];
}

export async function save(what, format, request) {
  try {
    const found = await files.ask("/api/export", { device: now().device, what, format, request });
    if (!found) return; // cancelled, which was told
    const { blob, name } = found;
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

const saveShown = (format) => {
  const [what, request] = shownNow();
  return save(what, format, request);
};
export const saveDevice = () => save("device", "toml", {});

function menu() {
  const formats = [["png", "PNG", "picture"], ["svg", "SVG", "picture for print"], ["csv", "CSV", "data"], ["nc", "netCDF", "data with units"]];
  const others = [["wigner", "Wigner function", "png"], ["steady", "Steady values", "csv"]];
  const close = () => {
    list.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const item = (words, note, act) => h("button", { type: "button", role: "menuitem", onclick: () => { close(); act(); } }, words, h("span", { className: "muted" }, note));
  const list = h("div", { role: "menu", hidden: true, "aria-label": "Export" },
    formats.map(([format, words, note]) => item(words, note, () => saveShown(format))),
    others.map(([what, words, format]) => item(words, format.toUpperCase(), () => save(what, format, what === "wigner" ? { ...wigner(), points: 121 } : {}))),
    item("Device file", "TOML", saveDevice));
  const button = h("button", { type: "button", id: "export", "aria-haspopup": "menu", "aria-expanded": "false", onclick: () => {
    list.hidden = !list.hidden;
    button.setAttribute("aria-expanded", String(!list.hidden));
    if (!list.hidden) list.querySelector("button").focus();
  } }, "Export");
  const wrap = h("div", { className: "menu" }, button, list);
  wrap.addEventListener("keydown", (event) => {
    const items = [...list.querySelectorAll("button")];
    const at = items.indexOf(document.activeElement);
    if (event.key === "Escape") {
      close();
      button.focus();
    } else if (event.key === "ArrowDown" && !list.hidden) items[(at + 1) % items.length].focus();
    else if (event.key === "ArrowUp" && !list.hidden) items[(at + items.length - 1) % items.length].focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  wrap.addEventListener("focusout", (event) => !wrap.contains(event.relatedTarget) && close());
  return wrap;
}

const KEYS = [
  ["← →", "move the cursor in time"], ["s", "cursor to the steady state"], ["1 2 3 4", "charging, map, spectra, protocol"], ["p", "pin this device"], ["u, Ctrl+Z", "undo"], ["r, Ctrl+Shift+Z", "redo"],
  ["c", "copy as Python"], ["m", "copy as command"], ["l", "copy the link"], ["e", "export"], ["Esc", "cancel a long answer"], ["t", "light or dark"], ["?", "this sheet"],
];

export function showHelp() {
  const sheet = byId("help");
  fill(sheet, h("h2", { id: "help-title" }, "Keys"),
    h("dl", {}, KEYS.map(([keys, words]) => [h("dt", {}, keys.split(/, | (?=\S)/).map((key) => h("kbd", {}, key))), h("dd", {}, words)]).flat()),
    h("p", { className: "muted" }, "Press or drag in a plot to move the cursor; click in the map to go there. Sliders obey the arrow keys, fields take numbers such as 1e-3 or pi/2."),
    h("form", { method: "dialog" }, h("button", { className: "primary" }, "Close")));
  sheet.showModal();
}

export function makeToolbar() {
  const button = (id, words, title, act) => h("button", { type: "button", className: "quiet", id, title, onclick: act }, words);
  fill(byId("toolbar"),
    button("undo", "Undo", "Undo (u)", undo), button("redo", "Redo", "Redo (r)", redo), h("span", { className: "gap" }),
    button("copy-python", "Python", "Copy as a Python script (c)", copyPython), button("copy-command", "Command", "Copy as a command (m)", copyCommand), button("copy-link", "Link", "Copy the link to all this (l)", copyLink),
    h("span", { className: "gap" }), menu(), h("span", { className: "gap" }),
    button("theme-button", "Theme", "Light or dark (t)", toggleTheme), button("help-button", "?", "Keys (?)", showHelp));
  byId("help-button").setAttribute("aria-label", "Keys");
}

export function showHistory() {
  byId("undo").disabled = !canUndo();
  byId("redo").disabled = !canRedo();
}
