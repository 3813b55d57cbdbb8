"""Parts of a portrait: the columns of its tables, thresholds, and who is felt by whom."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.merit.curves import Peak
from leyden.merit.transport import influences
from leyden.model.elements import TwoPhotonDrive
from leyden.model.network import Network
from leyden.results import is_per_battery
from leyden.simulate.spectrum import critical_drive
from leyden.text import one_line

__all__ = ["Column", "Threshold", "Transport", "place_of", "thresholds_of", "ways_from_charger"]


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

    @property
    def missing(self) -> str:
        """Why the critical amplitude is not told; empty where it is."""
        if math.isnan(self.drive):
            return f"several two-photon drives on {one_line(self.mode)}: none of them alone"
        return "the critical one is not looked for in a network of this size" if math.isnan(self.critical) else ""


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


def thresholds_of(network: Network) -> tuple[Threshold, ...]:
    """One for each mode that a two-photon drive acts on, in order."""
    drives: dict[str, list[Any]] = {}
    for element in network.elements:
        if isinstance(element, TwoPhotonDrive):
            drives.setdefault(element.mode, []).append(element.amplitude)
    return tuple(
        Threshold(mode, amplitudes[0], _critical_drive(network, mode))
        if len(amplitudes) == 1
        else Threshold(mode, math.nan, math.nan)
        for mode, amplitudes in drives.items()
    )


def _critical_drive(network: Network, mode: str) -> float:
    try:
        return float(critical_drive(network, mode))
    except ParameterError:  # too large a network has no threshold that could be told, but all the rest
        return math.nan


def ways_from_charger(network: Network, equations: MomentEquations) -> dict[str, Transport]:
    """Between the charger and each battery that is another mode, by name."""
    charger = network.position(network.charger)
    forth, back = influences(equations, charger)
    ways: dict[str, Transport] = {}
    for name in network.batteries:
        battery = network.position(name)
        if battery != charger:
            there, here = float(forth[battery]), float(back[battery])
            ways[name] = Transport(there, here, here / there if there else math.nan)
    return ways
