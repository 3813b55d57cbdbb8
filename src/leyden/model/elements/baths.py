"""Baths: what takes quanta away, gives thermal or squeezed ones back, feeds a mode, or blurs its phase."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from leyden.model.elements.record import Element, by_mode, parameter
from leyden.model.operators import Jump, Product, annihilate, create
from leyden.model.value import Parameter

__all__ = ["Dephasing", "Gain", "LocalBath", "SharedBath"]


@dataclass(frozen=True)
class LocalBath(Element):
    """Damping of one mode, rate (1 + n) L[c] + rate n L[c^dag] with c = a cosh r + e^{i phi} a^dag sinh r.

    Parameters
    ----------
    mode : str
        The mode that it damps.
    rate : float, array or pulse
        kappa, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.
    squeezing : float or array
        Squeezing r of the bath, dimensionless, of size at most 250; a lone mode settles at n cosh 2r + sinh^2 r quanta.
    squeezing_phase : float or array
        phi, in radians.

    Raises
    ------
    ParameterError
        If a number is negative or not finite, or the squeezing too large.

    References
    ----------
    Gardiner, Phys. Rev. Lett. 56, 1917 (1986): a mode in a broadband squeezed bath.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.LocalBath("a", rate=0.1, occupation=0.5)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> float(ly.steady_state(device).stored_energy.round(12))
    0.5
    """

    mode: str
    rate: Parameter = parameter("nonnegative", quantity="damping", may_change=True)
    occupation: Parameter = parameter("nonnegative", default=0.0, quantity="occupation")
    squeezing: Parameter = parameter("squeezing", default=0.0, quantity="squeezing", is_rare=True)
    squeezing_phase: Parameter = parameter("real", default=0.0, quantity="squeezing_phase", is_rare=True)

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm or squeezed."""
        mode = (annihilate(self.mode),)
        return (Jump(self.rate, (1.0,), mode, self.occupation, self.squeezing, self.squeezing_phase),)


@dataclass(frozen=True)
class SharedBath(Element):
    """Damping of a superposition of modes, as a `LocalBath` damps one: with o = sum_j w_j a_j in place of a.

    Parameters
    ----------
    weights : mapping of str to complex or array
        w_j by mode name, at least one. Where all are zero the bath does nothing.
    rate : float, array or pulse
        Gamma, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.
    squeezing : float or array
        Squeezing r of the bath, dimensionless, of size at most 250: c = o cosh r + e^{i phi} o^dag sinh r.
    squeezing_phase : float or array
        phi, in radians.

    Raises
    ------
    ParameterError
        If there is no weight, if a number is negative or not finite, or the squeezing too large.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (2), without squeezing.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.SharedBath({"a": 0.6, "b": 0.8}, rate=1.0).rate
    1.0
    """

    weights: Mapping[str, Parameter] = by_mode("complex", quantity="weight")
    rate: Parameter = parameter("nonnegative", quantity="shared_rate", may_change=True)
    occupation: Parameter = parameter("nonnegative", default=0.0, quantity="occupation")
    squeezing: Parameter = parameter("squeezing", default=0.0, quantity="squeezing", is_rare=True)
    squeezing_phase: Parameter = parameter("real", default=0.0, quantity="squeezing_phase", is_rare=True)

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm or squeezed."""
        modes, weights = tuple(map(annihilate, self.weights)), tuple(self.weights.values())
        return (Jump(self.rate, weights, modes, self.occupation, self.squeezing, self.squeezing_phase),)


@dataclass(frozen=True)
class Gain(Element):
    """Incoherent pumping of one mode, rate (1 + n) L[a^dag] + rate n L[a], as by an inverted medium.

    Parameters
    ----------
    mode : str
        The mode that it feeds.
    rate : float, array or pulse
        In the rate unit, not negative; from the mode's loss on there is no steady state.
    occupation : float or array
        Mean occupation n of the medium, as of a bath, not negative.

    Raises
    ------
    ParameterError
        If a number is negative or not finite.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.Gain("a", 0.5), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # gain / (loss - gain)
    1.0
    """

    mode: str
    rate: Parameter = parameter("nonnegative", quantity="gain", may_change=True)
    occupation: Parameter = parameter("nonnegative", default=0.0, quantity="occupation")

    def jumps(self) -> tuple[Jump, ...]:
        """Quanta come in one by one; where the medium is warm, some go back."""
        return (Jump(self.rate, (1.0,), (create(self.mode),), self.occupation),)


@dataclass(frozen=True)
class Dephasing(Element):
    """Pure dephasing of one mode, rate L[a^dag a]: its phase is lost, its quanta stay.

    Parameters
    ----------
    mode : str
        The mode whose phase it blurs.
    rate : float, array or pulse
        gamma, in the rate unit, not negative: <a> decays at gamma/2, <a^2> at 2 gamma, <a^dag a> not at all.

    Raises
    ------
    ParameterError
        If the rate is negative or not finite.

    Notes
    -----
    First and second moments close, and energies are exact; but the state is not Gaussian. Results therefore have NaN
    for the ergotropy, with the reason in their attribute `not_gaussian`; method "fock" knows it.

    Examples
    --------
    >>> import leyden as ly
    >>> parts = [ly.Dephasing("a", 1.0), ly.OnePhotonDrive("a", 0.5), ly.LocalBath("a", 1.0)]
    >>> device = ly.Network([ly.Mode("a")], parts, charger="a", battery="a")
    >>> round(float(ly.steady_state(device).stored_energy), 6)
    0.5
    """

    mode: str
    rate: Parameter = parameter("nonnegative", quantity="dephasing", may_change=True)

    def jumps(self) -> tuple[Jump, ...]:
        """The number of quanta, as a jump."""
        return (Jump(self.rate, (1.0,), (Product((create(self.mode), annihilate(self.mode))),)),)
