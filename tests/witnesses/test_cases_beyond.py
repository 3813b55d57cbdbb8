"""Numbers of anharmonic devices, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import fock

Agrees = Callable[..., None]


def lone(*elements: Any, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def settled(device: ly.Network) -> Mapping[str, Any]:
    """Steady energies and ergotropy of one mode, and the size of <a^2>, by its state in Fock space."""
    found = fock.steady_state(device, tolerance=1e-10)
    energy, gaussian = float(found.stored_energy), float(found.gaussian_ergotropy)
    # Of a mode without a mean: E - W_G = sqrt((n + 1/2)^2 - |<a^2>|^2) - 1/2.
    anomalous = np.sqrt((energy + 0.5) ** 2 - (energy - gaussian + 0.5) ** 2)
    return {"stored_energy": energy, "ergotropy": found.ergotropy, "anomalous": anomalous}


@pytest.mark.parametrize("case", ["M13a", "M13b", "M13c", "M13d", "M14"])
def test_a_parametric_oscillator_with_kerr_and_two_photon_loss(agrees: Agrees, case: str) -> None:
    def answer(
        detuning: float, kerr_half_a2a2: float, two_photon_drive: float, damping: float, two_photon_loss: float
    ) -> Mapping[str, Any]:
        elements = [
            ly.TwoPhotonDrive("a", two_photon_drive),
            ly.Kerr("a", kerr_half_a2a2),
            ly.LocalBath("a", damping),
            ly.TwoPhotonLoss("a", two_photon_loss),
        ]
        return settled(lone(*elements, detuning=detuning))

    agrees(case, answer)


def test_a_driven_kerr_mode(agrees: Agrees) -> None:
    def answer(detuning: float, kerr_half_a2a2: float, drive: float, damping: float) -> Mapping[str, Any]:
        elements = ly.OnePhotonDrive("a", drive), ly.Kerr("a", kerr_half_a2a2), ly.LocalBath("a", damping)
        return fock.steady_state(lone(*elements, detuning=detuning), tolerance=1e-10)

    agrees("M12a", answer, only=("stored_energy", "ergotropy"))


def test_pairs_are_lost_from_a_coherent_state(agrees: Agrees) -> None:

    def answer(two_photon_loss: float, initial_coherent: float) -> Mapping[str, Any]:
        device = lone(ly.TwoPhotonLoss("a", two_photon_loss))
        start = ly.states.coherent(initial_coherent)
        return fock.charge(device, [30.0], initial=start, tolerance=1e-10).isel(time=-1)

    agrees("M18", answer)


def test_a_quantum_van_der_pol_oscillator(agrees: Agrees) -> None:
    def answer(gain: float, two_photon_loss: float) -> Mapping[str, Any]:
        device = lone(ly.Gain("a", gain), ly.TwoPhotonLoss("a", two_photon_loss))
        return fock.steady_state(device, tolerance=1e-10)

    agrees("M19", answer, only=("stored_energy",))


def test_the_directed_pair_beyond_its_threshold(agrees: Agrees) -> None:
    """Only the charger is followed as a matrix."""

    def answer(
        *,
        two_photon_drive: float,
        damping: float,
        shared_rate: float,
        weights: float,
        kerr_half_a2a2: float,
        two_photon_loss: float,
    ) -> Mapping[str, Any]:
        device = ly.catalog.two_photon_battery(
            drive=two_photon_drive,
            charger_damping=damping,
            battery_damping=damping,
            shared_rate=shared_rate,
            charger_weight=weights,
            battery_weight=weights,
        )
        nonlinear = ly.Kerr("charger", kerr_half_a2a2), ly.TwoPhotonLoss("charger", two_photon_loss)
        device = ly.Network(device.modes, [*device.elements, *nonlinear], charger="charger", battery="battery")
        found = ly.steady_state(device)
        assert found.attrs["method"] == "one_way"
        energy, gaussian = float(found.stored_energy), float(found.gaussian_ergotropy)
        anomalous = np.sqrt((energy + 0.5) ** 2 - (energy - gaussian + 0.5) ** 2)
        return {**{name: found[name] for name in found}, "battery_anomalous": anomalous}

    agrees("M20", answer, only=("charger_energy", "stored_energy", "battery_anomalous"))


def test_the_classical_branches_of_a_parametric_oscillator(agrees: Agrees) -> None:
    def answer(
        kerr_half_a2a2: float, two_photon_drive: float, damping: float, two_photon_loss: float
    ) -> Mapping[str, Any]:
        elements = [
            ly.TwoPhotonDrive("a", two_photon_drive),
            ly.Kerr("a", kerr_half_a2a2),
            ly.LocalBath("a", damping),
            ly.TwoPhotonLoss("a", two_photon_loss),
        ]
        found = ly.branches(lone(*elements))
        assert found.is_stable.values.tolist() == [False, True, True]
        settles = float(ly.steady_state(lone(*elements), method="mean_field").stored_energy)
        assert settles == pytest.approx(float(found.stored_energy[1]), rel=1e-12)
        return {"mean_field_energy": found.stored_energy[-1]}

    agrees("M22a", answer)
