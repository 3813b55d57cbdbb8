"""Power of the drives of a huge network, as a form on the few quadratures that they act on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import quadratures_of
from leyden.model.families import Family
from leyden.model.moments import MomentEquations

__all__ = ["PowerForm", "power_form"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class PowerForm:
    """Power of all drives, tr(C (S + <r><r>^T)) + 2 l <r>, on the quadratures that they act on.

    Parameters
    ----------
    places : array of int, shape (d,)
        Quadratures of the modes that are driven by pairs of quanta.
    block : array, shape (d, d)
        C.
    forced : array of int, shape (f,)
        Quadratures of the modes that are driven by single quanta, which may be all of them.
    linear : array, shape (f,)
        l.
    """

    places: Places
    block: Real
    forced: Places
    linear: Real


def power_form(equations: MomentEquations, frequencies: Sequence[float] | Real) -> PowerForm:
    """Power of all drives of a single device.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    frequencies : sequence of float
        Energy of one quantum of each mode.

    Returns
    -------
    PowerForm
    """
    energies = np.asarray(frequencies, dtype=np.float64)
    forms: list[tuple[Places, Real]] = []
    forces: list[tuple[Places, Real]] = []
    for share, element in zip(equations.shares, equations.elements, strict=True):
        if not (element.pattern if isinstance(element, Family) else element).is_drive:
            continue
        place = quadratures_of(share.places)
        weight = np.repeat(energies[share.places], 2, axis=-1)
        if share.basis.drift.any():
            drift = weight[..., None] * np.tensordot(share.numbers, share.basis.drift, 1)
            forms += zip(place, (drift + drift.transpose(0, 2, 1)) / 2, strict=True)
        if share.basis.forcing.any():
            forces.append((place.reshape(-1), (weight * (share.numbers @ share.basis.forcing)).reshape(-1) / 2))
    nowhere = np.zeros(0, dtype=np.intp)
    places = np.unique(np.concatenate([nowhere, *(place for place, _ in forms)]))
    block = np.zeros((len(places), len(places)))
    for place, form in forms:
        own = np.searchsorted(places, place)
        block[np.ix_(own, own)] += form
    forced, order = np.unique(np.concatenate([nowhere, *(place for place, _ in forces)]), return_inverse=True)
    linear = np.bincount(order, np.concatenate([np.zeros(0), *(force for _, force in forces)]), len(forced))
    return PowerForm(places, block, forced, linear.astype(np.float64, copy=False))
