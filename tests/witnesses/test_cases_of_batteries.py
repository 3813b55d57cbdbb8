"""Numbers of chargers and batteries, and of single modes, from cases.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

import leyden as ly

Agrees = Callable[..., None]
Answer = Mapping[str, Any]
C = ly.catalog


def lone(*elements: Any, **of_mode: float) -> ly.Network:
    return ly.Network([ly.Mode("a", **of_mode)], elements, charger="a", battery="a")


def at(device: ly.Network, time: float, **more: Any) -> Answer:
    return ly.charge(device, [time], **more).isel(time=-1)


def highest_power(device: ly.Network, early: float, late: float) -> tuple[float, float]:
    """The time of the largest average power E(t)/t between two times, and that power."""
    best = minimize_scalar(
        lambda time: -float(at(device, time)["stored_energy"]) / time,
        bounds=(early, late),
        method="bounded",
        options={"xatol": 1e-9},
    )
    return float(best.x), -float(best.fun)


def farina(
    coupling: float, charger_damping: float, battery_damping: float, drive: float, charger_occupation: float
) -> ly.Network:
    """Driven and thermal charging: the battery has no bath, so that the occupation is the charger's alone."""
    assert battery_damping == 0
    return C.reciprocal_battery(
        drive=drive,
        charger_damping=charger_damping,
        battery_damping=0.0,
        coupling=coupling,
        photons=1,
        occupation=charger_occupation,
    )


@pytest.mark.parametrize("case", ["T01", "T03"])
def test_a_driven_and_thermal_charger_in_time(agrees: Agrees, case: str) -> None:
    agrees(case, lambda time, **given: at(farina(**given), time))


def test_a_driven_and_thermal_charger_in_the_end(agrees: Agrees) -> None:
    agrees("T04", lambda **given: ly.steady_state(farina(**given)))


def test_a_lossless_pair_under_a_coherent_drive(agrees: Agrees) -> None:
    def answer(coupling: float, drive: float) -> Answer:
        device = farina(coupling, 0.0, 0.0, drive, 0.0)
        time, power = highest_power(device, 1.0 / coupling, np.pi / coupling)
        return {
            "max_average_power_over_4F2_over_g": power * coupling / (4 * drive**2),
            "g_tau_at_max_average_power": coupling * time,
            "max_stored_energy": at(device, np.pi / coupling)["stored_energy"],
        }

    agrees("T05", answer)


def test_the_best_damping_for_thermal_charging(agrees: Agrees) -> None:
    """At the case's damping, and lower on both sides of it: near, but not at, the critical point 4 g."""

    def best(coupling: float, charger_damping: float, charger_occupation: float) -> Answer:
        device = farina(coupling, charger_damping, 0.0, 0.0, charger_occupation)
        power = highest_power(device, 0.5 / coupling, 5.0 / coupling)[1]
        return {"max_average_power": power / (coupling * charger_occupation)}

    def answer(**given: float) -> Answer:
        found = best(**given)
        for factor in (0.999, 1.001):
            beside = best(**(given | {"charger_damping": given["charger_damping"] * factor}))
            assert beside["max_average_power"] < found["max_average_power"]
        return found

    agrees("T07", answer)


def test_a_parametric_oscillator_below_threshold(agrees: Agrees) -> None:
    def answer(drive: float, damping: float, detuning: float, occupation: float) -> Answer:
        device = lone(ly.TwoPhotonDrive("a", drive), ly.LocalBath("a", damping, occupation), detuning=detuning)
        return {**ly.steady_state(device), "critical_drive": ly.critical_drive(device)}

    agrees("T08a", answer)


def test_a_parametric_oscillator_close_to_threshold(agrees: Agrees) -> None:
    def answer(drive: float, damping: float) -> Answer:
        device = lone(ly.TwoPhotonDrive("a", drive), ly.LocalBath("a", damping))
        steady, distance = ly.steady_state(device), 1 - drive / float(ly.critical_drive(device))
        return {
            "stored_energy_times_distance": steady.stored_energy * distance,
            "passive_energy_times_root_distance": steady.passive_energy * np.sqrt(distance),
        }

    agrees("T09", answer)


@pytest.mark.parametrize("case", ["T10a", "T10b"])
def test_a_reciprocal_quadratic_battery(agrees: Agrees, case: str) -> None:
    def answer(**given: Any) -> Answer:
        device = C.reciprocal_battery(**given)
        return {**ly.steady_state(device), "critical_drive": ly.critical_drive(device)}

    agrees(case, answer)


def test_a_lossless_battery_copies_its_charger(agrees: Agrees) -> None:
    """A bare oscillator's 8 eps^2/(kappa^2 - 16 eps^2), whatever the coupling."""

    def answer(coupling: float, **given: float) -> Answer:
        weaker, found = (C.reciprocal_battery(coupling=g, **given) for g in (coupling / 3, coupling))
        np.testing.assert_allclose(ly.steady_state(weaker).stored_energy, ly.steady_state(found).stored_energy, 1e-11)
        return ly.steady_state(found)

    agrees("T12", answer)


