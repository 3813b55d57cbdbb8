"""Couplings: what exchanges quanta between modes, or makes them in pairs."""

from __future__ import annotations

from dataclasses import dataclass

from leyden.model.elements.record import Element, parameter
from leyden.model.operators import HamiltonianTerm, annihilate, create
from leyden.model.value import Parameter

__all__ = ["CoherentCoupling", "ParametricCoupling", "PositionCoupling"]


@dataclass(frozen=True)
class CoherentCoupling(Element):
    """Coherent exchange of quanta, H = J a b^dag + J* a^dag b.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : complex, array or pulse
        J, in the rate unit.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not finite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (1).

    Examples
    --------
    >>> import leyden as ly
    >>> ly.CoherentCoupling("a", "b", 0.25)
    CoherentCoupling(first='a', second='b', strength=0.25)
    """

    first: str
    second: str
    strength: Parameter = parameter("complex", quantity="coupling", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """J a b^dag, with its adjoint."""
        return (HamiltonianTerm(self.strength, (annihilate(self.first), create(self.second))),)


@dataclass(frozen=True)
class ParametricCoupling(Element):
    """Pairs of quanta from a pump, H = chi a^dag b^dag + chi* a b: two-mode squeezing.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : complex, array or pulse
        chi, in the rate unit. Modes damped at kappa_a and kappa_b are stable below |chi| = sqrt(kappa_a kappa_b)/2.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not finite.

    Notes
    -----
    The pump does work: it counts as a drive.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.ParametricCoupling("a", "b", 0.3), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    >>> device = ly.Network([ly.Mode("a"), ly.Mode("b")], parts, charger="a", battery="b")
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # 2 g^2 / (kappa^2 - 4 g^2)
    0.28125
    """

    first: str
    second: str
    strength: Parameter = parameter("complex", quantity="parametric_coupling", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """chi a^dag b^dag, with its adjoint."""
        return (HamiltonianTerm(self.strength, (create(self.first), create(self.second))),)


@dataclass(frozen=True)
class PositionCoupling(Element):
    """Coupling of two positions, H = lambda (a + a^dag)(b + b^dag), counter-rotating terms included.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : float, array or pulse
        lambda, in the rate unit, of either sign. Two modes without damping stay stable below sqrt(Delta_a Delta_b)/2.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not a finite real number.

    Notes
    -----
    It is constant only in a frame without rotation: give each mode its frequency there as `detuning`.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.PositionCoupling("a", "b", 0.1)
    PositionCoupling(first='a', second='b', strength=0.1)
    """

    first: str
    second: str
    strength: Parameter = parameter("real", quantity="position_coupling", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Exchange of quanta, and their making in pairs, with their adjoints."""
        exchange, pairs = (annihilate(self.first), create(self.second)), (create(self.first), create(self.second))
        return HamiltonianTerm(self.strength, exchange), HamiltonianTerm(self.strength, pairs)

    @property
    def is_drive(self) -> bool:
        """Nothing outside does work: what it makes in pairs comes out of the energy of the coupling."""
        return False
