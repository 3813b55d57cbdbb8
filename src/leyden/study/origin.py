"""Where a sweep comes from: its device as a file, and what was fixed, in words that netCDF and Zarr can keep."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import numpy as np

from leyden.arrays import is_labelled
from leyden.model.files import device_record
from leyden.model.labels import take_off
from leyden.model.members import members_of
from leyden.model.network import Network
from leyden.runner import Points, Recipe
from leyden.study.devices import Builder
from leyden.study.identity import value_words

__all__ = ["origin"]

# Entries of an array that is written out.
_MOST_ENTRIES = 1000


def origin(builder: Builder, recipe: Recipe, trial: Points) -> dict[str, str]:
    """Attributes `device_file`, unless what is measured is no Network, and `fixed`."""
    told = {"fixed": json.dumps({name: _plain(value) for name, value in sorted(recipe.fixed.items())})}
    device = _device(builder, recipe, trial)
    return told | ({"device_file": device_record(device)} if isinstance(device, Network) else {})


def _device(builder: Builder, recipe: Recipe, trial: Points) -> Any:
    """The device as it is without the axes; of a function, which may need them, that of the first point that works."""
    if builder.stands_alone:
        with suppress(Exception):  # its own values may not go with what is fixed
            return recipe.build(**recipe.fixed)
    made = recipe.device(trial)
    if not isinstance(made, Network):
        return None
    plain, labels = take_off(made, may_change=True)
    return next(iter(members_of(plain, labels.shape))) if labels.shape else plain


def _plain(value: Any) -> Any:
    """A value as JSON takes it, complex numbers as in files; others in the words that tell studies apart."""
    value = value.values if is_labelled(value) else value
    if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biufc" and value.size <= _MOST_ENTRIES:
        value = value.tolist()
    if isinstance(value, complex):
        return {"re": value.real, "im": value.imag}
    if isinstance(value, (list, tuple)) and len(value) <= _MOST_ENTRIES:
        return [_plain(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(name): _plain(entry) for name, entry in value.items()}
    return value if isinstance(value, (bool, int, float, str, type(None))) else value_words(value)
