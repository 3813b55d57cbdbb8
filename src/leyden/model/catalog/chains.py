"""Directed chains: energy handed on from mode to mode."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from leyden.errors import ParameterError
from leyden.model.catalog.arguments import checked, drive_of
from leyden.model.catalog.pairs import nonreciprocal_strength
from leyden.model.elements import CoherentCoupling, Element, LocalBath, Mode, SharedBath
from leyden.model.network import Network

__all__ = ["cascade"]


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
    values = checked(drive=drive, damping=damping, shared_rate=shared_rate, occupation=occupation)
    names = [f"m{place}" for place in range(modes)]
    weight = 2**-0.5
    strength = nonreciprocal_strength(values["shared_rate"], weight, weight)
    elements: list[Element] = [drive_of(photons)("m0", values["drive"])]
    elements += [LocalBath(name, values["damping"], values["occupation"]) for name in names]
    for first, second in pairwise(names):
        elements.append(SharedBath({first: weight, second: weight}, values["shared_rate"], values["occupation"]))
        elements.append(CoherentCoupling(first, second, strength))
    return Network([Mode(name) for name in names], elements, charger="m0", battery=names[1:], name="cascade")
