"""What the catalog's builders ask of their arguments, under the names that their callers know."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from leyden.arrays import exact_alignment, is_labelled
from leyden.errors import ParameterError
from leyden.model.cells import CELL, lengths_along
from leyden.model.changing import Pulse
from leyden.model.elements import OnePhotonDrive, TwoPhotonDrive
from leyden.model.rules import checked_number
from leyden.numeric import UNVARYING, is_whole_number

__all__ = ["checked", "drive_of", "fit_each", "fitting", "refuse_lists"]

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
    "squeezing": "squeezing",
    "squeezing_phase": "real",
    "coupling": "complex",
    "flux": "real",
    "cavity_damping": "positive",
    "cavity_coupling": "real",
    "right_rate": "nonnegative",
    "left_rate": "nonnegative",
    "propagation_phase": "real",
}
# Parameters of one element alone, which checks the pulse.
_MAY_CHANGE = ("drive", "charger_damping", "battery_damping", "damping", "detuning")
# Parameters that stand for many modes or links at once.
_OF_MANY = ("damping", "battery_damping", "shared_rate", "coupling", "occupation", "detuning")
# What those stand for that do not stand for modes.
_EACH = {"shared_rate": "link", "coupling": "link", "battery_damping": "cell", "drive": "driven mode"}
_DRIVES = {1: OnePhotonDrive, 2: TwoPhotonDrive}


def checked(**parameters: Any) -> dict[str, Any]:
    """Check parameters under the catalog's own names: an error about `rate` would not say which one."""
    return {
        name: value if isinstance(value, Pulse) and name in _MAY_CHANGE else checked_number(name, value, _RULES[name])
        for name, value in parameters.items()
    }


def refuse_lists(values: Mapping[str, Any], counts: Mapping[int, str], names: Sequence[str] = _OF_MANY) -> None:
    """Refuse a plain list with a number for each mode, battery or link: it would make a batch of devices."""
    for name, value in values.items():
        if isinstance(value, (float, complex)) or name not in names or all(map(is_labelled, _arrays_of(value))):
            continue
        if len(value.shape) == 1 and value.shape[0] > 1 and value.shape[0] in counts:
            count = value.shape[0]
            remedy = (
                f"For a batch of devices label its axis, `xarray.DataArray(values, dims='{name}')`; "
                f"for a number for each of the {counts[count]}, dims='{CELL}'."
            )
            allowed = f"be labelled where it is as long as the number of {counts[count]}"
            raise ParameterError.of(name, allowed, value, remedy)


def fit_each(values: Mapping[str, Any], **counts: int) -> None:
    """Refuse parameters along `cell` that do not stand for many, or for another number of them."""
    for name, value in values.items():
        if isinstance(value, (float, complex)):
            continue
        # The drive is left to `network_of`, which knows how many modes are driven.
        lengths = [] if name == "drive" and name not in counts else lengths_along(value)
        if lengths and name not in counts:
            remedy = f"A number for each may be given as {', '.join(counts)}."
            raise ParameterError.of(name, f"have no dim `{CELL}` here", {CELL: lengths[0]}, remedy)
        for length in lengths:
            if length != counts[name]:
                allowed = f"have {counts[name]} values along `{CELL}`, one for each {_EACH.get(name, 'mode')}"
                raise ParameterError.of(name, allowed, {CELL: length})


def _arrays_of(value: Any) -> tuple[Any, ...]:
    """A parameter that is an array, or those that a pulse is made of."""
    return value.arrays if isinstance(value, Pulse) else (value,)


def drive_of(photons: int) -> type[OnePhotonDrive] | type[TwoPhotonDrive]:
    """The kind of drive that moves so many quanta at once."""
    if not is_whole_number(photons) or photons not in _DRIVES:
        raise ParameterError.of("photons", "be 1 or 2", photons, UNVARYING if getattr(photons, "shape", ()) else "")
    return _DRIVES[int(photons)]


@contextmanager
def fitting(argument: str, allowed: str, given: tuple[Any, ...]) -> Generator[None, None, None]:
    """Arithmetic of several parameters, refused where their axes or coordinates do not fit."""

    def unfit(remedy: str) -> ParameterError:
        shapes = [dict(value.sizes) if is_labelled(value) else np.shape(value) for value in given]
        return ParameterError.of(argument, allowed, shapes, remedy)

    if any(map(is_labelled, given)) and any(np.ndim(value) > 0 and not is_labelled(value) for value in given):
        raise unfit("Label all of them, or none: a product cannot tell an unlabelled axis from a labelled one.")
    try:
        with exact_alignment():
            yield
    except ValueError:
        raise unfit("Give them one shape, and one set of coordinates along each dim.") from None
