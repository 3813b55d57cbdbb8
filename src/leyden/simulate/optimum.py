"""Where a device is best along some of its parameters: a search on a grid, then to the digits that a maximum has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.extrema import maximum_about, maximum_between
from leyden.drift.along import addresses_of, direction_of
from leyden.errors import ParameterError
from leyden.model.elements.record import quantity_of
from leyden.model.network import Network
from leyden.quantities import ANGLE, QUANTITIES

__all__ = ["Range", "best", "range_of"]

# Sizes that are looked at: decades about the present one, or about 1, and so many in each; parts of a turn of an angle.
_DECADES, _PER_DECADE, _TURN = 3, 8, 48
# Of the parameter, where the quantity is flat; and of the quantity, within which a parameter does not matter.
_NEAR, _SAME = 1e-9, 1e-12
# Share of a step of the grid, on either side of an optimum, where the device has to settle.
_BESIDE = 1e-3
_ROUNDS = 2

Real = NDArray[np.float64]
Merit = Callable[[Sequence[float]], float]


@dataclass(frozen=True)
class Range:
    """Values that a parameter may take: a real number times a direction."""

    address: str
    present: float
    direction: complex | float
    kind: str  # "angle", "signed" or "size"

    @property
    def scale(self) -> float:
        """A size that the parameter has, or may have."""
        return abs(self.present) or 1.0

    def grid(self) -> Real:
        """Values to begin with, in order."""
        if self.kind == "angle":
            steps = np.linspace(-np.pi, np.pi, _TURN + 1)
            return np.asarray(self.present + steps, dtype=np.float64)
        sizes = self.scale * 10.0 ** (np.arange(-_DECADES * _PER_DECADE, _DECADES * _PER_DECADE + 1) / _PER_DECADE)
        return np.asarray([*(-sizes[::-1] if self.kind == "signed" else ()), 0.0, *sizes], dtype=np.float64)

    def value(self, number: float) -> Any:
        """The parameter for a real number."""
        return self.direction * number


def range_of(network: Network, address: str) -> Range:
    """The values that one parameter of a single device may take."""
    owner, name = addresses_of(network).owner(address)
    own = name.partition("[")[0]
    rules = next(entry.metadata for entry in fields(owner) if entry.name == own)
    rule = rules.get("rule", rules.get("rule_by_mode"))
    quantity = QUANTITIES.get(quantity_of(type(owner), name))
    present = network.parameters[address]
    if rule != "real":
        return Range(address, abs(present), direction_of(present), "size")
    is_angle = quantity is not None and quantity.unit == ANGLE
    return Range(address, present, 1.0, "angle" if is_angle else "signed")


def best(ranges: Sequence[Range], merit: Merit) -> Mapping[str, float]:
    """Numbers, by address, at which a merit is largest; it may be NaN where there is none."""
    at = [one.present for one in ranges]

    def of(numbers: Sequence[float]) -> float:
        found = merit(numbers)
        return found if np.isfinite(found) else -np.inf

    felt: set[int] = set()
    for _ in range(_ROUNDS if len(ranges) > 1 else 1):
        for place, one in enumerate(ranges):
            found = _along(one, _moved(of, at, place))
            if found is not None:
                at[place] = found
                felt.add(place)
    if len(felt) > 1:
        places = sorted(felt)
        numbers = _together([ranges[place] for place in places], [at[place] for place in places], _only(of, at, places))
        for place, number in zip(places, numbers, strict=True):
            at[place] = number
    return {one.address: number for one, number in zip(ranges, at, strict=True)}


def _only(of: Merit, at: Sequence[float], places: Sequence[int]) -> Merit:
    """A merit of some of its parameters, the others staying where they are."""

    def merit(numbers: Sequence[float]) -> float:
        moved = list(at)
        for place, number in zip(places, numbers, strict=True):
            moved[place] = number
        return of(moved)

    return merit


def _moved(of: Merit, at: Sequence[float], place: int) -> Callable[[float], float]:
    merit = _only(of, at, [place])
    return lambda number: merit([number])


def _along(one: Range, of: Callable[[float], float]) -> float | None:
    """The best number of one parameter, all else equal; None where it does not matter."""
    grid = np.unique(np.append(one.grid(), one.present))
    values = np.asarray([of(number) for number in grid.tolist()])
    place, here = int(np.argmax(values)), int(np.searchsorted(grid, one.present))
    if not np.isfinite(values[place]):
        raise _none(
            one, f"at none of {len(grid)} values is there a steady state, with what is held, and a number of it"
        )
    if values[place] - values[here] <= _SAME * abs(values[place]):
        place = here
        around = values[max(place - 2, 0) : place + 3]
        if np.ptp(around) <= _SAME * abs(values[place]):
            return None
    last = len(grid) - 1
    if one.kind != "angle" and (place == last or (place == 0 and one.kind == "signed")):
        raise _none(one, f"at {grid[place]:.6g}, the last one that is tried, it still grows")
    # A search needs finite numbers; below all others they keep it away.
    worst = 2 * float(np.min(values, initial=0.0, where=np.isfinite(values))) - abs(float(values[place]))
    low, high = float(grid[max(place - 1, 0)]), float(grid[min(place + 1, last)])
    number = maximum_between(lambda number: max(of(number), worst), low, high, _NEAR)
    number = number if of(number) >= values[place] else float(grid[place])
    _refuse_edge(one, number, _BESIDE * (high - low), of)
    return number


def _refuse_edge(one: Range, number: float, step: float, of: Callable[[float], float]) -> None:
    """Refuse what is best next to where the device ceases to settle: it grows without end towards there."""
    beside = [number - step, number + step]
    if one.kind == "size":
        beside = [value for value in beside if value >= 0]
    if not all(np.isfinite(of(value)) for value in beside):
        raise _none(one, f"it grows without end towards {number:.6g}, where the device ceases to settle")


def _none(one: Range, why: str) -> ParameterError:
    return ParameterError.of("optimum", f"name parameters that have an optimum: {why}", one.address)


def _together(ranges: Sequence[Range], at: Sequence[float], of: Merit) -> list[float]:
    """The best numbers of several parameters, from good ones."""
    start = np.asarray(at)
    pairs = zip(ranges, at, strict=True)
    scales = np.asarray([1.0 if one.kind == "angle" else abs(number) or one.scale for one, number in pairs])
    signed = np.asarray([one.kind != "size" for one in ranges])

    def numbers(steps: Real) -> list[float]:
        moved = start + scales * steps
        return np.where(signed, moved, np.abs(moved)).tolist()

    worth = abs(of(at)) or 1.0
    better = numbers(np.asarray(maximum_about(lambda steps: of(numbers(steps)) / worth, len(at), _NEAR)))
    better = better if of(better) >= of(at) else list(at)
    for place, one in enumerate(ranges):
        _refuse_edge(one, better[place], _BESIDE * float(scales[place]), _moved(of, better, place))
    return better
