"""The report: one HTML page that holds everything it shows, for reading offline, on a telephone or on paper."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import leyden as ly
from leyden.page import Illustration, render, science
from leyden.paper import parameters as ours
from leyden.paper.claims import Finding
from leyden.quantities import QUANTITIES

__all__ = ["Illustration", "render_report", "science"]

# With hyphens that do not break.
_TITLE = "The nonreciprocal two\u2011photon battery, recomputed"

# Verdict -> its class of colours on the page.
_KINDS = {"holds": "holds", "holds in part": "part", "fails": "fails", "not checkable": "open"}


def render_report(illustrations: Sequence[Illustration], findings: Mapping[str, Finding]) -> str:
    """The page as HTML that asks for nothing outside itself; the first illustration shows the device."""
    return render(
        "leyden.paper",
        "report.html.jinja",
        title=_TITLE,
        illustrations=illustrations,
        findings=findings.values(),
        tally=_tally(findings.values()),
        note=ours.NOTE,
        parameters=_parameters(),
        drive=ours.DRIVE,
        damping=ours.DAMPING,
        kinds=_KINDS,
    )


def _tally(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    verdicts = [finding.verdict for finding in findings]
    return [{"words": words, "kind": kind, "count": verdicts.count(words)} for words, kind in _KINDS.items()]


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
