"""Labels of batch axes: how `xarray.DataArray` parameters become plain arrays that broadcast, and back.

A device with parameters over dims `drive` and `damping` is a whole map of devices. `take_off` replaces every labelled
parameter by a plain array whose axes stand in one common order; the `Labels` that it returns put dims and coordinates
back on results. Plain array parameters become leading axes named `batch`, `batch_1`, ... of those results.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.arrays import is_labelled, namespace_of, plain_dims
from leyden.errors import ParameterError

if TYPE_CHECKING:
    from leyden.model.network import Network

__all__ = ["UNLABELLED", "Labels", "refuse_time_series", "take_off", "take_off_all"]


@dataclass(frozen=True)
class Labels:
    """Names, sizes and coordinates of the batch axes of a network."""

    dims: tuple[str, ...]  # one name for each batch axis, in order
    shape: tuple[int, ...]  # their sizes
    coordinates: Mapping[str, Any]  # coordinates of the labelled dims that have them
    plain: int  # how many of the axes, in front, come from plain arrays

    def refuse(self, taken: Collection[str]) -> None:
        """Refuse dims that a result needs for itself."""
        for dim in self.dims:
            if dim in taken:
                raise ParameterError.of(
                    "network", "have no parameter over a dim that the result needs for itself", dim, "Rename the dim."
                )

    def beside(self, taken: Collection[str]) -> dict[str, Any]:
        """Coordinates of a result that needs some names for itself."""
        self.refuse(taken)
        found = dict(self.coordinates)
        for dim, values in found.items():
            clashes = [name for name in values.coords if name != dim and (name in taken or name in self.dims)]
            for name in clashes:
                if name in values.xindexes:
                    allowed = "have no parameter over an index with a level that the result needs for itself"
                    raise ParameterError.of("network", allowed, name, "Rename the level.")
            if clashes:
                found[dim] = values.drop_vars(clashes)
        return found

    def behind(self, shape: tuple[int, ...]) -> Labels:
        """Labels of results whose batch also comes from the initial state."""
        try:
            full = np.broadcast_shapes(shape, self.shape)
        except ValueError:
            full = ()
        extra = len(full) - len(self.shape)
        if extra < 0 or full[extra:] != self.shape:
            raise ParameterError.of("initial", f"have a batch that broadcasts against {self.shape}", shape)
        names = tuple(f"initial_{axis}" if axis else "initial" for axis in range(extra))
        self.refuse(names)
        return Labels((*names, *self.dims), full, self.coordinates, extra + self.plain)


UNLABELLED = Labels((), (), {}, 0)
"""Of a single device."""


def _labelled_axes(networks: Sequence[Network], taken: Collection[str]) -> tuple[dict[str, int], dict[str, Any]]:
    """Sizes and coordinates of all labelled dims, in order of first appearance; all must agree, none be taken."""
    sizes: dict[str, int] = {}
    coordinates: dict[str, Any] = {}
    for element, own, value in (one for network in networks for one in network.arrays):
        if not is_labelled(value):
            continue
        name = f"{element.label}.{own}"
        for dim, size in value.sizes.items():
            if dim in taken:
                raise ParameterError.of(
                    name, f"have no dim {dim!r}, the axis of the plain arrays", tuple(value.dims), "Label them as well."
                )
            if sizes.setdefault(dim, size) != size:
                raise ParameterError.of(
                    name, f"have {sizes[dim]} points along `{dim}`, as the parameters before it", size
                )
            if dim in value.coords:
                known = coordinates.setdefault(dim, value.coords[dim])
                if not known.variable.equals(value.coords[dim].variable):  # NaN is where NaN is
                    raise _unlike(name, str(dim), known.values, value.coords[dim].values)
                # As xarray has it: what two parameters say differently of themselves holds of neither.
                others = () if len(known.coords) == 1 else set(known.coords) & set(value.coords) - {dim}
                if unlike := [one for one in others if not known[one].variable.equals(value[one].variable)]:
                    coordinates[dim] = known.drop_vars(unlike)
    return sizes, coordinates


def _unlike(name: str, dim: str, known: Any, found: Any) -> ParameterError:
    """The error about coordinates that differ, with the largest difference where that is a number."""
    remedy = "Use one coordinate for all, or give one of the two dims another name."
    if known.dtype.kind in "iuf" and found.dtype.kind in "iuf":
        with np.errstate(invalid="ignore"):  # infinite labels
            gaps = np.abs(known.astype(np.float64) - found.astype(np.float64))
        types = "" if known.dtype == found.dtype else f" (one is {known.dtype}, one {found.dtype})"
        if gap := float(np.max(gaps, initial=0.0, where=np.isfinite(gaps))):
            remedy = f"They differ by up to {gap:.3g}{types}. {remedy}"
    return ParameterError.of(
        name, f"have the same coordinates along `{dim}` as the parameters before it", found, remedy
    )


def refuse_pulses(network: Network) -> None:
    """Refuse a device that changes in time, where one that stays as it is is asked for."""
    if network.pulses:
        address = next(iter(network.pulses))
        remedy = "Give that parameter a number, or ask `charge` or `evolve`, which follow it in time."
        raise ParameterError.of("network", "be constant in time here", f"{address}, a pulse", remedy)


def take_off(network: Network, *, may_change: bool = False) -> tuple[Network, Labels]:
    """Replace labelled parameters by plain arrays that broadcast against each other."""
    (plain,), labels = take_off_all([network], may_change=may_change)
    return plain, labels


def take_off_all(networks: Sequence[Network], *, may_change: bool = False) -> tuple[list[Network], Labels]:
    """The same for devices that are one batch together: the arrays of all broadcast against each other."""
    for network in networks:
        _check_network(network, may_change=may_change)
    if not any(network.arrays for network in networks):
        return list(networks), UNLABELLED
    plain_axes = _common_shape(networks)
    names = plain_dims(len(plain_axes))
    sizes, coordinates = _labelled_axes(networks, names)
    labels = Labels((*names, *sizes), (*plain_axes, *sizes.values()), coordinates, len(names))
    values = (value for network in networks for *_, value in network.arrays)
    xp = namespace_of(*(value.data if is_labelled(value) else value for value in values))
    if not sizes and xp is np:
        return list(networks), labels
    dims = tuple(sizes)

    def plain(value: Any) -> Any:
        if is_labelled(value):
            ordered = value.transpose(*(dim for dim in dims if dim in value.dims)).data
            return xp.reshape(xp.asarray(ordered), tuple(value.sizes.get(dim, 1) for dim in dims))
        if isinstance(value, (float, complex)):
            return value
        return xp.reshape(xp.asarray(value), (*value.shape, *(1 for _ in dims)))

    return [network.map_parameters(plain) if network.arrays else network for network in networks], labels


def _check_network(network: Any, *, may_change: bool) -> None:
    if not hasattr(network, "map_parameters"):
        raise ParameterError.of("network", "be a Network", network)
    if not may_change:
        refuse_pulses(network)


def _common_shape(networks: Sequence[Network]) -> tuple[int, ...]:
    """Common shape of all parameters that are plain arrays."""
    shapes = [network.plain_shape for network in networks]
    try:
        return np.broadcast_shapes(*shapes)
    except ValueError:
        remedy = "Label the axes with xarray.DataArray parameters to form a grid."
        raise ParameterError.of("network", "have arrays that broadcast against each other", shapes, remedy) from None


def refuse_time_series(network: Network, times: int) -> None:
    """Refuse a plain list of numbers as long as the times: a pulse is meant as often as a batch of devices."""
    if times < 2 or network.plain_shape[-1:] != (times,):
        return
    for element, name, value in network.arrays:
        if not is_labelled(value) and value.shape == (times,):
            dim = name.partition("[")[0]
            remedy = (
                f"For a batch of devices label its axis, `xarray.DataArray(values, dims='{dim}')`; "
                "for values in time give `leyden.pulse.sampled(times, values)`."
            )
            raise ParameterError.of(
                f"{element.label}.{name}", "be labelled where it is as long as `times`", value, remedy
            )
