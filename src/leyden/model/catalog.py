"""Devices of the field, by name: the paper's batteries, their comparators, a directed chain."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.elements import (
    CoherentCoupling,
    Element,
    LocalBath,
    Mode,
    OnePhotonDrive,
    SharedBath,
    TwoPhotonDrive,
)
from leyden.model.labels import exact_alignment
from leyden.model.network import Network
from leyden.model.rules import checked_number

__all__ = [
    "DEVICES",
    "CatalogDevice",
    "cascade",
    "nonreciprocal_strength",
    "one_photon_battery",
    "reciprocal_battery",
    "reference_device",
    "two_photon_battery",
]

_RULES = {
    "drive": "nonnegative",
    "charger_damping": "nonnegative",
    "battery_damping": "nonnegative",
    "damping": "nonnegative",
    "shared_rate": "nonnegative",
    "charger_weight": "complex",
    "battery_weight": "complex",
    "detuning": "real",
    "phase": "real",
    "frequency": "positive",
    "occupation": "nonnegative",
    "coupling": "complex",
}
_DRIVES = {1: OnePhotonDrive, 2: TwoPhotonDrive}


def _checked(**parameters: Any) -> dict[str, Any]:
    """Check under the catalog's own argument names: an error about `rate` would not say which one."""
    return {name: checked_number(name, value, _RULES[name]) for name, value in parameters.items()}


def _drive(photons: int) -> type[OnePhotonDrive] | type[TwoPhotonDrive]:
    if photons not in _DRIVES:
        raise ParameterError.of("photons", "be 1 or 2", photons)
    return _DRIVES[photons]


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

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. II.
    """
    with exact_alignment():
        conjugate = second_weight.conj() if hasattr(second_weight, "conj") else np.conj(second_weight)
        return -0.5j * (shared_rate * (first_weight * conjugate))


def _pair(photons: int, name: str, coupling: Any, parameters: Mapping[str, Any]) -> Network:
    """Charger and battery with a shared bath; the one- and the two-photon device differ in the drive alone."""
    values = _checked(**parameters)
    weights = {"charger": values["charger_weight"], "battery": values["battery_weight"]}
    if isinstance(coupling, str):
        if coupling != "nonreciprocal":
            raise ParameterError.of("coupling", 'be "nonreciprocal" or a complex number', coupling)
        strength = nonreciprocal_strength(values["shared_rate"], *weights.values())
    else:
        strength = _checked(coupling=coupling)["coupling"]
    return Network(
        [Mode(mode, values["frequency"], values["detuning"]) for mode in weights],
        [
            _drive(photons)("charger", values["drive"], values["phase"]),
            LocalBath("charger", values["charger_damping"], values["occupation"]),
            LocalBath("battery", values["battery_damping"], values["occupation"]),
            SharedBath(weights, values["shared_rate"], values["occupation"]),
            CoherentCoupling("charger", "battery", strength),
        ],
        charger="charger",
        battery="battery",
        name=name,
    )


def two_photon_battery(
    *,
    drive: Any,
    charger_damping: Any,
    battery_damping: Any,
    shared_rate: Any = 1.0,
    charger_weight: Any = 2**-0.5,
    battery_weight: Any = 2**-0.5,
    detuning: Any = 0.0,
    phase: Any = 0.0,
    frequency: Any = 1.0,
    occupation: Any = 0.0,
    coupling: Any = "nonreciprocal",
) -> Network:
    """The paper's device: a charger with a two-photon drive feeds a battery one way.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the two-photon drive on the charger, in the rate unit.
    charger_damping, battery_damping : float or array
        kappa_a and kappa_b, local damping rates.
    shared_rate : float or array
        Gamma, rate of the shared bath.
    charger_weight, battery_weight : complex or array
        p_a and p_b, weights in the shared jump p_a a + p_b b.
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
    return _pair(2, "two_photon_battery", coupling, parameters)


def one_photon_battery(
    *,
    drive: Any,
    charger_damping: Any,
    battery_damping: Any,
    shared_rate: Any = 1.0,
    charger_weight: Any = 2**-0.5,
    battery_weight: Any = 2**-0.5,
    detuning: Any = 0.0,
    phase: Any = 0.0,
    frequency: Any = 1.0,
    occupation: Any = 0.0,
    coupling: Any = "nonreciprocal",
) -> Network:
    """The one-photon comparator of the paper's device: a coherent drive on the charger, all else equal.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the coherent drive on the charger, in the rate unit.
    charger_damping, battery_damping : float or array
        kappa_a and kappa_b, local damping rates.
    shared_rate : float or array
        Gamma, rate of the shared bath.
    charger_weight, battery_weight : complex or array
        p_a and p_b, weights in the shared jump p_a a + p_b b.
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
    Xu and Ren, arXiv:2511.12118, Eq. (16).
    """
    parameters = {name: value for name, value in locals().items() if name != "coupling"}
    return _pair(1, "one_photon_battery", coupling, parameters)


