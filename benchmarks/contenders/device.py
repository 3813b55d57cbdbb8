"""The two-photon battery of the paper: its parameters, its exact answers, and how leyden's answers are read."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

import leyden as ly
from benchmarks.case import Merits
from benchmarks.measure import largest_error
from leyden import closed_form, merit


@dataclass(frozen=True)
class Setting:
    """Parameters of the device, in units of the shared rate; charger and battery have the same damping."""

    drive: Any = 0.1
    damping: Any = 0.1

    def device(self) -> ly.Network:
        return ly.catalog.two_photon_battery(
            drive=self.drive, charger_damping=self.damping, battery_damping=self.damping
        )

    def on_paper(self) -> closed_form.DirectedDevice:
        return closed_form.DirectedDevice(
            drive=self.drive,
            total_charger_damping=self.damping + 0.5,
            total_battery_damping=self.damping + 0.5,
            transport_rate=0.5,
        )

    def first(self, count: int) -> Setting:
        """The first devices of a batch."""
        return Setting(self.drive[:count], self.damping[:count])

    def members(self) -> list[Setting]:
        """The devices of a batch, one by one."""
        return [Setting(float(drive), float(damping)) for drive, damping in zip(self.drive, self.damping, strict=True)]


def unlike(count: int) -> Setting:
    """A batch of unlike devices: damping 0.01 to 2, drive up to 0.99 of the threshold."""
    generator = np.random.default_rng(1)
    damping = 10 ** generator.uniform(-2, 0.3, count)
    return Setting((damping + 0.5) / 4 * generator.uniform(0, 0.99, count), damping)


def exact_steady(setting: Setting) -> Merits:
    """The paper's algebra, accurate to a few 1e-15."""
    device = setting.on_paper()
    return closed_form.steady_stored_energy(device), closed_form.steady_ergotropy(device)


def exact_curve(setting: Setting, times: Any) -> Merits:
    device = setting.on_paper()
    return closed_form.stored_energy(device, times), closed_form.ergotropy(device, times)


def from_dataset(run: Any) -> Merits:
    return run.stored_energy.values, run.ergotropy.values


def from_state(state: ly.GaussianState) -> Merits:
    battery = 1
    return merit.energy(state, battery), merit.ergotropy(state, battery)


def judged(read: Any, exact: Any) -> Any:
    """The judge that reads merits from an answer and holds them against what `exact` returns when it is called."""
    return partial(_judge, read, exact)


def _judge(read: Any, exact: Any, answer: Any) -> float:
    return largest_error(read(answer), exact())
