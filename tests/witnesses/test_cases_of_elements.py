"""Numbers of devices with squeezed baths, gain and parametric couplings, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

import leyden as ly

Agrees = Callable[..., None]


def lone(*elements: Any) -> Mapping[str, Any]:
    return ly.steady_state(ly.Network([ly.Mode("a")], elements, charger="a", battery="a"))


def pair(*elements: Any) -> ly.Network:
    return ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")


@pytest.mark.parametrize("case", ["M01a", "M01b"])
def test_a_mode_in_a_squeezed_bath(agrees: Agrees, case: str) -> None:
    def answer(damping: float, occupation: float, squeezing: float, phase: float) -> Mapping[str, Any]:
        return lone(ly.LocalBath("a", damping, occupation, squeezing=squeezing, squeezing_phase=phase))

    agrees(case, answer)


@pytest.mark.parametrize("case", ["M02a", "M02b"])
def test_a_two_photon_drive_in_a_squeezed_bath(agrees: Agrees, case: str) -> None:
    def answer(
        drive: float, damping: float, occupation: float, squeezing: float, bath_phase: float
    ) -> Mapping[str, Any]:
        bath = ly.LocalBath("a", damping, occupation, squeezing=squeezing, squeezing_phase=bath_phase)
        return lone(ly.TwoPhotonDrive("a", drive), bath)

    agrees(case, answer)


def test_a_directed_pair_whose_shared_bath_is_squeezed(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, shared_rate: float, squeezing: float, phase: float) -> Mapping[str, Any]:
        weights = {"a": 2**-0.5, "b": 2**-0.5}
        bath = ly.SharedBath(weights, shared_rate, squeezing=squeezing, squeezing_phase=phase)
        local = [ly.LocalBath(mode, damping) for mode in "ab"]
        link = ly.CoherentCoupling("a", "b", -0.25j * shared_rate)
        return ly.steady_state(pair(ly.TwoPhotonDrive("a", drive), bath, link, *local))

    agrees("M03a", answer)


def test_a_parametric_coupling(agrees: Agrees) -> None:
    def answer(strength: float, charger_damping: float, battery_damping: float) -> Mapping[str, Any]:
        baths = ly.LocalBath("a", charger_damping), ly.LocalBath("b", battery_damping)
        device = pair(ly.ParametricCoupling("a", "b", strength), *baths)
        critical = ly.critical(device, "ParametricCoupling(a, b).strength")
        return {**ly.steady_state(device), "critical_strength": critical}

    agrees("M04a", answer, only=("stored_energy", "critical_strength"))


def test_gain_above_the_loss_beside_a_lossy_battery(agrees: Agrees) -> None:
    def answer(gain: float, charger_loss: float, battery_loss: float, coupling: float) -> Mapping[str, Any]:
        baths = ly.LocalBath("a", charger_loss), ly.LocalBath("b", battery_loss)
        return ly.steady_state(pair(ly.Gain("a", gain), ly.CoherentCoupling("a", "b", coupling), *baths))

    agrees("M06", answer)
