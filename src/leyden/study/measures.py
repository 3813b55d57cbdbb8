"""What is measured of each device, and what memory that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from leyden.errors import ParameterError
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.simulate import charge, steady_state
from leyden.study.identity import function_words, value_words

__all__ = ["Measure", "measure_of", "work", "working_bytes"]

# Matrices of a device that are held at once, at each time of a charging curve and apart from that.
_MATRICES, _MATRICES_IN_TIME = 8, 5
# Up to this size a batch's Lyapunov equations may be solved as one stack of dense systems.
_STACKED_SIZE = 12
_NUMBER = 8


@dataclass(frozen=True)
class Measure:
    """What is measured of each device."""

    run: Callable[[Any], Any]
    words: dict[str, str]
    times: int = 0


def measure_of(measure: Any, times: Any) -> Measure:
    """What is measured, from what the user gives."""
    if measure == "charge":
        if times is None:
            raise ParameterError.of("times", 'be given for measure "charge"', times)
        grid = checked_times(times)
        words = f"{len(grid)} from {grid[0].item()} to {grid[-1].item()}, {value_words(grid)}"
        return Measure(partial(charge, times=grid), {"measure": "charge", "times": words}, len(grid))
    if times is not None:
        raise ParameterError.of("times", 'be left out unless the measure is "charge"', times)
    if measure == "steady_state":
        return Measure(steady_state, {"measure": "steady_state"})
    if not callable(measure):
        raise ParameterError.of("measure", 'be "steady_state", "charge" or a function of the network', measure)
    return Measure(measure, {"measure": function_words(measure)})


def working_bytes(device: Any, times: int) -> int:
    """About the memory that one device of a batch takes while it is measured."""
    size = _size(device)
    unknowns = size * (size + 1) // 2 if size <= _STACKED_SIZE else 0
    return _NUMBER * ((_MATRICES + _MATRICES_IN_TIME * times) * size**2 + 3 * unknowns**2)


def work(device: Any) -> int:
    """About the operations that it takes to measure one device, apart from a factor: the cube of its size."""
    return _size(device) ** 3


def _size(device: Any) -> int:
    """Length of the device's mean."""
    return 2 * len(device.modes) if isinstance(device, Network) else 2
