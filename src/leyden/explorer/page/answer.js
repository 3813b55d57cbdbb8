// The answer on the right: in words, in numbers, as bars of energy, and as equations.

import { palette } from "./colours.js";
import { byId, fill, h, parsed } from "./dom.js";
import { shown } from "./numbers.js";
import { symbol, unit } from "./symbols.js";

const MOST_BARS = 14;

export function showAnswer(answer) {
  byId("headline").textContent = answer.words;
  byId("headline").className = { stable: "good", unstable: "bad", marginal: "bad" }[answer.condition] ?? "plain";
  fill(byId("facts"), ...answer.facts.flatMap((fact) => [h("dt", {}, fact.label), h("dd", { className: fact.tone, data: { key: fact.key } }, fact.value)]));
  fill(byId("warnings"), ...answer.warnings.map((words) => h("li", {}, words)));
  if (!answer.steady) return;
  showTable(answer.steady);
  showBalance(answer.balance);
}

function showTable(rows) {
  const several = rows.some((row) => "battery" in row);
  const main = rows.filter((row) => !several || row.battery === null || row.battery === undefined);
  const head = h("tr", {}, h("th", { scope: "col" }, several ? "in all" : ""), h("th", { scope: "col" }, "steady"), h("th", { scope: "col" }, "peak"), h("th", { scope: "col" }, "at"));
  const lines = main.map((row) =>
    h("tr", { data: { name: row.name } },
      h("th", { scope: "row", title: `${row.meaning} (${row.unit})` }, row.symbol ? symbol(row.symbol) : null, ` ${row.label}`),
      h("td", { className: row.steady === null ? "hatched" : "", title: row.steady === null ? "no steady value" : unit(row.unit) }, shown(row.steady)),
      h("td", {}, shown(row.peak)),
      h("td", { className: "muted" }, row.peak_at === "inside" ? shown(row.peak_time, 3) : row.peak_at ?? "")));
  fill(byId("steady"), h("table", {}, h("thead", {}, head), h("tbody", {}, ...lines)));
}

function showBalance(bars) {
  const place = byId("balance");
  if (!bars?.length) return fill(place);
  const largest = Math.max(...bars.map((bar) => Math.abs(bar.flow)));
  const kept = [...bars].sort((first, second) => Math.abs(second.flow) - Math.abs(first.flow)).slice(0, MOST_BARS);
  const rows = bars.filter((bar) => kept.includes(bar)).map((bar) => {
    const share = (50 * Math.abs(bar.flow)) / largest;
    const strip = h("span", { className: "strip" });
    const mark = h("span", { className: bar.flow < 0 ? "out" : "in" });
    mark.style.width = `${share}%`;
    mark.style[bar.flow < 0 ? "right" : "left"] = "50%";
    mark.style.background = bar.flow < 0 ? palette().vermilion : palette().blue;
    strip.append(mark);
    return h("li", { title: `${bar.element} into ${bar.mode}: ${shown(bar.flow)} ħω₀Γ` }, h("span", { className: "bar-name" }, `${bar.element} → ${bar.mode}`), strip, h("span", { className: "bar-value" }, shown(bar.flow, 3)));
  });
  return fill(place, h("h2", {}, "Energy flows at rest"), h("ul", { className: "bars" }, ...rows));
}

export function showEquations(equations) {
  const body = equations.mathml ? parsed(equations.mathml, "text/html") : h("pre", {}, equations.latex);
  const copy = h("button", { type: "button", className: "quiet", id: "copy-latex" }, "Copy LaTeX");
  fill(byId("equations"), h("div", { className: "row spread" }, h("h2", {}, "Equation of motion"), copy), h("div", { className: "math", tabindex: "0", role: "group", "aria-label": "Equation of motion" }, body));
  return copy;
}
