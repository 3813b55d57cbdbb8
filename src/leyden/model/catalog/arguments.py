"""What the catalog's builders ask of their arguments, under the names that their callers know."""

from __future__ import annotations

from typing import Any

from leyden.errors import ParameterError
from leyden.model.elements import OnePhotonDrive, TwoPhotonDrive
from leyden.model.rules import checked_number
from leyden.numeric import UNVARYING, is_whole_number

__all__ = ["checked", "drive_of"]

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
    "flux": "real",
}
_DRIVES = {1: OnePhotonDrive, 2: TwoPhotonDrive}


def checked(**parameters: Any) -> dict[str, Any]:
    """Check parameters under the catalog's own names: an error about `rate` would not say which one.

    Parameters
    ----------
    **parameters : number or array
        By the builders' argument names.

    Returns
    -------
    dict
        The same, as `checked_number` gives them back.

    Raises
    ------
    ParameterError
        If a number is not finite or has the wrong sign.
    """
    return {name: checked_number(name, value, _RULES[name]) for name, value in parameters.items()}


def drive_of(photons: int) -> type[OnePhotonDrive] | type[TwoPhotonDrive]:
    """The kind of drive that moves so many quanta at once.

    Parameters
    ----------
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.

    Returns
    -------
    type
        `OnePhotonDrive` or `TwoPhotonDrive`.

    Raises
    ------
    ParameterError
        If it is neither.
    """
    if not is_whole_number(photons) or photons not in _DRIVES:
        raise ParameterError.of("photons", "be 1 or 2", photons, UNVARYING if getattr(photons, "shape", ()) else "")
    return _DRIVES[int(photons)]
