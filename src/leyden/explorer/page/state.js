// What is shown, as one plain object: the link to it, its history, and whoever wants to hear of changes.

export const START = {
  device: { catalog: "two_photon_battery", parameters: {} },
  times: { until: null },
  cursor: null, // null: the steady state, or the end
  tab: "time",
  extra: "charging_power", // what the second plot shows
  mode: null, // whose Wigner function is shown; null: that of the first battery
  map: null,
  pins: [],
  stages: [],
};

const LONGEST_HISTORY = 200;
// Changes of these are looks: they belong to the link, not to the history.
const LOOKS = new Set(["cursor", "tab", "extra", "mode"]);

let state = structuredClone(START);
let past = [];
let future = [];
let openDrag = null;
const listeners = new Set();

export const now = () => state;

/** Calls `listener(state, before, reason)` after every change. */
export function onChange(listener) {
  listeners.add(listener);
}

function tell(before, reason) {
  writeLink();
  for (const listener of listeners) listener(state, before, reason);
}

/** Changes parts of the state. Changes with the same `drag` are one step of the history until `settle` is called. */
export function change(patch, { drag = null } = {}) {
  const before = state;
  state = { ...state, ...patch };
  const isLook = Object.keys(patch).every((key) => LOOKS.has(key));
  if (!isLook && !(drag && drag === openDrag)) {
    past = [...past, before].slice(-LONGEST_HISTORY);
    future = [];
    openDrag = drag;
  }
  tell(before, drag ? "drag" : "change");
}

/** Ends a drag: the next one is a step of its own. */
export function settle() {
  if (openDrag === null) return;
  openDrag = null;
  tell(state, "settle");
}

export const canUndo = () => past.length > 0;
export const canRedo = () => future.length > 0;

function travel(from, to) {
  const before = state;
  to.push(before);
  const target = from.pop();
  const looks = Object.fromEntries([...LOOKS].map((key) => [key, before[key]]));
  state = { ...target, ...looks };
  openDrag = null;
  tell(before, "travel");
}

export function undo() {
  if (canUndo()) travel(past, future);
}

export function redo() {
  if (canRedo()) travel(future, past);
}

/** Changes the device, dropping what is empty. */
export function changeDevice(patch, options) {
  const device = { ...state.device, ...patch };
  if (device.pulses && Object.keys(device.pulses).length === 0) delete device.pulses;
  change({ device }, options);
}

export function changeParameter(name, value, options) {
  const pulses = { ...state.device.pulses };
  delete pulses[name];
  changeDevice({ parameters: { ...state.device.parameters, [name]: value }, pulses }, options);
}

// The link: base64url of JSON, so that nothing but letters, digits, - and _ travels.

export function encoded(value) {
  const bytes = new TextEncoder().encode(JSON.stringify(value));
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  return btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

export function decoded(text) {
  const letters = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(letters, (letter) => letter.charCodeAt(0))));
}

/** The state of a link, or null where it has none that makes sense. */
export function stateOf(hash) {
  const found = /[#&]s=([\w-]+)/.exec(hash);
  if (!found) return null;
  try {
    const value = decoded(found[1]);
    const device = value.device;
    const isDevice = device && (typeof device.catalog === "string" || typeof device.text === "string");
    if (!isDevice) return null;
    const known = Object.fromEntries(Object.keys(START).map((key) => [key, value[key] ?? START[key]]));
    return { ...known, pins: Array.isArray(known.pins) ? known.pins.slice(0, 4) : [] };
  } catch {
    return null;
  }
}

export const linkOf = (value) => `#s=${encoded(value)}`;

let writing = 0;
let written = "";
function writeLink() {
  // Browsers refuse addresses that change too often.
  if (writing) return;
  writing = setTimeout(() => {
    writing = 0;
    written = linkOf(state);
    history.replaceState(null, "", written);
  }, 250);
}

/** Takes the state from the address, at the start and whenever a reader changes it. */
export function begin(fallback) {
  state = stateOf(location.hash) ?? { ...START, ...fallback };
  addEventListener("hashchange", () => {
    const linked = location.hash === written ? null : stateOf(location.hash);
    if (linked) change(linked);
  });
  tell(state, "begin");
}
