"""A charger and a battery with something between them: a lossy cavity, or a waveguide."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.arrays import complex_of, is_labelled, namespace_of
from leyden.model.catalog.arguments import checked, fitting
from leyden.model.catalog.pairs import ends_of_pair, nonreciprocal_strength
from leyden.model.elements import CoherentCoupling, LocalBath, Mode, SharedBath
from leyden.model.network import Network
from leyden.model.value import Parameter

__all__ = ["bad_cavity_battery", "waveguide_battery"]


def bad_cavity_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    cavity_damping: Parameter,
    cavity_coupling: Parameter,
    photons: int = 1,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
) -> Network:
    """A charger that feeds a battery through a lossy cavity, which stays a mode of the device: one way on resonance.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of the battery.
    cavity_damping : float or array
        kappa_c, linewidth of the cavity, positive.
    cavity_coupling : float or array
        G, coherent coupling of charger and battery to the cavity.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    detuning : float or array
        Delta of charger and battery.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of all three modes, the unit of energies.
    occupation : float or array
        Mean thermal occupation of all three baths.

    Returns
    -------
    Network
        Modes "charger", "battery" and "cavity".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign, or photons is neither 1 nor 2.

    Notes
    -----
    A cavity much broader than all other rates is a shared bath of rate Gamma = 4 G^2/kappa_c with weights 1, and
    charger and battery are coupled by J = -i Gamma/2, which makes that link one-way. On resonance a coherent drive
    finds the cavity at zero frequency, where it is that bath at any linewidth: steady energies are those of the bath,
    E_B/E_A = 4 Gamma^2/(kappa_b + Gamma)^2. At a frequency omega something comes back: the isolation, as of `response`,
    is 1 + (kappa_c/omega)^2. So a two-photon drive, and the way to the steady state, tell the cavity from a bath.

    References
    ----------
    Lin et al., arXiv:2512.07626.

    Examples
    --------
    4/1.05^2 at Gamma = 1, however narrow the cavity:

    >>> import leyden as ly
    >>> rates = dict(drive=0.1, charger_damping=0.05, battery_damping=0.05)
    >>> for linewidth in (4.0, 0.25):
    ...     link = ly.catalog.bad_cavity_battery(**rates, cavity_damping=linewidth, cavity_coupling=linewidth**0.5 / 2)
    ...     print(round(float(ly.steady_state(link).transfer_ratio), 9))
    3.628117914
    3.628117914
    """
    parameters = {name: value for name, value in locals().items() if name != "photons"}
    values = checked(**parameters)
    coupling, linewidth = values["cavity_coupling"], values["cavity_damping"]
    with fitting("cavity_coupling", "fit the cavity's damping", (coupling, linewidth)):
        # In this order: G^2 alone may leave the number range.
        strength = nonreciprocal_strength(coupling * (4.0 * coupling / linewidth), 1.0, 1.0)
    modes, elements = ends_of_pair(photons, values)
    cavity = Mode("cavity", values["frequency"], 0.0)
    return Network(
        [*modes, cavity],
        [
            *elements,
            LocalBath("cavity", linewidth, values["occupation"]),
            CoherentCoupling("charger", "cavity", coupling),
            CoherentCoupling("battery", "cavity", coupling),
            CoherentCoupling("charger", "battery", strength),
        ],
        charger="charger",
        battery="battery",
        name="bad_cavity_battery",
    )


def waveguide_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    right_rate: Parameter,
    left_rate: Parameter,
    propagation_phase: Parameter = 0.0,
    photons: int = 1,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
) -> Network:
    """A charger and a battery on one waveguide, which carries quanta to the right and to the left at unlike rates.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa_a, damping rate of the charger besides the waveguide.
    battery_damping : float or array
        kappa_b, damping rate of the battery besides the waveguide.
    right_rate : float or array
        gamma_R, rate at which each mode emits to the right, from the charger towards the battery.
    left_rate : float or array
        gamma_L, rate at which each mode emits to the left.
    propagation_phase : float or array
        phi, phase that a quantum gathers from one mode to the other, in radians.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    detuning : float or array
        Delta of both modes.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of both modes, the unit of energies.
    occupation : float or array
        Mean thermal occupation of all baths, the waveguide among them.

    Returns
    -------
    Network
        Modes "charger" and "battery".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign, or photons is neither 1 nor 2.

    Notes
    -----
    Two shared baths, a + e^{-i phi} b to the right and a + e^{i phi} b to the left, each with the coherent coupling
    that lets it act one way, in the Markov limit of a short way. With L_j = kappa_j + gamma_R + gamma_L the means obey

        d<a>/dt = -L_a <a>/2 - gamma_L e^{i phi} <b> + drive,    d<b>/dt = -L_b <b>/2 - gamma_R e^{i phi} <a>,

    so that a coherent drive stores E_B = eps^2 gamma_R^2/|L_a L_b/4 - gamma_R gamma_L e^{2 i phi}|^2.

    References
    ----------
    Guo et al., arXiv:2605.21909.

    Examples
    --------
    At phi = 0 and equal rates, (0.1 0.5)^2/(0.55^2 - 0.5^2)^2:

    >>> import leyden as ly
    >>> rates = dict(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> pair = ly.catalog.waveguide_battery(**rates, right_rate=0.5, left_rate=0.5)
    >>> round(float(ly.steady_state(pair).stored_energy), 9)
    0.907029478
    """
    parameters = {name: value for name, value in locals().items() if name != "photons"}
    values = checked(**parameters)
    modes, elements = ends_of_pair(photons, values)
    right, left, angle = values["right_rate"], values["left_rate"], values["propagation_phase"]
    with fitting("propagation_phase", "fit the rates of the waveguide", (right, left, angle)):
        later, earlier = _turned(angle, right, -1.0), _turned(angle, left, 1.0)
        forward, backward = nonreciprocal_strength(right, 1.0, later), nonreciprocal_strength(left, earlier, 1.0)
    there = {"charger": 1.0, "battery": later}
    back = {"charger": 1.0, "battery": earlier}
    return Network(
        modes,
        [
            *elements,
            SharedBath(there, right, values["occupation"]),
            SharedBath(back, left, values["occupation"]),
            CoherentCoupling("charger", "battery", forward),
            CoherentCoupling("battery", "charger", backward),
        ],
        charger="charger",
        battery="battery",
        name="waveguide_battery",
    )


def _turned(angle: Any, beside: Any, sense: float) -> Any:
    """e^{i sense angle}, in the library of what stands beside it."""
    xp = np if is_labelled(angle) or isinstance(angle, float) else namespace_of(angle, beside)
    return complex_of(xp.cos(angle), sense * xp.sin(angle))
