"""Parts of a portrait: the columns of its tables, thresholds, and who is felt by whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leyden.merit.curves import Peak
from leyden.results import is_per_battery

__all__ = ["Column", "Threshold", "Transport", "place_of"]


def place_of(peak: Peak) -> str:
    """Where on its curve a peak is: inside, or at the start or the end of a curve that is highest there."""
    if peak.is_inside:
        return "inside"
    return "end" if peak.time else "start"


@dataclass(frozen=True)
class Threshold:
    """A two-photon drive and the amplitude at which the device would lose its steady state."""

    mode: str
    drive: float  # NaN where several drives act on the mode, and then the critical one is NaN, too
    # All else equal; infinite where there is none, NaN where too many modes act on each other to find it.
    critical: float


@dataclass(frozen=True)
class Transport:
    """Who is felt by whom: influences in the rate unit."""

    forth: float  # of the charger on the battery
    back: float  # of the battery on the charger
    back_action: float  # back/forth; NaN where the charger does not reach the battery

    def words(self, charger: str, battery: str) -> str:
        """The same in words, with these for the two."""
        if self.forth == self.back == 0:
            return f"uncoupled: {charger}, {battery}"
        if self.back == 0:
            return f"one way: {charger} -> {battery}"
        if self.forth == 0:
            return f"one way, but backwards: {battery} -> {charger}"
        if math.isclose(self.forth, self.back, rel_tol=1e-9):
            return f"reciprocal: {charger} <-> {battery}"
        return f"partial: {charger} <-> {battery}, {100 * self.back_action:.3g} % back-action"


@dataclass(frozen=True)
class Column:
    """A column of the answer: one battery, or all together."""

    name: str
    place: int | None = None  # position among several batteries; None for the only one and for the total
    is_total: bool = False

    def of(self, values: Mapping[str, Any], quantity: str) -> Any:
        """Values of a quantity, named without "total_", in this column; None if it has none."""
        found = values.get(f"total_{quantity}" if self.is_total else quantity)
        if self.place is None or found is None:
            return found
        return found[self.place] if is_per_battery(quantity) else None
