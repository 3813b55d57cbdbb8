"""What is checked of every device: two computations that must agree, two laws, and a state that can be."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

import leyden as ly
from leyden.portrait import Statement, number
from leyden.report.material import Material

__all__ = ["checks"]

# What rounding may leave of a sum of flows, of two ways to the steady state, and of a quarter of a quantum of action.
_BALANCE, _AGREEMENT, _UNCERTAINTY = 1e-9, 1e-6, 1e-9


def checks(material: Material) -> Iterator[Statement]:
    """The checks that can be made of this device."""
    yield from _agreement(material)
    yield from _first_law(material)
    yield from _second_law(material)
    yield from _uncertainty(material)


def _holds(label: str, words: str, is_met: bool, criterion: str, **numbers: float) -> Statement:
    named = {name.replace("_", " "): value for name, value in numbers.items()}
    return Statement(label, words, "holds" if is_met else "fails", "holds" if is_met else "fails", criterion, named)


def _agreement(material: Material) -> Iterator[Statement]:
    steady = material.steady
    late = None if steady is None or material.portrait.beyond else material.late
    if steady is None or late is None:
        return
    name = "total_stored_energy" if "total_stored_energy" in steady else "stored_energy"
    reached, settled = float(late[name].values[-1]), float(steady[name])
    off = abs(reached - settled) / abs(settled) if settled else abs(reached)
    yield _holds(
        "two ways",
        f"charging ends in the steady state: stored energy {number(reached)} there, {number(settled)} here",
        off < _AGREEMENT,
        f"The state that is propagated long enough and the solution of the steady equations, which are computed apart, "
        f"differ by less than {_AGREEMENT:g} of the stored energy.",
        relative_difference=off,
        propagated_until=float(late["time"].values[-1]),
    )


def _first_law(material: Material) -> Iterator[Statement]:
    flows = material.flows
    if flows is None:
        return
    largest = float(np.max(np.abs(flows["flow"].values), initial=0.0))
    residual = float(np.max(np.abs(flows["first_law_residual"].values), initial=0.0))
    yield _holds(
        "first law",
        "what comes in is stored or goes out, at all times of the run",
        residual <= _BALANCE * largest,
        f"The rate of change of the energy of all modes, less all that drives, couplings and baths put in, is below "
        f"{_BALANCE:g} of the largest flow at every time.",
        largest_residual=residual,
        largest_flow=largest,
        times=float(flows.sizes["time"]),
    )


def _second_law(material: Material) -> Iterator[Statement]:
    flows = material.flows
    if flows is None:
        return
    production = flows["wigner_entropy_production"].values
    known = production[np.isfinite(production)]
    if not known.size:
        return
    yield _holds(
        "second law",
        f"entropy is produced, never destroyed: at least {number(float(known.min()))} and at most "
        f"{number(float(known.max()))} (nats * {material.portrait.unit('spectral_abscissa')})",
        float(known.min()) >= -_BALANCE * float(np.abs(known).max()),
        "The production of Wigner entropy, which also baths at zero temperature have, is not negative at any time of "
        "the run, beyond rounding.",
        least=float(known.min()),
        greatest=float(known.max()),
        times=float(known.size),
    )


def _uncertainty(material: Material) -> Iterator[Statement]:
    portrait = material.portrait
    if not material.states or portrait.beyond:
        return
    state = ly.evolve(material.network, [portrait.end])[-1]
    least = float(np.min(ly.states.symplectic_eigenvalues(state)))
    yield _holds(
        "uncertainty",
        f"the state at the end is one that can be: symplectic eigenvalues from {least:.6g}",
        least >= 0.5 - _UNCERTAINTY,
        "No symplectic eigenvalue of the covariance of all modes is below 1/2, beyond rounding.",
        least=least,
    )
