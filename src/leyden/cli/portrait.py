"""What a person asks first of a device: stable or not, how far from threshold, how much, how fast, one way or not."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

import leyden as ly
from leyden.cli.curves import Curves
from leyden.cli.horizon import default_horizon, is_growing
from leyden.dynamics.sparse.equations import norm_of, sparse_drift
from leyden.merit.settling import BAND
from leyden.merit.transport import influences
from leyden.model.elements import TwoPhotonDrive
from leyden.runner.decimals import equal_steps

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["TOTAL", "Column", "Peak", "Portrait", "Threshold", "Transport"]

TOTAL = "total"


@dataclass(frozen=True)
class Threshold:
    """A two-photon drive and the amplitude at which the device would lose its steady state.

    Parameters
    ----------
    mode : str
        The driven mode.
    drive : float
        Amplitude, in the rate unit.
    critical : float
        Critical amplitude, all else equal; infinite where there is none, NaN where several drives act on the mode (then
        `drive` is NaN, too) or where too many modes act on each other to find it.
    """

    mode: str
    drive: float
    critical: float


@dataclass(frozen=True)
class Transport:
    """Who is felt by whom.

    Parameters
    ----------
    forth : float
        Influence of the charger on the battery, in the rate unit.
    back : float
        Influence of the battery on the charger.
    back_action : float
        back/forth; NaN where the charger does not reach the battery.
    """

    forth: float
    back: float
    back_action: float

    def words(self, charger: str, battery: str) -> str:
        """The same in words.

        Parameters
        ----------
        charger, battery : str
            What to call the two.
        """
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
class Peak:
    """Largest value of a curve.

    Parameters
    ----------
    value : float
        In the curve's unit.
    time : float
        When it is reached first, in 1/rate.
    place : str
        "inside" where the curve rises to it and falls again; "start" or "end" of the run where it does not. A curve
        that comes to its steady value from below peaks at the end.
    """

    value: float
    time: float
    place: str


@dataclass(frozen=True)
class Column:
    """A column of the answer: one battery, or all together.

    Parameters
    ----------
    name : str
        The battery's, or "total".
    place : int or None
        Position among several batteries; None for the only one and for the total.
    is_total : bool
        Whether it is the sum over several batteries.
    """

    name: str
    place: int | None = None
    is_total: bool = False

    def of(self, dataset: xr.Dataset, quantity: str) -> Any:
        """Values of a quantity in this column, or None if it has none.

        Parameters
        ----------
        dataset : Dataset
            From `charge` or `steady_state`.
        quantity : str
            Name of a variable, without "total_".
        """
        name = f"total_{quantity}" if self.is_total else quantity
        if name not in dataset:
            return None
        variable = dataset[name]
        if self.place is not None:
            if "mode" not in variable.dims:
                return None
            variable = variable.isel(mode=self.place)
        return variable.values


@dataclass(frozen=True)
class Portrait:
    """A single device and what it does.

    Parameters
    ----------
    network : Network
        The device.
    until : float or None
        End of the run, in 1/rate; by default from the slowest rate.
    points : int
        Times of the run, equidistant from 0.
    """

    network: ly.Network
    until: float | None = None
    points: int = 401

    @cached_property
    def stability(self) -> xr.Dataset:
        """Spectrum of the drift."""
        return ly.stability(self.network)

    @property
    def is_stable(self) -> bool:
        """Whether a steady state exists."""
        return bool(self.stability.is_stable)

    @property
    def abscissa(self) -> float:
        """Largest real part of the drift's eigenvalues, in the rate unit."""
        return float(self.stability.spectral_abscissa)

    @cached_property
    def _spectrum(self) -> Any:
        """Eigenvalues of the drift; where they are left out, the rightmost one and how large others may be."""
        if "eigenvalues" in self.stability:
            parts = self.stability.eigenvalues
            return parts.sel(part="real").values + 1j * parts.sel(part="imaginary").values
        size = norm_of(sparse_drift(ly.moment_equations(self.network)))
        return np.asarray([self.abscissa, self.abscissa + 1j * size])

    @property
    def condition(self) -> str:
        """In a word: "stable", "unstable" (some mode grows), or "marginal" (none grows, but some does not relax)."""
        if self.is_stable:
            return "stable"
        return "unstable" if is_growing(self._spectrum) else "marginal"

    @cached_property
    def horizon(self) -> float:
        """End of a run that shows what the device does, in 1/rate."""
        return default_horizon(self._spectrum, self.is_stable)

    @cached_property
    def run(self) -> xr.Dataset:
        """Charging from the vacuum."""
        until = self.horizon if self.until is None else self.until
        return ly.charge(self.network, equal_steps(0.0, until, self.points))

    @cached_property
    def _settled(self) -> Curves:
        """Curves until the device has settled."""
        return Curves(self.network, self.horizon, self._spectrum)

    @cached_property
    def _shown(self) -> Curves:
        """Curves over the run's time, whatever its points."""
        return self._settled if self.until is None else Curves(self.network, self.until, self._spectrum)

    @cached_property
    def steady(self) -> xr.Dataset | None:
        """Steady state; None where there is none."""
        return ly.steady_state(self.network) if self.is_stable else None

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """One for each driven mode, in order."""
        drives: dict[str, list[Any]] = {}
        for element in self.network.elements:
            if isinstance(element, TwoPhotonDrive):
                drives.setdefault(element.mode, []).append(element.amplitude)
        return tuple(
            Threshold(mode, amplitudes[0], self._critical_drive(mode))
            if len(amplitudes) == 1
            else Threshold(mode, math.nan, math.nan)
            for mode, amplitudes in drives.items()
        )

    def _critical_drive(self, mode: str) -> float:
        try:
            return float(ly.critical_drive(self.network, mode))
        except ly.ParameterError:  # too large a network has no threshold that could be told, but all the rest
            return math.nan

    @property
    def columns(self) -> tuple[Column, ...]:
        """One for each battery, and one for all together if there are several."""
        names = self.network.batteries
        if not self.network.lists_batteries:
            return (Column(names[0]),)
        total = TOTAL if TOTAL not in names else f"{TOTAL} of all"
        return (*(Column(name, place) for place, name in enumerate(names)), Column(total, is_total=True))

    @cached_property
    def transport(self) -> dict[str, Transport]:
        """Between the charger and each battery that is another mode, by name."""
        charger = self.network.position(self.network.charger)
        forth, back = influences(ly.moment_equations(self.network), charger)
        found: dict[str, Transport] = {}
        for name in self.network.batteries:
            battery = self.network.position(name)
            if battery != charger:
                there, here = float(forth[battery]), float(back[battery])
                found[name] = Transport(there, here, here / there if there else math.nan)
        return found

    @cached_property
    def settling(self) -> dict[str, float]:
        """Settling time of each column's stored energy, in 1/rate; NaN where it does not settle within the horizon."""
        steady = self.steady
        if steady is None:
            return {column.name: math.nan for column in self.columns}
        return {
            column.name: self._settled.settling(
                lambda run, column=column: column.of(run, "stored_energy"),
                float(column.of(steady, "stored_energy")),
                BAND,
            )
            for column in self.columns
        }

    def quantities(self) -> tuple[str, ...]:
        """Names of the run's variables that each battery has, in order."""
        names = [str(name) for name in self.run.data_vars if self.run[name].dtype == float]
        return tuple(name for name in names if self.columns[0].of(self.run, name) is not None)

    def whole_quantities(self) -> tuple[str, ...]:
        """Names of the run's variables that belong to no battery alone, in order; those of a single one stand there."""
        names = [str(name) for name in self.run.data_vars if self.run[name].dtype == float]
        return tuple(name for name in names if name not in self.quantities() and not name.startswith("total_"))

    def steady_value(self, column: Column, quantity: str) -> float | None:
        """Steady value of a quantity; None where it has none.

        Parameters
        ----------
        column : Column
            Which battery.
        quantity : str
            Name of a variable.
        """
        found = None if self.steady is None else column.of(self.steady, quantity)
        return None if found is None or np.isnan(found) else float(found)

    def peak(self, column: Column, quantity: str) -> Peak | None:
        """Largest value of a quantity over the run; None where it has none, or is lost before the run ends.

        Parameters
        ----------
        column : Column
            Which battery.
        quantity : str
            Name of a variable.
        """
        if column.of(self.run, quantity) is None:
            return None
        found = self._shown.top(lambda run: column.of(run, quantity))
        return None if found is None else Peak(found.value, found.time, found.place)
