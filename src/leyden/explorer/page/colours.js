// Colours of the plots: those of leyden's figures (Okabe and Ito), a little lighter where the page is dark.

const LIGHT = {
  blue: "#0072B2", orange: "#E69F00", green: "#009E73", vermilion: "#D55E00", purple: "#CC79A7", sky: "#56B4E9",
  grey: "#6B6B6B",
};
const DARK = { ...LIGHT, blue: "#4AA8E0", green: "#2CC295", vermilion: "#F07F3C", purple: "#E19AC0", grey: "#A3A9B2" };

export const isDark = () => document.documentElement.dataset.theme === "dark";
export const palette = () => (isDark() ? DARK : LIGHT);

/** What each quantity looks like, as in leyden's own figures. */
export const LOOK = {
  stored_energy: { colour: "blue" },
  ergotropy: { colour: "vermilion", dash: "6px,3px" },
  passive_energy: { colour: "green", dash: "7px,2px,1.5px,2px" },
  charger_energy: { colour: "grey", dash: "1.5px,2.5px" },
  charging_power: { colour: "purple" },
  utilization_ratio: { colour: "vermilion" },
  conversion_ratio: { colour: "blue", dash: "6px,3px" },
  transfer_ratio: { colour: "green", dash: "1.5px,2.5px" },
  charging_efficiency: { colour: "purple", dash: "7px,2px,1.5px,2px" },
};
const OTHERS = ["purple", "sky", "orange", "green"];

export function lookOf(name) {
  const known = LOOK[name.replace(/^total_/, "")];
  const letters = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0), 0);
  const { colour, dash } = known ?? { colour: OTHERS[letters % OTHERS.length] };
  return { colour: palette()[colour], dash: dash ?? "solid" };
}

/** Dashes that tell pinned devices apart. */
export const PIN_DASHES = ["5px,2px", "2px,2px", "8px,2px,2px,2px", "1px,3px"];

const style = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
export const inks = () => ({ text: style("--ink"), muted: style("--muted"), line: style("--line"), grid: style("--grid"), panel: style("--panel"), accent: style("--accent") });

/** Signs of a Wigner function: blue negative, red positive, and nothing the colour of the page. */
export function divergingScale() {
  const nothing = isDark() ? "#171a20" : "#f7f7f7";
  return isDark()
    ? [[0, "#8ccbff"], [0.25, "#2b7ab8"], [0.5, nothing], [0.75, "#b8452f"], [1, "#ffb199"]]
    : [[0, "#08306b"], [0.25, "#4393c3"], [0.5, nothing], [0.75, "#d6604d"], [1, "#67001f"]];
}
