"""The claim that the extrema of Eq. (19) in the asymmetry have no closed form (C25).

"No closed form" is read as: not by radicals. The stationarity conditions of E_B and of W in y = p_a^2 are written as
exact polynomials, whose Galois groups decide; that they are the device's is checked against its computed energies.
"""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import Bench
from leyden.paper.evidence.curves import changes
from leyden.paper.evidence.energy_maps import READINGS, map_of_energies
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.judging import Check
from leyden.paper.evidence.radicals import Radicals, radicals
from leyden.paper.evidence.stationarity import SHARED_RATE, stationary_energy, stationary_ergotropy

# kappa_b = 1, 0.1 Gamma, in units of eps.
BATTERY_DAMPINGS = (20, 2)
DAMPING_RATIOS = (Fraction(1), Fraction(3, 2), Fraction(2), Fraction(3), Fraction(5))
# A stationary point of the polynomial is one of the device if the energy's logarithmic slope there is below this.
FLAT = 1e-6
CONDITIONS = {"E_B": ("stored_energy", stationary_energy), "W": ("ergotropy", stationary_ergotropy)}


class _Point(NamedTuple):
    """One condition: what its polynomial's roots can be, and how flat the device is at the flattest of them."""

    radicals: Radicals
    slope: float


def _examined(bench: Bench, quantity: str, reading: str, battery_damping: int, ratio: Fraction) -> _Point:
    name, condition = CONDITIONS[quantity]
    polynomial = condition(ratio * battery_damping, battery_damping, reading)
    roots = np.roots(polynomial.coef[::-1].astype(float))
    real = roots.real[(abs(roots.imag) < 1e-9) & (roots.real > 0.01)]
    real = real[real < (0.99 if reading == READINGS[0] else 9.0)]
    if not len(real):
        return _Point(radicals(polynomial), np.inf)
    step = 1e-4
    y = real[:, None] * np.array([1 - step, 1 + step])
    battery = np.sqrt(1 - y) if reading == READINGS[0] else np.ones_like(y)
    device = bench.two_photon(
        drive=1.0,
        charger_damping=float(ratio * battery_damping),
        battery_damping=float(battery_damping),
        shared_rate=float(SHARED_RATE),
        charger_weight=np.sqrt(y),
        battery_weight=battery,
    )
    values = np.log(ly.steady_state(device)[name].values)
    slopes = abs(np.diff(values, axis=-1)[:, 0]) / (2 * step)
    return _Point(radicals(polynomial), float(np.min(np.where(np.isnan(slopes), np.inf, slopes))))


@claim(
    "C25", "Sec. III.3", "The extrema of Eq. (19), steady energy and ergotropy, in the asymmetry have no closed form."
)
def _extrema_without_closed_form(bench: Bench) -> Case:
    """C25: degrees and Galois groups of the stationarity conditions in xi."""
    coordinates: dict[str, list[Any]] = {
        "quantity": list(CONDITIONS),
        "weights": list(READINGS),
        "battery_damping": [kappa / SHARED_RATE for kappa in BATTERY_DAMPINGS],
        "damping_ratio": [float(ratio) for ratio in DAMPING_RATIOS],
    }
    points = [
        _examined(bench, *place) for place in itertools.product(CONDITIONS, READINGS, BATTERY_DAMPINGS, DAMPING_RATIOS)
    ]
    is_extremum = _grid(coordinates, [point.slope < FLAT for point in points])
    is_decided = _grid(coordinates, [point.radicals.is_decided for point in points])
    exist = _grid(coordinates, [point.radicals.exist for point in points])
    degree = _grid(coordinates, [point.radicals.degree for point in points]).where(is_extremum)
    degrees = {
        f"{quantity} {number}": degree.sel(quantity=quantity, weights=reading).max()
        for quantity in CONDITIONS
        for number, reading in enumerate(READINGS)
    }
    witnesses = [point.radicals.witness for point in points if point.slope < FLAT and not point.radicals.exist]
    rising = (changes(map_of_energies(bench.two_photon), "damping_ratio") > 0).sum()
    return Case(
        (Check(~exist, applies=is_extremum & is_decided, idle="E_B or W has no extremum inside the range of xi"),),
        "an extremum in xi, with rational rates, is a root of an exact polynomial in p_a^2 that is irreducible over "
        "the rationals with a Galois group that is not solvable, so that no formula in radicals can give it. (Up to "
        "degree four a formula exists.)",
        "the stationarity condition has degree {degrees[E_B 0]:.0f} for E_B and {degrees[W 0]:.0f} for W with "
        "p_a^2 + p_b^2 = 1, and {degrees[E_B 1]:.0f} and {degrees[W 1]:.0f} with p_b = 1; for example: {witness}. At "
        "its roots the computed energies of the device have logarithmic slopes of at most "
        "{largest_slope_at_roots:.0e}; {undecided} extrema were left undecided. In eta there is no extremum to find "
        "({rising_steps_in_eta} rising steps on the map).",
        "with p_a^2 + p_b^2 = 1 the sum Lambda_a + Lambda_b does not depend on xi and a factor of E_B drops out: a "
        "quartic remains. The square roots in W raise its degree.",
        {
            "degrees": degrees,
            "witness": witnesses[-1] if witnesses else "none",
            "largest_slope_at_roots": max(
                (point.slope for point in points if point.slope < FLAT), default=float("nan")
            ),
            "undecided": (is_extremum & ~is_decided).sum(),
            "rising_steps_in_eta": rising,
        },
        {"eps": 0.05, "shared_rate": 1.0, "detuning": 0.0},
    )


def _grid(coordinates: dict[str, list[Any]], values: list[Any]) -> xr.DataArray:
    shape = tuple(len(entries) for entries in coordinates.values())
    return xr.DataArray(np.reshape(values, shape), coordinates, tuple(coordinates))
