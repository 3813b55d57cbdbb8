"""The devices of the audit beyond the Gaussian: the paper's, with a charger that is anharmonic, through the threshold.

Rates are in units of Gamma. Energies and whole states are those of `one_way`; what a battery acts back on is in Fock
space.
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

# Strengths of the Kerr term and rates of two-photon loss: faster than the bath, as fast, and slower.
LIMITS = {
    "Kerr 3": (3.0, 0.0),
    "Kerr 1": (1.0, 0.0),
    "Kerr 0.3": (0.3, 0.0),
    "Kerr 0.1": (0.1, 0.0),
    "pair loss 1": (0.0, 1.0),
    "pair loss 0.3": (0.0, 0.3),
    "pair loss 0.1": (0.0, 0.1),
}
# Those among them that are charged in time as well: the others take longer.
CHARGED = ("Kerr 3", "Kerr 1", "Kerr 0.3", "pair loss 1")
# Those among them whose two modes fit into Fock space together.
STRONG = ("Kerr 1", "pair loss 1")
# Local dampings: two far below the bath's and their doubles, and a larger one.
DAMPINGS = (0.005, 0.01, 0.1, 0.2, 0.5)
# Drives on both sides of the thresholds of these dampings, 0.126 to 0.25, and those of them at which runs and whole
# states are computed.
DRIVES = (0.05, 0.1, 0.14, 0.16, 0.2, 0.25, 0.3)
FOLLOWED = (0.05, 0.16, 0.25, 0.3)
# Dampings of runs, two pairs, and of whole states.
RUN_DAMPINGS, WHOLE_DAMPINGS = (0.005, 0.01, 0.1, 0.2), (0.01, 0.1, 0.5)
# Coherent drives from linear response on, dampings, and couplings of the reciprocal device in units of Gamma p_a p_b/2,
# the size of the one-way one's.
COHERENT, LOSSY, FACTORS = (0.01, 0.05), (0.005, 0.05), (0.5, 1.0)
# kappa_a/kappa_b and p_a/p_b of Fig. 6, at its kappa_b and at a smaller one; drives below and above their thresholds.
UNEQUAL = {
    "damping_ratio": (1.0, 2.0, 3.5, 5.0),
    "weight_ratio": (0.3, 0.6, 1.0, 1.5, 3.0),
    "battery_damping": (1.0, 0.1),
    "drive": (0.05, 0.3),
}
# Every run has settled by then, and its curves are resolved: the fastest rise takes 2/Gamma.
TIMES = np.linspace(0.0, 75.0, 251)


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
    dampings: Sequence[float] = DAMPINGS  # kappa of both modes, ascending
    drives: Sequence[float] = DRIVES  # ascending
    followed: Sequence[float] = FOLLOWED  # some of them
    run_dampings: Sequence[float] = RUN_DAMPINGS  # each second one twice the one before
    whole_dampings: Sequence[float] = WHOLE_DAMPINGS
    coherent: Sequence[float] = COHERENT
    lossy: Sequence[float] = LOSSY
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
        """Charging over (limit, drive, damping, time)."""
        drive, damping = axis("drive", self.followed), axis("damping", self.run_dampings)
        device = self.device(self.two_photon, names=CHARGED, drive=drive, damping=damping)
        return ly.charge(device, TIMES)

    @cached_property
    def whole(self) -> xr.Dataset:
        """Steady states with the battery's whole state."""
        return self._whole(self.two_photon)

    @cached_property
    def one_photon_whole(self) -> xr.Dataset:
        """The same of the one-photon device."""
        return self._whole(self.one_photon)

    def _whole(self, build: Build) -> xr.Dataset:
        drive, damping = axis("drive", self.followed), axis("damping", self.whole_dampings)
        return ly.steady_state(self.device(build, names=STRONG, drive=drive, damping=damping), whole_state=True)

    @cached_property
    def unequal(self) -> xr.Dataset:
        """Steady states with unequal dampings and weights, over (limit, drive, damping_ratio, weight_ratio, ...)."""
        ratio, weight, damping, drive = (axis(name, values) for name, values in UNEQUAL.items())
        scale = np.sqrt(1 + weight**2)
        rates: dict[str, Any] = {"charger_damping": ratio * damping, "battery_damping": damping, "drive": drive}
        return ly.steady_state(
            self.device(
                self.two_photon, names=CHARGED, **rates, charger_weight=weight / scale, battery_weight=1 / scale
            )
        )

    @property
    def grid(self) -> dict[str, Any]:
        """What all were computed with, for the record."""
        return {"shared_rate": 1.0, "weights": "p_a^2 + p_b^2 = 1", "detuning": 0.0, "occupation": 0.0}
