"""What the catalog's networks share: equal modes, links between them, drives on some, and who is the charger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.catalog.arguments import drive_of, refuse_lists
from leyden.model.catalog.pairs import nonreciprocal_strength
from leyden.model.elements import CoherentCoupling, Element, LocalBath, SharedBath
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.network import Network

__all__ = ["exchange", "network_of", "one_way"]

# Of both modes of a link in their shared bath, as in the paper's symmetric device.
_WEIGHTS = (2**-0.5, 2**-0.5)


def _many(kind: type[Element], places: NDArray[np.intp], **parameters: Any) -> tuple[Element | Family, ...]:
    """One family where all parameters are numbers; single elements where one of them makes a batch."""
    arrays = {name: value for name, value in parameters.items() if not isinstance(value, (float, complex, tuple))}
    family = Family(kind, places, **(parameters | dict.fromkeys(arrays, 0.0)))
    if not arrays:
        return (family,)
    names = [f"m{place}" for place in range(int(places.max()) + 1)]
    return tuple(family.member(index, names).with_parameters(arrays) for index in range(len(family)))


def exchange(pairs: NDArray[np.intp], strength: Any) -> tuple[Element | Family, ...]:
    """Coherent couplings J a b^dag + J* a^dag b."""
    return _many(CoherentCoupling, pairs, strength=strength)


def one_way(pairs: NDArray[np.intp], shared_rate: Any, occupation: Any) -> tuple[Element | Family, ...]:
    """Links that hand energy on from the first mode of each pair to the second, and nothing back."""
    baths = _many(SharedBath, pairs, weights=_WEIGHTS, rate=shared_rate, occupation=occupation)
    return baths + exchange(pairs, nonreciprocal_strength(shared_rate, *_WEIGHTS))


def network_of(
    name: str,
    modes: int,
    links: Sequence[Element | Family],
    *,
    drive: Any,
    photons: int,
    driven: Any,
    damping: Any,
    occupation: Any,
    own_damping: Any = None,
    last_damping: Any = None,
) -> Network:
    """Equal modes "m0", "m1", ... with local baths, links and drives; the first driven mode is the charger."""
    try:
        positions = np.atleast_1d(np.asarray(driven))
    except ValueError:  # rows of unlike length
        positions = np.zeros(0)
    if positions.ndim != 1 or positions.size == 0 or positions.dtype.kind not in "iu":
        raise ParameterError.of("driven", "be the position of a mode, or several", driven)
    for position in positions.tolist():
        if not 0 <= position < modes:
            raise ParameterError.of("driven", f"be positions from 0 to {modes - 1}", position)
    if len(np.unique(positions)) < len(positions):
        raise ParameterError.of("driven", "name each mode once", driven)
    refuse_lists({"drive": drive}, {modes: "modes", len(positions): "driven modes"}, ("drive",))
    kind = drive_of(photons)
    oscillators = Modes(modes)
    if len(positions) > 1:
        drives = _many(kind, positions.astype(np.intp)[:, None], amplitude=drive)
    else:
        drives = (kind(oscillators.names[positions[0]], drive),)
    places = np.arange(modes, dtype=np.intp)[:, None]
    first = () if own_damping is None else (LocalBath(oscillators.names[0], own_damping, occupation),)
    last = () if last_damping is None else (LocalBath(oscillators.names[-1], last_damping, occupation),)
    equal = places[len(first) : modes - len(last)]
    baths = (*first, *_many(LocalBath, equal, rate=damping, occupation=occupation), *last)
    charger = oscillators.names[positions[0]]
    batteries = tuple(mode for mode in oscillators.names if mode != charger)
    battery = batteries[0] if len(batteries) == 1 else batteries
    return Network(oscillators, (*drives, *baths, *links), charger=charger, battery=battery, name=name)
