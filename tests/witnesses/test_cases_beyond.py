"""Numbers of anharmonic devices, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import closed_form, fock

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


def test_exact_series(agrees: Agrees) -> None:
    """Energy and coherence by one photon, energy and <a^2> by two."""

    def by_one_photon(detuning: float, kerr_half_a2a2: float, drive: float, damping: float) -> Mapping[str, Any]:
        rates = {"damping": damping, "kerr": kerr_half_a2a2, "detuning": detuning, "one_photon_drive": drive}
        mode = closed_form.AnharmonicMode(**rates)
        return {
            "stored_energy": closed_form.anharmonic_energy(mode),
            "g2": closed_form.anharmonic_coherence(mode),
            "ergotropy": ergotropy_of(closed_form.anharmonic_density(mode, 40)),
        }

    def by_two(
        detuning: float, kerr_half_a2a2: float, two_photon_drive: float, damping: float, two_photon_loss: float
    ) -> Mapping[str, Any]:
        mode = closed_form.AnharmonicMode(
            damping=damping,
            kerr=kerr_half_a2a2,
            two_photon_loss=two_photon_loss,
            detuning=detuning,
            two_photon_drive=two_photon_drive,
        )
        return {
            "stored_energy": closed_form.anharmonic_energy(mode),
            "anomalous": abs(closed_form.anharmonic_moment(mode, 0, 2)),
            "ergotropy": ergotropy_of(closed_form.anharmonic_density(mode, 80)),
        }

    agrees("M12a", by_one_photon)
    for case in ("M13a", "M13b", "M13c", "M13d", "M14"):
        agrees(case, by_two)


def ergotropy_of(rho: np.ndarray) -> float:
    """Energy less that of the same eigenvalues in falling order."""
    numbers = np.arange(len(rho))
    return float(numbers @ rho.diagonal().real - numbers @ np.sort(np.linalg.eigvalsh(rho))[::-1])


def at_threshold(weak: np.ndarray, power: float, energy: Callable[[float], float]) -> float:
    """What n strength^power goes to, by polynomials in strength^power through all points (Neville)."""
    steps = weak**power
    values = np.array([energy(one) * step for one, step in zip(weak.tolist(), steps.tolist(), strict=True)])
    for order in range(1, len(values)):
        near, far = steps[: len(steps) - order], steps[order:]
        values = (near * values[1:] - far * values[:-1]) / (near - far)
    return float(values[0])


THRESHOLDS = {"M15a": ("two_photon_loss", 1 / 2), "M15c": ("kerr", 2 / 3)}


@pytest.mark.parametrize("case", THRESHOLDS)
def test_scaling_at_threshold_by_the_exact_series(agrees: Agrees, case: str) -> None:
    name, power = THRESHOLDS[case]

    def answer(two_photon_drive: float, damping: float) -> Mapping[str, Any]:
        def energy(strength: float) -> float:
            rates = {"damping": damping, "two_photon_drive": two_photon_drive, name: strength * damping}
            return float(closed_form.anharmonic_energy(closed_form.AnharmonicMode(**rates)))

        return {"amplitude": at_threshold(10.0 ** np.array([-3, -3.5, -4, -4.5, -5]), power, energy)}

    agrees(case, answer)


@pytest.mark.parametrize("case", THRESHOLDS)
def test_scaling_at_threshold_by_the_charger_of_a_one_way_device(numbers: list[dict[str, Any]], case: str) -> None:
    """As weak as some five quanta, whose levels are few; what the polynomials miss then is below 1e-6."""
    name, power = THRESHOLDS[case]
    weakest = {"kerr": 1e-2, "two_photon_loss": 2e-3}[name]

    def energy(strength: float) -> float:
        pair = ly.catalog.two_photon_battery(drive=0.15, charger_damping=0.1, battery_damping=0.1)
        kind = {"kerr": ly.Kerr, "two_photon_loss": ly.TwoPhotonLoss}[name]
        elements = [*pair.elements, kind("charger", strength * 0.6)]
        device = ly.Network(pair.modes, elements, charger="charger", battery="battery")
        found = ly.steady_state(device, method="one_way").charger_energy
        rates = {"damping": 0.6, "two_photon_drive": 0.15, name: strength * 0.6}
        exact = closed_form.anharmonic_energy(closed_form.AnharmonicMode(**rates))
        assert float(found) == pytest.approx(float(exact), rel=1e-9)
        return float(found)

    wanted = next(row["value"] for row in numbers if row["id"] == f"{case}.amplitude")
    found = at_threshold(np.geomspace(100 * weakest, weakest, 7), power, energy)
    assert found == pytest.approx(wanted, rel=1e-6)


def test_parity_stays_that_of_the_vacuum(agrees: Agrees) -> None:
    """Pairs come and go: what the vacuum becomes is told, by choice and by the way it is known for."""

    def answer(two_photon_drive: float, two_photon_loss: float) -> Mapping[str, Any]:
        device = lone(ly.TwoPhotonDrive("a", two_photon_drive), ly.TwoPhotonLoss("a", two_photon_loss))
        found = fock.steady_state(device, tolerance=1e-10)
        assert "even quanta of a" in found.attrs["conserved"]
        assert float(found.ergotropy) == pytest.approx(np.tanh(1.0), abs=1e-9)
        chosen = ly.steady_state(device)
        assert chosen.attrs["method"] == "fock"
        assert float(chosen.stored_energy) == pytest.approx(np.tanh(1.0), abs=1e-7)
        return found

    agrees("M16", answer)


def test_pairs_are_lost_from_a_coherent_state(agrees: Agrees) -> None:
    """In time and in the end: one quantum may stay, and its coherence with the vacuum does."""

    def answer(two_photon_loss: float, initial_coherent: float) -> Mapping[str, Any]:
        device = lone(ly.TwoPhotonLoss("a", two_photon_loss))
        start = ly.states.coherent(initial_coherent)
        late = fock.charge(device, [60.0], initial=start, tolerance=1e-10).isel(time=-1)
        found = fock.steady_state(device, initial=start, tolerance=1e-10)
        for name in ("stored_energy", "ergotropy", "purity"):
            assert float(found[name]) == pytest.approx(float(late[name]), abs=1e-9)
        return found

    agrees("M18", answer)


def test_a_quantum_van_der_pol_oscillator(agrees: Agrees, numbers: list[dict[str, Any]]) -> None:
    def answer(gain: float, two_photon_loss: float) -> Mapping[str, Any]:
        device = lone(ly.Gain("a", gain), ly.TwoPhotonLoss("a", two_photon_loss))
        return fock.steady_state(device, tolerance=1e-10)

    agrees("M19", answer, only=("stored_energy",))
    inverted = answer(gain=1.0, two_photon_loss=0.2)
    cases = {row["id"]: row for row in numbers}
    for name in ("stored_energy", "ergotropy"):
        row = cases[f"M19.{name}_b"]
        assert abs(float(inverted[name]) - row["value"]) < row["tolerance"]


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

    agrees("M20", answer)


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


def test_single_photons_push_a_mirror(agrees: Agrees) -> None:
    """The levels are those of the published calculation, which cut the mirror off too low: here they are physics."""

    def answer(
        *, kappa: float, E: float, g0: float, gamma: float, n_th: float, delta: float, cutoff: list[int]
    ) -> Mapping[str, Any]:
        cavity = ly.Mode("cavity", detuning=-delta, levels=cutoff[0])
        mirror = ly.Mode("mirror", detuning=1.0, levels=cutoff[1])
        elements = [
            ly.RadiationPressure("cavity", "mirror", g0),
            ly.OnePhotonDrive("cavity", E),
            ly.LocalBath("cavity", kappa),
            ly.LocalBath("mirror", gamma, occupation=n_th),
        ]
        found = ly.steady_state(ly.Network([cavity, mirror], elements, charger="cavity", battery="mirror"))
        assert found.attrs["cutoff"] == cutoff
        return {"n_b": found.stored_energy}

    agrees("M29", answer)
