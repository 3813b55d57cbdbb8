"""A map of a million steady states over labelled parameters."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import xarray as xr

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import device

POINTS, QUICK_POINTS = 1000, 200


def _axis(name: str, first: float, last: float, points: int) -> xr.DataArray:
    values = np.linspace(first, last, points)
    return xr.DataArray(values, {name: values}, name)


def _setting(points: int) -> device.Setting:
    return device.Setting(_axis("drive", 0.0, 0.2, points), _axis("damping", 0.01, 0.4, points))


def _map(points: int) -> Callable[[], xr.Dataset]:
    network = _setting(points).device()
    ly.steady_state(device.Setting().device())  # loads what is loaded once, which is not the work
    return lambda: ly.steady_state(network)


def _error(points: int, result: xr.Dataset) -> float:
    """Point by point, each relative to its own exact value."""
    setting = _setting(points)
    drive, damping = setting.drive.values[:, None], setting.damping.values
    exact = device.exact_steady(device.Setting(drive, damping))
    is_stable = 4 * drive < (damping + 0.5) * (1 - 1e-9)
    pairs = zip(device.from_dataset(result.transpose("drive", "damping")), exact, strict=True)
    with np.errstate(invalid="ignore"):
        errors = [np.abs(one - other) / other for one, other in pairs]
    return max(float(np.max(error[is_stable & (drive > 0)])) for error in errors)


def contenders(quick: bool) -> list[Contender]:
    points = QUICK_POINTS if quick else POINTS
    target = None if quick else 6.0
    name = f"leyden, {points} x {points} map"
    return [Contender(name, partial(_map, points), partial(_error, points), target=target)]


CASE = Case(
    "steady_map",
    f"All merits of steady states on {POINTS} x {POINTS} labelled (drive, damping), stable and not, Dataset included; "
    "at most 3 GiB. Error point by point against the paper's closed form.",
    contenders=contenders,
)
