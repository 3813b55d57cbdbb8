"""The vocabulary of elements: ladder operators, Hamiltonian terms, jumps.

Every element of a device says what it is in these words. The moment equations, the energy flows and the Fock-space
operators are all made from them, so that no two of them can disagree about an element.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

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
class HamiltonianTerm:
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
class Jump:
    """A dissipator rate * L[sum_j w_j o_j].

    Parameters
    ----------
    rate : float or array
        In the rate unit, not negative.
    weights : tuple of complex or array
        w_j, dimensionless.
    operators : tuple of Ladder
        o_j, one for each weight.
    """

    rate: Any
    weights: tuple[Any, ...]
    operators: tuple[Ladder, ...]
