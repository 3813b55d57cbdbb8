"""The test bench of the audit: which devices are tried, over which grid, and their runs, each computed once.

The grid is far wider than the figures': local damping kappa over three decades, the drive from a thousandth of the
critical one to 0.999 of it, and both readings of the weights. Rates are in units of Gamma.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from leyden import closed_form
from leyden.paper import parameters
from leyden.paper.evidence.grids import READINGS, axis

__all__ = ["LEVEL", "Bench", "Build"]

Build = Callable[..., ly.Network]

# Near threshold a device is a thousand times slower than at weak drive. One grid of times serves all, because every run
# is taken in its own unit of time: multiplying each rate by `span` leaves the states at t/span as they were at t. Each
# segment of time is four times as long as the one before, so that both the first rise and the last plateau show.

# e^{-40} is beyond the digits of the numbers: what has not happened after this many slowest decay times never will.
SETTLED = 40.0
# The first segment ends about here, in units of 1/Lambda: earlier all curves are the same powers of t, to all digits
# that are compared.
EARLY = 0.04
TICKS = 64
FRACTIONS = (0.001, 0.05, 0.1, 0.2, 0.3, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.999)
# Relative change that counts as none. The slowest device of the grid loses six of sixteen digits to its condition
# number; see `distance_from_closed_form` for what is in fact lost.
LEVEL = 1e-9


def _doublings(highest: float, count: int) -> tuple[float, ...]:
    return tuple(highest * 0.5 ** np.arange(count - 1, -1, -1.0))


@dataclass(frozen=True)
class Bench:
    """Devices, grid and runs that the claims are tried on."""

    # Builds the device under audit, with the keywords of `ly.catalog.two_photon_battery`.
    two_photon: Build = ly.catalog.two_photon_battery
    one_photon: Build = ly.catalog.one_photon_battery  # builds its one-photon comparator, with the same keywords
    # Builds the reciprocal baseline, with the keywords of `ly.catalog.reciprocal_battery`.
    reciprocal: Build = ly.catalog.reciprocal_battery
    dampings: Sequence[float] = _doublings(2.0, 12)  # local damping kappa of both modes, in units of Gamma, ascending
    fractions: Sequence[float] = FRACTIONS  # drive in units of the critical drive of each device, ascending, below one

    @cached_property
    def damping(self) -> xr.DataArray:
        """kappa over its own dim."""
        return axis("damping", self.dampings)

    @cached_property
    def fraction(self) -> xr.DataArray:
        """eps/eps_c over its own dim."""
        return axis("fraction", self.fractions)

    @cached_property
    def weight(self) -> xr.DataArray:
        """p_a = p_b over the dim `weights`, one entry for each reading."""
        return xr.DataArray(list(READINGS.values()), {"weights": list(READINGS)}, ("weights",))

    def symmetric(self, build: Build, *, drive: Any, damping: Any, scale: Any = 1.0, **others: Any) -> ly.Network:
        """A device with equal rates and equal weights, with all its rates multiplied by a scale."""
        # Broadcast by hand: the steady state wants drift and forcing of a one-photon device over the same dims.
        drive, damping, weight, scale = xr.broadcast(*map(xr.DataArray, (drive, damping, self.weight, scale)))
        return build(
            drive=drive * scale,
            charger_damping=damping * scale,
            battery_damping=damping * scale,
            shared_rate=scale,
            charger_weight=weight,
            battery_weight=weight,
            **others,
        )

    @property
    def grid(self) -> dict[str, Any]:
        """What the runs were computed with, for the record."""
        return {
            "shared_rate": 1.0,
            "detuning": 0.0,
            "occupation": 0.0,
            "damping": list(self.dampings),
            "fraction": list(self.fractions),
            "weights": list(READINGS),
        }

    def critical_drive(self, damping: Any) -> xr.DataArray:
        """Critical two-photon drive of the device under audit, the unit of all drives."""
        own, papers = (
            ly.critical_drive(self.symmetric(build, drive=0.0, damping=damping))
            for build in (self.two_photon, ly.catalog.two_photon_battery)
        )
        return own.where(np.isfinite(own), papers)

    @cached_property
    def threshold(self) -> xr.DataArray:
        """Critical drives over (damping, weights)."""
        return self.critical_drive(self.damping)

    @cached_property
    def drive(self) -> xr.DataArray:
        """eps of every device, over (fraction, damping, weights)."""
        return self.fraction * self.threshold

    @cached_property
    def span(self) -> xr.DataArray:
        """Length of the runs, over (damping, weights): everything has settled, at the strongest drive too."""
        strongest = self.drive.isel(fraction=-1)
        slowest = ly.stability(self.symmetric(self.two_photon, drive=strongest, damping=self.damping))
        return SETTLED / abs(slowest.spectral_abscissa)

    @cached_property
    def time(self) -> xr.DataArray:
        """t of every instant, over (instant, damping, weights)."""
        return self._instants * self.span

    @cached_property
    def _segments(self) -> xr.DataArray:
        """Lengths of the segments, ascending, in units of the span."""
        longest = float((4 * self.threshold * self.span).max())
        count = 1 + max(0, round(np.log(longest / EARLY) / np.log(4)))
        return axis("segment", 0.25 ** np.arange(count - 1, -1, -1.0))

    @cached_property
    def _instants(self) -> xr.DataArray:
        """Instants in units of the span: of each segment the last three quarters, which the one before leaves out."""
        ticks = np.arange(TICKS // 4 + 1, TICKS + 1) / TICKS
        return axis("instant", (self._segments.values[:, None] * ticks).ravel())

    def _run(self, build: Build, damping: xr.DataArray) -> xr.Dataset:
        """Charging of all devices at all instants, power and energies in the device's own units."""
        scale = self._segments * self.span
        network = self.symmetric(build, drive=self.drive, damping=damping, scale=scale)
        run = ly.charge(network, np.linspace(0.0, 1.0, TICKS + 1))
        run["charging_power"] = run.charging_power / scale
        late = run.isel(time=slice(TICKS // 4 + 1, None)).drop_vars(["segment", "time"])
        flat = late.stack(instant=("segment", "time"), create_index=False)
        return flat.assign_coords(instant=self._instants.instant)

    def _steady(self, build: Build, damping: xr.DataArray) -> xr.Dataset:
        return ly.steady_state(self.symmetric(build, drive=self.drive, damping=damping))

    @cached_property
    def two_photon_run(self) -> xr.Dataset:
        """Charging of the device under audit, over (fraction, damping, weights, instant)."""
        return self._run(self.two_photon, self.damping)

    @cached_property
    def doubled_damping_run(self) -> xr.Dataset:
        """The same devices at the same drives and times with kappa doubled; still labelled by kappa."""
        return self._run(self.two_photon, 2 * self.damping)

    @cached_property
    def one_photon_run(self) -> xr.Dataset:
        """Charging of the one-photon comparator at the same amplitudes and times."""
        return self._run(self.one_photon, self.damping)

    @cached_property
    def distance_from_closed_form(self) -> float:
        """Largest relative distance between the run and the paper's algebra, in E_B and W, at every seventh instant."""
        run = self.two_photon_run.isel(instant=slice(None, None, 7))
        total = self.damping + self.weight**2
        dims = run.stored_energy.dims
        arrays = xr.broadcast(self.drive, total, self.weight**2, self.time.sel(instant=run.instant))
        drive, total, transport, time = (array.transpose(*dims).values for array in arrays)
        device = closed_form.DirectedDevice(
            drive=drive, total_charger_damping=total, total_battery_damping=total, transport_rate=transport
        )
        pairs = ((run.stored_energy, closed_form.stored_energy), (run.ergotropy, closed_form.ergotropy))
        return float(max(abs(computed.values / exact(device, time) - 1).max() for computed, exact in pairs))

    @cached_property
    def two_photon_steady(self) -> xr.Dataset:
        """Steady state of the device under audit, over (fraction, damping, weights)."""
        return self._steady(self.two_photon, self.damping)

    @cached_property
    def doubled_damping_steady(self) -> xr.Dataset:
        """The same devices at the same drives with kappa doubled."""
        return self._steady(self.two_photon, 2 * self.damping)

    @cached_property
    def one_photon_steady(self) -> xr.Dataset:
        """Steady state of the one-photon comparator at the same amplitudes."""
        return self._steady(self.one_photon, self.damping)

    @cached_property
    def damping_family(self) -> xr.Dataset:
        """The figures' family of dampings over (damping, time), normalised weights."""
        damping = axis("damping", parameters.DAMPINGS)
        device = self.two_photon(drive=parameters.DRIVE, charger_damping=damping, battery_damping=damping)
        return ly.charge(device, parameters.TIMES["damping"][1:])

    @cached_property
    def drive_family(self) -> xr.Dataset:
        """The figures' family of drives over (drive, time), normalised weights."""
        kappa = parameters.DAMPING
        device = self.two_photon(drive=axis("drive", parameters.DRIVES), charger_damping=kappa, battery_damping=kappa)
        return ly.charge(device, parameters.TIMES["drive"][1:])
