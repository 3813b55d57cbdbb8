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
    """The operator a of a mode, or its adjoint.

    Parameters
    ----------
    mode : str
        Name of the mode.
    is_creation : bool
        True for a^dag, false for a.
    """

    mode: str
    is_creation: bool


def annihilate(mode: str) -> Ladder:
    """Annihilation operator a of a mode.

    Parameters
    ----------
    mode : str
        Name of the mode.

    Returns
    -------
    Ladder
    """
    return Ladder(mode, is_creation=False)


def create(mode: str) -> Ladder:
    """Creation operator a^dag of a mode.

    Parameters
    ----------
    mode : str
        Name of the mode.

    Returns
    -------
    Ladder
    """
    return Ladder(mode, is_creation=True)


@dataclass(frozen=True)
class HamiltonianTerm(Record):
    """One term c o_1 o_2 ... + h.c. of a Hamiltonian.

    Parameters
    ----------
    coefficient : complex or array
        c, in the rate unit.
    operators : tuple of Ladder
        o_1, o_2, ..., multiplied from left to right.
    """

    coefficient: Any
    operators: tuple[Ladder, ...]


@dataclass(frozen=True)
class Jump(Record):
    """A dissipator rate (1 + n) L[c] + rate n L[c^dag] with c = sum_j w_j o_j; rate L[c] alone where n is zero.

    Parameters
    ----------
    rate : float or array
        Net rate, in the rate unit, not negative.
    weights : tuple of complex or array
        w_j, dimensionless.
    operators : tuple of Ladder
        o_j, one for each weight.
    occupation : float or array
        n, mean thermal occupation of what the jump leads to, not negative.

    Notes
    -----
    The two directions are one word, so that nobody takes the difference of their rates: they damp at `rate`, exactly,
    however hot the bath is, and disturb the vacuum at rate n.
    """

    rate: Any
    weights: tuple[Any, ...]
    operators: tuple[Ladder, ...]
    occupation: Any = 0.0

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
