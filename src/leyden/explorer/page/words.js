// The answer in words and numbers: headline, facts, warnings, steady values, flows and equations.

import { byId, fill, h, parsed } from "./dom.js";
import { shown } from "./numbers.js";
import { symbol, unit } from "./symbols.js";
import { copy } from "./toolbar.js";

// Where there is no steady state, and where a quantity merely has no steady value.
const WITHOUT = new Set(["unstable", "marginal", "changing"]);
const TONES = { stable: "good", unstable: "bad", marginal: "warn", changing: "plain", beyond: "plain" };
const IN_TABLE = ["charger_energy", "stored_energy", "passive_energy", "ergotropy", "charging_power", "purity", "utilization_ratio", "conversion_ratio", "transfer_ratio", "charging_efficiency"];

const arrowed = (text) => text.replaceAll("<->", "↔").replaceAll("->", "→");

export function showAnswer(answer) {
  const tone = TONES[answer.condition] ?? "plain";
  if (answer.words) fill(byId("headline"), tone === "plain" ? null : h("span", { className: `pill ${tone}` }, answer.condition), h("span", {}, arrowed(answer.words)));
  if (!answer.facts) return;
  fill(byId("facts"), answer.facts.map((fact) => [h("dt", {}, fact.label), h("dd", { className: fact.tone, title: fact.why || null, data: { fact: fact.key } }, arrowed(fact.value))]).flat());
  fill(byId("warnings"), (answer.warnings ?? []).map((text) => h("li", {}, text)));
  if (answer.steady) showSteady(answer);
  showBalance(answer.balance, answer.balance_words);
}

function steadyCell(entry, answer) {
  const isNone = entry.steady === null;
  const isWithout = isNone && WITHOUT.has(answer.condition);
  const data = { steady: entry.name, value: isNone ? "" : String(entry.steady) };
  return h("td", { className: isWithout ? "hatched" : "", title: isWithout ? "no steady state" : null, data }, isWithout ? "none" : shown(entry.steady));
}

function showSteady(answer) {
  const entries = answer.steady.filter((entry) => IN_TABLE.includes(entry.name.replace(/^total_/, "")) && (entry.battery ?? null) === null);
  const shownOnes = entries.length ? entries : answer.steady;
  fill(byId("steady"), h("table", {},
    h("thead", {}, h("tr", {}, ["quantity", "steady", "peak", "at"].map((word) => h("th", { scope: "col" }, word)))),
    h("tbody", {}, shownOnes.map((entry) => h("tr", {},
      h("th", { scope: "row", title: `${entry.meaning}${unit(entry.unit) ? ` (${entry.unit})` : ""}` }, symbol(entry.symbol), h("span", { className: "muted" }, ` ${entry.label}`)),
      steadyCell(entry, answer),
      h("td", { data: { peak: entry.name } }, shown(entry.peak)),
      h("td", { className: "muted" }, entry.peak_at === "end" ? "end" : shown(entry.peak_time, 3)))))));
}

// "LocalBath(charger)" as "local bath → charger".
const spaced = ({ element, mode }) => `${element.replace(/(Family)?\(.*/, "").replace(/Family$/, "").replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter}`).toLowerCase()} → ${mode}`;

function showBalance(balance, words) {
  const place = byId("balance");
  if (!balance?.length) {
    fill(place, words ? h("p", { className: "muted" }, words) : "");
    return;
  }
  const largest = Math.max(...balance.map((entry) => Math.abs(entry.flow)), 1e-300);
  const sorted = [...balance].sort((a, b) => Math.abs(b.flow) - Math.abs(a.flow)).filter((entry) => Math.abs(entry.flow) > 1e-3 * largest).slice(0, 8);
  fill(place, h("h2", {}, "Energy flows, steady state"),
    h("ul", { className: "bars" }, sorted.map((entry) => {
      const bar = h("span", { className: `bar ${entry.flow > 0 ? "in" : "out"}` });
      bar.style.setProperty("--share", Math.abs(entry.flow) / largest);
      return h("li", { title: `${entry.element} into ${entry.mode}` },
        h("span", { className: "bar-name" }, spaced(entry)), h("span", { className: "bar-place" }, bar), h("span", { className: "bar-number" }, shown(entry.flow, 3)));
    })));
}

export function showEquations({ mathml, latex }) {
  const button = h("button", { type: "button", className: "quiet", id: "copy-latex", onclick: () => copy(latex ?? "", "LaTeX") }, "Copy LaTeX");
  const region = h("div", { className: "mathematics", tabindex: "0", role: "region", "aria-label": "Equations" }, mathml ? parsed(mathml, "text/html") : h("pre", {}, latex ?? ""));
  fill(byId("equations"), h("div", { className: "row spread" }, h("h2", {}, "Equations of this device"), button), region);
  fit(region);
}

// Sizes of the letters of an equation: the usual one, and the smallest that is still read.
const [USUAL, SMALLEST] = [12.5, 8.5];

/** Equations as large as the column lets them be; whatever would be too small then is scrolled. */
function fit(region) {
  region.style.setProperty("--fitting", `${USUAL}px`);
  for (let size = USUAL; region.scrollWidth > region.clientWidth && size > SMALLEST; ) {
    size = Math.max(SMALLEST, Math.min(size - 0.25, (size * region.clientWidth) / region.scrollWidth));
    region.style.setProperty("--fitting", `${size}px`);
  }
}

addEventListener("resize", () => document.querySelectorAll(".mathematics").forEach(fit));

export function showTrouble(message) {
  fill(byId("trouble"), message ? h("p", { className: "fault" }, message) : "");
  document.body.classList.toggle("stale", Boolean(message));
}
