// The page: parts are made once, and brought up to date with every change of the state.

import { Line, ask, cancelAll, onBusy } from "./api.js";
import { complainOfText, makeChooser, showDevice } from "./chooser.js";
import { Curves, timeBar } from "./curves.js";
import { byId, debounced, fill, h, toast } from "./dom.js";
import { listenToKeys } from "./keys.js";
import { Plane } from "./map.js";
import { askPins, showPins } from "./pins.js";
import { Protocol } from "./protocol.js";
import { showSchematic } from "./schematic.js";
import { complain, forgive, onPulse, showParameters, showValues } from "./sliders.js";
import { Spectra } from "./spectra.js";
import { begin, change, now, onChange } from "./state.js";
import { onTheme } from "./theme.js";
import { makeToolbar, saveDevice, setShown, showHistory } from "./toolbar.js";
import { Wigner } from "./wigner.js";
import { showAnswer, showEquations, showTrouble } from "./words.js";

const TABS = { time: "Charging", map: "Map", spectra: "Spectra", protocol: "Protocol" };
const answers = new Line("answer");
const devices = new Line("device");
let parts = null;
let answer = null;
let touched = 0;

function makeTabs() {
  const names = Object.keys(TABS);
  fill(byId("tabs"), names.map((name) => h("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": `panel-${name}`, onclick: () => change({ tab: name }) }, TABS[name])));
  byId("tabs").addEventListener("keydown", (event) => {
    const way = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!way) return;
    const next = names[(names.indexOf(now().tab) + way + names.length) % names.length];
    change({ tab: next });
    byId(`tab-${next}`).focus();
  });
}

function showTab() {
  for (const name of Object.keys(TABS)) {
    const isShown = name === now().tab;
    byId(`panel-${name}`).hidden = !isShown;
    byId(`tab-${name}`).setAttribute("aria-selected", String(isShown));
    byId(`tab-${name}`).tabIndex = isShown ? 0 : -1;
  }
}

const identity = () => now().device.catalog ?? now().device.text;

async function askDevice() {
  try {
    const found = await devices.ask("/api/device", { device: now().device });
    if (!found) return;
    complainOfText("");
    showDevice(found);
    showParameters(found, identity());
    showSchematic(found.schematic);
    showEquations(found.equations);
    parts.plane.describe(found);
    parts.wigner.describe(found);
    parts.protocol.describe(found);
  } catch (error) {
    trouble(error);
  }
}

/** Whether there is an answer, or a refusal: not where it was cancelled, or a newer question took its place. */
async function askAnswer(detail) {
  try {
    const found = await answers.ask("/api/answer", { device: now().device, times: now().times, detail });
    if (!found) return false;
    forgive();
    showTrouble("");
    answer = found;
    parts.protocol.pulses.until = found.until;
    showAnswer(found);
    await drawTime();
    if (touched) {
      document.body.dataset.seen = String(Math.round(performance.now() - touched));
      touched = 0;
    }
  } catch (error) {
    trouble(error);
  }
  return true;
}

/** All that is shown of a device that has changed. */
async function askAll() {
  const [, isAnswered] = await Promise.all([askDevice(), askAnswer("all")]);
  if (isAnswered) await askTab();
}

async function drawTime() {
  if (!answer) return;
  const { tab } = now();
  parts.bar.show(answer);
  if (tab !== "time") return;
  parts.curves.draw(answer);
  const { pins } = now();
  if (!pins.length && !parts.curves.pins.length) return;
  const found = await askPins(answer.until ?? null);
  // Whoever took a pin away meanwhile has drawn without it.
  if (now().pins !== pins) return;
  parts.curves.pins = found;
  parts.curves.draw(answer);
}

async function askTab() {
  const { tab } = now();
  if (tab === "time" && answer) await parts.wigner.ask(answer);
  if (tab === "map" && parts.plane.described) await parts.plane.ask(answer?.condition === "beyond");
  if (tab === "spectra") await parts.spectra.ask();
  if (tab === "protocol") await parts.protocol.ask(answer);
}

/** A complaint at its field; the last good answer stays, greyed. */
function trouble(error) {
  forgive();
  const isText = now().device.text !== undefined && (error.field === "text" || !complain(error.field, error.message));
  if (isText) complainOfText(error.message);
  else if (error.field?.startsWith("times")) parts.bar.fault.textContent = error.message;
  else if (now().device.text === undefined && error.field) complain(error.field, error.message);
  showTrouble(error.message);
}

