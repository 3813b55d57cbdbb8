"""A quantity of the steady state over two parameters, with the curve on which stability is lost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.explorer.answers import finite
from leyden.explorer.asked import MapAsked
from leyden.explorer.devices import varied
from leyden.quantities import attributes_of
from leyden.simulate import stability, steady_state
from leyden.text import listed, nearest

__all__ = ["map_of"]


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


def map_of(asked: MapAsked) -> Mapping[str, Any]:
    """Values over a grid of two parameters, y by x; null where there is no steady state."""
    _refuse_axes(asked)
    name = asked.merit
    x = np.linspace(asked.x.low, asked.x.high, asked.points)
    y = np.linspace(asked.y.low, asked.y.high, asked.points)
    network = varied(asked.device, {asked.x.parameter: x[None, :], asked.y.parameter: y[:, None]})
    found = steady_state(network)
    total = f"total_{name}"
    chosen = total if total in found else name
    if chosen not in found:
        known = [str(one) for one in found.data_vars]
        raise ParameterError.of("merit", f"be one of {listed(known)}", name, nearest(name, known))
    about = attributes_of(chosen, network.energy_unit)
    values = np.broadcast_to(found[chosen].values, (asked.points, asked.points))
    abscissa = np.broadcast_to(stability(network)["spectral_abscissa"].values, (asked.points, asked.points))
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "values": finite(values),
        "threshold": _threshold(x, y, abscissa),
        "merit": {"name": name, "label": about["long_name"], "symbol": about["symbol"], "unit": about["units"]},
    }
