"""Critical value: where a device loses its steady state, or first has one, as one of its parameters grows from zero."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.algebra.graph import connected_parts
from leyden.drift.along import Line, Polynomial, addresses_of, polynomial_of
from leyden.drift.crossing import sign_change
from leyden.drift.second_moments import critical_turned
from leyden.drift.stability import drift_decays, stability_of
from leyden.drift.threshold import critical_drive
from leyden.equations.affordable import refuse_unaffordable
from leyden.equations.device import linear_part
from leyden.errors import ParameterError
from leyden.model.elements import TwoPhotonDrive
from leyden.model.elements.record import quantity_of
from leyden.model.labels import Labels
from leyden.quantities import ANGLE, QUANTITIES

__all__ = ["critical_value"]

# A drift that is a polynomial in the parameter reaches the imaginary axis in two ways, and both are eigenvalue problems
# in 1/t: a real eigenvalue vanishes where A(t) is singular, and two of them have the sum zero where the matrix of their
# sums, on pairs of quadratures, is. Between the values found nothing can change, so that no window is too narrow to be
# seen; values that are no crossing do no harm.

Real = NDArray[np.float64]

# Quadratures that act on each other up to which the matrix of sums is made: 1,128 rows, some seconds.
_MOST = 48
# Where rounding has made a double root complex the value is still wanted.
_NEARLY_REAL = 1e-3
# A value that is no crossing, for an expansion about it, in units of the scale.
_ABOUT = 0.7368
# Values that are looked at besides: decades about the scale, and parts of a turn of an angle.
_DECADES, _PER_DECADE, _TURN = 4, 6, 720
# Drifts that are judged at once.
_AT_ONCE = 64


def _sums(matrix: Real) -> Real:
    """Matrix of the sums of two different eigenvalues, on antisymmetric pairs, shape (n (n-1)/2, n (n-1)/2)."""
    size = len(matrix)
    first, second = np.triu_indices(size, 1)
    eye = np.eye(size)
    i, j, k, m = first[:, None], second[:, None], first, second
    return matrix[i, k] * eye[j, m] - matrix[i, m] * eye[j, k] + matrix[j, m] * eye[i, k] - matrix[j, k] * eye[i, m]


def _singular_at(coefficients: list[Real], about: float) -> Real:
    """Real values t at which a matrix polynomial is singular, from an expansion about one where it is not."""
    slope = sum(power * part * about ** (power - 1) for power, part in enumerate(coefficients) if power)
    here = sum(part * about**power for power, part in enumerate(coefficients))
    try:
        # (A + tau B + tau^2 C) v = 0: 1/tau is an eigenvalue of [[-A^-1 B, -A^-1 C], [1, 0]].
        blocks = np.linalg.solve(here, np.concatenate([np.asarray(slope), *coefficients[2:]], axis=1))
    except np.linalg.LinAlgError:
        return np.zeros(0)
    size = len(blocks)
    companion = -blocks
    if len(coefficients) > 2:
        companion = np.concatenate([-blocks, np.eye(size, 2 * size)])
    if not np.isfinite(companion).all():
        return np.zeros(0)
    inverse = np.linalg.eigvals(companion)
    inverse = inverse[np.abs(inverse) > 1e-300]
    found = about + 1 / inverse
    return np.asarray(found.real[np.abs(found.imag) <= _NEARLY_REAL * np.abs(found)], dtype=np.float64)


def _edges(polynomial: Polynomial) -> Real:
    """Values between which the number of growing modes cannot change."""
    felt = sum((part != 0).astype(int) for part in polynomial.coefficients) > 0
    found: list[Real] = []
    about = _ABOUT * polynomial.scale
    for place in connected_parts(np.asarray(felt), "strong"):
        own = [part[np.ix_(place, place)] for part in polynomial.coefficients]
        if not any(part.any() for part in own[1:]):
            continue  # of which nothing moves
        if len(place) > _MOST:
            raise ParameterError.of(
                "network",
                f"have at most {_MOST // 2} modes that act on each other, for a critical value",
                len(place) // 2,
                "Whether it is stable at a given value is in `stability`.",
            )
        found.append(_singular_at(own, about))
        if len(place) > 1:
            found.append(_singular_at([_sums(part) for part in own], about))
    return np.concatenate([*found, np.zeros(0)])


def _values(line: Line) -> Real:
    """Positive values in order, between which the verdict cannot change, or not much of it."""
    if _is_angle(line):
        return np.asarray(np.arange(1, _TURN + 1) * (2 * np.pi / _TURN), dtype=np.float64)
    polynomial = polynomial_of(line)
    scale = 1.0 if polynomial is None else polynomial.scale
    decades = np.linspace(-_DECADES, _DECADES, 2 * _DECADES * _PER_DECADE + 1)
    found = [scale * 10.0**decades]
    if polynomial is not None:
        edges = _edges(polynomial)
        found.append(edges[(edges > 0) & np.isfinite(edges)])
    return np.unique(np.concatenate(found))


def _is_angle(line: Line) -> bool:
    owner, name = addresses_of(line.network).owner(line.address)
    quantity = QUANTITIES.get(quantity_of(type(owner), name))
    return quantity is not None and quantity.unit == ANGLE


@on_one_thread
def critical_value(line: Line) -> float:
    """Smallest size of the parameter at which stability is lost, or at which it is gained where there is none at 0."""
    owner, name = addresses_of(line.network).owner(line.address)
    if isinstance(owner, TwoPhotonDrive) and name == "amplitude":
        return float(critical_drive(line.network, owner.mode)[0])
    if linear_part(line.network)[0].is_turned:
        return critical_turned(line.at, lambda: _values(line))
    refuse_unaffordable(len(line.network.mode_names), Labels((), (_AT_ONCE,), {}, 0))
    same = line.drift(np.asarray([1.0, 2.0]))
    if np.array_equal(same[0][0], same[0][1]):  # as of occupations and of frequencies, which may not be zero
        return float("inf") if bool(drift_decays(same[0][0], same[1][0])) else 0.0
    start = bool(drift_decays(*(part[0] for part in line.drift(np.zeros(1)))))

    def abscissa(value: float) -> float:
        found = float(stability_of(*line.drift(np.asarray([value]))).abscissa[0])
        return found if start else -found

    edges = _values(line)
    last = edges[-1] if _is_angle(line) else 2 * edges[-1]
    middles = np.asarray([left + (right - left) / 2 for left, right in pairwise([0.0, *edges, last])])
    below = 0.0
    for first in range(0, len(middles), _AT_ONCE):
        some = middles[first : first + _AT_ONCE]
        found = stability_of(*line.drift(some)).abscissa
        for value, level in zip(some, found if start else -found, strict=True):
            if level >= 0 if start else level > 0:
                return sign_change(abscissa, below, float(value)) if abscissa(below) < 0 else below
            below = float(value)
    return float("inf") if start else 0.0
