// Light or dark: what the system says until the reader says otherwise. Not part of the link.

import { byId } from "./dom.js";

const query = matchMedia("(prefers-color-scheme: dark)");
let chosen = null;
const listeners = new Set();

export const onTheme = (listener) => listeners.add(listener);

function apply() {
  document.documentElement.dataset.theme = (chosen ?? (query.matches ? "dark" : "light"));
  byId("theme-button")?.setAttribute("aria-pressed", String(document.documentElement.dataset.theme === "dark"));
  for (const listener of listeners) listener();
}

export function toggleTheme() {
  chosen = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
  apply();
}

query.addEventListener("change", apply);
apply();