def directed(drive: float, damping: float, **more: float) -> dict[str, float]:
    return {"drive": drive, "charger_damping": damping, "battery_damping": damping, **more}


def test_a_one_photon_directed_battery(agrees: Agrees) -> None:
    """And what it gains over the same coherent coupling without the bath."""

    def gain(drive: float, damping: float) -> Answer:
        one_way = ly.steady_state(C.one_photon_battery(**directed(drive, damping)))
        both_ways = ly.steady_state(C.reciprocal_battery(**directed(drive, damping), coupling=0.25, photons=1))
        return {
            "stored_energy": one_way.stored_energy,
            "energy_gain": one_way.stored_energy / both_ways.stored_energy,
        }

    def answer(drive: float, damping: float, shared_rate: float, weights: float) -> Answer:
        assert (shared_rate, weights) == (1.0, 2**-0.5)
        return {**gain(drive, damping), "energy_gain_small_damping": gain(drive, 0.001)["energy_gain"]}

    agrees("T13", answer)


def test_the_times_of_a_one_photon_directed_battery(agrees: Agrees) -> None:
    def answer(drive: float, damping: float) -> Answer:
        device = C.one_photon_battery(**directed(drive, damping))
        half, full = (damping + 0.5) / 2, float(ly.steady_state(device).stored_energy)
        time, power = highest_power(device, 1.0 / half, 6.0 / half)
        ninety = brentq(lambda time: float(at(device, time)["stored_energy"]) / full - 0.9, 1.0 / half, 9.0 / half)
        return {
            "x_at_max_average_power": half * time,
            "max_average_power_scaled": power / (full * half),
            "x90": half * ninety,
        }

    agrees("T14", answer)


def bad_cavity(drive: float, damping: float, linewidth: float, G: float, photons: int) -> ly.Network:
    return C.bad_cavity_battery(
        **directed(drive, damping), cavity_damping=linewidth, cavity_coupling=G, photons=photons
    )


def test_a_bad_cavity_as_a_link(agrees: Agrees) -> None:
    """Another linewidth with the same Gamma = 4 G^2/kappa_c = 1."""

    def answer(linewidth: float, G: float, **given: float) -> Answer:
        narrow, broad = (
            ly.steady_state(bad_cavity(linewidth=width, G=strength, photons=1, **given))
            for width, strength in ((linewidth, G), (100 * linewidth, 10 * G))
        )
        return {
            "transfer_ratio_kc4": narrow.transfer_ratio,
            "transfer_ratio_kc400": broad.transfer_ratio,
            "eta": narrow.stored_energy / (narrow.stored_energy + narrow.charger_energy),
        }

    agrees("T15", answer)


def test_a_bad_cavity_under_a_two_photon_drive(agrees: Agrees) -> None:
    def answer(shared_rate: float, weights: float, linewidth: float, G: float, **given: float) -> Answer:
        assert 4 * G**2 / linewidth == shared_rate * weights**2
        more = {"shared_rate": shared_rate, "charger_weight": weights, "battery_weight": weights}
        device = C.two_photon_battery(**directed(**given), **more)
        cavity = ly.steady_state(bad_cavity(linewidth=linewidth, G=G, photons=2, **given))
        found = ly.steady_state(device.with_explicit_reservoir("SharedBath(charger, battery)", linewidth))
        np.testing.assert_allclose(found.stored_energy, cavity.stored_energy, rtol=1e-13)
        return found

    agrees("T16_kc4", answer)


def test_a_short_coherent_pulse_into_a_pair(agrees: Agrees) -> None:
    """A pulse of area A leaves the charger in the coherent state -iA; a short one up to its width squared."""

    def answer(pulse_area: float, coupling: float, damping: float, time: float) -> Answer:
        rates = {"charger_damping": damping, "battery_damping": damping, "coupling": coupling, "photons": 1}
        still = C.reciprocal_battery(drive=0.0, **rates)
        near = ly.charge(still, [0.99 * time, time, 1.01 * time], initial=ly.states.coherent([-1j * pulse_area, 0.0]))
        largest = float(near.stored_energy[1])
        assert int(np.argmax(near.stored_energy.values)) == 1
        for width, allowed in ((0.1, 1e-2), (0.01, 1e-4)):
            kick = ly.pulse.square(pulse_area / width, 0.0, width)
            kicked = at(C.reciprocal_battery(drive=kick, **rates), time + width / 2)
            assert float(kicked["stored_energy"]) == pytest.approx(largest, rel=allowed)
        return {"max_stored_energy": largest}

    agrees("T23", answer)


