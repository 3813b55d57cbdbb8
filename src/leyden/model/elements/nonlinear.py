"""What makes a mode anharmonic: Kerr terms, loss of pairs, and products of three operators.

Moments of no order close under them: these devices are beyond the Gaussian methods.
"""

from __future__ import annotations

from dataclasses import dataclass

from leyden.model.elements.record import Element, parameter
from leyden.model.operators import HamiltonianTerm, Jump, Product, annihilate, create
from leyden.model.value import Parameter

__all__ = ["CrossKerr", "Kerr", "RadiationPressure", "ThreeWaveMixing", "TwoPhotonLoss"]


@dataclass(frozen=True)
class Kerr(Element):
    """Kerr term of one mode, H = (K/2) a^dag^2 a^2: each pair of quanta costs K.

    Parameters
    ----------
    mode : str
        The mode.
    strength : float, array or pulse
        K, in the rate unit, of either sign. A transmon has K < 0, its anharmonicity.

    Raises
    ------
    ParameterError
        If the strength is not a finite real number.

    References
    ----------
    Drummond and Walls, J. Phys. A 13, 725 (1980).

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.Kerr("a", 1.0), ly.TwoPhotonDrive("a", 0.3), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> ly.steady_state(device).attrs["method"]
    'fock'
    """

    mode: str
    strength: Parameter = parameter("real", quantity="kerr", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """(K/2) a^dag^2 a^2, written as half of itself plus its adjoint."""
        raising, lowering = create(self.mode), annihilate(self.mode)
        return (HamiltonianTerm(self.strength / 4, (raising, raising, lowering, lowering)),)


@dataclass(frozen=True)
class CrossKerr(Element):
    """Cross-Kerr term of two modes, H = chi a^dag a b^dag b: the quanta of one shift the frequency of the other.

    Parameters
    ----------
    first : str
        Mode a.
    second : str
        Mode b.
    strength : float, array or pulse
        chi, in the rate unit, of either sign.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not a finite real number.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.CrossKerr("a", "b", 0.1).strength
    0.1
    """

    first: str
    second: str
    strength: Parameter = parameter("real", quantity="cross_kerr", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """chi a^dag a b^dag b, written as half of itself plus its adjoint."""
        numbers = (create(self.first), annihilate(self.first), create(self.second), annihilate(self.second))
        return (HamiltonianTerm(self.strength / 2, numbers),)


@dataclass(frozen=True)
class TwoPhotonLoss(Element):
    """Loss of pairs of quanta from one mode, eta L[a^2].

    Parameters
    ----------
    mode : str
        The mode.
    rate : float, array or pulse
        eta, in the rate unit, not negative.

    Raises
    ------
    ParameterError
        If the rate is negative or not finite.

    Notes
    -----
    By itself it keeps the parity of the number of quanta: without loss of single ones the steady state depends on where
    the device starts.

    References
    ----------
    Bartolo, Minganti, Casteels and Ciuti, Phys. Rev. A 94, 033841 (2016).

    Examples
    --------
    >>> import leyden as ly
    >>> ly.TwoPhotonLoss("a", 0.1).rate
    0.1
    """

    mode: str
    rate: Parameter = parameter("nonnegative", quantity="two_photon_loss", may_change=True)

    def jumps(self) -> tuple[Jump, ...]:
        """Two quanta go at once."""
        return (Jump(self.rate, (1.0,), (Product((annihilate(self.mode), annihilate(self.mode))),)),)


@dataclass(frozen=True)
class RadiationPressure(Element):
    """Radiation pressure of a cavity on a mechanical mode, H = g a^dag a (b + b^dag).

    Parameters
    ----------
    cavity : str
        Mode a.
    mechanics : str
        Mode b, in a frame that does not rotate: its `detuning` is its frequency.
    strength : float, array or pulse
        g, the coupling of one photon, in the rate unit, of either sign.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not a finite real number.

    References
    ----------
    Aspelmeyer, Kippenberg and Marquardt, Rev. Mod. Phys. 86, 1391 (2014), Eq. (19), with g = -g_0.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.RadiationPressure("cavity", "mirror", 0.01).strength
    0.01
    """

    cavity: str
    mechanics: str
    strength: Parameter = parameter("real", quantity="radiation_pressure", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """g a^dag a b^dag, with its adjoint."""
        operators = (create(self.cavity), annihilate(self.cavity), create(self.mechanics))
        return (HamiltonianTerm(self.strength, operators),)

    @property
    def is_drive(self) -> bool:
        """Nothing outside does work: what the mechanics gains comes out of the energy of the coupling."""
        return False


@dataclass(frozen=True)
class ThreeWaveMixing(Element):
    """Exchange of one quantum of a pump for two of a mode, H = g c^dag a^2 + g* c a^dag^2.

    Parameters
    ----------
    pump : str
        Mode c, which is depleted.
    mode : str
        Mode a.
    strength : complex, array or pulse
        g, in the rate unit. With a pump of amplitude alpha that nothing depletes it is a two-photon drive of g* alpha.

    Raises
    ------
    ParameterError
        If the two modes are the same or the strength is not finite.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.ThreeWaveMixing("pump", "signal", 0.1).mode
    'signal'
    """

    pump: str
    mode: str
    strength: Parameter = parameter("complex", quantity="three_wave_mixing", may_change=True)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """g c^dag a^2, with its adjoint."""
        lowering = annihilate(self.mode)
        return (HamiltonianTerm(self.strength, (create(self.pump), lowering, lowering)),)

    @property
    def is_drive(self) -> bool:
        """Nothing outside does work: pump and mode give to each other."""
        return False
