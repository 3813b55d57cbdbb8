// Elements of the page: made, emptied and found. No inline handlers, no HTML from strings.

const PROPERTIES = new Set(["value", "checked", "disabled", "hidden", "textContent", "htmlFor", "className", "selected"]);

/** An element with attributes, listeners (`onclick`) and children; null children are left out. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "data") Object.assign(element.dataset, value);
    else if (PROPERTIES.has(name)) element[name] = value;
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, value);
  }
  element.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

/** The same for pictures. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

export const byId = (id) => document.getElementById(id);

export function fill(element, ...children) {
  element.replaceChildren(...children.flat().filter((child) => child !== null && child !== undefined));
  return element;
}

const keys = new WeakMap();
const nameOf = (field) => field.id || field.getAttribute("aria-label") || field.textContent;

/**
 * Fills an element where `key`, what its content is made of, has changed: whoever types or draws in it is left alone.
 * The keyboard stays at what is of the same name, or in the element.
 */
export function refill(element, key, make) {
  const text = JSON.stringify(key);
  if (keys.get(element) === text) return;
  keys.set(element, text);
  const { activeElement } = document;
  const name = element.contains(activeElement) ? nameOf(activeElement) : null;
  fill(element, ...make());
  if (name === null) return;
  const fields = [...element.querySelectorAll("button, input, select")].filter((field) => !field.disabled);
  (fields.find((field) => nameOf(field) === name) ?? fields[0])?.focus();
}

// Fields whose text is not handed over yet, or was refused, belong to whoever is in them.
const open = new WeakSet();
addEventListener("input", (event) => open.add(event.target), true);
for (const end of ["change", "focusout"]) addEventListener(end, (event) => open.delete(event.target), true);
export const isTyped = (field) => document.activeElement === field && (open.has(field) || field.getAttribute("aria-invalid") === "true");

/** A picture or an equation that the server wrote, parsed as what it is. */
export function parsed(text, type) {
  const tree = new DOMParser().parseFromString(text, type);
  const root = type === "text/html" ? tree.body.firstElementChild : tree.documentElement;
  if (!root || tree.querySelector("parsererror")) return document.createTextNode("");
  root.querySelectorAll("script, foreignObject").forEach((element) => element.remove());
  return document.importNode(root, true);
}

export function debounced(act, milliseconds) {
  let timer = 0;
  const later = (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), milliseconds);
  };
  later.cancel = () => clearTimeout(timer);
  return later;
}

/** A short message at the foot of the page, which also is read aloud. */
let toastTimer = 0;
export function toast(message) {
  const element = byId("toast");
  element.textContent = message;
  element.classList.add("shown");
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => element.classList.remove("shown"), 2600);
}
