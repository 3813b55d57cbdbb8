"""The vocabulary of elements: ladder operators, Hamiltonian terms, jumps.

Every element of a device says what it is in these words. The moment equations, the energy flows and the Fock-space
operators are all made from them, so that no two of them can disagree about an element.
"""

from __future__ import annotations

import cmath
import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.arrays import conjugate, is_labelled, namespace_of
from leyden.records import Record

__all__ = ["HamiltonianTerm", "Jump", "Ladder", "Product", "annihilate", "create", "phasor"]


@dataclass(frozen=True)
class Ladder:
    """The operator a of a mode, or its adjoint; `annihilate` and `create` make them.

    Parameters
    ----------
    mode : str
        Name of the mode.
    is_creation : bool
        True for a^dag, false for a.
    """

    mode: str
    is_creation: bool

    @property
    def factors(self) -> tuple[Ladder, ...]:
        """Itself, as the product of one operator."""
        return (self,)

    @property
    def adjoint(self) -> Ladder:
        """Its adjoint."""
        return Ladder(self.mode, not self.is_creation)


@dataclass(frozen=True)
class Product:
    """A product o_1 o_2 ... of ladder operators, as an operator of a jump.

    Parameters
    ----------
    factors : tuple of Ladder
        Multiplied from left to right. Moments close for a^dag a alone; method "fock" takes any.
    """

    factors: tuple[Ladder, ...]

    @property
    def adjoint(self) -> Product:
        """Its adjoint."""
        return Product(tuple(factor.adjoint for factor in reversed(self.factors)))


def annihilate(mode: str) -> Ladder:
    """Annihilation operator a of a mode.

    Parameters
    ----------
    mode : str
        Its name.

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
        Its name.

    Returns
    -------
    Ladder
    """
    return Ladder(mode, is_creation=True)


def phasor(phase: Any) -> Any:
    """Phase factor e^{-i phase}, of numbers and of arrays of any library, labelled or not.

    Parameters
    ----------
    phase : float or array
        In radians.

    Returns
    -------
    complex or array
        The number 1.0 for the phase zero, so that what is real stays real.
    """
    if isinstance(phase, (int, float)):
        return cmath.exp(-1j * phase) if phase else 1.0
    if isinstance(phase, np.ndarray) or is_labelled(phase):
        return np.exp(-1j * phase)
    xp = namespace_of(phase)
    return xp.exp(-1j * xp.astype(phase, xp.complex128))


def _hyperbolic(value: Any) -> tuple[Any, Any]:
    """Cosh and sinh of numbers and of arrays of any library, labelled or not."""
    if isinstance(value, (int, float)):
        return math.cosh(value), math.sinh(value)
    library = np if is_labelled(value) else namespace_of(value)
    return library.cosh(value), library.sinh(value)


def _is_none(value: Any) -> bool:
    """Whether a number is known to be zero, whatever arrays may turn out to be."""
    return isinstance(value, float) and math.isclose(value, 0.0, abs_tol=0.0)


@dataclass(frozen=True)
class HamiltonianTerm(Record):
    """One term c o_1 o_2 ... + h.c. of a Hamiltonian.

    Parameters
    ----------
    coefficient : float, complex, array or pulse
        c, in the rate unit.
    operators : tuple of Ladder
        o_1, o_2, ..., multiplied from left to right. The adjoint is added: of what is its own adjoint, as a^dag a, give
        half. Moments close up to two operators; method "fock" takes any number.
    """

    coefficient: Any
    operators: tuple[Ladder, ...]


@dataclass(frozen=True)
class Jump(Record):
    """A dissipator rate (1 + n) L[c] + rate n L[c^dag], c = o cosh r + e^{i phi} o^dag sinh r, o = sum_j w_j o_j.

    Parameters
    ----------
    rate : float, array or pulse
        Net rate, in the rate unit, not negative.
    weights : tuple of complex
        w_j, dimensionless, one for each operator.
    operators : tuple of Ladder or Product
        o_j.
    occupation : float or array
        n, mean thermal occupation of what the jump leads to, not negative.
    squeezing : float or array
        Squeezing r of the same.
    squeezing_phase : float or array
        phi, in radians.
    """

    # The two directions and the squeezing are one word, so that nobody takes the difference of their rates: they damp
    # at `rate`, exactly, however hot or squeezed the bath is, and disturb the vacuum by its quanta and pairs alone.
    rate: Any
    weights: tuple[Any, ...]
    operators: tuple[Ladder | Product, ...]
    occupation: Any = 0.0
    squeezing: Any = 0.0
    squeezing_phase: Any = 0.0

    @property
    def is_squeezed(self) -> bool:
        """Whether pairs come in; not where the squeezing is known to be zero."""
        return not _is_none(self.squeezing)

    @property
    def is_warm(self) -> bool:
        """Whether there is a way back; not where the bath is known to be in its vacuum."""
        return self.is_squeezed or not _is_none(self.occupation)

    @property
    def quanta(self) -> Any:
        """<o^dag o> of the bath for each unit of its commutator, n cosh 2r + sinh^2 r."""
        if not self.is_squeezed:
            return self.occupation
        cosh, sinh = _hyperbolic(self.squeezing)
        return self.occupation * (cosh * cosh + sinh * sinh) + sinh * sinh

    @property
    def pairs(self) -> Any:
        """-<o o>* of the bath for each unit of its commutator, (n + 1/2) sinh 2r e^{-i phi}."""
        cosh, sinh = _hyperbolic(self.squeezing)
        return (2 * self.occupation + 1) * cosh * sinh * phasor(self.squeezing_phase)

    def directions(self) -> tuple[Jump, ...]:
        """The jump and, unless it is known to be cold, the one back, each with its own rate and linear in its words."""
        operators, weights = self.operators, self.weights
        if self.is_squeezed:
            cosh, sinh = _hyperbolic(self.squeezing)
            sinh = sinh * conjugate(phasor(self.squeezing_phase))
            operators = (*operators, *(operator.adjoint for operator in operators))
            weights = (*(cosh * weight for weight in weights), *(sinh * conjugate(weight) for weight in weights))
        there = Jump(self.rate * (1 + self.occupation), weights, operators)
        if _is_none(self.occupation):
            return (there,)
        adjoints = tuple(operator.adjoint for operator in operators)
        return there, Jump(self.rate * self.occupation, tuple(map(conjugate, weights)), adjoints)
