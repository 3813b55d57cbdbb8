"""The vocabulary of elements: ladder operators, Hamiltonian terms, jumps.

Every element of a device says what it is in these words. The moment equations, the energy flows and the Fock-space
operators are all made from them, so that no two of them can disagree about an element.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from leyden.arrays import conjugate
from leyden.records import Record

__all__ = ["HamiltonianTerm", "Jump", "Ladder", "annihilate", "create"]


@dataclass(frozen=True)
class Ladder:
    """The operator a of a mode, or its adjoint."""

    mode: str  # name of the mode
    is_creation: bool  # true for a^dag, false for a


def annihilate(mode: str) -> Ladder:
    """Annihilation operator a of a mode."""
    return Ladder(mode, is_creation=False)


def create(mode: str) -> Ladder:
    """Creation operator a^dag of a mode."""
    return Ladder(mode, is_creation=True)


@dataclass(frozen=True)
class HamiltonianTerm(Record):
    """One term c o_1 o_2 ... + h.c. of a Hamiltonian."""

    coefficient: Any  # c, in the rate unit
    operators: tuple[Ladder, ...]  # o_1, o_2, ..., multiplied from left to right


@dataclass(frozen=True)
class Jump(Record):
    """A dissipator rate (1 + n) L[c] + rate n L[c^dag] with c = sum_j w_j o_j; rate L[c] alone where n is zero."""

    # The two directions are one word, so that nobody takes the difference of their rates: they damp at `rate`, exactly,
    # however hot the bath is, and disturb the vacuum at rate n.
    rate: Any  # net rate, in the rate unit, not negative
    weights: tuple[Any, ...]  # w_j, dimensionless
    operators: tuple[Ladder, ...]  # o_j, one for each weight
    occupation: Any = 0.0  # n, mean thermal occupation of what the jump leads to, not negative

    @property
    def is_warm(self) -> bool:
        """Whether there is a way back; not where the occupation is known to be zero."""
        return not (isinstance(self.occupation, float) and math.isclose(self.occupation, 0.0, abs_tol=0.0))

    def directions(self) -> tuple[Jump, ...]:
        """The jump and, unless it is known to be cold, the one back, each with its own rate."""
        if not self.is_warm:
            return (self,)
        there = Jump(self.rate * (1 + self.occupation), self.weights, self.operators)
        adjoints = tuple(Ladder(operator.mode, not operator.is_creation) for operator in self.operators)
        return there, Jump(self.rate * self.occupation, tuple(map(conjugate, self.weights)), adjoints)
