"""Labels back on: plain arrays in, Dataset out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of
from leyden.conventions import DESCRIPTION
from leyden.model.files import device_record
from leyden.model.labels import Labels
from leyden.model.network import Network
from leyden.quantities import QUANTITIES, attributes_of
from leyden.simulate.merits import WHOLE
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["dataset", "provenance", "with_all_axes"]


def dataset(
    network: Network,
    labels: Labels,
    values: Mapping[str, Array],
    method: Mapping[str, Any],
    times: NDArray[np.float64] | None = None,
) -> xr.Dataset:
    """Put the labels back on: batch dims first, then `mode` for a sequence of batteries, then `time`.

    Parameters
    ----------
    network : Network
        The device.
    labels : Labels
        Of its batch.
    values : mapping of str to array
        Variables; totals and those of the whole device have no axis for the batteries.
    method : mapping of str to str or number
        What computed them, for the Dataset's attributes.
    times : array, shape (t,), or None
        If the values have a time axis.

    Returns
    -------
    xarray.Dataset
    """
    import xarray as xr

    several = network.lists_batteries
    own = {*values, *(("mode",) if several else ()), *(() if times is None else ("time",))}
    coordinates = labels.beside(own)
    energy = network.energy_unit
    variables: dict[str, Any] = {
        name: xr.Variable(_axes(name, network, labels, times)[0], full, attributes_of(name, energy))
        for name, full in with_all_axes(network, labels, values, times).items()
    }
    if several:
        coordinates["mode"] = ("mode", np.asarray(network.batteries), {"long_name": "battery mode"})
    if times is not None:
        coordinates["time"] = ("time", times, QUANTITIES["time"].attributes())
    about = {**provenance(network), "device_file": device_record(network), **method}
    return xr.Dataset(variables, coords=coordinates, attrs=about)


def _axes(
    name: str, network: Network, labels: Labels, times: NDArray[np.float64] | None
) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """Dims and shape of a variable."""
    dims, shape = labels.dims, labels.shape
    if network.lists_batteries and not name.startswith("total_") and name not in WHOLE:
        dims, shape = (*dims, "mode"), (*shape, len(network.batteries))
    if times is not None and name != "is_stable":
        dims, shape = (*dims, "time"), (*shape, len(times))
    return dims, shape


def with_all_axes(
    network: Network, labels: Labels, values: Mapping[str, Array], times: NDArray[np.float64] | None = None
) -> dict[str, Array]:
    """Variables of full shape: what is the same for all of an axis may have come without it."""
    full: dict[str, Array] = {}
    for name, value in values.items():
        shape, xp = _axes(name, network, labels, times)[1], namespace_of(value)
        full[name] = value if value.shape == shape else xp.asarray(xp.broadcast_to(value, shape), copy=True)
    return full


def provenance(network: Network) -> dict[str, str]:
    """Attributes that say where a Dataset comes from.

    Parameters
    ----------
    network : Network
        The device.

    Returns
    -------
    dict
        `device`, `version`, `conventions`.
    """
    return {"device": network.name, "version": __version__, "conventions": DESCRIPTION}
