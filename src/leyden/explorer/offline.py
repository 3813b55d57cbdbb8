"""The explorer as one file: sliders over frames that were computed before, to be opened anywhere, offline."""

from __future__ import annotations

import base64
import html
import json
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from leyden.errors import LeydenError, ParameterError
from leyden.explorer.answers import finite, headline
from leyden.explorer.asked import DeviceAsked
from leyden.explorer.devices import network_of, varied
from leyden.explorer.sliders import sliders_of
from leyden.mathml import mathml_of
from leyden.model.network import Network
from leyden.portrait import Portrait, diagram_svg
from leyden.portrait.phase_space import wigner_over
from leyden.quantities import QUANTITIES
from leyden.version import __version__

__all__ = ["MOST_FRAMES", "offline_page"]

MOST_FRAMES = 600
"""Devices that are computed for a page: it holds their curves, and has to be opened and sent."""

_PAGE = Path(__file__).parent / "page"
_CURVES = ("stored_energy", "ergotropy", "charger_energy", "charging_power")
_TIMES, _CELLS, _LEVELS = 121, 41, 127
# Values of the first parameter and of the second one, where the user names none.
_POINTS = (25, 9)

Axes = Mapping[str, Sequence[float]]


def _axes(asked: DeviceAsked, network: Network) -> dict[str, list[float]]:
    """The drive and the first rate beside it, from near nothing to where their sliders end; their own values, too."""
    rows = [row for row in sliders_of(asked, network, network) if row["kind"] == "real" and not row["is_pulsed"]]
    chosen = [row for row in rows if row["group"] == "drive" and row["unit"] != "rad"][:1]
    chosen += [row for row in rows if row["group"] == "rates"][: 2 - len(chosen)]
    chosen += [row for row in rows if row not in chosen][: 2 - len(chosen)]
    if not chosen:
        raise ParameterError.of("--over", "name a parameter", "left out", "This device has none that is a number.")
    found: dict[str, list[float]] = {}
    for row, points in zip(chosen, _POINTS, strict=False):
        values = np.linspace(row["low"] + row["step"] * 8, row["high"], points)
        values[_nearest(values, row["value"])] = row["value"]
        found[row["name"]] = sorted(values.tolist())
    return found


def _nearest(values: Any, value: float) -> int:
    return int(np.argmin(np.abs(np.asarray(values) - value)))


def _checked(axes: Axes) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {}
    for name, values in axes.items():
        if any(isinstance(value, complex) for value in values):
            raise ParameterError.of("--over", "have real values", name)
        found[name] = [float(value) for value in values]
    count = int(np.prod([len(values) for values in found.values()]))
    if not 1 <= len(found) <= 2:
        raise ParameterError.of("--over", "name one parameter or two for a page", len(found))
    if count > MOST_FRAMES:
        raise ParameterError.of("--over", f"give at most {MOST_FRAMES} devices for a page", count, "Take fewer points.")
    return found


def _curve(portrait: Portrait, name: str) -> Any:
    """A curve, of all batteries together if there are several."""
    column = portrait.columns[-1]
    values = column.of(portrait.run, name)
    return portrait.run.get(name) if values is None else values


def _picture(portrait: Portrait) -> dict[str, Any]:
    """Wigner function of the first battery, at rest or else at the end, in steps of its largest size."""
    is_settled = portrait.condition in ("stable", "beyond")
    values = wigner_over(portrait, portrait.network.batteries[0], None if is_settled else portrait.end, _CELLS)
    shown = values.transpose("p", "x")
    top = float(np.abs(shown.values).max()) or 1.0
    steps = np.round(shown.values / top * _LEVELS).astype(np.int8)
    ends = [float(shown[name][place]) for name in ("x", "p") for place in (0, -1)]
    return {
        "top": round(top, 6),
        "ends": [round(end, 4) for end in ends],
        "bytes": base64.b64encode(steps.tobytes()).decode(),
    }


