"""The slowest decay, or the fastest growth, in a network whose whole spectrum would take too long.

Arnoldi's method on the drift itself sees the outermost eigenvalues first, and the rightmost one late: where modes turn
fast and decay alike it is one of many on a vertical line. Here the method looks at e^{A t} instead, in which every
eigenvalue has the size e^{Re(lambda) t}: the longer the time, the more the rightmost one stands out.
"""

from __future__ import annotations

from math import ceil
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import Spectra, bounded_spectra
from leyden.algebra.exponential import Exponential
from leyden.algebra.krylov import Krylov
from leyden.algebra.sparse_balance import balanced
from leyden.algebra.sparse_graph import components, influences
from leyden.drift.spectrum import component_blocks, exact_entries, mode_bounds

__all__ = ["Rightmost", "has_small_components", "largest_component", "rightmost"]

Places = NDArray[np.intp]

# Quadratures of one component whose spectrum takes some seconds; that of several takes as long as their cubes' sum
# says.
_AFFORDABLE = 2000
# Quadratures up to which a component's own eigenvalues are computed here.
_DENSE = 400
# Steps between two looks, at most, and numbers that they may hold at once; what is left relative to the abscissa.
_STEPS, _MOST_STEPS, _MOST_NUMBERS = 10, 200, 2**27
_SETTLED = 1e-8
# Products of numbers that may be spent, half a minute of them.
_MOST_WORK = 1e10
# Slowest decay times that the exponential reaches over, and the most stretches of it that are worth while.
_REACH, _MOST_STRETCHES = 5.0, 40


class Rightmost(NamedTuple):
    """The spectral abscissa of a sparse drift."""

    abscissa: float  # largest real part of the eigenvalues
    error: float  # bound of its error where all components are small, else what the last step left open


def _sizes(drift: Any) -> tuple[Places, Places]:
    """Number of modes of each component, and each mode's component."""
    count, labels = components(influences(drift))
    return np.bincount(labels, minlength=count), labels


def largest_component(drift: Any) -> int:
    """Number of modes of the largest group that act on each other."""
    return int(np.max(_sizes(drift)[0]))


def has_small_components(drift: Any) -> bool:
    """Whether the whole spectrum, component by component, is a matter of seconds."""
    sizes = 2.0 * _sizes(drift)[0]
    return float(np.sum(sizes[sizes > 2] ** 3)) <= _AFFORDABLE**3


def rightmost(drift: Any, guess: float, rounding: Any = None) -> Rightmost:
    """Largest real part of the eigenvalues of a sparse drift, without its whole spectrum."""
    # With a bound of the error for components of up to 200 modes; of larger ones it is found to about eight digits, or
    # to the error that is told. `bounds` is many times cheaper, and its sign is all that can be relied on.
    rounding = exact_entries(drift) if rounding is None else rounding
    parted = components(influences(drift))
    found: list[Rightmost] = []
    if (alone := mode_bounds(drift, rounding, parted)) is not None:
        found.append(_bounded(alone))
    for block, left in component_blocks(drift, rounding, parted):
        if block.shape[0] <= _DENSE:
            found.append(_bounded(bounded_spectra(block.toarray()[None], left.toarray()[None])))
        else:
            found.append(_of_large(balanced(block, left)[0], guess))
    return Rightmost(max(one.abscissa for one in found), max(one.error for one in found))


def _bounded(found: Spectra) -> Rightmost:
    """Of a stack of components, or of modes."""
    abscissa, lower, upper = (float(np.max(part)) for part in found[1:])
    return Rightmost(abscissa, max(upper - abscissa, abscissa - lower))


def _of_large(block: Any, guess: float) -> Rightmost:
    exponential = Exponential(block)
    wanted = _REACH / max(abs(guess), float(np.finfo(float).tiny))
    stretches = min(max(1, ceil(min(wanted / exponential.longest, _MOST_STRETCHES))), _MOST_STRETCHES)
    time = stretches * exponential.longest

    def moved(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        vectors = vector[:, None]
        for _ in range(stretches):
            vectors = exponential.advanced(vectors)
        return vectors[:, 0]

    size = block.shape[0]
    start = np.random.default_rng(8).standard_normal(size)
    work = stretches * exponential.degree(exponential.longest) * block.nnz
    most = min(_MOST_STEPS, _MOST_NUMBERS // size, int(_MOST_WORK / work))
    space = Krylov(moved, start, max(_STEPS, most))
    found = Rightmost(0.0, np.inf)
    while not space.is_exhausted and not found.error <= _SETTLED * abs(found.abscissa):
        space.extend(_STEPS)
        values, residuals = space.ritz()
        place = int(np.argmax(np.abs(values)))
        length = float(np.abs(values[place]))
        found = Rightmost(float(np.log(length)) / time, float(np.log1p(residuals[place] / length)) / time)
    return found
