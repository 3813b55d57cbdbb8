"""What the report of a device is made of, each part computed when it is asked for; what has none says why."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

import leyden as ly
from leyden.errors import LeydenError, ParameterError
from leyden.portrait import Portrait, diagram_svg
from leyden.text import one_line

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Material"]

Part = TypeVar("Part")

# Above so many modes flows over time, output spectra, eigenvalues and states cost more than they tell.
_MOST_MODES, _MOST_AT_ONCE = 16, 100
# Above so many quanta the state of a mode beyond the Gaussian takes minutes.
_MOST_QUANTA = 8.0
# States that are drawn, frequencies of a spectrum on each side, drives up to a threshold.
_MOST_STATES, _FREQUENCIES, _DRIVES = 3, 200, 121
# So many of the fastest rates a spectrum goes out, and so far beyond its threshold a drive.
_OUT, _BEYOND = 3.0, 1.15
# Multiples of the run, to see what becomes of it.
_LATER = (1.0, 4.0, 16.0)
# Points of phase space on a side, and standard deviations that they reach.
_POINTS, _DEVIATIONS = 181, 4.0


@dataclass(frozen=True)
class Material:
    """A device, and what is told of it."""

    portrait: Portrait
    reasons: dict[str, str] = field(default_factory=dict[str, str])  # what is left out -> why
    warnings: list[str] = field(default_factory=list[str])  # of libraries, as they came

    @property
    def network(self) -> ly.Network:
        """The device."""
        return self.portrait.network

    @property
    def size(self) -> int:
        """Number of its modes."""
        return len(self.network.mode_names)

    @cached_property
    def diagram(self) -> str:
        """A drawing of the device as SVG text, where the one with symbols, of two modes, does not do; or empty."""
        is_pair = (
            self.size == 2 and len(self.network.batteries) == 1 and self.network.charger not in self.network.batteries
        )
        return "" if is_pair else diagram_svg(self.network)

    @contextmanager
    def heard(self) -> Generator[None]:
        """Warnings of what is computed inside are kept for the page."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            yield
        for warning in caught:
            words = one_line(str(warning.message))
            if words not in self.warnings:
                self.warnings.append(words)

    def _kept(self, what: str, compute: Callable[[], Part], most: int = _MOST_AT_ONCE) -> Part | None:
        """A part of the report, or none and the reason."""
        if self.size > most:
            self.reasons[what] = f"Told of devices of up to {most} modes; this one has {self.size}."
            return None
        try:
            return compute()
        except LeydenError as error:
            self.reasons[what] = error.message
            return None

    @cached_property
    def run(self) -> xr.Dataset:
        """Charging from the vacuum."""
        return self.portrait.run_dataset()

    @cached_property
    def steady(self) -> xr.Dataset | None:
        """The steady state, where there is one."""
        return self.portrait.steady_dataset() if self.portrait.is_stable else None

    @cached_property
    def late(self) -> xr.Dataset | None:
        """Charging at times by which it has settled: long chains take longer than their slowest rate tells."""
        times = [self.portrait.horizon * factor for factor in _LATER]
        return self._kept("the steady state by charging", lambda: ly.charge(self.network, times))

    @cached_property
    def flows(self) -> xr.Dataset | None:
        """Energetics over the run."""
        return self._kept("energy flows in time", lambda: ly.energetics(self.network, self.portrait.times), _MOST_MODES)

    @cached_property
    def flows_at_rest(self) -> xr.Dataset | None:
        """Energetics of the steady state."""
        return self._kept("energy flows at rest", lambda: ly.energetics(self.network), _MOST_MODES)

    @cached_property
    def spectrum(self) -> xr.Dataset | None:
        """What the baths of the device send out, over frequencies."""

        def computed() -> xr.Dataset:
            eigenvalues = self._eigenvalues()
            reach = _OUT * float(np.max(np.abs(eigenvalues), initial=0.0))
            return ly.spectrum(self.network, np.linspace(-reach, reach, 2 * _FREQUENCIES + 1))

        return self._kept("output spectra", computed, _MOST_MODES)

    @cached_property
    def _stability(self) -> xr.Dataset:
        return ly.stability(self.network)

    def _eigenvalues(self) -> Any:
        parts = self._stability["eigenvalues"].values
        return parts[..., 0] + 1j * parts[..., 1]

    @property
    def abscissa_error(self) -> float | None:
        """By how much rounding may have moved the largest real part of the eigenvalues, in the rate unit."""
        return None if self.eigenvalues is None else float(self._stability.attrs["spectral_abscissa_error"])

    @cached_property
    def eigenvalues(self) -> Any | None:
        """Of the drift, complex, in the rate unit."""
        if self.portrait.changes or self.portrait.beyond:
            return None
        return self._kept("eigenvalues of the drift", self._eigenvalues)

    @cached_property
    def states(self) -> dict[str, xr.DataArray]:
        """Wigner functions of batteries by name, at the end of the run or in the steady state."""
        found = self._kept("Wigner functions", self._wigner_functions)
        return found or {}

    @cached_property
    def populations(self) -> dict[str, Any]:
        """Number distributions of batteries by name, beyond the Gaussian."""
        return {name: state.populations for name, state in self._density_matrices.items()}

    @cached_property
    def _density_matrices(self) -> dict[str, Any]:
        portrait = self.portrait
        if not portrait.beyond or portrait.steady is None:
            return {}
        quanta = float(np.max(np.asarray(portrait.steady["stored_energy"], dtype=np.float64)))
        if quanta > _MOST_QUANTA:
            self.reasons["states of batteries"] = (
                f"Beyond the Gaussian they are told up to {_MOST_QUANTA:g} quanta, as they take minutes above; here "
                f"there are {quanta:.3g}. Ask `leyden.reduced_state` for one."
            )
            return {}
        found: dict[str, Any] = {}
        for name in self.shown:
            state = self._kept("states of batteries", lambda name=name: ly.reduced_state(self.network, name))
            if state is not None:
                found[name] = state
        return found

    @property
    def shown(self) -> tuple[str, ...]:
        """The batteries that store most, of a few, in their order."""
        batteries = self.network.batteries
        if len(batteries) <= _MOST_STATES:
            return tuple(batteries)
        energies = np.asarray(self.run["stored_energy"].isel(time=-1).values)
        return tuple(batteries[place] for place in sorted(np.argsort(-energies, kind="stable")[:_MOST_STATES].tolist()))

    def _wigner_functions(self) -> dict[str, xr.DataArray]:
        if self.portrait.beyond:
            levels = {mode.name: mode.levels for mode in self.network.modes}
            return {
                name: _wigner(state, 0, np.zeros(2), np.full(2, state.quanta + 0.5))
                for name, state in self._density_matrices.items()
                if levels[name] is None
            }
        self._refuse_shaped()
        state = ly.evolve(self.network, [self.portrait.end])[-1]
        found: dict[str, xr.DataArray] = {}
        for name in self.shown:
            place = self.network.position(name)
            rows = slice(2 * place, 2 * place + 2)
            spread = np.diag(np.asarray(state.covariance))[rows]
            found[name] = _wigner(state, place, np.asarray(state.mean)[rows], spread)
        return found

    def _refuse_shaped(self) -> None:
        """Of a state that is not Gaussian, moments do not tell the shape."""
        if np.isnan(np.asarray(self.run["purity"].values, dtype=np.float64)).all():
            raise ParameterError.of("network", "keep its states Gaussian", self.network.name)

    @cached_property
    def over_drive(self) -> tuple[str, xr.Dataset] | None:
        """Address of the only two-photon drive and steady states over its amplitude, up to the threshold and beyond."""
        thresholds = self.portrait.thresholds
        if len(thresholds) != 1 or not 0 < thresholds[0].critical < np.inf:
            return None
        address = f"TwoPhotonDrive({thresholds[0].mode}).amplitude"
        if address not in self.network.parameters:
            return None
        most = max(_BEYOND * thresholds[0].critical, 1.05 * thresholds[0].drive)

        def computed() -> tuple[str, xr.Dataset]:
            amplitudes = ly.Range(most / _DRIVES, most, _DRIVES)
            return address, ly.sweep(self.network, {address: amplitudes})

        return self._kept("steady states over the drive", computed)


def _wigner(state: Any, place: int, mean: Any, spread: Any) -> xr.DataArray:
    reach = _DEVIATIONS * np.sqrt(np.max(spread))
    x, p = (np.linspace(centre - reach, centre + reach, _POINTS) for centre in mean)
    return ly.states.wigner(state, x, p, mode=place)
