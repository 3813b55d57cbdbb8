"""The report: one HTML page that holds everything it shows, for reading offline, on a telephone or on paper."""

from __future__ import annotations

import html
import platform
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import jinja2

import leyden as ly
from leyden.paper import parameters as ours
from leyden.paper.claims import Finding
from leyden.quantities import QUANTITIES

__all__ = ["Illustration", "render_report", "science"]

# With hyphens that do not break.
_TITLE = "The nonreciprocal two\u2011photon battery, recomputed"
_PACKAGES = ("numpy", "scipy", "xarray", "matplotlib")

# Verdict -> its class of colours on the page.
_KINDS = {"holds": "holds", "holds in part": "part", "fails": "fails", "not checkable": "open"}

_GREEK = {
    "epsilon": "ε",
    "eps": "ε",
    "kappa": "κ",
    "Gamma": "Γ",
    "Lambda": "Λ",
    "Delta": "Δ",
    "theta": "θ",
    "lambda": "λ",
    "omega": "ω",
    "eta": "η",
    "xi": "ξ",
    "mu": "μ",
    "hbar": "ħ",
}
_GREEK_WORD = re.compile(rf"(?<![A-Za-z])\\?({'|'.join(_GREEK)})(?![A-Za-z])")
_SUBSCRIPT = re.compile(r"(?<![A-Za-z_])([A-Za-zΓΔΛεηθκλμξω])_([A-Za-z0-9+]{1,2})(?![A-Za-z0-9_])")
_POWER = re.compile(r"(?<=[A-Za-z0-9)\]}|εκξηΓΛωμλθΔ>†])\^(-?\d+|[+*†]|\([^()]*\))")
_TEN = re.compile(r"(?<![A-Za-z0-9_.])(\d+(?:\.\d+)?)e([+-]\d+)(?![A-Za-z0-9_]|\.\d)")
_LEAD = re.compile(r"(?:^|(?<=[.)] ))(Criterion|Found|Why): ")


@dataclass(frozen=True)
class Illustration:
    """A figure on the page."""

    number: int
    title: str
    caption: str
    description: str  # for those who cannot see the drawing
    page: str  # SVG in base64
    narrow: str | None  # for narrow screens, where that differs
    panels: tuple[str, ...]  # names of the files with its data


class _Typeset(str):
    """Text that is HTML already; jinja2 asks for it by this name."""

    def __html__(self) -> str:
        return str(self)


def science(text: object) -> str:
    """Plain text as HTML with the field's symbols set in type, E_B, kappa_a, eps^2, a^dag, and all else escaped."""
    safe = html.escape(str(text)).replace("^dag", "^†")
    safe = _GREEK_WORD.sub(lambda match: _GREEK[match[1]], safe)
    safe = _SUBSCRIPT.sub(r"\1<sub>\2</sub>", safe)
    safe = _POWER.sub(r"<sup>\1</sup>", safe)
    return _Typeset(_TEN.sub(_power_of_ten, safe))


def _power_of_ten(match: re.Match[str]) -> str:
    mantissa, exponent = match[1], int(match[2])
    if float(mantissa) == 0:
        return "0"
    return ("" if mantissa == "1" else f"{mantissa}\u00a0×\u00a0") + f"10<sup>{exponent}</sup>"


def _paragraphs(evidence: str) -> list[tuple[str, str]]:
    """Evidence cut at its leads, "Criterion: ... Found: ... Why: ...": pairs of lead and text."""
    parts = _LEAD.split(evidence)
    pairs = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return [(lead, text.strip()) for lead, text in pairs if text.strip()]


def render_report(illustrations: Sequence[Illustration], findings: Mapping[str, Finding]) -> str:
    """The page as HTML that asks for nothing outside itself; the first illustration shows the device."""
    environment: Any = jinja2.Environment(
        loader=jinja2.PackageLoader("leyden.paper"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(science=science, kind=_KINDS.get, paragraphs=_paragraphs, entries=_entries)
    return environment.get_template("report.html.jinja").render(
        title=_TITLE,
        illustrations=illustrations,
        findings=findings.values(),
        tally=_tally(findings.values()),
        note=ours.NOTE,
        parameters=_parameters(),
        drive=ours.DRIVE,
        damping=ours.DAMPING,
        versions=[("Python", platform.python_version()), *((name, version(name)) for name in _PACKAGES)],
        version=ly.__version__,
    )


def _tally(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    verdicts = [finding.verdict for finding in findings]
    return [{"words": words, "kind": kind, "count": verdicts.count(words)} for words, kind in _KINDS.items()]


def _entries(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    # Underscores between words go, those of symbols such as E_B stay.
    return [(re.sub(r"(?<=[a-z0-9]{2})_(?=[a-z0-9]{2})", " ", name), _shown(value)) for name, value in values.items()]


def _shown(value: Any) -> str:
    """A value behind a verdict, short enough for a line or two."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(entry)}" for name, entry in value.items())
    if isinstance(value, (list, tuple)):
        entries = [_shown(entry) for entry in value]
        return ", ".join(entries if len(entries) <= 12 else [*entries[:6], "…", *entries[-5:]])
    return str(value)


def _parameters() -> list[dict[str, str]]:
    def listed(values: Iterable[float]) -> str:
        return ", ".join(f"{value:g}" for value in values)

    def ends(values: Any) -> str:
        return f"{values[0]:g} to {values[-1]:g} (figure 6)"

    device = ly.catalog.two_photon_battery(
        drive=ours.DRIVE, charger_damping=ours.DAMPING, battery_damping=ours.DAMPING, shared_rate=ours.SHARED_RATE
    )
    values = {
        "shared_rate": f"{ours.SHARED_RATE:g}, the unit of rates",
        "charger_weight": f"{ours.WEIGHT:.6g}; in figure 6 as xi says",
        "battery_weight": f"{ours.WEIGHT:.6g}; in figure 6 as xi says",
        "damping": f"{listed(ours.DAMPINGS)} at eps = {ours.DRIVE:g}; else {ours.DAMPING:g}",
        "drive": f"{listed(ours.DRIVES)} at kappa = {ours.DAMPING:g}; else {ours.DRIVE:g}",
        "critical_drive": f"{ly.critical_drive(device):g} at kappa = {ours.DAMPING:g}",
        "battery_damping": f"{listed(ours.MAP_BATTERY_DAMPINGS)} (figure 6)",
        "damping_ratio": ends(ours.MAP_DAMPING_RATIOS),
        "weight_ratio": ends(ours.MAP_WEIGHT_RATIOS),
        "detuning": f"{ours.DETUNING:g}",
        "phase": f"{ours.PHASE:g}",
        "occupation": f"{ours.FIXED['occupation']:g}",
    }
    return [
        {"symbol": QUANTITIES[name].symbol, "meaning": QUANTITIES[name].meaning, "value": value}
        for name, value in values.items()
    ]
