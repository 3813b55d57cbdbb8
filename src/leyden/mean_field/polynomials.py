"""Polynomials of several variables, many at once, for a batch of points: their values and derivatives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Polynomials", "collected"]

Complex = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Polynomials:
    """Sums of terms, each a coefficient times a product of variables, in several polynomials."""

    variables: int
    count: int  # of polynomials
    coefficients: Complex  # (..., terms)
    targets: NDArray[np.intp]  # (terms,), the polynomial that a term belongs to
    factors: NDArray[np.intp]  # (terms, degree), variables from 1 on; 0 is the number one

    def __call__(self, points: Complex) -> Complex:
        """Values (..., count) at points (..., variables)."""
        padded = np.concatenate([np.ones_like(points[..., :1]), points], axis=-1)
        terms = self.coefficients
        for column in self.factors.T:
            terms = terms * padded[..., column]
        return np.asarray(terms @ self._places, dtype=np.complex128)

    @cached_property
    def _places(self) -> NDArray[np.float64]:
        """Which term is in which polynomial, (terms, count)."""
        found = np.zeros((len(self.targets), self.count))
        found[np.arange(len(self.targets)), self.targets] = 1.0
        return found

    @cached_property
    def derivative(self) -> Polynomials:
        """All derivatives, count times variables of them."""
        which, place = np.nonzero(self.factors)
        rest = self.factors[which].copy()
        rest[np.arange(len(which)), place] = 0
        targets = self.targets[which] * self.variables + self.factors[which, place] - 1
        coefficients = self.coefficients[..., which]
        return Polynomials(self.variables, self.count * self.variables, coefficients, targets, rest)

    def jacobian(self, points: Complex) -> Complex:
        """Derivatives (..., count, variables) at points."""
        found = self.derivative(points)
        return found.reshape(*found.shape[:-1], self.count, self.variables)

    @property
    def degrees(self) -> NDArray[np.intp]:
        """Number of variables in each term."""
        return np.count_nonzero(self.factors, axis=-1)

    def degrees_in(self, first: int, last: int) -> list[int]:
        """Highest degree of each polynomial in the variables from `first` on and before `last`."""
        own = np.count_nonzero((self.factors > first) & (self.factors <= last), axis=-1)
        return [int(np.max(own[self.targets == place], initial=0)) for place in range(self.count)]

    def at(self, members: Any) -> Polynomials:
        """The same for some members of the batch."""
        return self.with_coefficients(self.coefficients[members])

    def with_coefficients(self, coefficients: Complex) -> Polynomials:
        """The same terms with others in front."""
        return Polynomials(self.variables, self.count, coefficients, self.targets, self.factors)


def collected(
    terms: Mapping[tuple[int, tuple[int, ...]], Any], variables: int, count: int, shape: tuple[int, ...]
) -> Polynomials:
    """Polynomials from coefficients by target and sorted variables; what is zero for all of a batch is left out."""
    kept = {key: value for key, value in terms.items() if np.any(np.asarray(value) != 0)}
    degree = max((len(factors) for _, factors in kept), default=0)
    factors = np.zeros((len(kept), degree), dtype=np.intp)
    for row, (_, own) in enumerate(kept):
        factors[row, : len(own)] = own
    columns = [np.broadcast_to(np.asarray(value, dtype=np.complex128), shape) for value in kept.values()]
    coefficients = np.stack(columns, axis=-1) if columns else np.zeros((*shape, 0), dtype=np.complex128)
    targets = np.asarray([target for target, _ in kept], dtype=np.intp)
    return Polynomials(variables, count, coefficients, targets, factors)
