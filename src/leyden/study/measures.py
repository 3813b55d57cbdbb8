"""What is measured of each device, and what memory that takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from leyden.dense.steps import equidistant_step
from leyden.errors import ParameterError
from leyden.memory import device_bytes
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.simulate import charge, steady_state
from leyden.simulate.choice import checked_method
from leyden.study.identity import function_words, value_words

__all__ = ["Measure", "measure_of", "work", "working_bytes"]

# Numbers among the attributes of a result that were asked for, and not found: cutoffs, residuals and the like are.
_SAME_AT_ALL_POINTS = ("tolerance", "trajectories", "seed")


@dataclass(frozen=True)
class Measure:
    """What is measured of each device."""

    run: Callable[[Any], Any]
    words: dict[str, str]
    times: int = 0
    is_even: bool = True  # whether these are equidistant


def measure_of(measure: Any, times: Any, method: Any = None) -> Measure:
    """What is measured, from what the user gives."""
    by: dict[str, Any] = {} if method is None else {"method": checked_method(method)}
    told = {name: value if isinstance(value, str) else repr(value) for name, value in by.items()}
    if measure == "charge":
        if times is None:
            raise ParameterError.of("times", 'be given for measure "charge"', times)
        grid = checked_times(times)
        is_even = equidistant_step(grid) is not None
        words = f"{len(grid)} from {grid[0].item()} to {grid[-1].item()}, {value_words(grid)}"
        run = partial(_of_all_points, partial(charge, times=grid, **by))
        return Measure(run, {"measure": "charge", "times": words, **told}, len(grid), is_even)
    if times is not None:
        raise ParameterError.of("times", 'be left out unless the measure is "charge"', times)
    if measure == "steady_state":
        run = partial(_of_all_points, partial(steady_state, **by))
        return Measure(run, {"measure": "steady_state", **told})
    if by:
        raise ParameterError.of("method", "be left out where `measure` is a function, which has its own", method)
    if not callable(measure):
        raise ParameterError.of("measure", 'be "steady_state", "charge" or a function of the network', measure)
    return Measure(measure, {"measure": function_words(measure)})


def _of_all_points(measure: Callable[[Any], Any], network: Any) -> Any:
    """What is measured, without what was found on the way: it is told of the points of a block, and not of others."""
    found = measure(network)
    found.attrs = {
        name: value for name, value in found.attrs.items() if isinstance(value, str) or name in _SAME_AT_ALL_POINTS
    }
    return found


def working_bytes(device: Any, times: int, *, is_even: bool = True) -> int:
    """About the memory that one device of a batch takes while it is measured; only of a Network the size is known."""
    return device_bytes(_modes(device), times, is_even=is_even)


def work(device: Any) -> int:
    """About the operations that it takes to measure one device, apart from a factor: the cube of its size."""
    return (2 * _modes(device)) ** 3


def _modes(device: Any) -> int:
    return len(device.modes) if isinstance(device, Network) else 1
