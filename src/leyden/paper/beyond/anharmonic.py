"""The devices of the audit beyond the Gaussian: the paper's, with a charger that is anharmonic, through the threshold.

Rates are in units of Gamma. The front door chooses the method; where it cannot tell the whole state, Fock space does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

import leyden as ly
from leyden.paper.evidence.grids import axis

__all__ = ["Anharmonic", "limited"]

Build = Callable[..., ly.Network]

# Strengths of the Kerr term and rates of two-photon loss: as fast as the bath, and slower.
LIMITS = {"Kerr 1": (1.0, 0.0), "Kerr 0.3": (0.3, 0.0), "pair loss 1": (0.0, 1.0), "pair loss 0.3": (0.0, 0.3)}
# Those among them whose two modes fit into Fock space together.
STRONG = ("Kerr 1", "pair loss 1")
# Local damping: each twice the one before.
DAMPINGS = (0.1, 0.2, 0.4)
# Drives on both sides of the thresholds of these dampings, 0.15, 0.175 and 0.225.
DRIVES = (0.05, 0.1, 0.14, 0.16, 0.2, 0.25, 0.3)
# Coherent drives, from linear response to where the charger is full, and couplings of the reciprocal device in units of
# Gamma p_a p_b/2, the size of the one-way one's.
COHERENT, FACTORS = (0.02, 0.1, 0.3), (0.25, 0.5, 1.0, 2.0)
# Every run has settled by then, and its curves are resolved: the fastest rise takes 2/Gamma.
TIMES = np.linspace(0.0, 60.0, 241)


def limited(network: ly.Network, kerr: Any, pair_loss: Any, mode: str = "charger") -> ly.Network:
    """A network with a Kerr term and two-photon loss on one mode."""
    limits = [ly.Kerr(mode, kerr), ly.TwoPhotonLoss(mode, pair_loss)]
    return ly.Network(network.modes, [*network.elements, *limits], charger=network.charger, battery=network.battery)


@dataclass(frozen=True)
class Anharmonic:
    """Devices, grid and runs that the claims are tried on."""

    two_photon: Build = ly.catalog.two_photon_battery  # builds the device under audit, to which the limits are added
    one_photon: Build = ly.catalog.one_photon_battery
    reciprocal: Build = ly.catalog.reciprocal_battery
    limits: Mapping[str, tuple[float, float]] = field(default_factory=lambda: LIMITS)  # name -> Kerr and pair loss
    dampings: Sequence[float] = DAMPINGS  # kappa of both modes, ascending, each twice the one before
    drives: Sequence[float] = DRIVES  # ascending
    coherent: Sequence[float] = COHERENT
    factors: Sequence[float] = FACTORS

    @cached_property
    def damping(self) -> xr.DataArray:
        """kappa over its own dim."""
        return axis("damping", self.dampings)

    @cached_property
    def drive(self) -> xr.DataArray:
        """eps over its own dim."""
        return axis("drive", self.drives)

    @cached_property
    def critical(self) -> xr.DataArray:
        """Critical drive of the linear device, over the dampings."""
        rates = {"charger_damping": self.damping, "battery_damping": self.damping}
        return xr.DataArray(ly.critical_drive(self.two_photon(drive=0.1, **rates)))

    def limit(self, place: int, names: Sequence[str] | None = None) -> xr.DataArray:
        """Kerr strength (0) or rate of two-photon loss (1), over the dim `limit`."""
        chosen = [name for name in self.limits if names is None or name in names]
        return xr.DataArray([self.limits[name][place] for name in chosen], {"limit": chosen}, ("limit",))

    def device(self, build: Build, *, names: Sequence[str] | None = None, damping: Any = None, **others: Any) -> Any:
        """A device with every limit, over (limit, ...)."""
        damping = self.damping if damping is None else damping
        rates = {"charger_damping": damping, "battery_damping": damping} | others
        return limited(build(**rates), self.limit(0, names), self.limit(1, names))

    @cached_property
    def steady(self) -> xr.Dataset:
        """Steady states over (limit, drive, damping)."""
        return ly.steady_state(self.device(self.two_photon, drive=self.drive))

    @cached_property
    def one_photon_steady(self) -> xr.Dataset:
        """Steady states of the one-photon device at the same amplitudes."""
        return ly.steady_state(self.device(self.one_photon, drive=self.drive))

    @cached_property
    def run(self) -> xr.Dataset:
        """Charging over (limit, drive, damping, time), for the two smallest dampings."""
        return ly.charge(self.device(self.two_photon, drive=self.drive, damping=self.damping[:2]), TIMES)

    @cached_property
    def whole(self) -> xr.Dataset:
        """Steady states with the battery's whole state."""
        return self._whole(self.two_photon, self.steady)

    @cached_property
    def one_photon_whole(self) -> xr.Dataset:
        """The same of the one-photon device."""
        return self._whole(self.one_photon, self.one_photon_steady)

    def _whole(self, build: Build, steady: xr.Dataset) -> xr.Dataset:
        if bool(steady.ergotropy.notnull().any()):
            return steady
        return ly.steady_state(self.device(build, names=STRONG, drive=self.drive), method="fock")

    @property
    def grid(self) -> dict[str, Any]:
        """What all were computed with, for the record."""
        return {"shared_rate": 1.0, "weights": "p_a^2 + p_b^2 = 1", "detuning": 0.0, "occupation": 0.0}