const rest = debounced(askAll, 160);

function update(state, before, reason) {
  showHistory();
  showTab();
  const isDevice = state.device !== before.device || state.times !== before.times;
  if (isDevice && reason === "drag") {
    touched ||= performance.now();
    showValues();
    // A slow answer is no help while a slider moves.
    if (answer?.condition !== "beyond") askAnswer("curves");
    rest();
    return;
  }
  if (reason === "settle") return;
  if (isDevice || reason === "begin") {
    showValues();
    touched ||= performance.now();
    rest.cancel();
    askAll();
  }
  if (state.pins !== before.pins || reason === "begin") showPins();
  if (state.cursor !== before.cursor) {
    parts.curves.showCursor();
    parts.bar.show(answer);
    if (!isDevice && state.tab === "time" && answer) parts.wigner.ask(answer);
  }
  if (state.mode !== before.mode) {
    if (parts.wigner.described) parts.wigner.describe(parts.wigner.described);
    if (!isDevice && state.tab === "time" && answer) parts.wigner.ask(answer);
  }
  if (state.stages !== before.stages) parts.protocol.show();
  const isTab = state.tab !== before.tab;
  if (isTab || state.pins !== before.pins || state.extra !== before.extra) drawTime();
  if (state.map !== before.map && parts.plane.described) parts.plane.describe(parts.plane.described);
  if (!isDevice && (isTab || state.map !== before.map || state.stages !== before.stages)) askTab();
}

const SLOW_AFTER = 350;
const busy = { since: 0, timer: 0 };

/** Tells of work that lasts, and not of each answer. */
function showBusy(running) {
  clearTimeout(busy.timer);
  byId("progress").hidden = true;
  if (!running.size) {
    busy.since = 0;
    return;
  }
  busy.since ||= performance.now();
  const wait = SLOW_AFTER - (performance.now() - busy.since);
  if (wait > 0) {
    busy.timer = setTimeout(() => showBusy(running), wait);
    return;
  }
  byId("progress").hidden = false;
  const reports = [...running];
  const [line, report] = reports.find(([, one]) => one) ?? reports[0];
  const bar = byId("progress-bar");
  const share = report?.progress ?? null;
  bar.classList.toggle("endless", share === null);
  bar.style.transform = share === null ? "" : `scaleX(${share})`;
  if (share === null) bar.removeAttribute("aria-valuenow");
  else bar.setAttribute("aria-valuenow", String(Math.round(100 * share)));
  byId("progress-words").textContent = `${line.name}: ${report?.words || "computing"}${share === null ? "" : `, ${Math.round(100 * share)} %`}`;
}

async function start() {
  makeToolbar();
  makeTabs();
  const catalog = await ask("/api/catalog");
  const quantities = { ...catalog.quantities, ...Object.fromEntries(catalog.merits.map((merit) => [merit.name, merit])) };
  parts = { curves: new Curves(quantities), wigner: new Wigner(), plane: new Plane(catalog.merits, quantities), spectra: new Spectra(), protocol: new Protocol(quantities), bar: timeBar() };
  const { curves, wigner } = parts;
  fill(byId("panel-time"), h("div", { className: "grid" }, curves.energy.element, curves.power.element, curves.ratios.element, wigner.figure.element), parts.bar.element);
  fill(byId("panel-map"), parts.plane.elements);
  fill(byId("panel-spectra"), parts.spectra.elements);
  fill(byId("panel-protocol"), parts.protocol.elements);
  makeChooser(catalog.devices, saveDevice);
  setShown({ plane: () => parts.plane.pictured(), wigner: () => answer && parts.wigner.pictured(answer) });
  onPulse((name) => {
    change({ tab: "protocol" });
    parts.protocol.pulses.open(name);
  });
  onBusy(showBusy);
  byId("cancel").addEventListener("click", () => {
    cancelAll();
    toast("Cancelled: the last answer stays.");
  });
  onTheme(() => [curves, wigner, parts.plane, parts.spectra, parts.protocol].forEach((part) => part.redraw()));
  listenToKeys(() => answer?.until ?? answer?.curves.time.at(-1) ?? 1);
  onChange(update);
  begin(catalog.first ? { device: { parameters: {}, ...catalog.first } } : {});
}

start().catch((error) => showTrouble(error.message));
