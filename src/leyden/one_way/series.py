"""The power series of a characteristic function with the core, and the small space that its terms span."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg
from leyden.one_way.equations import Equations
from leyden.one_way.steady import Resolvent, Steady

__all__ = ["Series", "Space", "series_of"]

# X(k) = Tr_rest[e^{i k (xi - <xi>)} rho], an operator of the core for each point k, tells the whole state of what the
# core feeds. In a steady state
#
#     L X + (A^T k) d_k X + i k S X - (k D k / 2) X = 0,
#
# with S_i as in the equations of first moments, less the mean. As a series in k it is triangular: the terms of a degree
# follow from those of two degrees below by one equation of the core's size. Far out the series is of no use, but its
# terms span nearly all that X(k) is anywhere, and that is a space of some forty dimensions: there X(k) is followed
# outwards (`rays.py`) along the curves on which k(s) obeys dk/ds = -A^T k, where
#
#     dX/ds = (L + i k S - k D k / 2) X.

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Terms up to which a series is taken: of many coordinates only low degrees.
_MOST_TERMS = 500
# Share of a radius at which the first term left out is as large as is allowed in the directions that were tried.
_SAFELY = 0.7


@dataclass(frozen=True, eq=False)
class Space:
    """The core's operators in an orthonormal basis (d^2, p) of some of them, or all of them where there is none."""

    generator: Any  # L, (p, p)
    sources: list[Any]  # S_i less the mean, (p, p)
    trace: Complex  # (p,)
    basis: Complex | None = None
    leak: Any = None  # (q, p (m + 1)), of the size of what L and S_i lead out of the basis

    def within(self, basis: Complex) -> Space:
        """What stays in the span of a basis."""
        from scipy.linalg import qr

        adjoint = basis.conj().T
        moved = [self.generator @ basis, *(source @ basis for source in self.sources)]
        generator, *sources = (adjoint @ one for one in moved)
        left = [one - basis @ kept for one, kept in zip(moved, (generator, *sources), strict=True)]
        leak: Any = qr(np.concatenate(left, axis=1), mode="r")[0]
        return Space(generator, sources, self.trace @ basis, basis, leak[: leak.shape[1]])

    def coordinates(self, operators: Complex) -> Complex:
        """Flattened operators (d^2, n) in this basis."""
        return operators if self.basis is None else self.basis.conj().T @ operators


@dataclass(frozen=True, eq=False)
class Series:
    """Terms of X(k) in a basis of k in which A^T is triangular, and what else moves X."""

    whole: Space
    drift: Real  # A of the quadratures that k has, (m, m)
    diffusion: Real  # (m, m)
    axes: Complex  # Schur vectors of A^T, (m, m)
    powers: NDArray[np.intp]  # (n, m)
    terms: Complex  # (n, d^2)

    @cached_property
    def degrees(self) -> NDArray[np.intp]:
        """Degree of each term."""
        return self.powers.sum(axis=1)

    def space(self, left_out: float) -> Space:
        """What the terms span, of size 1 each, but for so much."""
        from scipy.linalg import qr

        sizes = np.linalg.norm(self.terms, axis=1)
        columns = self.terms[sizes > 0].T / sizes[sizes > 0]
        found: Any = qr(columns, mode="economic", pivoting=True)
        sizes = np.abs(np.diag(found[1]))
        return self.whole.within(found[0][:, : int((sizes > left_out * sizes[0]).sum())])

    def at(self, points: Real) -> Complex:
        """X (d^2, n) at points k (m, n) near 0."""
        return (self._monomials(points) @ self.terms).T

    def radius(self, tolerance: float) -> float:
        """Length of k up to which the last degree is below a tolerance."""
        directions = np.random.default_rng(1).normal(size=(len(self.drift), 64))
        directions /= np.linalg.norm(directions, axis=0)
        monomials, found = self._monomials(directions), math.inf
        for degree in self.degrees[-1] - np.arange(2):  # two, since every other one may vanish
            kept = self.degrees == degree
            size = float(np.abs(monomials[:, kept] @ self.terms[kept]).max())
            found = min(found, (tolerance / max(size, 1e-300)) ** (1 / degree))
        return _SAFELY * found

    def _monomials(self, points: Real) -> Complex:
        coordinates = self.axes.conj().T @ points
        return np.prod(coordinates.T[:, None, :] ** self.powers[None], axis=2)


