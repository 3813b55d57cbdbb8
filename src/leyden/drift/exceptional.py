"""Exceptional points: where eigenvalues of the drift meet and their eigenvectors with them, along a parameter."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.drift.along import Line
from leyden.drift.stability import stability_of

__all__ = ["Exceptional", "Findings", "exceptional_points"]

# Eigenvalues meet where the spread of a group of them vanishes. The square of the difference of two is analytic where
# they are not: Newton's step for it, from every point of a grid and for every pair, points at the meetings nearby, and
# is exact next to one of order two. The spread has a cusp there, |p - p_0|^(1/order), or a corner where eigenvalues
# cross: golden sections find either to the last digit, without derivatives.
#
# What meets is exceptional if it has too few eigenvectors: the drift on the invariant subspace of the group, less their
# mean, is nilpotent of an order above one. A crossing with all eigenvectors (diabolic) leaves nothing of it.

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# Points of the grid, moved off round numbers, and the step for derivatives in units of their distance.
_GRID, _OFFSET, _STEP = 240, 0.381966, 1e-3
# A Newton step aims at a meeting between 2/3 and 2 of itself away: as far as this it is followed, in grid steps.
_FAR, _REACH = 3.0, 3.0
# Eigenvalues that are one within so much of the largest entry; those of a point of higher order spread further.
_ALIKE, _SPREAD = 1e-8, 1e-4
# Sections to the last digit of an interval, and how finely candidates are told apart, in parts of the largest entry.
_SECTIONS, _CELL = 80, 1e-2
_GOLDEN = (5**0.5 - 1) / 2
# What is left of a nilpotent part, relative to its size, and of what has none, relative to the largest entry.
_NILPOTENT, _NOTHING = 1e-5, 1e-7
# Spread to the power of the order, in units of the largest entry, that rounding of the value explains.
_EXPLAINED = 1e-13
_MOST = 512


class Exceptional(NamedTuple):
    """A point where eigenvalues and their eigenvectors coalesce."""

    value: float  # of the parameter
    eigenvalue: complex  # of those that are each other's conjugates the one of positive imaginary part
    order: int  # how many eigenvectors are one there, in the largest chain


class Findings(NamedTuple):
    """Exceptional points in an interval, in order, and what is exceptional or meets otherwise."""

    points: tuple[Exceptional, ...]
    throughout: tuple[Exceptional, ...]  # at the middle of the interval, of what is exceptional at every value
    crossings: int  # values at which eigenvalues meet and keep their eigenvectors


class _Candidates(NamedTuple):
    """Where eigenvalues are about to meet, one entry each."""

    start: Real  # a value of the parameter before it
    far: Real  # one behind it
    centre: Complex  # mean of the eigenvalues at the start
    slope: Complex  # and how fast it moves
    members: NDArray[np.intp]  # how many they are


@on_one_thread
def exceptional_points(line: Line, low: float, high: float) -> Findings:
    """Exceptional points of a device's drift for values of a parameter in a closed interval."""
    step = (high - low) / _GRID
    grid = np.asarray(low + step * (np.arange(_GRID) + _OFFSET), dtype=np.float64)
    values = _spectrum(line, grid)
    scale = float(np.max(np.abs(line.drift(grid[:: _GRID // 4])[0]), initial=0.0))
    if not scale:
        return Findings((), (), 0)
    middle = grid[_GRID // 2]
    throughout = _throughout(line, values, grid, scale)
    alike = 3 * _SPREAD * scale if throughout else _ALIKE * scale
    found = _refined(line, _candidates(line, values, grid, (alike, scale)), low, high)
    points: list[Exceptional] = []
    crossings: list[tuple[float, complex]] = []
    for value, centre, spread in found:
        judged = _judged(line.drift(np.asarray([value]))[0][0], centre, spread, scale)
        if judged is None:
            continue
        eigenvalue, order = judged
        if any(order <= one.order and abs(eigenvalue - one.eigenvalue) <= 3 * _SPREAD * scale for one in throughout):
            continue
        known = [(one.value, one.eigenvalue) for one in points] if order > 1 else crossings
        if not any(abs(value - p) <= 1e-3 * step and abs(eigenvalue - e) <= _SPREAD * scale for p, e in known):
            if order > 1:
                points.append(Exceptional(value, eigenvalue, order))
            else:
                crossings.append((value, eigenvalue))
    points.sort(key=lambda one: (one.value, -one.eigenvalue.real))
    at_middle = [one._replace(value=float(middle)) for one in throughout]
    return Findings(tuple(points), tuple(at_middle), len({round((value - low) / step * 1e3) for value, _ in crossings}))


def _spectrum(line: Line, values: Real) -> Complex:
    drift, rounding = line.drift(values)
    return stability_of(drift, rounding).eigenvalues


def _candidates(line: Line, values: Complex, grid: Real, sizes: tuple[float, float]) -> _Candidates:
    """Pairs of eigenvalues whose Newton step does not lead far, each meeting once, from the point closest to it."""
    (alike, scale), step = sizes, float(grid[1] - grid[0])
    moved = _spectrum(line, grid + _STEP * step)
    nearest = np.argmin(np.abs(values[:, :, None] - moved[:, None, :]), axis=-1)
    slopes = (np.take_along_axis(moved, nearest, axis=-1) - values) / (_STEP * step)
    first, second = np.triu_indices(values.shape[-1], 1)
    apart, turning = values[:, first] - values[:, second], slopes[:, first] - slopes[:, second]
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        newton = -apart / (2 * turning)
    is_near = (np.abs(apart) > alike) & (np.abs(newton) <= _FAR * step) & (np.abs(newton.imag) <= np.abs(newton.real))
    centre, drift = (values[:, first] + values[:, second]) / 2, (slopes[:, first] + slopes[:, second]) / 2
    best: dict[tuple[int, int, int], tuple[float, int, int]] = {}
    for point, pair in np.argwhere(is_near).tolist():
        move, where = (
            float(newton[point, pair].real),
            centre[point, pair] + newton[point, pair].real * drift[point, pair],
        )
        key = (
            round((grid[point] + move) / (2 * step)),
            round(where.real / (_CELL * scale)),
            round(abs(where.imag) / (_CELL * scale)),
        )
        best[key] = min(best.get(key, (np.inf, 0, 0)), (abs(move), point, pair))
    chosen = sorted(best.values())[:_MOST]
    points, pairs = (np.asarray([entry[place] for entry in chosen], dtype=np.intp) for place in (1, 2))
    own = values[points]
    with_first, with_second = (np.abs(own - values[points, ends[pairs]][:, None]) <= alike for ends in (first, second))
    start = grid[points]
    far = start + _REACH * newton[points, pairs].real
    return _Candidates(
        start, far, centre[points, pairs], drift[points, pairs], np.sum(with_first | with_second, axis=-1)
    )


def _refined(line: Line, some: _Candidates, low: float, high: float) -> list[tuple[float, complex, float]]:
    """Value where each group of eigenvalues is closest together, its mean there, and its spread."""
    if not len(some.start):
        return []

    def spread(values: Real) -> tuple[Real, Complex]:
        spectrum = _spectrum(line, values)
        expected = some.centre + some.slope * (values - some.start)
        order = np.argsort(np.abs(spectrum - expected[:, None]), axis=-1, kind="stable")
        close = np.take_along_axis(spectrum, order, axis=-1)
        inside = np.arange(spectrum.shape[-1]) < some.members[:, None]
        mean = np.sum(np.where(inside, close, 0), axis=-1) / some.members
        return np.sqrt(np.sum(np.where(inside, np.abs(close - mean[:, None]) ** 2, 0), axis=-1) / some.members), mean

    left, right = (np.clip(ends, low, high) for ends in (some.start, some.far))
    best, (least, mean) = left, spread(left)

    def kept(values: Real) -> Real:
        nonlocal best, least, mean
        found, where = spread(values)
        is_less = found < least
        best, least, mean = (
            np.where(is_less, new, old) for new, old in ((values, best), (found, least), (where, mean))
        )
        return found

    kept(right)
    inner, outer = (left + share * (right - left) for share in (1 - _GOLDEN, _GOLDEN))
    at_inner, at_outer = kept(inner), kept(outer)
    for _ in range(_SECTIONS):
        is_left = at_inner <= at_outer
        left, right = np.where(is_left, left, inner), np.where(is_left, outer, right)
        fresh = left + np.where(is_left, 1 - _GOLDEN, _GOLDEN) * (right - left)
        found = kept(fresh)
        inner, outer = np.where(is_left, fresh, outer), np.where(is_left, inner, fresh)
        at_inner, at_outer = np.where(is_left, found, at_outer), np.where(is_left, at_inner, found)
    return [(float(value), complex(centre), float(size)) for value, centre, size in zip(best, mean, least, strict=True)]


def _judged(drift: Real, centre: complex, spread: float, scale: float) -> tuple[complex, int] | None:
    """Eigenvalue and order of what meets, 1 where it keeps its eigenvectors; None where it does not meet at all."""
    from scipy.linalg import schur

    def is_close(value: Any) -> bool:
        return bool(abs(value - centre) <= radius)

    radius = max(10 * spread, 100 * _ALIKE * scale)
    if radius > 10 * _SPREAD * scale:
        return None
    # Of a complex matrix `sort` is asked for each eigenvalue as one number, whatever the annotations of SciPy say.
    options: dict[str, Any] = {"output": "complex", "sort": is_close}
    form, _, count = schur(drift.astype(np.complex128), **options)
    if count < 2:
        return None
    block = form[:count, :count]
    mean = complex(np.trace(block) / count)
    rest = block - mean * np.eye(count)
    size = float(np.linalg.norm(rest, 2))
    order, power = 1, rest
    if size > _NOTHING * scale:
        order = 2
        power = rest @ rest
        while order < count and np.linalg.norm(power, 2) > _NILPOTENT * size**order:
            power, order = power @ rest, order + 1
        if np.linalg.norm(power, 2) > _NILPOTENT * size**order:
            return None
    # Where two eigenvalues only come close, their spread is more than rounding of the value would leave.
    if (spread / scale) ** order > (_EXPLAINED if order > 1 else _NOTHING):
        return None
    mean = complex(mean.real, abs(mean.imag) if abs(mean.imag) > _NOTHING * scale else 0.0)
    return mean, order


def _throughout(line: Line, values: Complex, grid: Real, scale: float) -> list[Exceptional]:
    """What is exceptional at some values that nobody chose, and so at all."""
    found: list[Exceptional] = []
    for place in (_GRID // 2, _GRID // 5, 4 * _GRID // 5):
        drift = line.drift(grid[place : place + 1])[0][0]
        here: list[Exceptional] = []
        for value in values[place]:
            group = values[place][np.abs(values[place] - value) <= _SPREAD * scale]
            if len(group) < 2:
                continue
            centre = complex(np.mean(group))
            judged = _judged(drift, centre, float(np.sqrt(np.mean(np.abs(group - centre) ** 2))), scale)
            if judged is None or judged[1] < 2:
                continue
            if not any(abs(judged[0] - one.eigenvalue) <= _SPREAD * scale for one in here):
                here.append(Exceptional(float(grid[place]), *judged))
        if not here:
            return []
        found = found or here
    return found
