"""Numbers of pulses, ramps and dephasing, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import leyden as ly
from leyden import fock, pulse

Agrees = Callable[..., None]


def lone(*elements: Any) -> ly.Network:
    return ly.Network([ly.Mode("a")], elements, charger="a", battery="a")


def test_a_lossy_mode_under_a_gaussian_two_photon_pulse(agrees: Agrees) -> None:
    def answer(pulse_area: float, sigma: float, center: float, damping: float, time: float) -> Mapping[str, Any]:
        kick = pulse.gaussian(pulse_area / (sigma * np.sqrt(2 * np.pi)), center, sigma)
        run = ly.charge(lone(ly.TwoPhotonDrive("a", kick), ly.LocalBath("a", damping)), [time], tolerance=1e-12)
        return run.isel(time=-1)

    agrees("M07", answer)


def test_a_pulse_far_above_threshold_and_a_hold(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, charge: float, hold: float) -> Mapping[str, Any]:
        kick = pulse.square(drive, 0.0, charge)
        device = lone(ly.TwoPhotonDrive("a", kick), ly.LocalBath("a", damping))
        run = ly.charge(device, [charge, charge + hold])
        return {
            f"{name}_{stage}": run[name][place]
            for name in ("stored_energy", "ergotropy")
            for place, stage in enumerate(("charged", "held"))
        }

    agrees("M09", answer)


def test_the_same_as_a_protocol(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, charge: float, hold: float) -> Mapping[str, Any]:
        full, idle = (lone(ly.TwoPhotonDrive("a", one), ly.LocalBath("a", damping)) for one in (drive, 0.0))
        run = ly.protocol([ly.Stage("charged", full, charge), ly.Stage("held", idle, hold)], points=1)
        return {
            f"{name}_{run.stage.values[place]}": run[name][place]
            for name in ("stored_energy", "ergotropy")
            for place in (1, 2)
        }

    agrees("M09", answer)


def test_a_coupling_that_is_ramped_up(agrees: Agrees) -> None:
    def answer(drive: float, g0: float, tau: float, time: float) -> Mapping[str, Any]:
        ramp = ly.CoherentCoupling("a", "b", pulse.ramp(0.0, g0, 0.0, tau))
        modes = [ly.Mode("a"), ly.Mode("b")]
        device = ly.Network(modes, [ly.OnePhotonDrive("a", drive), ramp], charger="a", battery="b")
        return ly.charge(device, [time], tolerance=1e-12).isel(time=-1)

    agrees("M10", answer)


def test_a_driven_mode_that_dephases(agrees: Agrees) -> None:
    """Energies by moments, and the ergotropy of a state that is not Gaussian by its spectrum."""

    def answer(drive: float, damping: float, dephasing: float) -> Mapping[str, Any]:
        baths = ly.LocalBath("a", damping), ly.Dephasing("a", dephasing)
        device = lone(ly.OnePhotonDrive("a", drive), *baths)
        mean = ly.evolve(device, [60.0]).mean[0]
        whole = fock.steady_state(device, tolerance=1e-10)
        steady = ly.steady_state(device)
        return {
            "stored_energy": steady.stored_energy,
            "displacement_energy": mean @ mean / 2,
            "ergotropy": whole.ergotropy,
        }

    agrees("M11", answer)
