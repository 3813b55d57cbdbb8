"""A portrait in words: what is said of a device, the verdict in a word, and what had to be so for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from leyden.merit.curves import BAND
from leyden.portrait.device import Portrait
from leyden.portrait.fields import left_out, reasons, remarks
from leyden.portrait.parts import Threshold, Transport
from leyden.text import one_line

__all__ = ["Statement", "number", "statements"]

# Good, good in part, bad, or neither: classes of colours.
Kind = Literal["holds", "part", "fails", "open"]

_NONE = "-"
# Names in a sentence, of a network that has more than people read.
_MOST_NAMES = 16
# What rounding leaves of a margin at the threshold.
_ROUNDING = 1e-12

# What is said to be missing by reasons that are sentences of their own.
_MISSING = {"peak": "peaks: ", "whole_state": "", "not_gaussian": ""}

_STABLE = "Every eigenvalue of the drift matrix has a negative real part, beyond what rounding may have done to it."
_THRESHOLD = "The amplitude at which the largest real part of the drift's eigenvalues reaches zero, all else as it is."
_TRANSPORT = (
    "The influence of one mode on another: the narrowest step of the widest way from one to the other, a step as wide "
    "as the drift's block (|c| where db/dt = c a). It is zero where terms cancel up to rounding."
)
_SETTLING = f"From then on the stored energy stays within {100 * BAND:g} % of its steady value."


@dataclass(frozen=True)
class Statement:
    """What is said of a device, for tables and pages."""

    label: str  # what it is about, in a word
    words: str  # the answer
    verdict: str = ""  # the answer in a word or two
    kind: Kind = "open"
    criterion: str = ""  # what had to be so
    numbers: Mapping[str, Any] = field(default_factory=dict[str, Any])  # behind the answer


def number(value: float | None) -> str:
    """A number for people: five digits, and a dash for none."""
    # Adding zero turns -0 into 0.
    return _NONE if value is None or math.isnan(value) else f"{value + 0.0:.5g}"


def statements(portrait: Portrait, *, briefly: bool = False) -> Iterator[Statement]:
    """What is said first of a device, in order; briefly without what its curves have to be followed for."""
    if portrait.is_sampled:
        yield Statement("method", portrait.method)
    if portrait.changes:
        yield Statement("left out", f"steady state, stability, threshold, transport: {one_line(left_out(portrait))}")
    elif portrait.beyond:
        yield _linear_stability(portrait)
        yield Statement("left out", f"threshold, transport, settling: {one_line(left_out(portrait))}")
    else:
        yield from _of_drift(portrait, briefly=briefly)
    if briefly:
        return
    if portrait.no_steady:
        yield Statement("left out", f"steady state: {one_line(portrait.no_steady)}")
    missing = reasons(portrait)
    for name, title in _MISSING.items():
        if name in missing:
            yield Statement("left out", f"{title}{one_line(missing[name])}")
    for name, words in remarks(portrait).items():
        yield Statement("note", f"{name}: {one_line(words)}")


def _of_drift(portrait: Portrait, *, briefly: bool) -> Iterator[Statement]:
    """What the drift tells of a device, and when it settles."""
    yield _stability(portrait)
    for threshold in portrait.thresholds:
        yield _threshold(threshold)
    if not portrait.thresholds:
        yield Statement("threshold", "none: no two-photon drive", "none")
    yield from _transport(portrait)
    if portrait.is_stable and len(portrait.columns) == 1 and not briefly:
        yield _settling(portrait)


def _linear_stability(portrait: Portrait) -> Statement:
    unit, growth = portrait.unit("spectral_abscissa"), number(portrait.abscissa)
    word = "stable" if portrait.is_linear_part_stable else "not stable"
    return Statement(
        "stability",
        f"of the linear part alone: {word}; largest rate of growth {growth} ({unit})",
        f"linear part {word}",
        "open",
        _STABLE,
        {"largest real part": portrait.abscissa},
    )


def _stability(portrait: Portrait) -> Statement:
    rate, abscissa = portrait.unit("spectral_abscissa"), portrait.abscissa
    told: dict[str, tuple[str, Kind]] = {
        "stable": (f"stable; slowest rate {number(-abscissa)} ({rate})", "holds"),
        "unstable": (f"UNSTABLE, no steady state; grows at rate {number(abscissa)} ({rate})", "fails"),
        "marginal": ("MARGINAL, no steady state: something is undamped, or at its threshold", "part"),
    }
    words, kind = told[portrait.condition]
    return Statement("stability", words, portrait.condition, kind, _STABLE, {"largest real part": abscissa})


def _threshold(threshold: Threshold) -> Statement:
    mode = one_line(threshold.mode)
    drive = f"two-photon drive {number(threshold.drive)} on {mode}"
    numbers = {"drive": threshold.drive, "critical drive": threshold.critical}
    if math.isnan(threshold.drive):
        return Statement("threshold", threshold.missing, "several")
    if math.isnan(threshold.critical):
        return Statement("threshold", f"{drive}: {threshold.missing}", "not looked for")
    if threshold.critical == 0:
        words = f"{drive}: no steady state at any amplitude"
        return Statement("threshold", words, "none below", "fails", _THRESHOLD, numbers)
    share = threshold.drive / threshold.critical
    margin = 0.0 if abs(1 - share) < _ROUNDING else threshold.critical - threshold.drive
    words = f"{drive} is {100 * share:.4g} % of the critical {number(threshold.critical)}, margin {number(margin)}"
    verdict, kind = ("below", "holds") if margin > 0 else ("at it", "part") if margin == 0 else ("above", "fails")
    return Statement("threshold", words, verdict, kind, _THRESHOLD, numbers | {"margin": margin})


def _verdict(way: Transport) -> tuple[str, Kind]:
    if way.forth == way.back == 0:
        return "uncoupled", "open"
    if way.back == 0:
        return "one way", "holds"
    if way.forth == 0:
        return "backwards", "fails"
    return ("reciprocal", "open") if math.isclose(way.forth, way.back, rel_tol=1e-9) else ("partial", "part")


def _transport(portrait: Portrait) -> Iterator[Statement]:
    """One for all batteries that stand in the same relation to the charger."""
    charger = one_line(portrait.network.charger)
    groups: dict[str, dict[str, Transport]] = {}
    for battery, way in portrait.transport.items():
        groups.setdefault(way.words("{charger}", "{battery}"), {})[one_line(battery)] = way
    for words, ways in groups.items():
        names = ", ".join(list(ways)[:_MOST_NAMES])
        if len(ways) > _MOST_NAMES:
            names += f", ... ({len(ways)} in all)"
        weakest = min(ways.values(), key=lambda way: way.forth)
        numbers = {"forth": weakest.forth, "back": weakest.back, "back-action": weakest.back_action}
        sentence = words.replace("{charger}", charger).replace("{battery}", names)
        yield Statement("transport", sentence, *_verdict(weakest), _TRANSPORT, numbers)
    if not groups:
        yield Statement("transport", f"{charger} is charger and battery", "one mode")


def _settling(portrait: Portrait) -> Statement:
    time = portrait.settling[portrait.columns[0].name]
    is_late = math.isnan(time)
    when = f"not within {number(portrait.horizon)}" if is_late else number(time)
    words = f"{when} ({portrait.unit('time')}), to {100 * BAND:g} % of the steady stored energy"
    numbers = {"settling time": time, "looked at until": portrait.horizon}
    return Statement("settling", words, "later" if is_late else number(time), "open", _SETTLING, numbers)
