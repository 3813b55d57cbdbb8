"""Labels back on: plain arrays in, Dataset out."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, labelled, namespace_of, with_texts
from leyden.conventions import DESCRIPTION
from leyden.model.files import device_record
from leyden.model.labels import UNLABELLED, Labels
from leyden.model.network import Network
from leyden.quantities import QUANTITIES, attributes_of
from leyden.results.accessor import register
from leyden.results.table import is_over_time, is_per_battery
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["dataset", "provenance", "with_all_axes"]

# Times and batteries up to which the form of a result is remembered: to make coordinates takes longer than to compute.
_FEW_TIMES, _FEW_BATTERIES = 2000, 64
_BATTERY_MODE = {"long_name": "battery mode"}


def dataset(
    network: Network,
    labels: Labels,
    values: Mapping[str, Array],
    method: Mapping[str, Any],
    times: NDArray[np.float64] | None = None,
) -> xr.Dataset:
    """Put the labels back on: batch dims first, then `mode` for a sequence of batteries, then `time`."""
    full = with_all_axes(network, labels, values, times)
    batteries = network.batteries if network.lists_batteries else ()
    about = {**provenance(network), "device_file": device_record(network), **method}
    is_short = len(batteries) <= _FEW_BATTERIES and (times is None or len(times) <= _FEW_TIMES)
    if labels.dims or not is_short:
        found = _labelled(full, labels, network.energy_unit, batteries, times)
    else:
        moments = None if times is None else times.tobytes()
        form = _form(tuple(full), network.energy_unit, batteries, moments)
        found = form.copy(data=full)
    found.attrs = about
    register()
    return found


def _labelled(
    values: Mapping[str, Any], labels: Labels, energy: str, batteries: tuple[str, ...], times: Any
) -> xr.Dataset:
    import xarray as xr

    own = {*values, *(("mode",) if batteries else ()), *(() if times is None else ("time",))}
    coordinates = labels.beside(own)
    if batteries:
        coordinates["mode"] = labelled(("mode",), np.asarray(batteries), _BATTERY_MODE)
    if times is not None:
        coordinates["time"] = labelled(("time",), times, QUANTITIES["time"].attributes())
    variables: dict[str, Any] = {
        name: labelled(_axes(name, labels, batteries, times)[0], full, attributes_of(name, energy))
        for name, full in values.items()
    }
    return with_texts(xr.Dataset(variables, coords=coordinates))


@lru_cache(maxsize=16)
def _form(names: tuple[str, ...], energy: str, batteries: tuple[str, ...], moments: bytes | None) -> xr.Dataset:
    """Dataset of a single device without numbers: one that is filled takes a third of the time of one that is made."""
    times = None if moments is None else np.frombuffer(moments)
    empty = {name: np.broadcast_to(np.nan, _axes(name, UNLABELLED, batteries, times)[1]) for name in names}
    return _labelled(empty, UNLABELLED, energy, batteries, times)


def _axes(
    name: str, labels: Labels, batteries: tuple[str, ...], times: NDArray[np.float64] | None
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Dims and shape of a variable."""
    dims, shape = labels.dims, labels.shape
    if batteries and is_per_battery(name):
        dims, shape = (*dims, "mode"), (*shape, len(batteries))
    if times is not None and is_over_time(name):
        dims, shape = (*dims, "time"), (*shape, len(times))
    return dims, shape


def with_all_axes(
    network: Network, labels: Labels, values: Mapping[str, Array], times: NDArray[np.float64] | None = None
) -> dict[str, Array]:
    """Variables of full shape: what is the same for all of an axis may have come without it."""
    batteries = network.batteries if network.lists_batteries else ()
    full: dict[str, Array] = {}
    for name, value in values.items():
        shape = _axes(name, labels, batteries, times)[1]
        full[name] = value if value.shape == shape else _copied_to(shape, value)
    return full


def _copied_to(shape: tuple[int, ...], value: Array) -> Array:
    xp = namespace_of(value)
    return xp.asarray(xp.broadcast_to(value, shape), copy=True)


def provenance(network: Network) -> dict[str, str]:
    """Attributes `device`, `version` and `conventions`, and the scale of a device that has one: where it comes from."""
    return {"device": network.name, "version": __version__, "conventions": DESCRIPTION, **network.scale}
