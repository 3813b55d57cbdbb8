"""What two devices can be made equal in, drive, input power or charger energy, and the drive at which they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden import merit
from leyden.algebra.extrema import root_between
from leyden.arrays import Array, namespace_of, to_numpy
from leyden.dense import steady_state
from leyden.drift.along import line_of
from leyden.drift.critical import critical_value
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.model.elements import Element
from leyden.model.elements.record import quantity_of
from leyden.model.families import Family
from leyden.model.network import Network
from leyden.states.gaussian import GaussianState

__all__ = ["EQUAL", "Knob", "drive_address", "drive_power", "own_drive"]

Real = NDArray[np.float64]

# What is held equal -> what it is called in a sentence.
EQUAL = {"drive": "a drive", "input_power": "an input power", "charger_energy": "a charger energy"}
# Drives that are looked at below a threshold, relative to it, and about an estimate where there is none.
_BELOW = np.concatenate([10.0 ** np.linspace(-8, -0.5, 31), 1 - 10.0 ** np.linspace(-0.5, -12, 47)])
_ABOUT = 10.0 ** np.linspace(-4, 4, 33)


def _pattern(part: Element | Family) -> Element:
    return part.pattern if isinstance(part, Family) else part


def drive_address(network: Network, argument: str) -> str:
    """Address of the amplitude of a device's only drive."""
    found: list[tuple[Element | Family, str]] = []
    for part in network.parts:
        kind, count = type(_pattern(part)), len(part) if isinstance(part, Family) else 1
        names = [name for name in _pattern(part).parameters() if quantity_of(kind, name) == "drive"]
        found += [(part, name) for name in names] * count
    if len(found) != 1:
        remedy = (
            "Couple it to a drive." if not found else "Which of them to scale, and how, is a choice: give each its own."
        )
        allowed = "have one drive, whose amplitude can be scaled"
        raise ParameterError.of(argument, allowed, f"{network.name} with {len(found)} drives", remedy)
    part, name = found[0]
    label = part.member(0, network.mode_names).label if isinstance(part, Family) else part.label
    return f"{label}.{name}"


def own_drive(network: Network) -> str:
    """Address of a device's only drive; empty where it has none or several."""
    try:
        return drive_address(network, "first")
    except ParameterError:
        return ""


def drive_power(equations: MomentEquations, state: GaussianState, frequencies: Any) -> Array:
    """Energy (...) that all drives put in per time."""
    xp = namespace_of(state.excess)
    total: Any = xp.zeros(state.shape, dtype=xp.float64)
    for part in equations.contributions:
        if part.element.is_drive:
            quanta = merit.element_flow(part, state)
            for place, mode in enumerate(part.modes):
                total = total + frequencies[mode] * quanta[..., place]
    return total


@dataclass(frozen=True)
class Knob:
    """A single device along the amplitude of its only drive, and what is to be held."""

    network: Network
    argument: str  # what messages call the device
    equal: str

    @cached_property
    def address(self) -> str:
        """Of the amplitude."""
        return drive_address(self.network, self.argument)

    @property
    def amplitude(self) -> float:
        """The one that the device has."""
        return float(self.network.parameters[self.address])

    def at(self, amplitude: Any) -> Network:
        """The device at an amplitude, or at several."""
        return self.network.replace(**{self.address: amplitude})

    def held(self, network: Network) -> Any:
        """What is held, of the device or of a batch of it: NaN where there is no steady state."""
        if self.equal == "drive":
            return network.parameters[self.address]
        equations = equations_of(network)
        with np.errstate(over="ignore", invalid="ignore"):
            state, stable = steady_state(equations)
            if self.equal == "input_power":
                value = drive_power(equations, state, network.frequencies)
            else:
                place = network.position(network.charger)
                value = merit.energy(state, place, network.frequencies[place])
        return np.where(to_numpy(stable), to_numpy(value), np.nan)[()]

    def matched(self, target: float) -> float:
        """The amplitude below the threshold at which the device holds a value."""
        if self.equal == "drive":
            return target
        grid = self._grid(target)
        values = np.asarray(self.held(self.at(grid)), dtype=np.float64)
        grid, values = grid[np.isfinite(values)], values[np.isfinite(values)]
        if not len(grid):
            allowed = "have a steady state at some drive"
            raise ParameterError.of(self.argument, allowed, self.network.name, "Damp every mode, or weaken its pumps.")
        above = np.sign(values - target)
        exact = grid[above == 0]
        if len(exact) == 1:
            return float(exact[0])
        turns = [pair for pair in pairwise(range(len(grid))) if above[pair[0]] * above[pair[1]] < 0]
        if len(turns) != 1 or len(exact):
            raise self._unmatched(target, grid, values, len(turns) + len(exact))
        return root_between(lambda value: float(self.held(self.at(value))) - target, *grid[list(turns[0])].tolist())

    def _grid(self, target: float) -> Real:
        """Amplitudes from zero to the threshold; without one about that of the target, which goes as their square."""
        critical = critical_value(line_of(self.network, self.address))
        if isfinite(critical):
            return np.concatenate([[0.0], critical * _BELOW])
        rest, unit = (float(self.held(self.at(value))) for value in (0.0, 1.0))
        guess = abs((target - rest) / (unit - rest)) ** 0.5 if unit != rest and isfinite(unit) else 1.0
        return np.concatenate([[0.0], guess * _ABOUT]) if guess > 0 and isfinite(guess) else np.zeros(1)

    def _unmatched(self, target: float, grid: Real, values: Real, count: int) -> ParameterError:
        """The error of a value that no drive holds, or several do."""
        what, name = EQUAL[self.equal], self.network.name
        if count:
            allowed = f"hold {what} of {target:.6g} at one drive"
            remedy = "Nearer to resonance, or without other pumps, more drive is more of it."
            return ParameterError.of(self.argument, allowed, f"{name}, which does at {count}", remedy)
        allowed = f"reach {what} of {target:.6g} at a drive of up to {grid[-1]:.6g}"
        found = f"{name}, which stays from {values.min():.6g} to {values.max():.6g}"
        critical = critical_value(line_of(self.network, self.address))
        remedy = f"Its threshold is {critical:.6g}." if isfinite(critical) else ""
        return ParameterError.of(self.argument, allowed, found, remedy)
