"""The whole state of one of the oscillators behind a core, in number states."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import VACUUM_VARIANCE, quadratures_of
from leyden.one_way.equations import Equations
from leyden.one_way.rays import Rays
from leyden.one_way.series import Series, series_of
from leyden.one_way.steady import Steady
from leyden.states.characteristic import Frame, Polar

__all__ = ["MOST_STEPS", "Whole", "is_quick", "whole_state"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Dimension of the core up to which a state takes about a tenth of a second.
_QUICK = 20
# Steps outwards after which a state is no longer quick: modes far detuned take very many.
MOST_STEPS = 600
# Degrees of the series, and what a basis leaves out of its terms, that are tried one after the other until energies are
# off by less than is good; the first for states of up to so many quanta in their frame.
_TRIALS, _GOOD = ((0.7, 12, 1e-10), (1.5, 16, 1e-11), (math.inf, 20, 1e-12), (math.inf, 28, 1e-13)), 1e-8
# Ergotropies are off by a hundredth of what has left the basis, or less: K = 0.1 to 1 beside bases that hold all.
_LEFT = 0.05
# And by a few times the highest harmonic that rays tell: higher ones fold back into the matrix.
_ALIASED = 3.0


@dataclass(frozen=True, eq=False)
class Whole:
    """A density matrix of one mode, and what its energies may be off by, in quanta."""

    matrix: Complex
    error: float


def whole_state(equations: Equations, found: Steady, place: int, most: float = math.inf) -> Whole:
    """Steady state of the mode at a position among the rest, in at most so many steps outwards."""
    own = quadratures_of([place])
    fed = _upstream(equations.drift, own)
    mean = found.mean[own]
    covariance = found.second[np.ix_(own, own)] + VACUUM_VARIANCE * np.eye(2) - np.outer(mean, mean)
    best: Whole | None = None
    quanta = Frame.of(mean, covariance).quanta(covariance)
    for _, degree, left_out in (one for one in _TRIALS if quanta <= one[0]):
        series = series_of(equations, found, fed, degree)
        rays = _rays(series, (mean, covariance), np.searchsorted(fed, own), (left_out, most))
        known = _judged(rays.polar(), rays.frame, rays.quanta)
        known = replace(known, error=max(known.error, _LEFT * max(rays.lost)))
        if best is None or known.error < best.error:
            best = known
        if best.error < _GOOD or len(fed) > 2:  # of many coordinates more degrees are too many terms
            break
    assert best is not None
    return best


def is_quick(equations: Equations, place: int) -> bool:
    """Whether the state of a mode of the rest is a matter of a tenth of a second: alone behind a small core."""
    own = quadratures_of([place])
    drift = equations.drift[np.ix_(own, own)]
    turns_alike = drift[0, 0] == drift[1, 1] and drift[0, 1] == -drift[1, 0]
    return equations.core.size <= _QUICK and len(_upstream(equations.drift, own)) == 2 and bool(turns_alike)


def _upstream(drift: Real, own: NDArray[np.intp]) -> NDArray[np.intp]:
    """Quadratures of the rest that act on some of them, and these."""
    kept, queue = set(own.tolist()), own.tolist()
    while queue:
        for other in np.flatnonzero(drift[queue.pop()]).tolist():
            if other not in kept:
                kept.add(other)
                queue.append(other)
    return np.asarray(sorted(kept))


def _rays(series: Series, moments: tuple[Real, Real], places: NDArray[np.intp], limits: tuple[float, float]) -> Rays:
    """In a frame where the state is round, or in one where curves meet all radii: that is a hundred times less."""
    (mean, covariance), (left_out, most) = moments, limits
    space = series.space(left_out)

    def within(frame: Frame) -> Rays:
        return Rays(series, space, frame, places, max(frame.quanta(covariance), 0.0), most)

    found = within(Frame.of(mean, covariance))
    plain = within(Frame(mean, np.eye(2)))
    return plain if found.spiral is None and plain.spiral is not None else found


def _judged(polar: Polar, frame: Frame, quanta: float) -> Whole:
    """The state in the laboratory; its trace, its quanta and its signs in the frame tell how good it is."""
    matrix = polar.matrix()
    populations = matrix.diagonal().real
    negative = np.linalg.eigvalsh(matrix)
    levels = np.arange(len(matrix))
    errors = (
        abs(populations.sum() - 1.0) * max(quanta, 1.0),
        abs(populations @ levels - quanta),
        -float(negative[negative < 0].sum()) * len(matrix),
        _ALIASED * polar.highest(),
    )
    return Whole(frame.laboratory(matrix), float(max(errors)) * frame.squeezing**2)
