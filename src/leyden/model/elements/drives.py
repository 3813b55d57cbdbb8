"""Drives: what puts quanta in from outside, by a Hamiltonian."""

from __future__ import annotations

from dataclasses import dataclass

from leyden.model.elements.record import Element, parameter
from leyden.model.operators import HamiltonianTerm, create, phasor
from leyden.model.value import Parameter

__all__ = ["OnePhotonDrive", "TwoPhotonDrive"]

# Of a constant; a pulse may change its sign.
_NEGATIVE = "Give its sign as a phase of pi."


@dataclass(frozen=True)
class OnePhotonDrive(Element):
    """Coherent drive, H = eps (e^{-i phase} a^dag + h.c.).

    Parameters
    ----------
    mode : str
        The mode that it drives.
    amplitude : float, array or pulse
        eps, in the rate unit, not negative.
    phase : float or array
        theta, in radians.

    Raises
    ------
    ParameterError
        If a number is not finite or the amplitude is negative.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.OnePhotonDrive("a", 0.3), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # (2 eps / kappa)^2
    0.36
    """

    mode: str
    amplitude: Parameter = parameter("nonnegative", remedy=_NEGATIVE, quantity="drive", may_change=True)
    phase: Parameter = parameter("real", default=0.0, quantity="phase")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """eps e^{-i phase} a^dag, with its adjoint."""
        return (HamiltonianTerm(self.amplitude * phasor(self.phase), (create(self.mode),)),)


@dataclass(frozen=True)
class TwoPhotonDrive(Element):
    """Parametric drive, H = eps (e^{-i phase} a^dag^2 + h.c.), without a factor 1/2.

    Parameters
    ----------
    mode : str
        The mode that it drives.
    amplitude : float, array or pulse
        eps, in the rate unit, not negative.
    phase : float or array
        theta, in radians.

    Raises
    ------
    ParameterError
        If a number is not finite or the amplitude is negative.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (1).

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # 8 eps^2 / (kappa^2 - 16 eps^2)
    0.095238
    """

    mode: str
    amplitude: Parameter = parameter("nonnegative", remedy=_NEGATIVE, quantity="drive", may_change=True)
    phase: Parameter = parameter("real", default=0.0, quantity="phase")

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """eps e^{-i phase} a^dag^2, with its adjoint."""
        return (HamiltonianTerm(self.amplitude * phasor(self.phase), (create(self.mode), create(self.mode))),)
