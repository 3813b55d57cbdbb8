"""What answers about the drift share: the grid of frequencies, devices one by one, and the labelled Dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, held, in_double, is_concrete, missing_where, namespace_of, to_numpy, with_texts
from leyden.drift import stability_of
from leyden.drift.unstable import refuse_unstable
from leyden.equations.device import equations_of
from leyden.errors import ParameterError
from leyden.memory import shortage
from leyden.model.addresses import Addresses
from leyden.model.elements.record import quantity_of
from leyden.model.files import device_record
from leyden.model.labels import Labels
from leyden.model.members import members_of
from leyden.model.network import Network
from leyden.numeric import numbers_of
from leyden.quantities import OWN, QUANTITIES, RATE, attributes_of
from leyden.results import provenance
from leyden.results.accessor import register

if TYPE_CHECKING:
    import xarray as xr

__all__ = [
    "checked_frequencies",
    "labelled",
    "refuse_large",
    "refuse_single",
    "refuse_traced",
    "single_devices",
    "unit_of",
    "where_stable",
]

Real = NDArray[np.float64]

_FREQUENCY = {
    "long_name": "frequency",
    "units": RATE,
    "symbol": r"\omega",
    "description": "angular frequency in the frame of the drive, of e^{i omega t}",
}
# Complex matrices of each frequency that are held at once.
_MATRICES = 8


def checked_frequencies(frequencies: Any) -> Real:
    """A grid of frequencies, of either sign."""
    given = numbers_of("frequencies", frequencies, "be a sequence of numbers")
    if not is_concrete(given):
        raise ParameterError.of("frequencies", "be concrete numbers, not traced ones", given)
    found = np.atleast_1d(to_numpy(in_double(given)))
    if found.ndim != 1 or len(found) == 0:
        raise ParameterError.of("frequencies", "be one-dimensional, with at least one frequency", found.shape)
    if found.dtype.kind == "c":
        raise ParameterError.of("frequencies", "be real numbers", found[0].item(), "Give the angular frequency omega.")
    if not np.all(np.isfinite(found)):
        raise ParameterError.of("frequencies", "be finite", found[~np.isfinite(found)][0].item())
    falling = np.flatnonzero(np.diff(found) <= 0)
    if len(falling):
        pair = found[falling[0] : falling[0] + 2].tolist()
        raise ParameterError.of("frequencies", "increase", pair, "Sort them and drop repeated ones.")
    return np.array(found, dtype=np.float64)


def refuse_large(size: int, labels: Labels, frequencies: int) -> None:
    """Refuse matrices of so many rows that there is no memory for."""
    short = shortage(16 * _MATRICES * prod(labels.shape) * frequencies * size**2)
    if short:
        allowed = f"leave its matrices at {frequencies} frequencies to what fits into memory"
        found = f"{short[0]}, and {short[1]} are free"
        raise ParameterError.of("network", allowed, found, "Give fewer frequencies or members at once.")


def refuse_single(network: Network, labels: Labels, stable: Array) -> None:
    """Refuse a single device that does not settle: it has no lasting answer."""
    if labels.dims or not is_concrete(stable) or bool(stable):
        return
    concrete = network.map_parameters(held)
    equations = equations_of(concrete)
    one = equations.of_numbers()
    found = stability_of(one.drift, one.drift_rounding)
    refuse_unstable(concrete, equations, float(found.abscissa), float(found.error))


def refuse_traced(network: Network) -> None:
    """Refuse parameters whose numbers cannot be looked at."""
    for element in network.singles:
        for name, value in element.parameters().items():
            if not is_concrete(value):
                raise ParameterError.of(f"{element.label}.{name}", "be concrete along a parameter", "traced by JAX")


def single_devices(network: Network, labels: Labels) -> list[Network]:
    """The devices of a batch one by one, or the only one."""
    return list(members_of(network, labels.shape)) if labels.dims else [network]


def where_stable(stable: Array, values: Mapping[str, Array]) -> dict[str, Array]:
    """NaN for the devices of a batch that do not settle."""
    xp = namespace_of(stable, *values.values())
    missing = ~xp.asarray(stable)
    return {
        name: missing_where(missing[(..., *(None,) * (value.ndim - missing.ndim))], value)
        for name, value in values.items()
    }


def unit_of(network: Network, address: str) -> str:
    """Unit of a parameter, by which `leyden.units.Lab` converts what was found of it."""
    record, own = Addresses(network.modes, network.parts, network.positions).owner(address)
    quantity = QUANTITIES.get(quantity_of(type(record), own))
    return OWN if quantity is None else quantity.unit


def labelled(
    network: Network,
    labels: Labels,
    values: Mapping[str, tuple[Sequence[str], Array]],
    coordinates: Mapping[str, Any],
    frequencies: Real | None = None,
    **about: Any,
) -> xr.Dataset:
    """Dataset of variables with their dims behind those of the batch, and of `is_stable` and the like without any."""
    import xarray as xr

    own = {**coordinates, **({} if frequencies is None else {"frequency": ("frequency", frequencies, _FREQUENCY)})}
    taken = {*values, *own, *(dim for tail, _ in values.values() for dim in tail)}
    found = labels.beside(tuple(taken)) | own
    variables: dict[str, Any] = {}
    for name, (tail, value) in values.items():
        xp = namespace_of(value)
        shape = (*labels.shape, *value.shape[value.ndim - len(tail) :])
        full = value if value.shape == shape else xp.asarray(xp.broadcast_to(value, shape), copy=True)
        told = attributes_of(name, network.energy_unit)
        if told["units"] == OWN and "parameter" in about:
            told["units"] = unit_of(network, about["parameter"])
        variables[name] = xr.Variable((*labels.dims, *tail), full, told)
    attributes = {**provenance(network), "device_file": device_record(network), **about}
    register()
    return with_texts(xr.Dataset(variables, coords=found, attrs=attributes))