def test_a_short_two_photon_pulse_and_its_storage(agrees: Agrees) -> None:
    def answer(pulse_area: float, damping: float) -> Answer:
        device, start = lone(ly.LocalBath("a", damping)), ly.states.squeezed([2 * pulse_area])
        run = ly.charge(device, [0.0, 2.0], initial=start)
        width = 1e-4
        kick = ly.TwoPhotonDrive("a", ly.pulse.square(pulse_area / width, 0.0, width))
        kicked = ly.charge(lone(kick, ly.LocalBath("a", damping)), [width]).stored_energy
        assert float(kicked[0]) == pytest.approx(float(run.stored_energy[0]), rel=1e-4)
        half = float(run.ergotropy[0]) / 2
        return {
            "stored_energy_0": run.stored_energy[0],
            "ergotropy_2": run.ergotropy[1],
            "ergotropy_half_life": brentq(
                lambda time: float(at(device, time, initial=start)["ergotropy"]) - half, 0.1, 3.0, xtol=1e-13
            ),
        }

    agrees("T24", answer)


def test_charging_takes_twice_as_long_as_discharging(agrees: Agrees) -> None:
    def answer(drive: float, damping: float) -> Answer:
        driven, still = (lone(ly.OnePhotonDrive("a", force), ly.LocalBath("a", damping)) for force in (drive, 0.0))
        full = float(ly.steady_state(driven).stored_energy)
        start = ly.evolve(driven, [1e4])[-1]

        def left(device: ly.Network, time: float, fraction: float, **more: Any) -> float:
            return float(at(device, time, **more)["stored_energy"]) / full - fraction

        up = brentq(lambda time: left(driven, time, 0.99), 1.0, 200.0, xtol=1e-12)
        down = brentq(lambda time: left(still, time, 0.01, initial=start), 1.0, 200.0, xtol=1e-12)
        return {"charge_discharge_time_ratio_99": up / down}

    agrees("T26", answer)


def test_cooling_by_a_cavity(agrees: Agrees) -> None:
    def answer(G: float, cavity_damping: float, mode_damping: float, occupation: float) -> Answer:
        baths = ly.LocalBath("a", cavity_damping), ly.LocalBath("b", mode_damping, occupation)
        modes = [ly.Mode("a"), ly.Mode("b")]
        return ly.steady_state(ly.Network(modes, [*baths, ly.CoherentCoupling("a", "b", G)], charger="a", battery="b"))

    agrees("T27", answer)


def test_squeezed_light_fills_an_empty_cavity(agrees: Agrees) -> None:
    agrees("T28", lambda **given: ly.steady_state(C.two_photon_battery(**given)))


def test_the_input_power_of_both_drives(agrees: Agrees) -> None:
    """The one-photon device at the input power of the two-photon one: eps^2 = 4 eps^2/Lambda_a per unit of power."""

    def power(device: ly.Network) -> float:
        late = ly.evolve(device, [2e3])[-1]
        equations = ly.moment_equations(device)
        flows = ly.merit.energy_flows(equations, late, device.frequencies)
        return sum(
            float(np.sum(flow))
            for part, flow in zip(equations.contributions, flows, strict=True)
            if part.element.is_drive
        )

    def answer(drive: float, damping: float) -> Answer:
        two = C.two_photon_battery(**directed(drive, damping))
        per_square = power(C.one_photon_battery(**directed(1.0, damping)))
        one = C.one_photon_battery(**directed(float(np.sqrt(power(two) / per_square)), damping))
        beside = ly.compare(two, C.one_photon_battery(**directed(1.0, damping)), equal="input_power")
        np.testing.assert_allclose(beside.drive_power, power(one), rtol=1e-12)
        np.testing.assert_allclose(beside.stored_energy[1], ly.steady_state(one).stored_energy, rtol=1e-12)
        return {
            "drive_power": power(two),
            "drive_power_one_photon": power(one),
            "stored_energy_one_photon": ly.steady_state(one).stored_energy,
        }

    agrees("T32", answer)


def test_gain_and_loss_are_a_bath(agrees: Agrees) -> None:
    """And the same as loss minus gain at the occupation that they have together."""

    def answer(loss: float, gain: float) -> Answer:
        together = ly.steady_state(lone(ly.LocalBath("a", loss), ly.Gain("a", gain)))
        warm = ly.steady_state(lone(ly.LocalBath("a", loss - gain, gain / (loss - gain))))
        np.testing.assert_allclose(together.stored_energy, warm.stored_energy, rtol=1e-13)
        return together

    agrees("T33", answer)


def test_a_squeezed_bath_of_finite_bandwidth(agrees: Agrees) -> None:
    """A broad oscillator feeds a narrow mode: nearly the squeezed bath that it is in the limit."""

    def answer(**given: float) -> Answer:
        found = ly.steady_state(C.two_photon_battery(**given, charger_damping=0.0, battery_damping=0.0))
        x = 4 * given["drive"] / (given["shared_rate"] * given["charger_weight"] ** 2)
        limit = C.squeezed_bath_battery(damping=1.0, squeezing=np.log((1 + x) / (1 - x)))
        assert float(found.stored_energy) == pytest.approx(float(ly.steady_state(limit).stored_energy), rel=0.02)
        return found

    agrees("T34", answer)
