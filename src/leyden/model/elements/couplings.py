"""Couplings: what exchanges quanta between modes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from leyden.model.elements.record import Element, parameter
from leyden.model.operators import HamiltonianTerm, annihilate, create

__all__ = ["CoherentCoupling"]


@dataclass(frozen=True)
class CoherentCoupling(Element):
    """Coherent exchange of quanta, H = J a b^dag + J* a^dag b.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : complex or array
        J, in the rate unit.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not finite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (1).
    """

    first: str
    second: str
    strength: Any = parameter("complex", quantity="coupling")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """J a b^dag, with its adjoint."""
        return (HamiltonianTerm(self.strength, (annihilate(self.first), create(self.second))),)
