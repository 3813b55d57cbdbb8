"""Labels of batch axes: how `xarray.DataArray` parameters become plain arrays that broadcast, and back.

A device with parameters over dims `drive` and `damping` is a whole map of devices. `take_off` replaces every labelled
parameter by a plain array whose axes stand in one common order; the `Labels` that it returns put dims and coordinates
back on results. Plain array parameters become leading axes named `batch`, `batch_1`, ... of those results.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.errors import ParameterError

if TYPE_CHECKING:
    from leyden.model.network import Network

__all__ = ["Labels", "exact_alignment", "is_labelled", "take_off"]


@dataclass(frozen=True)
class Labels:
    """Names, sizes and coordinates of the batch axes of a network.

    Parameters
    ----------
    dims : tuple of str
        One name for each batch axis, in order.
    shape : tuple of int
        Their sizes.
    coordinates : mapping of str to DataArray
        Coordinates of the labelled dims that have them.
    """

    dims: tuple[str, ...]
    shape: tuple[int, ...]
    coordinates: Mapping[str, Any]


def is_labelled(value: object) -> bool:
    """Whether a value is a DataArray, without importing xarray to find out.

    Parameters
    ----------
    value : object
        Any parameter.
    """
    xarray = sys.modules.get("xarray")
    return xarray is not None and isinstance(value, xarray.DataArray)


def exact_alignment() -> AbstractContextManager[Any]:
    """Context in which arithmetic of labelled parameters refuses unlike coordinates instead of dropping points.

    Returns
    -------
    context manager
        Does nothing while xarray is not in use.
    """
    xarray = sys.modules.get("xarray")
    return nullcontext() if xarray is None else xarray.set_options(arithmetic_join="exact")


def _labelled_parameters(network: Network) -> Iterator[tuple[str, Any]]:
    for element in (*network.modes, *network.elements):
        for name, value in element.parameters().items():
            if is_labelled(value):
                yield f"{element.label}.{name}", value


def _labelled_axes(network: Network) -> tuple[dict[str, int], dict[str, Any]]:
    """Sizes and coordinates of all labelled dims, in order of first appearance; all must agree."""
    sizes: dict[str, int] = {}
    coordinates: dict[str, Any] = {}
    for name, value in _labelled_parameters(network):
        for dim, size in value.sizes.items():
            if sizes.setdefault(dim, size) != size:
                raise ParameterError.of(
                    name, f"have {sizes[dim]} points along `{dim}`, as the parameters before it", size
                )
            if dim in value.coords:
                known = coordinates.setdefault(dim, value.coords[dim])
                if not np.array_equal(known.values, value.coords[dim].values):
                    raise ParameterError.of(
                        name,
                        f"have the same coordinates along `{dim}` as the parameters before it",
                        value.coords[dim].values,
                        "Use one coordinate for all, or give one of the two dims another name.",
                    )
    return sizes, coordinates


def take_off(network: Network) -> tuple[Network, Labels]:
    """Replace labelled parameters by plain arrays that broadcast against each other.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, plain arrays and DataArrays in any mixture.

    Returns
    -------
    network : Network
        The same device with plain parameters.
    labels : Labels
        Axes of any batch result: those of plain arrays first, then the labelled dims in order of first appearance.

    Raises
    ------
    ParameterError
        If two labelled parameters disagree about the size or the coordinates of a dim.
    """
    sizes, coordinates = _labelled_axes(network)
    plain_axes = network.plain_shape
    names = tuple("batch" if axis == 0 else f"batch_{axis}" for axis in range(len(plain_axes)))
    labels = Labels((*names, *sizes), (*plain_axes, *sizes.values()), coordinates)
    if not sizes:
        return network, labels
    dims = tuple(sizes)

    def plain(value: Any) -> Any:
        if is_labelled(value):
            ordered = value.transpose(*(dim for dim in dims if dim in value.dims)).data
            return ordered.reshape(tuple(value.sizes.get(dim, 1) for dim in dims))
        if np.ndim(value) > 0:
            return value.reshape((*value.shape, *(1 for _ in dims)))
        return value

    return network.map_parameters(plain), labels