def series_of(equations: Equations, found: Steady, quadratures: NDArray[np.intp], degree: int) -> Series:
    """Terms of X(k) up to a degree for those quadratures of the rest, on which no other of the rest acts."""
    load_scipy_linalg()
    from scipy import sparse
    from scipy.linalg import schur

    drift = equations.drift[np.ix_(quadratures, quadratures)]
    mean = found.mean[quadratures]
    size = equations.core.size**2
    one = sparse.eye_array(size)
    # Where the mean is taken off, what moves it goes with it.
    sources = [
        (equations.sources[place] + moved * one).tocsr() for place, moved in zip(quadratures, drift @ mean, strict=True)
    ]
    outside = equations.outside[quadratures]
    diffusion = np.asarray(equations.linear.diffusion)[np.ix_(outside, outside)]
    whole = Space(equations.core.generator.tocsr(), sources, equations.core.trace)
    triangle, axes = schur(drift.T, output="complex")
    turned = [sum(axes[k, i] * source for k, source in enumerate(sources)) for i in range(len(drift))]
    powers = _powers(len(drift), degree)
    terms = _terms(equations, found, powers, triangle, (turned, axes.T @ diffusion @ axes))
    return Series(whole, drift, diffusion, axes, powers, terms)


def _powers(coordinates: int, degree: int) -> NDArray[np.intp]:
    """Powers of each term, by degree, and within one those of the first coordinates first."""
    while degree > 2 and math.comb(degree + coordinates, coordinates) > _MOST_TERMS:
        degree -= 1
    found = np.asarray(_of_degree(coordinates, 0))
    return np.concatenate([found, *(np.asarray(_of_degree(coordinates, one)) for one in range(1, degree + 1))])


def _of_degree(coordinates: int, degree: int) -> list[tuple[int, ...]]:
    if coordinates == 1:
        return [(degree,)]
    return [(one, *rest) for one in range(degree, -1, -1) for rest in _of_degree(coordinates - 1, degree - one)]


def _terms(
    equations: Equations, found: Steady, powers: NDArray[np.intp], triangle: Complex, forms: tuple[list[Any], Complex]
) -> Complex:
    """Coefficient (n, d^2) of each monomial, from S_i and D in the basis where A^T is a triangle."""
    sources, diffusion = forms
    places = {tuple(power): number for number, power in enumerate(powers.tolist())}
    steps = np.eye(len(triangle), dtype=np.intp)
    shifts = powers @ np.diag(triangle)
    is_diagonal = not np.triu(triangle, 1).any()
    terms = np.zeros((len(powers), equations.core.size**2), dtype=np.complex128)
    terms[0] = found.rho.reshape(-1)
    resolvent = Resolvent(equations)

    def place(power: NDArray[np.intp]) -> int | None:
        return places.get(tuple(power.tolist()))

    def right(number: int) -> Complex:
        power, total = powers[number], np.zeros(terms.shape[1], dtype=np.complex128)
        for i, step in enumerate(steps):
            if (before := place(power - step)) is not None:
                total -= 1j * (sources[i] @ terms[before])
            for j, other in enumerate(steps):
                if (before := place(power - step - other)) is not None:
                    total += diffusion[i, j] / 2 * terms[before]
                if i < j and triangle[i, j] != 0 and (before := place(power + step - other)) is not None:
                    total -= triangle[i, j] * (power[i] + 1) * terms[before]
        return total

    degrees = powers.sum(axis=1)
    for degree in range(1, int(degrees[-1]) + 1):
        numbers = np.flatnonzero(degrees == degree)
        # Terms of a degree that do not feed each other are solved side by side where they share a shift.
        groups = _alike(shifts[numbers]) if is_diagonal else [[one] for one in range(len(numbers))]
        for group in groups:
            chosen = numbers[group]
            sides = np.stack([right(number) for number in chosen.tolist()], axis=1)
            terms[chosen] = resolvent(complex(shifts[chosen[0]]), sides).T
    return terms


def _alike(shifts: Complex) -> list[list[int]]:
    """Positions of shifts that are the same up to rounding."""
    groups: list[list[int]] = []
    for number, shift in enumerate(shifts.tolist()):
        for group in groups:
            if abs(shifts[group[0]] - shift) <= 1e-13 * max(1.0, abs(shift)):
                group.append(number)
                break
        else:
            groups.append([number])
    return groups
