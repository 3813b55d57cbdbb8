// The keyboard, wherever nothing is being typed.

import { cancelAll } from "./api.js";
import { change, now, redo, undo } from "./state.js";
import { pin } from "./pins.js";
import { toggleTheme } from "./theme.js";
import { copyCommand, copyLink, copyPython, showHelp } from "./toolbar.js";
import { byId } from "./dom.js";

const TABS = ["time", "map", "spectra", "protocol"];
// What has just been closed may still hold the keyboard until the page is drawn anew.
const isTyping = (target) => target.matches("input:not([type=range]), select, textarea") || target.closest("dialog[open], [role=menu]:not([hidden]), [role=tablist]");

export function listenToKeys(last) {
  const move = (way) => {
    const end = last();
    const from = now().cursor ?? end;
    change({ cursor: Number(Math.min(end, Math.max(0, from + (way * end) / 100)).toPrecision(4)) });
  };
  const plain = {
    u: undo, r: redo, p: pin, t: toggleTheme, c: copyPython, m: copyCommand, l: copyLink, "?": showHelp,
    s: () => change({ cursor: null }), Escape: cancelAll,
    e: () => byId("export").click(), ArrowLeft: () => move(-1), ArrowRight: () => move(1),
    ...Object.fromEntries(TABS.map((tab, at) => [String(at + 1), () => change({ tab })])),
  };
  document.addEventListener("keydown", (event) => {
    const isZ = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey);
    if (isZ && !isTyping(event.target)) {
      event.preventDefault();
      (event.shiftKey ? redo : undo)();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
    if (event.target.matches("input[type=range]") && event.key.startsWith("Arrow")) return;
    const act = plain[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
}
