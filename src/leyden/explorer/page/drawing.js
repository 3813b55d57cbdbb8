// What all plots share: Plotly's layout in the colours of the page, and drawing into a place.

import { inks } from "./colours.js";

const CONFIG = { displayModeBar: false, responsive: true, doubleClick: "reset", showTips: false };

export function axis(title, more = {}) {
  const ink = inks();
  return {
    title: { text: title, standoff: 6, font: { size: 12 } },
    gridcolor: ink.grid, zerolinecolor: ink.line, linecolor: ink.line, tickcolor: ink.line, ticks: "outside", ticklen: 3,
    automargin: true, ...more,
  };
}

export function layout(more = {}) {
  const ink = inks();
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    font: { family: getComputedStyle(document.body).fontFamily, size: 11, color: ink.text },
    margin: { l: 52, r: 12, t: 12, b: 34 }, hovermode: "x unified", showlegend: true,
    legend: { orientation: "h", x: 0, y: 1.0, yanchor: "bottom", font: { size: 11 } },
    hoverlabel: { bgcolor: ink.panel, bordercolor: ink.line, font: { color: ink.text } },
    ...more,
  };
}

/** Draws, and resolves when it is to be seen. */
export const draw = (place, traces, shape) => globalThis.Plotly.react(place, traces, shape, CONFIG);
