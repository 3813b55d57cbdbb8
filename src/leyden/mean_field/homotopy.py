"""All isolated zeros of polynomials in two groups of variables, by paths that lead to them from known zeros.

The start is a product of random linear forms with as many factors in either group as the polynomials have degrees
there: its zeros are solved for, and their number, the two-homogeneous Bezout number, bounds that of isolated zeros of
any system of these degrees. Along (1 - t) gamma S + t P every isolated zero of P is the end of a path, for all gamma
but a set of measure zero; the other paths run off to infinity.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.mean_field.polynomials import Polynomials

__all__ = ["Ends", "ends_of", "paths_of"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# 1 - t at which paths end: there a simple zero is known to 1e-10, a double one to 1e-5, from where Newton goes on.
_END = 1e-10
# Newton's correction, relative to the point, that a step may need at first, and that ends it.
_TRIED, _DONE = 0.05, 1e-9
_SMALLEST, _MOST_STEPS = 1e-7, 3000
# 1 - t below which a path that cannot go on has come to where zeros are not isolated.
_NEARLY = 1e-3
# Points in units of the natural amplitude beyond which a path is on its way to infinity.
_FAR = 1e4


@dataclass(frozen=True)
class Ends:
    """Where paths end."""

    points: Complex  # (members, paths, variables)
    is_finite: NDArray[np.bool_]  # (members, paths)
    failed: int  # paths that were lost on the way


def paths_of(degrees: list[tuple[int, int]]) -> int:
    """The number of paths: the coefficient of x^N y^N in the product of d x + e y over all polynomials."""
    ways, half = {0: 1}, len(degrees) // 2
    for first, second in degrees:
        step: dict[int, int] = {}
        for taken, count in ways.items():
            for more, degree in ((1, first), (0, second)):
                step[taken + more] = step.get(taken + more, 0) + count * degree
        ways = step
    return ways.get(half, 0)


def _choices(degrees: list[tuple[int, int]]) -> Iterator[list[tuple[int, int]]]:
    """Which group, and which factor of it, of each polynomial vanishes at a zero of the start."""
    half = len(degrees) // 2

    def grown(chosen: list[tuple[int, int]], taken: int) -> Iterator[list[tuple[int, int]]]:
        place = len(chosen)
        if place == len(degrees):
            yield chosen
            return
        for group, limit in ((0, taken < half), (1, place - taken < half)):
            for factor in range(degrees[place][group] if limit else 0):
                yield from grown([*chosen, (group, factor)], taken + 1 - group)

    return grown([], 0)


class _Start:
    """Products of random linear forms, and their zeros."""

    def __init__(self, degrees: list[tuple[int, int]], seed: int) -> None:
        random = np.random.default_rng(seed)
        size, most = len(degrees), max(first + second for first, second in degrees)
        half = size // 2
        # Forms (polynomial, factor, variable), the number one as variable 0; what is left over of factors is one.
        self.forms = np.zeros((size, most, size + 1), dtype=np.complex128)
        self.forms[:, :, 0] = 1.0
        drawn = random.standard_normal((size, most, size + 1, 2)) @ np.array([1.0, 1j])
        drawn /= np.abs(drawn)
        for place, (first, second) in enumerate(degrees):
            for factor in range(first + second):
                group = slice(1, half + 1) if factor < first else slice(half + 1, size + 1)
                self.forms[place, factor, 0] = drawn[place, factor, 0]
                self.forms[place, factor, group] = drawn[place, factor, group]
        self.gamma = np.exp(2j * np.pi * random.random(size))
        self.zeros: Complex = np.array([self._zero(chosen, degrees) for chosen in _choices(degrees)]).reshape(-1, size)

    def _zero(self, chosen: list[tuple[int, int]], degrees: list[tuple[int, int]]) -> Complex:
        half = len(chosen) // 2
        found: list[Complex] = []
        for group, columns in ((0, slice(1, half + 1)), (1, slice(half + 1, None))):
            rows = [
                self.forms[place, factor + (degrees[place][0] if group else 0)]
                for place, (own, factor) in enumerate(chosen)
                if own == group
            ]
            matrix = np.array(rows)
            found.append(np.linalg.solve(matrix[:, columns], -matrix[:, 0]).astype(np.complex128))
        return np.concatenate(found)

    def __call__(self, points: Complex) -> tuple[Complex, Complex]:
        """Values and derivatives."""
        factors = self.forms[..., 0] + np.einsum("ikv,...v->...ik", self.forms[..., 1:], points)
        slopes: Complex = np.zeros((*points.shape, points.shape[-1]), dtype=np.complex128)
        for place in range(factors.shape[-1]):
            others = np.prod(np.delete(factors, place, axis=-1), axis=-1)
            slopes = slopes + others[..., None] * self.forms[:, place, 1:]
        return self.gamma * np.prod(factors, axis=-1), self.gamma[:, None] * slopes


class _Paths:
    """Paths of all members, one behind the other, with a step of their own each."""

    def __init__(self, target: Polynomials, start: _Start) -> None:
        members = target.coefficients.shape[0]
        self.start, self.target = start, target
        self.owner = np.repeat(np.arange(members), len(start.zeros))
        self.points = np.tile(start.zeros, (members, 1))
        self.left = np.ones(len(self.points))  # 1 - t
        self.share = np.full(len(self.points), 0.05)  # of what is left that the next step takes
        self.is_lost = np.zeros(len(self.points), dtype=np.bool_)

    def _both(self, rows: Any, points: Complex, left: Real) -> tuple[Complex, Complex, Complex]:
        """Values, derivatives, and the derivative along 1 - t, of the homotopy."""
        target = self.target.at(self.owner[rows])
        value, slope = self.start(points)
        aim, aims = target(points), target.jacobian(points)
        one = left[:, None]
        return one * value + (1 - one) * aim, one[..., None] * slope + (1 - one[..., None]) * aims, value - aim

    def step(self) -> bool:
        """One step of each path that is not at its end; whether any was left."""
        rows = np.flatnonzero((self.left > _END) & ~self.is_lost)
        if not len(rows):
            return False
        points, left = self.points[rows], self.left[rows]
        after = np.maximum(left * (1 - self.share[rows]), _END)
        change = (after - left)[:, None]
        tangent = self._tangent(rows, points, left)
        middle = points + change / 2 * tangent
        trial = points + change * self._tangent(rows, middle, (left + after) / 2)
        is_good = np.ones(len(rows), dtype=np.bool_)
        for turn in range(3):
            value, slope, _ = self._both(rows, trial, after)
            correction = _solved(slope, value)
            trial = trial - correction
            size = np.linalg.norm(correction, axis=-1) / (1 + np.linalg.norm(trial, axis=-1))
            limit = _TRIED if turn == 0 else _DONE if turn == 2 else np.inf
            is_good &= size <= limit
        self.points[rows[is_good]], self.left[rows[is_good]] = trial[is_good], after[is_good]
        self.share[rows] = np.where(is_good, np.minimum(1.5 * self.share[rows], 0.5), self.share[rows] / 2)
        # Far away a path need not be followed to its end.
        far = np.linalg.norm(self.points[rows], axis=-1) > _FAR
        self.left[rows[far]] = 0.0
        self.is_lost[rows] |= self.share[rows] < _SMALLEST
        return True

    def _tangent(self, rows: Any, points: Complex, left: Real) -> Complex:
        _, slope, along = self._both(rows, points, left)
        return -_solved(slope, along)


def _solved(matrix: Complex, right: Complex) -> Complex:
    """Solutions, NaN where there is none."""
    try:
        return np.asarray(np.linalg.solve(matrix, right[..., None])[..., 0], dtype=np.complex128)
    except np.linalg.LinAlgError:
        found = np.full_like(right, np.nan)
        for place, one in enumerate(matrix):
            try:
                found[place] = np.linalg.solve(one, right[place])
            except np.linalg.LinAlgError:
                continue
        return found


def ends_of(target: Polynomials, degrees: list[tuple[int, int]], seed: int) -> Ends:
    """Ends of all paths to the zeros of polynomials with coefficients (members, terms), in natural units."""
    start = _Start(degrees, seed)
    paths = _Paths(target, start)
    with np.errstate(all="ignore"):
        steps = 0
        while paths.step() and steps < _MOST_STEPS:
            steps += 1
    is_near = np.linalg.norm(paths.points, axis=-1) <= _FAR
    is_there = paths.left <= np.where(paths.is_lost, _NEARLY, _END)
    shape = (target.coefficients.shape[0], len(start.zeros))
    points = paths.points.reshape(*shape, -1)
    return Ends(points, (is_near & is_there).reshape(shape), int(np.count_nonzero(~is_there)))
