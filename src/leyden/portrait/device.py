"""A single device and the answers to what is asked first, each computed when it is asked for."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.factors import norm_of
from leyden.drift.stability import is_decaying
from leyden.drift.verdict import Spectrum, spectrum_of
from leyden.equations.device import linear_part
from leyden.equations.low_rank import sparse_drift
from leyden.equations.moments import MomentEquations
from leyden.merit.curves import Peak, peak
from leyden.model.labels import Labels, take_off
from leyden.model.network import Network
from leyden.portrait.attempt import attempted
from leyden.portrait.curves import Curves, Runs
from leyden.portrait.horizon import changing_horizon, default_horizon, is_growing, shortest_change
from leyden.portrait.parts import Column, Threshold, Transport, thresholds_of, ways_from_charger
from leyden.quantities import ERROR, attributes_of
from leyden.results import dataset, with_all_axes
from leyden.runner.decimals import equal_steps
from leyden.simulate.choice import answered, name_of
from leyden.task import TOLERANCE, Task

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Portrait"]

_TOTAL = "total"
_POINTS = 401
# Shares of a whole.
_AT_MOST_ONE = ("purity", "utilization_ratio")
# Methods whose runs take no longer than those that are chosen where moments close.
_BY_MOMENTS = (None, "dense", "low_rank")


@dataclass(frozen=True)
class Portrait:
    """A single device, and its charging from the vacuum at times equidistant from 0."""

    network: Network
    until: float | None = None  # end of the run, in 1/rate; by default from the slowest rate
    points: int = _POINTS
    insisted: Any = None  # the method that has to be taken, or a record that says how
    whole_state: bool | None = None  # whether a method that tells moments first goes on to whole states
    tolerance: float = TOLERANCE  # of runs that pulses change
    at_rest: bool = False  # whether the steady state is asked for: then a run that takes long is left out

    # All questions share one set of moment equations, and Datasets are made only for those who ask for them: xarray
    # takes longer to import than everything here takes to compute.

    @cached_property
    def _linear(self) -> tuple[MomentEquations, str]:
        return linear_part(self._plain)

    @property
    def _equations(self) -> MomentEquations:
        return self._linear[0]

    @property
    def beyond(self) -> str:
        """Names of the elements under which moments do not close; where there are some, nothing is said of a drift."""
        return self._linear[1]

    @cached_property
    def _plain(self) -> Network:
        return take_off(self.network, may_change=True)[0]

    @cached_property
    def changes(self) -> tuple[str, ...]:
        """Addresses of the parameters that change in time; where there are some, nothing is said but of the run."""
        return tuple(self.network.pulses)

    def _labels(self) -> Labels:
        return take_off(self.network, may_change=True)[1]

    @cached_property
    def _stability(self) -> Spectrum:
        return spectrum_of(self._plain, self._equations, self._labels())

    @property
    def is_stable(self) -> bool:
        """Whether a steady state exists."""
        if self.beyond and not self.changes:
            return self.steady is not None
        return not self.changes and bool(self._stability.is_stable)

    @property
    def is_linear_part_stable(self) -> bool:
        """Whether the vacuum attracts, in the device without what is not quadratic."""
        if self._equations.is_turned:
            return bool(is_decaying(self._equations))
        return bool(self._stability.is_stable)

    @property
    def abscissa(self) -> float:
        """Largest real part of the drift's eigenvalues, in the rate unit."""
        return float(self._stability.abscissa)

    @cached_property
    def _spectrum(self) -> NDArray[np.complex128]:
        """Eigenvalues of the drift; where they are left out, the rightmost one and how large others may be."""
        if self._stability.eigenvalues is not None:
            return self._stability.eigenvalues
        return np.asarray([self.abscissa, self.abscissa + 1j * norm_of(sparse_drift(self._equations))])

    @property
    def condition(self) -> str:
        """In a word: "stable", "unstable" (some mode grows), "marginal" (some does not relax), "changing", "beyond"."""
        if self.changes or self.beyond:
            return "changing" if self.changes else "beyond"
        if self.is_stable:
            return "stable"
        return "unstable" if is_growing(self._spectrum) else "marginal"

    @cached_property
    def horizon(self) -> float:
        """End of a run that shows what the device does, in 1/rate."""
        if self.changes:
            return changing_horizon(self._equations, self._frozen)
        return default_horizon(self._spectrum, bool(self._stability.is_stable))

    def _frozen(self, equations: MomentEquations) -> tuple[Any, bool]:
        """Eigenvalues of the drift at one time, and whether it is stable."""
        found = spectrum_of(self._plain, equations, self._labels())
        return (found.abscissa if found.eigenvalues is None else found.eigenvalues), bool(found.is_stable)

    @property
    def end(self) -> float:
        """End of the run, in 1/rate."""
        return self.horizon if self.until is None else self.until

    @cached_property
    def times(self) -> NDArray[np.float64]:
        """Times of the run, shape (t,), in 1/rate."""
        return equal_steps(0.0, self.end, self.points)

    @cached_property
    def _runs(self) -> Runs:
        known = None if self.beyond else self._equations
        return Runs(self._plain, known, self.insisted, self.tolerance)

    @property
    def is_sampled(self) -> bool:
        """Whether a run is no matter of milliseconds, so that one has to be enough."""
        return bool(self.beyond) or name_of(self.insisted) not in _BY_MOMENTS

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """Charging curves at the run's times, by name."""
        return self._runs.at([self.times])[0]

    @cached_property
    def _settled(self) -> Curves:
        """Curves until the device has settled."""
        return Curves(self._runs, self.horizon, self._spectrum)

    @cached_property
    def _shown(self) -> Curves:
        """Curves over the run's time, whatever its points."""
        if self.changes:
            return Curves(self._runs, self.end, np.zeros(1, np.complex128), shortest_change(self._equations))
        return self._settled if self.until is None else Curves(self._runs, self.until, self._spectrum)

    @cached_property
    def settled_values(self) -> Mapping[str, Any]:
        """Values of the steady state, by name; an UnstableError where there is none."""
        return self._steady[0]

    @cached_property
    def _steady(self) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
        labels = take_off(self.network)[1]
        known, way = self._runs.equations, self.insisted
        values, about = answered(Task(self._plain, labels, method=way, whole_state=self.whole_state, known=known))
        return with_all_axes(self._plain, labels, values), about

    @cached_property
    def _steady_or_why(self) -> tuple[Mapping[str, Any] | None, str]:
        """Values of the steady state, or why they are not told of a device that may have one."""
        if self.changes or not (self.beyond or self.is_stable):
            return None, ""
        return attempted(lambda: self.settled_values)

    @property
    def steady(self) -> Mapping[str, Any] | None:
        """Values of the steady state, by name; None where there is none."""
        return self._steady_or_why[0]

    @property
    def no_steady(self) -> str:
        """Why the steady state is not told; empty where it is, and where there is none."""
        return self._steady_or_why[1]

    def run_dataset(self) -> xr.Dataset:
        """The run as `leyden.charge` gives it, with the threshold where there is one."""
        return self._annotated(dataset(self._plain, self._labels(), self.run, self._runs.about, self.times))

    def steady_dataset(self) -> xr.Dataset:
        """The steady state as `leyden.steady_state` gives it, with the threshold where there is one."""
        network, labels = take_off(self.network)
        return self._annotated(dataset(network, labels, *self._steady))

    def _annotated(self, found: xr.Dataset) -> xr.Dataset:
        critical = [threshold.critical for threshold in self.thresholds if math.isfinite(threshold.critical)]
        return found.assign_attrs(critical_drive=critical[0]) if len(critical) == 1 else found

    @cached_property
    def thresholds(self) -> tuple[Threshold, ...]:
        """One for each driven mode, in order."""
        return () if self.changes or self.beyond else thresholds_of(self.network)

    @property
    def columns(self) -> tuple[Column, ...]:
        """One for each battery, and one for all together if there are several."""
        names = self.network.batteries
        if not self.network.lists_batteries:
            return (Column(names[0]),)
        total = _TOTAL if _TOTAL not in names else f"{_TOTAL} of all"
        return (*(Column(name, place) for place, name in enumerate(names)), Column(total, is_total=True))

    @cached_property
    def transport(self) -> dict[str, Transport]:
        """Between the charger and each battery that is another mode, by name."""
        return {} if self.changes or self.beyond else ways_from_charger(self.network, self._equations)

    @cached_property
    def settling(self) -> dict[str, float]:
        """Settling time of each column's stored energy, in 1/rate; NaN where it does not settle within the horizon."""
        if self.is_sampled and not self.beyond:  # moments tell it, whatever the method
            return replace(self, insisted=None).settling
        steady = None if self.beyond else self.steady
        if steady is None:
            return {column.name: math.nan for column in self.columns}
        return {
            column.name: self._settled.settling(
                lambda run, column=column: column.of(run, "stored_energy"), float(column.of(steady, "stored_energy"))
            )
            for column in self.columns
        }

    @property
    def about(self) -> Mapping[str, Any]:
        """What computed the steady state, where that is asked for, or the run."""
        if self.at_rest:
            return self._steady[1]
        _ = self.run
        return self._runs.about

    @property
    def method(self) -> str:
        """What computed the same."""
        return self.about["method"]

    @cached_property
    def _sampled(self) -> tuple[NDArray[np.float64], Mapping[str, Any]]:
        """Times and curves of the one run that has to be enough."""
        if self.points >= _POINTS:
            return self.times, self.run
        times = equal_steps(0.0, self.end, _POINTS)
        return times, self._runs.at([times])[0]

    @cached_property
    def no_peaks(self) -> str:
        """Why peaks are not told; empty where they are."""
        if name_of(self.insisted) == "truncated_wigner":
            return "the largest of many estimates that scatter is none"
        return attempted(lambda: self._sampled, is_quick=True)[1] if self.at_rest and self.is_sampled else ""

    @property
    def _sample(self) -> Mapping[str, Any]:
        if self.no_peaks and self.at_rest:
            return self.settled_values
        return self._sampled[1] if self.is_sampled else self._shown.sample

    def unit(self, quantity: str) -> str:
        """Unit of a quantity, of an energy as the device has it."""
        return attributes_of(quantity, self.network.energy_unit)["units"]

    def quantities(self) -> tuple[str, ...]:
        """Names of the run's quantities that each battery has, in order."""
        column = self.columns[0]
        return tuple(name for name in self._names() if column.of(self._sample, name) is not None)

    def whole_quantities(self) -> tuple[str, ...]:
        """Names of the run's quantities that belong to no battery alone, in order; with a single battery none do."""
        own = self.quantities()
        return tuple(name for name in self._names() if name not in own)

    def _names(self) -> list[str]:
        own = (name for name in self._sample if not name.startswith("total_"))
        return [name for name in own if name != "is_stable" and not name.endswith(ERROR)]

    def steady_value(self, column: Column, quantity: str) -> float | None:
        """Steady value of a quantity in a column; None where it has none."""
        value = None if self.steady is None else column.of(self.steady, quantity)
        return None if value is None or np.isnan(value) else float(value)

    @property
    def has_errors(self) -> bool:
        """Whether steady values are estimates that come with errors of their own."""
        return any(name.endswith(ERROR) for name in self.steady or ())

    def steady_error(self, column: Column, quantity: str) -> float | None:
        """Statistical error of a steady value; None where it has none."""
        return self.steady_value(column, f"{quantity}{ERROR}")

    def peak(self, column: Column, quantity: str) -> Peak | None:
        """Largest value of a quantity over the run; None where it has none, or is lost before the run ends."""
        if self.no_peaks or column.of(self._sample, quantity) is None:
            return None
        if self.is_sampled:
            times, run = self._sampled
            found = peak(times, np.asarray(column.of(run, quantity), dtype=np.float64))
            known = None if np.isnan(found.value) else Peak(*(part.item() for part in found))
        else:
            known = self._shown.peak(lambda run: column.of(run, quantity))
        if known is None or quantity not in _AT_MOST_ONE:
            return known
        # The polynomial between times knows of no bound.
        return known._replace(value=min(known.value, 1.0))
