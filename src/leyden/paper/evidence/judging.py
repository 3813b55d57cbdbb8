"""From computed truth values to a verdict: the one place where a verdict comes into being.

A claim is one or several statements, each checked over a labelled grid of devices. No claim says what its verdict is;
it hands over its checks, and `judge` reads the verdict and its range off them.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import xarray as xr

__all__ = ["Check", "Ruling", "Verdict", "described_grid", "judge", "place_of"]

Verdict = Literal["holds", "holds in part", "fails", "not checkable"]

# What the dims of a grid are called in sentences; a dim that is not listed is called by its own name.
WORDS = {
    "damping": "kappa",
    "charger_damping": "kappa_a",
    "battery_damping": "kappa_b",
    "fraction": "eps/eps_c",
    "drive": "eps",
    "damping_ratio": "eta",
    "weight_ratio": "xi",
    "occupation": "n",
}
# A boundary in the plane of two parameters is told at this many places.
ROWS = 4


@dataclass(frozen=True)
class Check:
    """One statement of a claim, checked at every point of a grid."""

    # Whether the statement is true, over labelled dims; dims with text coordinates are named one by one.
    holds: xr.DataArray
    part: str = ""  # the statement in a few words; may be empty where a claim has only one
    applies: xr.DataArray | None = None  # where there is something to check; everywhere by default
    # Why the other points have nothing to check, as the end of a sentence that begins with "because".
    idle: str = "the statement does not apply there"


@dataclass(frozen=True)
class Ruling:
    """A verdict and where it comes from."""

    verdict: Verdict  # "holds", "holds in part", "fails" or "not checkable"
    range: str  # where the claim holds and where it does not, in sentences
    holding: int  # points at which the checked statement is true
    judged: int  # points that were judged
    apart: int  # points with nothing to check


def judge(*checks: Check) -> Ruling:
    """Verdict on a claim: true at all points, at some, at none, or with nothing to check."""
    masks = [_masks(check) for check in checks]
    holding = sum(int((holds & applies).sum()) for holds, applies in masks)
    judged = sum(int(applies.sum()) for _, applies in masks)
    apart = sum(applies.size for _, applies in masks) - judged
    sentences = [_sentence(check, *mask) for check, mask in zip(checks, masks, strict=True)]
    if judged == 0:
        verdict: Verdict = "not checkable"
    elif holding == judged:
        verdict = "holds"
    else:
        verdict = "holds in part" if holding else "fails"
    return Ruling(verdict, " ".join(sentences), holding, judged, apart)


def _masks(check: Check) -> tuple[xr.DataArray, xr.DataArray]:
    """Truth and applicability over the same dims, in the same order."""
    holds = check.holds.astype(bool)
    applies = xr.ones_like(holds) if check.applies is None else check.applies.astype(bool)
    holds, applies = xr.broadcast(holds, applies)
    return holds, applies.transpose(*holds.dims)


def _sentence(check: Check, holds: xr.DataArray, applies: xr.DataArray) -> str:
    """Where one statement holds, for example "R falls: at 12 of 24 points; never where kappa is 1 to 2."."""
    judged, total = int(applies.sum()), applies.size
    lead = f"{check.part}: " if check.part else ""
    if judged == 0:
        return _capital(f"{lead}nothing to check, because {check.idle}.")
    if total == 1:
        return _capital(f"{lead}{'true' if bool(holds) else 'not true'}.")
    true = int((holds & applies).sum())
    count = "true at all" if true == judged else "true at none" if true == 0 else f"true at {true}"
    text = f"{lead}{count} of {judged} points"
    if 0 < true < judged:
        text += f" ({_ranges(holds, applies)})"
    apart = f"; {total - judged} more were left apart, because {check.idle}" if judged < total else ""
    return _capital(f"{text}{apart}.")


def _capital(sentence: str) -> str:
    """A capital letter, unless a symbol begins the sentence."""
    return sentence[0].upper() + sentence[1:] if sentence[:2].isalpha() else sentence


def _ranges(holds: xr.DataArray, applies: xr.DataArray) -> str:
    """The ranges of a mask that is neither all true nor all false: one entry for each set of text coordinates."""
    named = [dim for dim in holds.dims if holds[dim].dtype.kind in "UO"]
    found: dict[str, list[str]] = {}
    for labels in itertools.product(*(holds[dim].values for dim in named)):
        place = dict(zip(named, labels, strict=True))
        text = _numeric_ranges(holds.sel(place), applies.sel(place))
        found.setdefault(text, []).append(", ".join(str(label) for label in labels))
    if len(found) == 1:
        return next(iter(found))
    return "; ".join(f"{' / '.join(labels)}: {text}" for text, labels in found.items())


def _numeric_ranges(holds: xr.DataArray, applies: xr.DataArray) -> str:
    """Where a statement holds over numeric dims: row by row for two of them, else by what always, or never, decides."""
    if not applies.any():
        return "nothing to check"
    if bool((holds | ~applies).all()):
        return "everywhere"
    if not bool((holds & applies).any()):
        return "nowhere"
    if holds.ndim == 1:
        word = WORDS.get(str(holds.dims[0]), str(holds.dims[0]))
        return f"where {word} is {_spans(holds, applies)}"
    if holds.ndim == 2:
        return min((_rows(holds, applies, str(dim)) for dim in holds.dims), key=len)
    return _decisive(holds, applies)


def _rows(holds: xr.DataArray, applies: xr.DataArray, over: str) -> str:
    """For each value of one dim, the range of the other, for example "kappa up to ... at eps/eps_c = ..."."""
    (along,) = (str(dim) for dim in holds.dims if dim != over)
    rows: list[tuple[str, list[float]]] = []
    for value in np.sort(holds[over].values):
        here = {over: value}
        if not applies.sel(here).any():
            continue
        text = _spans(holds.sel(here), applies.sel(here))
        if rows and rows[-1][0] == text:
            rows[-1][1].append(value)
        else:
            rows.append((text, [value]))
    if len(rows) > ROWS:
        rows = [rows[place] for place in np.linspace(0, len(rows) - 1, ROWS).astype(int)]
    along, over = WORDS.get(along, along), WORDS.get(over, over)
    phrases = [f"{text} at {over} = {_span(values[0], values[-1])}" for text, values in rows]
    return f"where {along} is {', '.join(phrases)}"


def _decisive(holds: xr.DataArray, applies: xr.DataArray) -> str:
    """Values of each dim at which the statement always, or never, holds, whatever the other dims."""
    phrases: list[str] = []
    for dim in holds.dims:
        others = [other for other in holds.dims if other != dim]
        always, never = (holds | ~applies).all(others), ~(holds & applies).any(others)
        present, word = applies.any(others), WORDS.get(str(dim), str(dim))
        phrases += [
            f"{adverb} where {word} is {_spans(chosen, present)}"
            for adverb, chosen in (("always", always), ("never", never))
            if (chosen & present).any()
        ]
    share = float((holds & applies).sum() / applies.sum())
    return ", ".join(phrases) if phrases else f"at {share:.0%} of the points, no single parameter decides"


def _spans(chosen: xr.DataArray, present: xr.DataArray) -> str:
    """Chosen values of a dim as ranges: runs of neighbours among the values that are present, in ascending order."""
    (dim,) = chosen.dims
    order = np.argsort(chosen[dim].values)
    order = order[present.values[order]]
    values, mask = chosen[dim].values[order], chosen.values[order]
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(int), [0]])))
    runs = [_span(values[first], values[last - 1]) for first, last in zip(edges[::2], edges[1::2], strict=True)]
    return " and ".join(runs) if runs else "none"


def _span(low: Any, high: Any) -> str:
    return f"{low:.3g}" if low == high else f"{low:.3g} to {high:.3g}"


def described_grid(arrays: Sequence[xr.DataArray]) -> dict[str, Any]:
    """Values tried along each dim of some grids: all of them where they are few, else the ends and their number."""
    found: dict[str, Any] = {}
    for array in arrays:
        for dim in array.dims:
            values = array[dim].values
            if str(dim) in found:
                continue
            if len(values) <= 16 or values.dtype.kind in "UO":
                found[str(dim)] = [value.item() if hasattr(value, "item") else value for value in values]
            else:
                found[str(dim)] = f"{values.min():.6g} to {values.max():.6g}, {len(values)} values"
    return found


def place_of(values: xr.DataArray, extreme: str = "highest") -> str:
    """Where an array has its highest or lowest value, for example "kappa = 0.1, eps/eps_c = 0.9"."""
    search = np.nanargmax if extreme == "highest" else np.nanargmin
    index = np.unravel_index(search(values.values), values.shape)
    labels = [(str(dim), values[dim].values[place]) for dim, place in zip(values.dims, index, strict=True)]
    return ", ".join(
        str(label) if isinstance(label, str) else f"{WORDS.get(dim, dim)} = {label:.3g}" for dim, label in labels
    )
