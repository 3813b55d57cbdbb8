// The page as a whole: what is asked when the state changes, and who shows the answers.

import { ask, cancelAll, Line, onBusy } from "./api.js";
import { showAnswer, showEquations } from "./answer.js";
import { buildCurves, redrawCurves, redrawWigner, showCurves, showCursor } from "./curves.js";
import { byId, debounced } from "./dom.js";
import { askMap, buildMap, mapRequestNow, redrawMap, setParameters } from "./map.js";
import { askProtocol, buildProtocol, redrawProtocol, setPulsable } from "./protocol.js";
import { buildChooser, clearFaults, showDevice, tellFault } from "./sliders.js";
import { askSpectra, buildSpectra, redrawSpectra } from "./spectra.js";
import { begin, now, onChange } from "./state.js";
import { onTheme } from "./theme.js";
import { buildTools, copyText, labelOf, onMapRequest, setTexts, showPins, showTools } from "./tools.js";

const SLOW_AFTER = 350;
const REST = 160;
const lines = { device: new Line("device"), answer: new Line("answer", { patience: 3000 }) };
const pinned = new Map();
let described = null;
let answer = null;
let isBroken = false;

function trouble(error) {
  const isPlaced = error.field && tellFault(String(error.field).split(".")[0], error.message);
  byId("trouble").textContent = isPlaced ? "" : error.message;
  isBroken = true;
  document.body.classList.add("stale");
}

function well() {
  if (isBroken) clearFaults();
  isBroken = false;
  byId("trouble").textContent = "";
  document.body.classList.remove("stale");
}

async function pinsNow() {
  const { pins, times } = now();
  return Promise.all(pins.map(async (device) => {
    const key = JSON.stringify([device, times]);
    try {
      if (!pinned.has(key)) pinned.set(key, await ask("/api/answer", { device, times, detail: "curves" }));
      return { ...pinned.get(key), label: labelOf(device) };
    } catch {
      return null;
    }
  }));
}

async function askAnswer(detail) {
  const begun = performance.now();
  const { device, times } = now();
  try {
    const found = await lines.answer.ask("/api/answer", { device, times, detail });
    if (!found) return;
    well();
    answer = found;
    showAnswer(found);
    await showCurves(found, await pinsNow());
    document.body.dataset.seen = String(Math.round(performance.now() - begun));
  } catch (error) {
    trouble(error);
  }
}

async function askDevice() {
  try {
    const found = await lines.device.ask("/api/device", { device: now().device });
    if (!found) return;
    described = found;
    showDevice(found);
    setTexts(found);
    setParameters(found.parameters);
    setPulsable(found.parameters);
    const copy = showEquations(found.equations);
    copy.addEventListener("click", () => copyText(found.equations.latex, "the equations"));
  } catch (error) {
    trouble(error);
  }
}

const isBeyond = () => answer?.condition === "beyond";

function askTab() {
  const { tab } = now();
  if (tab === "map") askMap(isBeyond());
  if (tab === "spectra") askSpectra();
  if (tab === "protocol") askProtocol();
}

const rest = debounced(async () => {
  await Promise.all([askDevice(), askAnswer("all")]);
  askTab();
}, REST);

function changed(state, before, reason) {
  showTools();
  showPins();
  const isNew = state.device !== before.device || state.times !== before.times;
  if (reason === "begin" || (isNew && reason !== "drag")) {
    rest.cancel();
    Promise.all([askDevice(), askAnswer("all")]).then(askTab);
    return;
  }
  if (reason === "drag" && isNew) {
    // A slow answer is no help while a slider moves.
    if (!isBeyond()) askAnswer("curves");
    rest();
    return;
  }
  if (reason === "settle") return;
  if (state.pins !== before.pins) pinsNow().then((pins) => answer && showCurves(answer, pins));
  if (state.tab !== before.tab) {
    if (state.tab === "time") redrawCurves();
    else askTab();
  }
  if (state.map !== before.map) askMap(isBeyond());
  if (state.stages !== before.stages) {
    if (described) setPulsable(described.parameters);
    askProtocol();
  }
  if (state.extra !== before.extra) redrawCurves();
  if (state.cursor !== before.cursor) showCursor();
}

let busySince = 0;
onBusy((running) => {
  const isBusy = running.size > 0;
  busySince = isBusy ? busySince || performance.now() : 0;
  if (!isBusy) byId("progress").hidden = true;
  else setTimeout(() => busySince && showProgress(running), SLOW_AFTER);
});

function showProgress(running) {
  if (!busySince || performance.now() - busySince < SLOW_AFTER) return;
  const reports = [...running.values()].filter(Boolean);
  const known = reports.find((one) => one.progress !== null && one.progress !== undefined);
  byId("progress").hidden = false;
  const bar = byId("progress-bar");
  bar.classList.toggle("endless", !known);
  bar.style.transform = known ? `scaleX(${known.progress})` : "";
  byId("progress-words").textContent = known ? `${Math.round(100 * known.progress)} %` : reports[0]?.words ?? "computing";
}

async function start() {
  try {
    const catalog = await ask("/api/catalog");
    buildChooser(catalog);
    buildTools();
    buildCurves(catalog);
    buildMap(catalog);
    buildSpectra();
    buildProtocol();
    onMapRequest(mapRequestNow);
    byId("cancel").addEventListener("click", cancelAll);
    addEventListener("keydown", (event) => event.key === "Escape" && cancelAll());
    onTheme(() => {
      redrawCurves();
      redrawWigner();
      redrawMap();
      redrawSpectra();
      redrawProtocol();
      if (answer) showAnswer(answer);
    });
    onChange(changed);
    begin(catalog.first ? { device: { parameters: {}, ...catalog.first } } : {});
  } catch (error) {
    byId("trouble").textContent = error.message;
  }
}

start();
