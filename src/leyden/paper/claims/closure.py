"""The claim that first and second moments close and are the whole state (C3)."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.claims.register import claim
from leyden.paper.evidence.bench import LEVEL, Bench
from leyden.paper.evidence.finding import Case
from leyden.paper.evidence.hierarchy import Exponents, Hierarchy, degree_of, pairings
from leyden.paper.evidence.judging import Check

TIMES = (0.5, 2.0, 8.0)
# Devices of all sorts: as in the figures, detuned, unequal with phases and partly reciprocal, close to threshold.
DEVICES: dict[str, dict[str, Any]] = {
    "figure": {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1},
    "detuned": {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.3, "detuning": 0.4, "phase": 0.5},
    "complex": {
        "drive": 0.1,
        "charger_damping": 0.5,
        "battery_damping": 0.2,
        "charger_weight": 0.6 + 0.2j,
        "battery_weight": 0.3 - 0.8j,
        "coupling": 0.3 - 0.1j,
    },
    "near threshold": {"drive": 0.149, "charger_damping": 0.1, "battery_damping": 0.1},
}
CHARGER: Exponents = ((1, 1), (0, 0))
BATTERY: Exponents = ((0, 0), (1, 1))
# <b^dag^2 b^2> and the charger's <a^2>.
FOURTH: Exponents = ((0, 0), (2, 2))
ANOMALOUS: Exponents = ((0, 2), (0, 0))


Moments = dict[Exponents, complex]


def _non_gaussianity(course: dict[float, Moments]) -> float:
    """Largest distance of odd moments from zero and of fourth moments from the sums over pairs, in energies squared."""
    largest = 0.0
    for moments in course.values():
        size = max(abs(moments[exponents]) for exponents in (CHARGER, BATTERY, ANOMALOUS))
        for exponents, value in moments.items():
            degree = degree_of(exponents)
            expected = pairings(exponents, moments) if degree == 4 else 0.0
            if degree % 2 or degree == 4:
                largest = max(largest, abs(value - expected) / size**2)
    return largest


def _energy_gap(course: dict[float, Moments], network: ly.Network) -> float:
    """Largest relative distance of the energies from those that first and second moments give; infinite if none do."""
    try:
        run = ly.charge(network, TIMES, method="dense")  # by moments, whatever else there is
    except ly.NonGaussianError:
        return float("inf")
    return max(
        abs(float(run[name].sel(time=time)) / moments[exponents].real - 1)
        for time, moments in course.items()
        for name, exponents in (("stored_energy", BATTERY), ("charger_energy", CHARGER))
    )


@claim("C3", "Sec. II", "First and second moments form a closed system and describe the composite fully.")
def _moments_close(bench: Bench) -> Case:
    """C3: closure order by order from the ladder operators, and Gaussian fourth moments."""
    networks = {name: bench.two_photon(**rates) for name, rates in DEVICES.items()}
    hierarchies = {name: Hierarchy(network) for name, network in networks.items()}

    def over_devices(values: list[Any]) -> xr.DataArray:
        return xr.DataArray(np.array(values), {"device": list(networks)}, ("device",))

    courses = {name: {t: hierarchy.moments(t) for t in TIMES} for name, hierarchy in hierarchies.items()}
    raised = over_devices([hierarchy.raises_degree_by for hierarchy in hierarchies.values()])
    distance = over_devices([_non_gaussianity(course) for course in courses.values()])
    gap = over_devices([_energy_gap(course, networks[name]) for name, course in courses.items()])
    # One photon in the battery is no Gaussian state: <b^dag b> = 1, and <b^dag^2 b^2> = 0 instead of 2.
    moments = hierarchies["figure"].moments(TIMES[0], {BATTERY: 1.0})
    return Case(
        (
            Check(raised <= 0, "no equation of motion calls for a moment of higher degree"),
            Check(distance < LEVEL, "third and fourth moments are those of a Gaussian state"),
            Check(gap < LEVEL, "first and second moments alone give the energies"),
        ),
        "for all 70 normally ordered moments up to degree four the adjoint master equation, by operator algebra from "
        "the device's Hamiltonian and jumps, stays within the moment's degree; solved from the vacuum, odd moments "
        "vanish and each fourth moment is the sum over pairs of second ones (to 1e-9); the energies agree with those "
        "from first and second moments alone (to 1e-9).",
        "the degree is raised by {degree_raised_by}; fourth moments differ from the sums over pairs by at most "
        "{largest_non_gaussianity:.0e} of the energy squared, energies by at most {largest_energy_gap:.0e}. The start "
        "matters: from one photon in the battery the moments close as well, but <b^dag^2 b^2> misses the Gaussian "
        "value by {missed_from_one_photon:.2g}, so that two moments no longer describe the state.",
        "a quadratic Hamiltonian and linear jumps keep Gaussian states Gaussian, and the vacuum is one.",
        {
            "degree_raised_by": raised.max(),
            "largest_non_gaussianity": distance.max(),
            "largest_energy_gap": gap.max(),
            "missed_from_one_photon": (moments[FOURTH] - pairings(FOURTH, moments)).real,
        },
        {"shared_rate": 1.0, "times": list(TIMES)},
    )
