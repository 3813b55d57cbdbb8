"""Stability of a long chain that passes quanta on more strongly than back: eigenvalues of a non-normal matrix."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Case, Contender

SIZES, QUICK_SIZES = (100, 1_000), (100,)
RATE, BACK = 0.25, 0.1
"""Half of the shared rate, and the share of it that is left of the way back."""
DAMPING = 0.1


def chain(modes: int) -> ly.Network:
    """Neighbours share a bath; a coherent coupling cancels nine tenths of the way back. No drive."""
    links = [[mode, mode + 1] for mode in range(modes - 1)]
    ends = DAMPING + 2 * RATE
    rates = [ends, *[DAMPING] * (modes - 2), ends]
    elements: list[Any] = [
        ly.Family(ly.LocalBath, range(modes), rate=rates),
        ly.Family(ly.SharedBath, links, weights=(2**-0.5, 2**-0.5), rate=1.0),
        ly.Family(ly.CoherentCoupling, links, strength=-1j * RATE * (1 - BACK)),
    ]
    return ly.Network(ly.Modes(modes), elements, "m0", f"m{modes - 1}")


def exact(modes: int) -> float:
    """Of a tridiagonal Toeplitz matrix: -l + 2 (t t')^(1/2) cos(pi/(N + 1))."""
    ways = (RATE * (2 - BACK)) * (RATE * BACK)
    return -(DAMPING / 2 + 2 * RATE) + 2 * ways**0.5 * float(np.cos(np.pi / (modes + 1)))


def _stability(modes: int) -> Callable[[], float]:
    network = chain(modes)
    return lambda: float(ly.stability(network, eigenvalues=True).spectral_abscissa)


def _eigvals(modes: int) -> Callable[[], float]:
    drift = ly.moment_equations(chain(modes)).drift
    return lambda: float(np.linalg.eigvals(drift).real.max())


def _of(modes: int) -> list[Contender]:
    def judge(found: float) -> float:
        return abs(found / exact(modes) - 1)

    numpy = "NumPy eigvals of the drift"
    return [
        Contender(
            "leyden, stability: spectrum, bound and Dataset",
            partial(_stability, modes),
            judge,
            size=modes,
            rivals=((numpy, 1 / 3),),
        ),
        Contender(numpy, partial(_eigvals, modes), judge, size=modes),
    ]


def contenders(quick: bool) -> list[Contender]:
    return [contender for modes in (QUICK_SIZES if quick else SIZES) for contender in _of(modes)]


CASE = Case(
    "non_normal",
    "Spectrum and stability of a chain of N modes that passes quanta on with 0.475 and back with 0.025. Error of the "
    "spectral abscissa against the closed form of a tridiagonal Toeplitz matrix, relative.",
    contenders=contenders,
)