def reciprocal_battery(
    *,
    drive: Any,
    charger_damping: Any,
    battery_damping: Any,
    coupling: Any,
    photons: int = 2,
    detuning: Any = 0.0,
    phase: Any = 0.0,
    frequency: Any = 1.0,
    occupation: Any = 0.0,
) -> Network:
    """The reciprocal baseline: coherent coupling alone, no shared bath.

    Parameters
    ----------
    drive : float or array
        eps, amplitude of the drive on the charger, in the rate unit.
    charger_damping, battery_damping : float or array
        kappa_a and kappa_b, local damping rates.
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
    Xu and Ren, arXiv:2511.12118, Sec. III.2.
    """
    parameters = {name: value for name, value in locals().items() if name != "photons"}
    values = _checked(**parameters)
    return Network(
        [Mode(mode, values["frequency"], values["detuning"]) for mode in ("charger", "battery")],
        [
            _drive(photons)("charger", values["drive"], values["phase"]),
            LocalBath("charger", values["charger_damping"], values["occupation"]),
            LocalBath("battery", values["battery_damping"], values["occupation"]),
            CoherentCoupling("charger", "battery", values["coupling"]),
        ],
        charger="charger",
        battery="battery",
        name="reciprocal_battery",
    )


def cascade(
    modes: int, *, drive: Any, damping: Any, shared_rate: Any = 1.0, photons: int = 2, occupation: Any = 0.0
) -> Network:
    """Directed chain "m0", "m1", ...: every neighbouring pair shares one bath and feeds one way.

    Parameters
    ----------
    modes : int
        Their number, at least 2.
    drive : float or array
        eps, amplitude of the drive on m0, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    shared_rate : float or array
        Gamma, rate of each pair's shared bath, with weights 1/sqrt2.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    occupation : float or array
        Mean thermal occupation of all baths.

    Returns
    -------
    Network
        Charger m0, batteries all the rest.

    Raises
    ------
    ParameterError
        If there are fewer than 2 modes, or a number is not finite or has the wrong sign.

    Notes
    -----
    An inner mode belongs to two shared baths, so its total damping rate is kappa + Gamma; the two ends have
    kappa + Gamma/2.
    """
    if isinstance(modes, bool) or not isinstance(modes, int) or modes < 2:
        raise ParameterError.of("modes", "be a whole number, at least 2", modes)
    values = _checked(drive=drive, damping=damping, shared_rate=shared_rate, occupation=occupation)
    names = [f"m{place}" for place in range(modes)]
    weight = 2**-0.5
    strength = nonreciprocal_strength(values["shared_rate"], weight, weight)
    elements: list[Element] = [_drive(photons)("m0", values["drive"])]
    elements += [LocalBath(name, values["damping"], values["occupation"]) for name in names]
    for first, second in pairwise(names):
        elements.append(SharedBath({first: weight, second: weight}, values["shared_rate"], values["occupation"]))
        elements.append(CoherentCoupling(first, second, strength))
    return Network([Mode(name) for name in names], elements, charger="m0", battery=names[1:], name="cascade")


@dataclass(frozen=True)
class CatalogDevice:
    """An entry of the catalog.

    Parameters
    ----------
    build : callable
        Makes the device from keyword parameters.
    reference : mapping of str to number
        Parameters of the device that the command line means by the bare name.
    meaning : str
        One line for the list of devices.
    """

    build: Callable[..., Network]
    reference: Mapping[str, Any]
    meaning: str


_PAIR = {"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1}

DEVICES: dict[str, CatalogDevice] = {
    "two_photon_battery": CatalogDevice(
        two_photon_battery, _PAIR, "the paper's device: two-photon drive, one-way transport through a shared bath"
    ),
    "one_photon_battery": CatalogDevice(
        one_photon_battery, _PAIR, "its comparator with a coherent drive, all else equal"
    ),
    "reciprocal_battery": CatalogDevice(
        reciprocal_battery, _PAIR | {"coupling": 0.25}, "the reciprocal baseline: coherent coupling, no shared bath"
    ),
    "cascade": CatalogDevice(
        cascade, {"modes": 4, "drive": 0.05, "damping": 0.1}, "a directed chain of modes, driven at its head"
    ),
}


def reference_device(name: str, **parameters: Any) -> Network:
    """A device of the catalog by name, at its reference parameters unless told otherwise.

    Parameters
    ----------
    name : str
        A key of `DEVICES`.
    **parameters : number or array
        Parameters that replace reference values.

    Returns
    -------
    Network

    Raises
    ------
    ParameterError
        If the catalog has no such device, or the device no such parameter.
    """
    if name not in DEVICES:
        raise ParameterError.of("device", f"be one of {', '.join(DEVICES)}", name)
    entry = DEVICES[name]
    known = entry.build.__code__.co_varnames[
        : entry.build.__code__.co_argcount + entry.build.__code__.co_kwonlyargcount
    ]
    for parameter in parameters:
        if parameter not in known:
            raise ParameterError.of(f"parameter of {name}", f"be one of {', '.join(known)}", parameter)
    return entry.build(**{**entry.reference, **parameters})
