"""A quantity of the steady state over two parameters, with the curve on which stability is lost."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.explorer.answers import finite
from leyden.explorer.asked import MapAsked
from leyden.explorer.devices import ADDED, network_of, varied
from leyden.model.elements.record import quantity_of
from leyden.portrait import Portrait
from leyden.quantities import QUANTITIES, attributes_of
from leyden.simulate import stability, steady_state
from leyden.text import listed, nearest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["is_slow", "map_of", "plane_of"]


# Points along an axis of a map of devices that take long.
_MOST_SLOW = 40
# Merits that methods beyond the Gaussian tell of many devices at once.
_TOLD = ("stored_energy", "gaussian_ergotropy", "charger_energy")


def _refuse_axes(asked: MapAsked) -> None:
    for field, axis in (("x", asked.x), ("y", asked.y)):
        if not axis.low < axis.high:
            raise ParameterError.of(f"{field}.high", f"be above {field}.low, {axis.low:g}", axis.high)
    if asked.x.parameter == asked.y.parameter:
        raise ParameterError.of("y.parameter", "be another one than that of x", asked.y.parameter)


def _threshold(x: NDArray[Any], y: NDArray[Any], abscissa: NDArray[Any]) -> list[list[list[float]]]:
    """Pieces of the line on which the largest real part of the drift's eigenvalues vanishes."""
    from contourpy import contour_generator

    lines: list[Any] = list(contour_generator(x, y, abscissa).lines(0.0))
    return [[line[:, 0].tolist(), line[:, 1].tolist()] for line in lines]


def plane_of(asked: MapAsked, told: Callable[[float], None] | None = None) -> tuple[xr.DataArray, xr.DataArray]:
    """Values, and the spectral abscissa whose zero is the threshold, over (y, x)."""
    import xarray as xr

    _refuse_axes(asked)
    if told is not None and asked.points > _MOST_SLOW:
        raise ParameterError.of("points", f"be at most {_MOST_SLOW} beyond the Gaussian", asked.points)
    name, first, second = asked.merit, asked.x.parameter, asked.y.parameter
    axes = {
        second: np.linspace(asked.y.low, asked.y.high, asked.points),
        first: np.linspace(asked.x.low, asked.x.high, asked.points),
    }
    network = varied(asked.device, {first: axes[first][None, :], second: axes[second][:, None]})
    found = steady_state(network) if told is None else _by_rows(asked, axes, told)
    chosen = f"total_{name}" if f"total_{name}" in found else name
    if chosen not in found or found[chosen].ndim != 2:
        known = [str(one) for one, variable in found.data_vars.items() if variable.ndim == 2 and variable.dtype != bool]
        raise ParameterError.of("merit", f"be one of {listed(known, 30)}", name, nearest(name, known))
    coordinates = {key: (key, values, _about(key, asked)) for key, values in axes.items()}

    def over(values: Any, about: Mapping[str, Any]) -> xr.DataArray:
        whole = np.broadcast_to(values, (asked.points, asked.points))
        return xr.DataArray(whole, coordinates, tuple(axes), chosen, dict(about))

    abscissa = stability(network)["spectral_abscissa"]
    return over(found[chosen].values, found[chosen].attrs), over(abscissa.values, abscissa.attrs)


def _by_rows(asked: MapAsked, axes: Mapping[str, NDArray[Any]], told: Callable[[float], None]) -> xr.Dataset:
    """The same row by row, and after each how much is done: of devices that take long."""
    import xarray as xr

    first, second = asked.x.parameter, asked.y.parameter
    rows: list[xr.Dataset] = []
    for place, value in enumerate(axes[second].tolist()):
        rows.append(steady_state(varied(asked.device, {first: axes[first], second: value})))
        _refuse_untold(rows[-1], asked.merit)
        told((place + 1) / asked.points)
    return xr.concat(rows, "row", combine_attrs="override")


def _refuse_untold(row: xr.Dataset, merit: str) -> None:
    """Refuse what the method tells of single devices alone: a map of nothing would say that nothing settles."""
    chosen = f"total_{merit}" if f"total_{merit}" in row else merit
    told = [name for name in _TOLD if name in row and bool(row[name].notnull().any())]
    if told and chosen in row and not bool(row[chosen].notnull().any()):
        raise ParameterError.of("merit", f"be told of many devices, as {listed(told)} here", merit)


def _about(parameter: str, asked: MapAsked) -> dict[str, str]:
    """Attributes of an axis: those of the quantity that the parameter is."""
    quantity = parameter
    if asked.device.text is not None:
        values: Any = network_of(asked.device).parameters
        record, own = values.owner(parameter)
        quantity = quantity_of(type(record), own)
    elif parameter in ADDED:
        quantity = quantity_of(*ADDED[parameter])
    return attributes_of(quantity) if quantity in QUANTITIES else {"long_name": parameter.replace("_", " ")}


def is_slow(asked: MapAsked) -> bool:
    """Whether moments do not close for the device, or where an axis of the map ends."""
    ends = {axis.parameter: axis.high for axis in (asked.x, asked.y)}
    return any(Portrait(network).beyond for network in (network_of(asked.device), varied(asked.device, ends)))


def map_of(asked: MapAsked, told: Callable[[float], None] | None = None) -> Mapping[str, Any]:
    """Values over a grid of two parameters, y by x; null where there is no steady state."""
    values, abscissa = plane_of(asked, told)
    x, y = values[asked.x.parameter].values, values[asked.y.parameter].values
    about = values.attrs
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "values": finite(values.values),
        "threshold": _threshold(x, y, abscissa.values),
        "merit": {"name": asked.merit, "label": about["long_name"], "symbol": about["symbol"], "unit": about["units"]},
    }
