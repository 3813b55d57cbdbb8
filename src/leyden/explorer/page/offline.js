// Frames that were computed before, one for each place of the sliders: this page draws them, and computes nothing.
"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const byId = (id) => document.getElementById(id);
  const query = matchMedia("(prefers-color-scheme: dark)");
  const places = data.axes.map((axis) => axis.begin);
  const CONFIG = { displayModeBar: false, responsive: true };
  const LOOKS = { stored_energy: ["#0072B2", "#4AA8E0"], ergotropy: ["#D55E00", "#F07F3C"], charger_energy: ["#6B6B6B", "#A3A9B2"], charging_power: ["#CC79A7", "#E19AC0"] };
  const spaced = (name) => name.replaceAll("_", " ");
  const shown = (value) => (value === null || value === undefined ? "–" : Number(value.toPrecision(4)).toString().replace("-", "−"));
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const frameAt = (at) => data.frames[at.length === 2 ? at[0] * data.axes[1].values.length + at[1] : at[0]];

  function layout(more) {
    return { paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", font: { size: 11, color: ink("--ink"), family: "system-ui, sans-serif" }, margin: { l: 54, r: 14, t: 26, b: 40 }, showlegend: false, ...more };
  }
  const axis = (text, more) => ({ title: { text, standoff: 6 }, gridcolor: ink("--grid"), zerolinecolor: ink("--line"), automargin: true, ...more });

  const SIGNS = [["hbar omega_0", "ħω₀"], ["hbar", "ħ"], ["omega_0", "ω₀"], [" * ", " · "], ["^2", "²"]];
  const unit = (name) => SIGNS.reduce((known, [from, to]) => known.replaceAll(from, to), data.units[name] ?? "");
  const inUnits = (words, name) => (unit(name) ? `${words} (${unit(name)})` : words);

  /** Ranges of two axes that hold all their values and have their zeros at one height. */
  function levelled(...groups) {
    const ends = groups.map((lists) => lists.flat().filter((value) => value !== null).reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [0, 0]));
    const below = Math.min(0.9, Math.max(...ends.map(([low, high]) => (high > low ? -low / (high - low) : 0))));
    return ends.map(([low, high]) => {
      const top = (below > 0 ? Math.max(high, (-low * (1 - below)) / below) : high) || 1;
      const bottom = (-below / (1 - below)) * top;
      return [1.05 * bottom, 1.05 * top];
    });
  }

  function drawCurves(frame) {
    const { charging_power: power = [], ...energies } = frame.curves;
    const [left, right] = levelled(Object.values(energies), [power]);
    const lines = Object.entries(frame.curves).map(([name, values]) => ({ x: data.times, y: values, name: spaced(name), mode: "lines", yaxis: name === "charging_power" ? "y2" : "y", line: { width: name === "charging_power" ? 1.4 : 2.2, dash: name === "charging_power" ? "dot" : "solid", simplify: false, color: LOOKS[name][query.matches ? 1 : 0] }, hovertemplate: "%{y:.4g}" }));
    const second = { overlaying: "y", side: "right", title: { text: inUnits("power", "charging_power") }, showgrid: false, zeroline: false, automargin: true, range: right, tickmode: "auto", nticks: 6 };
    Plotly.react("curves", lines, layout({ showlegend: true, legend: { orientation: "h", y: 1.02, yanchor: "bottom" }, hovermode: "x unified", xaxis: axis(inUnits("time", "time")), yaxis: axis(inUnits("energy", "stored_energy"), { range: left }), yaxis2: second, margin: { l: 54, r: 60, t: 26, b: 40 } }), CONFIG);
  }

  function drawWigner(frame) {
    if (!frame.wigner) return Plotly.purge("wigner");
    const bytes = Uint8Array.from(atob(frame.wigner.bytes), (letter) => letter.charCodeAt(0));
    const steps = new Int8Array(bytes.buffer);
    const { top, ends } = frame.wigner;
    const rows = Array.from({ length: data.cells }, (_, row) => Array.from(steps.slice(row * data.cells, (row + 1) * data.cells), (step) => (top * step) / data.levels));
    const along = (low, high) => Array.from({ length: data.cells }, (_, at) => low + ((high - low) * at) / (data.cells - 1));
    const nothing = query.matches ? "#171a20" : "#f7f7f7";
    const scale = query.matches ? [[0, "#8ccbff"], [0.5, nothing], [1, "#ffb199"]] : [[0, "#08306b"], [0.25, "#4393c3"], [0.5, nothing], [0.75, "#d6604d"], [1, "#67001f"]];
    const map = { type: "heatmap", x: along(ends[0], ends[1]), y: along(ends[2], ends[3]), z: rows, zmin: -top, zmax: top, colorscale: scale, zsmooth: "best", colorbar: { thickness: 9, outlinewidth: 0 }, hovertemplate: "%{z:.3f}<extra></extra>" };
    return Plotly.react("wigner", [map], layout({ title: { text: "Wigner function of the battery", font: { size: 12 }, y: 0.98 }, xaxis: axis("x", { constrain: "domain" }), yaxis: axis("p", { scaleanchor: "x", constrain: "domain" }) }), CONFIG);
  }

  function drawMap() {
    const values = (at) => frameAt(at).steady.ergotropy ?? null;
    const [first, second] = data.axes;
    const hasNone = data.frames.some((frame) => (frame.steady.ergotropy ?? null) === null);
    const title = { text: `${inUnits("Steady ergotropy", "ergotropy")}${hasNone ? "; none where it is bare" : ""}`, font: { size: 12 }, y: 0.98 };
    if (!second) {
      const line = { x: first.values, y: first.values.map((_, at) => values([at])), mode: "lines", line: { color: LOOKS.ergotropy[query.matches ? 1 : 0] } };
      const here = { x: [first.values[places[0]]], y: [values(places)], mode: "markers", marker: { size: 11, color: "#ff5a36" } };
      return Plotly.react("map", [line, here], layout({ title, xaxis: axis(first.label), yaxis: axis("") }), CONFIG);
    }
    const rows = second.values.map((_, up) => first.values.map((__, across) => values([across, up])));
    const known = rows.flat().filter((value) => value > 0);
    const [low, high] = [Math.min(...known), Math.max(...known)];
    // By factors where values span many, as near a threshold.
    const isLog = high > 30 * low;
    const heights = isLog ? rows.map((row) => row.map((value) => (value > 0 ? Math.log10(value) : null))) : rows;
    const decades = Array.from({ length: 40 }, (_, place) => place - 20).filter((one) => isLog && one >= Math.log10(low) && one <= Math.log10(high));
    const marks = isLog ? { tickvals: decades, ticktext: decades.map((one) => shown(10 ** one)) } : {};
    const plane = { type: "heatmap", x: first.values, y: second.values, z: heights, customdata: rows, colorscale: "Viridis", colorbar: { thickness: 9, outlinewidth: 0, ...marks }, hovertemplate: "%{x:.3g}, %{y:.3g}: %{customdata:.3g}<extra></extra>" };
    const here = { x: [first.values[places[0]]], y: [second.values[places[1]]], mode: "markers", hoverinfo: "skip", marker: { symbol: "cross-thin", size: 15, line: { width: 2.5, color: "#ff5a36" } } };
    return Plotly.react("map", [plane, here], layout({ title, xaxis: axis(first.label, { showgrid: false }), yaxis: axis(second.label, { showgrid: false }) }), CONFIG);
  }

  function show() {
    const frame = frameAt(places);
    byId("words").textContent = frame.words.replaceAll("->", "→");
    byId("words").className = frame.condition;
    const rows = Object.entries(frame.steady).map(([name, value]) => {
      const [line, head, cell] = ["tr", "th", "td"].map((tag) => document.createElement(tag));
      head.scope = "row";
      head.textContent = spaced(name);
      head.title = data.symbols[name] ?? "";
      cell.textContent = shown(value);
      line.append(head, cell);
      return line;
    });
    byId("numbers").tBodies[0].replaceChildren(...rows);
    drawCurves(frame);
    drawWigner(frame);
    drawMap();
    document.body.dataset.seen = places.join();
  }

  byId("name").textContent = spaced(data.name);
  byId("sliders").replaceChildren(...data.axes.map((one, place) => {
    const label = document.createElement("label");
    const [words, value, slider] = [document.createElement("span"), document.createElement("output"), document.createElement("input")];
    Object.assign(slider, { type: "range", min: 0, max: one.values.length - 1, step: 1, value: places[place] });
    words.textContent = `${one.label}${one.unit ? ` (${one.unit})` : ""}`;
    const tell = () => {
      value.textContent = shown(one.values[places[place]]);
      slider.setAttribute("aria-valuetext", value.textContent);
    };
    slider.addEventListener("input", () => {
      places[place] = Number(slider.value);
      tell();
      show();
    });
    slider.style.gridColumn = "1 / -1";
    tell();
    label.append(words, value, slider);
    return label;
  }));
  const themed = () => {
    document.documentElement.dataset.theme = query.matches ? "dark" : "light";
    show();
  };
  query.addEventListener("change", themed);
  themed();
})();
