"""A charger and a battery: the paper's devices and their comparators."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from leyden.arrays import complex_of, imaginary_part, is_labelled, namespace_of, real_part
from leyden.errors import ParameterError
from leyden.model.catalog.arguments import checked, drive_of, fitting
from leyden.model.elements import CoherentCoupling, Element, LocalBath, Mode, SharedBath
from leyden.model.network import Network
from leyden.model.value import Parameter

__all__ = [
    "ends_of_pair",
    "nonreciprocal_strength",
    "one_photon_battery",
    "reciprocal_battery",
    "two_photon_battery",
]


def nonreciprocal_strength(shared_rate: Any, first_weight: Any, second_weight: Any) -> Any:
    """Coherent coupling J = -i mu Gamma/2, mu = p_a p_b*, that makes transport one-way from the first mode.

    Parameters
    ----------
    shared_rate : float or array
        Gamma, in the rate unit.
    first_weight : complex or array
        p_a, of the mode that drives.
    second_weight : complex or array
        p_b, of the mode that is driven.

    Returns
    -------
    complex or array
        J, in the rate unit, for `CoherentCoupling(first, second, J)`.

    Raises
    ------
    ParameterError
        If the three do not broadcast, carry unlike coordinates, or mix plain arrays with labelled ones.

    Notes
    -----
    Multiplied in the same order as the bath's own moments, so that the way back vanishes exactly, not up to rounding.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. II.
    """
    given = (shared_rate, first_weight, second_weight)
    with fitting("shared_rate", "fit the weights of the nonreciprocal coupling", given):
        shared_rate, first_weight, second_weight = _in_one_library(given)
        real, imaginary = real_part(first_weight), imaginary_part(first_weight)
        other_real, other_imaginary = real_part(second_weight), imaginary_part(second_weight)
        resistive = shared_rate * (real * other_real + imaginary * other_imaginary)
        reactive = shared_rate * (imaginary * other_real - real * other_imaginary)
        return complex_of(reactive / 2, -resistive / 2)


def _in_one_library(given: tuple[Any, ...]) -> tuple[Any, ...]:
    if any(map(is_labelled, given)):
        return given
    xp = namespace_of(*given)
    return tuple(value if xp is np or np.ndim(value) == 0 else xp.asarray(value) for value in given)


def ends_of_pair(photons: int, values: Mapping[str, Any]) -> tuple[list[Mode], list[Element]]:
    """Charger and battery; a drive on the one and local baths on both."""
    modes = [Mode(mode, values["frequency"], values["detuning"]) for mode in ("charger", "battery")]
    return modes, [
        drive_of(photons)("charger", values["drive"], values["phase"]),
        LocalBath("charger", values["charger_damping"], values["occupation"]),
        LocalBath("battery", values["battery_damping"], values["occupation"]),
    ]


def _pair(name: str, photons: int, values: Mapping[str, Any], *links: Element) -> Network:
    """Charger and battery, and what links them."""
    modes, elements = ends_of_pair(photons, values)
    return Network(modes, [*elements, *links], charger="charger", battery="battery", name=name)


def _with_shared_bath(name: str, photons: int, coupling: Any, parameters: Mapping[str, Any]) -> Network:
    """The one- and the two-photon device, which differ in the drive alone."""
    values = checked(**parameters)
    weights = {"charger": values["charger_weight"], "battery": values["battery_weight"]}
    if isinstance(coupling, str):
        if coupling != "nonreciprocal":
            raise ParameterError.of("coupling", 'be "nonreciprocal" or a complex number', coupling)
        strength = nonreciprocal_strength(values["shared_rate"], *weights.values())
    else:
        strength = checked(coupling=coupling)["coupling"]
    bath = SharedBath(weights, values["shared_rate"], values["occupation"])
    return _pair(name, photons, values, bath, CoherentCoupling("charger", "battery", strength))


def two_photon_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    shared_rate: Parameter = 1.0,
    charger_weight: Parameter = 2**-0.5,
    battery_weight: Parameter = 2**-0.5,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
    coupling: Parameter = "nonreciprocal",
) -> Network:
    """The paper's device: a charger with a two-photon drive feeds a battery one way.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the two-photon drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of the battery.
    shared_rate : float or array
        Gamma, rate of the shared bath.
    charger_weight : complex or array
        p_a, weight of the charger in the shared jump p_a a + p_b b.
    battery_weight : complex or array
        p_b, weight of the battery in it.
    detuning : float or array
        Delta of both modes.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of both modes, the unit of energies.
    occupation : float or array
        Mean thermal occupation of all three baths.
    coupling : str, complex or array
        "nonreciprocal" for J = -i mu Gamma/2, or any other J.

    Returns
    -------
    Network
        Modes "charger" and "battery".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (1)-(4).

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    >>> round(float(ly.critical_drive(device)), 12)
    0.15
    """
    parameters = {name: value for name, value in locals().items() if name != "coupling"}
    return _with_shared_bath("two_photon_battery", 2, coupling, parameters)


def one_photon_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    shared_rate: Parameter = 1.0,
    charger_weight: Parameter = 2**-0.5,
    battery_weight: Parameter = 2**-0.5,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
    coupling: Parameter = "nonreciprocal",
) -> Network:
    """The one-photon comparator of the paper's device: a coherent drive on the charger, all else equal.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the coherent drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of the battery.
    shared_rate : float or array
        Gamma, rate of the shared bath.
    charger_weight : complex or array
        p_a, weight of the charger in the shared jump p_a a + p_b b.
    battery_weight : complex or array
        p_b, weight of the battery in it.
    detuning : float or array
        Delta of both modes.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of both modes, the unit of energies.
    occupation : float or array
        Mean thermal occupation of all three baths.
    coupling : str, complex or array
        "nonreciprocal" for J = -i mu Gamma/2, or any other J.

    Returns
    -------
    Network
        Modes "charger" and "battery".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16). Ahmadi et al., Phys. Rev. Lett. 132, 210402 (2024), arXiv:2401.05090.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.one_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # 16 g^2 eps^2 / (kappa + g)^4, g = 1/2
    0.308642
    """
    parameters = {name: value for name, value in locals().items() if name != "coupling"}
    return _with_shared_bath("one_photon_battery", 1, coupling, parameters)


def reciprocal_battery(
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    coupling: Parameter,
    photons: int = 2,
    detuning: Parameter = 0.0,
    phase: Parameter = 0.0,
    frequency: Parameter = 1.0,
    occupation: Parameter = 0.0,
) -> Network:
    """The reciprocal baseline: coherent coupling alone, no shared bath.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the drive on the charger, in the rate unit.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of the battery.
    coupling : complex or array
        J, in the rate unit.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    detuning : float or array
        Delta of both modes.
    phase : float or array
        theta of the drive, in radians.
    frequency : float or array
        omega_0 of both modes, the unit of energies.
    occupation : float or array
        Mean thermal occupation of both baths.

    Returns
    -------
    Network
        Modes "charger" and "battery".

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign, or photons is neither 1 nor 2.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. III.2. Farina et al., arXiv:1810.10890, with one photon, a warm charger and no
    damping of the battery; Downing and Ukhtary, Commun. Phys. 6, 322 (2023), with two photons.

    Examples
    --------
    >>> import leyden as ly
    >>> rates = {"charger_damping": 1.0, "battery_damping": 0.0}
    >>> device = ly.catalog.reciprocal_battery(drive=0.1, coupling=0.3, **rates)
    >>> round(float(ly.steady_state(device).stored_energy), 6)  # 8 eps^2 / (kappa^2 - 16 eps^2)
    0.095238
    """
    parameters = {name: value for name, value in locals().items() if name != "photons"}
    values = checked(**parameters)
    return _pair("reciprocal_battery", photons, values, CoherentCoupling("charger", "battery", values["coupling"]))
