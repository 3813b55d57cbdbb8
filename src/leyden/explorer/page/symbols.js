// Symbols in the little TeX that names of quantities use, as elements of the page and as text for plots.

const GREEK = {
  alpha: "α", beta: "β", gamma: "γ", delta: "δ", epsilon: "ϵ", varepsilon: "ε", zeta: "ζ", eta: "η", theta: "θ",
  kappa: "κ", lambda: "λ", mu: "μ", nu: "ν", xi: "ξ", pi: "π", rho: "ρ", sigma: "σ", tau: "τ", phi: "ϕ",
  varphi: "φ", chi: "χ", psi: "ψ", omega: "ω", Gamma: "Γ", Delta: "Δ", Theta: "Θ", Lambda: "Λ", Phi: "Φ",
  Sigma: "Σ", Omega: "Ω", hbar: "ħ", ell: "ℓ", dagger: "†", max: "max", min: "min", log: "log", ln: "ln",
  langle: "⟨", rangle: "⟩", vert: "|", cdot: "·", times: "×", infty: "∞", sum: "Σ", partial: "∂", sqrt: "√",
  prime: "′", pm: "±", to: "→", arg: "arg", dot: "", bar: "", quad: " ", ";": " ", ",": " ", " ": " ",
};
const UPRIGHT = new Set(["mathrm", "text", "mathcal", "operatorname", "rm"]);

/** Pieces of a symbol: {kind: "text"|"upright"|"sub"|"sup", text | parts}. */
function pieces(tex) {
  let at = 0;
  const group = () => {
    if (tex[at] === "{") {
      at += 1;
      const inner = sequence("}");
      at += 1;
      return inner;
    }
    return [one()];
  };
  const one = () => {
    if (tex[at] !== "\\") {
      const letter = tex[at] ?? "";
      at += 1;
      return { kind: /[A-Za-z]/.test(letter) ? "text" : "upright", text: letter };
    }
    const name = /^\\([A-Za-z]+|.)/.exec(tex.slice(at))?.[1] ?? "";
    at += name.length + 1;
    if (name.length > 1 && tex[at] === " ") at += 1;
    if (UPRIGHT.has(name)) return { kind: "upright", text: plain(group()) };
    if (name === "bar" || name === "hat" || name === "tilde" || name === "dot") {
      const mark = { bar: "\u0304", hat: "\u0302", tilde: "\u0303", dot: "\u0307" }[name];
      return { kind: "text", text: plain(group()) + mark };
    }
    const letters = GREEK[name] ?? name;
    return { kind: letters.length === 1 && /[\u0370-\u03ffℓ]/.test(letters) ? "text" : "upright", text: letters };
  };
  const sequence = (end) => {
    const found = [];
    while (at < tex.length && tex[at] !== end) {
      if (tex[at] === "_" || tex[at] === "^") {
        const kind = tex[at] === "_" ? "sub" : "sup";
        at += 1;
        found.push({ kind, parts: group() });
      } else if (tex[at] === " " || tex[at] === "$") at += 1;
      else if (tex[at] === "{") found.push(...group());
      else found.push(one());
    }
    return found;
  };
  return sequence("");
}

const plain = (parts) => parts.map((part) => part.text ?? plain(part.parts)).join("");

/** A symbol as an element; `name` stands where there is none. */
export function symbol(tex, name = "") {
  const element = document.createElement("span");
  element.className = "symbol";
  const into = (parent, parts) => {
    for (const part of parts) {
      const tag = { text: "i", upright: "span", sub: "sub", sup: "sup" }[part.kind];
      const child = document.createElement(tag);
      if (part.parts) into(child, part.parts);
      else child.textContent = part.text;
      parent.append(child);
    }
  };
  if (tex) into(element, pieces(tex));
  else element.textContent = name;
  return element;
}

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

/** The same for titles in plots. */
export function plotted(tex, name = "") {
  const write = (parts) =>
    parts
      .map((part) => {
        if (part.kind === "text") return `<i>${escaped(part.text)}</i>`;
        if (part.kind === "upright") return escaped(part.text);
        return `<${part.kind}>${write(part.parts)}</${part.kind}>`;
      })
      .join("");
  return tex ? write(pieces(tex)) : escaped(name);
}

const UNITS = [
  [/hbar omega_0/g, "ħω₀"],
  [/hbar/g, "ħ"],
  [/\^2/g, "²"],
  [/ \* /g, " · "],
  [/^1$/, ""],
];

/** A unit in few signs. */
export function unit(text) {
  return UNITS.reduce((known, [from, to]) => known.replace(from, to), text ?? "");
}
