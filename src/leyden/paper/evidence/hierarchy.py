"""Moments of any order, straight from the ladder operators of a device: an independent road to its expectation values.

Operators are sums of normally ordered products a_1^dag^m a_1^n a_2^dag^k ..., held as a mapping from exponents to
coefficients. The adjoint of the master equation, dO/dt = i [H, O] + sum_k rate (L^dag O L - {L^dag L, O}/2), takes such
a sum to another one. If it never raises the degree, moments up to a given degree obey a finite linear system.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

import leyden as ly

__all__ = ["Exponents", "Hierarchy", "Operator", "adjoint", "degree_of", "pairings", "times"]

# (creations, annihilations) of each mode.
Exponents = tuple[tuple[int, int], ...]
Operator = dict[Exponents, complex]


def _sum(*operators: Operator) -> Operator:
    total: Operator = {}
    for operator in operators:
        for exponents, coefficient in operator.items():
            total[exponents] = total.get(exponents, 0.0) + coefficient
    return {exponents: coefficient for exponents, coefficient in total.items() if abs(coefficient) > 1e-14}


def _scaled(factor: complex, operator: Operator) -> Operator:
    return {exponents: factor * coefficient for exponents, coefficient in operator.items()}


def adjoint(operator: Operator) -> Operator:
    """Adjoint of an operator."""
    return {tuple((n, m) for m, n in exponents): np.conj(value) for exponents, value in operator.items()}


def _reordered(first: tuple[int, int], second: tuple[int, int]) -> Iterator[tuple[tuple[int, int], int]]:
    """a^dag^m a^n a^dag^k a^l of one mode, normally ordered."""
    (m, n), (k, l) = first, second  # noqa: E741
    for s in range(min(n, k) + 1):
        yield (m + k - s, n + l - s), math.factorial(s) * math.comb(n, s) * math.comb(k, s)


def times(first: Operator, second: Operator) -> Operator:
    """Product of two operators, normally ordered."""
    total: Operator = {}
    for left, a in first.items():
        for right, b in second.items():
            terms: list[tuple[Exponents, complex]] = [((), a * b)]
            for pair in zip(left, right, strict=True):
                terms = [((*done, new), c * count) for done, c in terms for new, count in _reordered(*pair)]
            for exponents, coefficient in terms:
                total[exponents] = total.get(exponents, 0.0) + coefficient
    return total


def _commutator(operator: Operator, linear: Operator) -> Operator:
    """[O, L] with a sum of single ladder operators, [O, a] = -dO/da^dag and [O, a^dag] = dO/da."""
    total: Operator = {}
    for ladder, weight in linear.items():
        mode, pair = next((mode, pair) for mode, pair in enumerate(ladder) if pair != (0, 0))
        for exponents, coefficient in operator.items():
            m, n = exponents[mode]
            count = -m if pair == (0, 1) else n
            if count:
                lowered = (m - 1, n) if pair == (0, 1) else (m, n - 1)
                image = (*exponents[:mode], lowered, *exponents[mode + 1 :])
                total[image] = total.get(image, 0.0) + weight * count * coefficient
    return total


def degree_of(exponents: Exponents) -> int:
    """Number of ladder operators in a product."""
    return sum(m + n for m, n in exponents)


class Hierarchy:
    """The equations of motion of all moments of a device up to a degree."""

    def __init__(self, network: ly.Network, degree: int = 4) -> None:
        names = network.mode_names
        count = len(names)

        def monomial(*ladders: tuple[str, bool]) -> Operator:
            operator: Operator = {((0, 0),) * count: 1.0}
            for mode, is_creation in ladders:
                single = [(0, 0)] * count
                single[names.index(mode)] = (1, 0) if is_creation else (0, 1)
                operator = times(operator, {tuple(single): 1.0})
            return operator

        hamiltonian: Operator = {}
        jumps: list[tuple[float, Operator]] = []
        for element in (*network.modes, *network.elements):
            for term in element.hamiltonian():
                part = _scaled(term.coefficient, monomial(*((o.mode, o.is_creation) for o in term.operators)))
                hamiltonian = _sum(hamiltonian, part, adjoint(part))
            for jump in (one for word in element.jumps() for one in word.directions()):
                parts = zip(jump.weights, jump.operators, strict=True)
                operator = _sum(
                    *(_scaled(w, monomial(*((f.mode, f.is_creation) for f in o.factors))) for w, o in parts)
                )
                jumps.append((float(jump.rate), operator))
        self._hamiltonian, self._jumps = hamiltonian, jumps
        self.monomials = tuple(_monomials(count, degree))
        position = {exponents: place for place, exponents in enumerate(self.monomials)}
        self.raises_degree_by = 0
        self.matrix: NDArray[np.complex128] = np.zeros((len(self.monomials),) * 2, dtype=np.complex128)
        for exponents, row in position.items():
            for image, coefficient in self._rate({exponents: 1.0}).items():
                self.raises_degree_by = max(self.raises_degree_by, degree_of(image) - degree_of(exponents))
                if image in position:
                    self.matrix[row, position[image]] = coefficient

    def _rate(self, operator: Operator) -> Operator:
        """dO/dt, with the dissipator written as rate (L^dag [O, L] + [L^dag, O] L)/2."""
        parts = [_scaled(1j, times(self._hamiltonian, operator)), _scaled(-1j, times(operator, self._hamiltonian))]
        for rate, jump in self._jumps:
            raised = adjoint(jump)
            parts.append(_scaled(rate / 2, times(raised, _commutator(operator, jump))))
            parts.append(_scaled(-rate / 2, times(_commutator(operator, raised), jump)))
        return _sum(*parts)

    def moments(self, time: float, start: dict[Exponents, complex] | None = None) -> dict[Exponents, complex]:
        """All moments at one time."""
        from scipy.sparse import csr_array
        from scipy.sparse.linalg import expm_multiply

        begin = {self.monomials[0]: 1.0, **(start or {})}
        vector = np.array([begin.get(exponents, 0.0) for exponents in self.monomials])
        # The trace only tunes the series of the exponential; found by itself it costs a random estimate.
        found = expm_multiply(csr_array(self.matrix * time), vector, traceA=np.trace(self.matrix) * time)
        return dict(zip(self.monomials, found, strict=True))


def _monomials(modes: int, degree: int) -> Iterator[Exponents]:
    """All exponents up to a degree, the identity first."""
    for size in range(degree + 1):
        for ladders in combinations_with_replacement(range(2 * modes), size):
            yield tuple((ladders.count(2 * mode), ladders.count(2 * mode + 1)) for mode in range(modes))


def pairings(exponents: Exponents, moments: dict[Exponents, complex]) -> complex:
    """Value that a normally ordered moment of degree four has in a Gaussian state of mean zero: a sum over pairs."""
    ladders = [
        (mode, kind) for mode, pair in enumerate(exponents) for kind, count in enumerate(pair) for _ in range(count)
    ]

    def pair(first: tuple[int, int], second: tuple[int, int]) -> complex:
        both = [first, second]
        return moments[tuple((both.count((mode, 0)), both.count((mode, 1))) for mode in range(len(exponents)))]

    first, *rest = ladders
    return sum(
        pair(first, partner) * pair(*(other for place, other in enumerate(rest) if place != chosen))
        for chosen, partner in enumerate(rest)
    )
