"""The oracle of the closed forms: the paper's formulas as they stand, evaluated with 200 digits.

With that many digits the formulas may be cancelled and divided by almost nothing. Their removable singularities are
stepped around by parts in 1e40, which moves no digit that a float could hold.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import mpmath as mp
import numpy as np
import pytest

from leyden.closed_form import DirectedDevice

DIGITS = 200
POINTS = 40
KINDS = (
    "generic",
    "drive 1e-6",
    "drive 1e-9",
    "0.9999 of threshold",
    "at threshold",
    "beside threshold",
    "above threshold",
    "unequal rates",
    "nearly equal rates",
    "meeting rates",
)
# Some forty roundings of 1.1e-16, and twice the exponent (at most 30 here) for e^x.
TOLERANCE = 2e-14


@dataclass(frozen=True)
class Points:
    """Devices and times of one kind, as arrays."""

    drive: np.ndarray
    charger: np.ndarray
    battery: np.ndarray
    transport: np.ndarray
    time: np.ndarray

    def device(self) -> DirectedDevice:
        return DirectedDevice(
            drive=self.drive,
            total_charger_damping=self.charger,
            total_battery_damping=self.battery,
            transport_rate=self.transport,
        )

    def rows(self) -> list[tuple[float, ...]]:
        columns = (self.drive, self.charger, self.battery, self.transport, self.time)
        return [tuple(float(value) for value in row) for row in zip(*columns, strict=True)]


@lru_cache
def points_of(kind: str) -> Points:
    rng = np.random.default_rng(KINDS.index(kind))
    charger = rng.uniform(0.05, 4.0, POINTS)
    threshold = charger / 4
    fraction = {
        "0.9999 of threshold": 0.9999,
        "at threshold": 1.0,
        "beside threshold": 1 + rng.choice([-1e-10, 1e-10], POINTS),
        "above threshold": rng.uniform(1.001, 2.0, POINTS),
        "unequal rates": rng.uniform(0.01, 1.5, POINTS),
        "nearly equal rates": rng.uniform(0.01, 1.5, POINTS),
    }.get(kind, rng.uniform(0.01, 0.99, POINTS))
    drive = {"drive 1e-6": np.full(POINTS, 1e-6), "drive 1e-9": np.full(POINTS, 1e-9)}.get(kind, fraction * threshold)
    battery = charger
    if kind == "unequal rates":
        battery = charger * 10 ** rng.uniform(-1.5, 1.5, POINTS)
    elif kind == "nearly equal rates":
        battery = charger * (1 + 10 ** rng.uniform(-14, -3, POINTS))
    elif kind == "meeting rates":
        battery = charger - 4 * drive  # the amplified charger relaxes exactly like the battery
    transport = np.sqrt(charger * battery) * rng.uniform(0.05, 0.999, POINTS)
    time = 10 ** rng.uniform(-4, 1.4, POINTS) / charger
    return Points(drive, charger, battery, transport, time)


def relaxed(rate: Any, time: Any) -> Any:
    """int_0^t e^{-rate u} du."""
    return (1 - mp.exp(-rate * time)) / rate


def battery_excess(s: Any, la: Any, lb: Any, g: Any, t: Any, *, equal: bool) -> Any:
    if not equal:
        r = la - s
        square = relaxed(2 * r, t) - 2 * relaxed(r + lb, t) + relaxed(2 * lb, t)
        return g**2 * s * square / (lb - r) ** 2
    # Eq. (12) as the paper has it.
    l, r = la, la - s  # noqa: E741
    both = (mp.exp(-(r + l) * t) - mp.exp(-2 * l * t)) / s
    first = ((1 - mp.exp(-2 * l * t)) / (2 * l) - both) / (r + l)
    second = ((mp.exp(-2 * r * t) - mp.exp(-2 * l * t)) / (2 * s) - both) / s
    return g**2 * s / r * (first - second)


def merits(prefix: str, plus: Any, minus: Any) -> dict[str, Any]:
    V, U, half = plus + mp.mpf(1) / 2, minus + mp.mpf(1) / 2, mp.mpf(1) / 2
    energy, ergotropy = (V + U - 1) / 2, (mp.sqrt(V) - mp.sqrt(U)) ** 2 / 2
    values = {
        "excess_amplified": plus,
        "excess_squeezed": minus,
        "variance_amplified": V,
        "variance_squeezed": U,
        "stored_energy": energy,
        "anomalous_average": (V - U) / 2,
        "ergotropy": ergotropy,
        "passive_energy": mp.sqrt(V * U) - half,
        "utilization_ratio": ergotropy / energy,
    }
    return {prefix + name: value for name, value in values.items()}


def evaluate(drive: float, charger: float, battery: float, transport: float, time: float) -> dict[str, Any]:
    """All quantities of one device and time, from the raw formulas."""
    step = mp.mpf(10) ** -40
    la, g, t = mp.mpf(charger) / 2, mp.mpf(transport), mp.mpf(time)
    equal = charger == battery
    lb = la if equal else mp.mpf(battery) / 2 * (1 + step / 3)
    s = 2 * mp.mpf(drive) * (1 + step)
    eps = s / 2
    found = merits("", *(battery_excess(sign * s, la, lb, g, t, equal=equal) for sign in (1, -1)))
    h = [(mp.exp(-(la - sign * s) * t) - mp.exp(-lb * t)) / (lb - la + sign * s) for sign in (1, -1)]
    found["charging_power"] = g**2 * eps * (h[0] ** 2 - h[1] ** 2)
    y = [sign * s * relaxed(2 * (la - sign * s), t) for sign in (1, -1)]
    found["charger_energy"] = (y[0] + y[1]) / 2
    z = [sign * s * (t - relaxed(2 * (la - sign * s), t)) / (2 * (la - sign * s)) for sign in (1, -1)]
    found["drive_work"] = s * (z[0] - z[1])
    if 4 * drive < charger:
        steady = [sign * 2 * g**2 * eps / (2 * lb * (la - sign * s) * (la + lb - sign * s)) for sign in (1, -1)]
        found |= merits("steady_", *steady)
        found["steady_charger_energy"] = 8 * eps**2 / ((2 * la) ** 2 - 16 * eps**2)
    reference = one_photon(eps, la, lb * (1 + step / 7), g, t)
    gains = {
        "stored_energy_gain": found["stored_energy"] / reference["one_photon_energy"],
        "ergotropy_gain": found["ergotropy"] / reference["one_photon_energy"],
    }
    return found | reference | gains


def one_photon(eps: Any, la: Any, lb: Any, g: Any, t: Any) -> dict[str, Any]:
    amplitude = g * eps / la * (relaxed(lb, t) - (mp.exp(-la * t) - mp.exp(-lb * t)) / (lb - la))
    speed = g * eps * (mp.exp(-la * t) - mp.exp(-lb * t)) / (lb - la)
    return {
        "one_photon_energy": amplitude**2,
        "one_photon_power": 2 * amplitude * speed,
        "one_photon_charger_energy": (eps * relaxed(la, t)) ** 2,
        "steady_one_photon_energy": (g * eps / (la * lb)) ** 2,
    }


@lru_cache
def oracle_of(kind: str) -> tuple[dict[str, Any], ...]:
    with mp.workdps(DIGITS):
        return tuple(evaluate(*row) for row in points_of(kind).rows())


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def worst_error() -> Callable[..., float]:
    """Largest relative error of a function of (device, time) or (device) over the points of one kind.

    Where the oracle has no steady state the function must say NaN.
    """

    def worst(function: Callable[..., Any], name: str, kind: str) -> float:
        points = points_of(kind)
        is_steady = name.startswith("steady_")
        values = function(points.device()) if is_steady else function(points.device(), points.time)
        assert values.shape == (POINTS,)
        assert values.dtype == np.float64
        errors = []
        with mp.workdps(DIGITS):
            for value, known in zip(values, oracle_of(kind), strict=True):
                if name not in known:
                    errors.append(0.0 if np.isnan(value) else np.inf)
                else:
                    errors.append(float(abs(mp.mpf(float(value)) / known[name] - 1)))
        return max(errors)

    return worst


@pytest.fixture
def points() -> Callable[[str], Points]:
    return points_of


@pytest.fixture
def tolerance() -> float:
    return TOLERANCE


@pytest.fixture
def device() -> Callable[..., DirectedDevice]:
    """A device at Lambda = 2, g = 1, unless told otherwise."""

    def build(**changes: Any) -> DirectedDevice:
        rates = {"drive": 0.25, "total_charger_damping": 2.0, "total_battery_damping": 2.0, "transport_rate": 1.0}
        return DirectedDevice(**(rates | changes))

    return build