def _frame(network: Network, end: float) -> dict[str, Any]:
    """What the page shows of one device; what went wrong where it has no answer."""
    try:
        portrait = Portrait(network, end, _TIMES)
        column = portrait.columns[-1]
        curves = {name: _rounded(_curve(portrait, name)) for name in _CURVES}
        steady = {name: portrait.steady_value(column, name) for name in (*_CURVES[:3], "purity", "utilization_ratio")}
        thresholds = [one.critical for one in portrait.thresholds if np.isfinite(one.critical)]
        return {
            "words": headline(portrait),
            "condition": portrait.condition,
            "curves": {name: values for name, values in curves.items() if values is not None},
            "steady": steady,
            "critical": thresholds[0] if thresholds else None,
            "wigner": _picture(portrait),
        }
    except LeydenError as error:
        return {"words": str(error), "condition": "none", "curves": {}, "steady": {}, "critical": None, "wigner": None}


def _rounded(values: Any) -> Any:
    """Five digits: what a picture shows."""
    if values is None:
        return None
    return [None if value is None else float(f"{value:.5g}") for value in finite(values)]


def _about(asked: DeviceAsked, network: Network, name: str, values: Sequence[float]) -> dict[str, Any]:
    """An axis, and the place on it at which the page begins: that of the device itself, or near it."""
    row = next((row for row in sliders_of(asked, network, network) if row["name"] == name), None)
    begin = len(values) // 3
    if row is not None and isinstance(row["value"], (int, float)):
        begin = _nearest(values, row["value"])
    return {
        "name": name,
        "label": row["label"] if row else name,
        "unit": row["unit"] if row else "",
        "begin": begin,
        "values": list(values),
    }


def offline_page(
    asked: DeviceAsked,
    axes: Axes | None = None,
    told: Callable[[int, int], None] | None = None,
    name: str | None = None,
) -> str:
    """The page as text: everything is inside, nothing is fetched. A file's text does not tell the file's name."""
    from plotly.offline import get_plotlyjs

    network = network_of(asked)
    values = _checked(axes) if axes else _axes(asked, network)
    names, points = list(values), list(product(*values.values()))
    # One span of time for all, so that curves grow and shrink and the axis does not.
    itself = Portrait(network)
    end, name = itself.horizon, name or network.name
    frames: list[dict[str, Any]] = []
    for place, point in enumerate(points):
        frames.append(_frame(varied(asked, dict(zip(names, point, strict=True))), end))
        if told is not None:
            told(place + 1, len(points))
    latex = network.to_latex()
    data = {
        "name": name,
        "version": __version__,
        "axes": [_about(asked, network, one, values[one]) for one in names],
        "units": {"time": itself.unit("time")} | {one: itself.unit(one) for one in _CURVES},
        "times": [float(f"{time:.6g}") for time in np.linspace(0.0, end, _TIMES)],
        "symbols": {one: QUANTITIES[one].meaning for one in (*_CURVES, "purity", "utilization_ratio")},
        "cells": _CELLS,
        "levels": _LEVELS,
        "frames": frames,
    }
    # In a script nothing but its end is read before the script itself.
    safe = json.dumps(data, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")
    equation = mathml_of(latex) or f"<pre>{html.escape(latex)}</pre>"
    parts = {
        "TITLE": html.escape(f"{name} - leyden"),
        "STYLE": "\n".join((_PAGE / name).read_text(encoding="utf-8") for name in ("theme.css", "offline.css")),
        "PLOTLY": get_plotlyjs(),
        "DATA": safe,
        "SCRIPT": (_PAGE / "offline.js").read_text(encoding="utf-8"),
        "DRAWING": diagram_svg(network),
        "EQUATION": equation,
        "VERSION": html.escape(__version__),
    }
    page = (_PAGE / "offline.html").read_text(encoding="utf-8")
    before, *pieces = page.split("{{")
    found = [before]
    for piece in pieces:
        key, _, rest = piece.partition("}}")
        found += [parts[key], rest]
    return "".join(found)
