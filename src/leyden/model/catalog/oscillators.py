"""What the catalog's networks share: equal modes, links between them, drives on some, and who is the charger."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.catalog.arguments import drive_of, fit_each, refuse_lists
from leyden.model.catalog.pairs import nonreciprocal_strength
from leyden.model.cells import is_of_cells, of_cells
from leyden.model.elements import CoherentCoupling, Element, LocalBath, Mode, SharedBath
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.network import Network
from leyden.model.value import Parameter

__all__ = ["exchange", "network_of", "one_way"]

# Of both modes of a link in their shared bath, as in the paper's symmetric device.
_WEIGHTS = (2**-0.5, 2**-0.5)


def _many(kind: type[Element], places: NDArray[np.intp], **parameters: Any) -> tuple[Element | Family, ...]:
    """One family where all parameters are numbers, or one for each; single elements where one of them makes a batch."""
    arrays = {name: value for name, value in parameters.items() if not isinstance(value, (float, complex, tuple))}
    if all(map(is_of_cells, arrays.values())):
        return (Family(kind, places, **(parameters | {name: value.values for name, value in arrays.items()})),)
    family = Family(kind, places, **(parameters | dict.fromkeys(arrays, 0.0)))
    names = [f"m{place}" for place in range(int(places.max()) + 1)]
    return tuple(
        family.member(index, names).with_parameters({name: of_cells(value, index) for name, value in arrays.items()})
        for index in range(len(family))
    )


def _detuned(modes: Modes, detuning: Any) -> Modes | list[Mode]:
    """The modes with a detuning, or with one for each."""
    if isinstance(detuning, float):
        return Modes(modes.names, detuning=detuning) if detuning else modes
    if is_of_cells(detuning):
        return Modes(modes.names, detuning=detuning.values)
    return [Mode(name, detuning=of_cells(detuning, place)) for place, name in enumerate(modes.names)]


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
    drive: Parameter,
    photons: int,
    driven: Parameter,
    damping: Parameter,
    detuning: Parameter,
    occupation: Parameter,
    own_damping: Parameter = None,
    last_damping: Parameter = None,
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
    fit_each({"drive": drive}, drive=len(positions))
    kind = drive_of(photons)
    oscillators = Modes(modes)
    names = oscillators.names
    if len(positions) > 1:
        drives = _many(kind, positions.astype(np.intp)[:, None], amplitude=drive)
    else:
        drives = (kind(names[positions[0]], of_cells(drive, 0)),)
    places = np.arange(modes, dtype=np.intp)[:, None]
    first = () if own_damping is None else (LocalBath(names[0], own_damping, of_cells(occupation, 0)),)
    last = () if last_damping is None else (LocalBath(names[-1], last_damping, of_cells(occupation, -1)),)
    equal = slice(len(first), modes - len(last))
    # Of an array the damping is that of the cells alone, which begin behind the charger.
    rate = of_cells(damping, slice(0, equal.stop - len(first)))
    baths = (*first, *_many(LocalBath, places[equal], rate=rate, occupation=of_cells(occupation, equal)), *last)
    charger = names[positions[0]]
    batteries = tuple(mode for mode in names if mode != charger)
    battery = batteries[0] if len(batteries) == 1 else batteries
    detuned = _detuned(oscillators, detuning)
    return Network(detuned, (*drives, *baths, *links), charger=charger, battery=battery, name=name)
