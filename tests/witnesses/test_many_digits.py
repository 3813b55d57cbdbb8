"""Moments against the master equation in fifty digits, where a careless program would lose its sixteen.

The oracle is written in ladder operators, by hand from physics.md, and solved by mpmath: with c = (a_1, ..., a_1^dag,
...) the normally ordered moments E = <: c c^T :> obey dE/dt = Z E + E Z^T + Q.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import mpmath as mp
import numpy as np
import pytest

import leyden as ly


def ladder_equations(network: ly.Network) -> tuple[Any, Any]:
    """Z and Q, the digits of the parameters taken as they are."""
    size = len(network.modes)
    drift, source = mp.matrix(2 * size), mp.matrix(2 * size)
    for place, mode in enumerate(network.modes):
        drift[place, place] -= 1j * mp.mpf(mode.detuning)
    for element in network.elements:
        at = [network.position(name) for name in element.modes]
        match element:
            case ly.CoherentCoupling():
                drift[at[1], at[0]] -= 1j * mp.mpmathify(element.strength)
                drift[at[0], at[1]] -= 1j * mp.conj(mp.mpmathify(element.strength))
            case ly.TwoPhotonDrive():
                squeezing = -2j * mp.mpf(element.amplitude) * mp.expj(-mp.mpf(element.phase))
                drift[at[0], size + at[0]] += squeezing
                source[at[0], at[0]] += squeezing
            case ly.LocalBath() | ly.SharedBath():
                weights = list(map(mp.mpmathify, getattr(element, "weights", {"": 1.0}).values()))
                for i, first in zip(at, weights, strict=True):
                    for j, second in zip(at, weights, strict=True):
                        product = mp.mpf(element.rate) * mp.conj(first) * second
                        drift[i, j] -= product / 2
                        source[j, size + i] += mp.mpf(element.occupation) * mp.conj(product)
            case _:
                raise AssertionError(element)
    for i in range(size):
        for j in range(size):
            drift[size + i, size + j] = mp.conj(drift[i, j])
            drift[size + i, j] = mp.conj(drift[i, size + j])
            source[size + i, size + j] = mp.conj(source[i, j])
            source[size + i, j] = source[j, size + i]
    return drift, source


def steady_quanta(network: ly.Network) -> list[float]:
    """<a^dag a> of each mode in the steady state."""
    with mp.workdps(50):
        drift, source = ladder_equations(network)
        size = drift.rows
        matrix, right = mp.matrix(size**2), mp.matrix(size**2, 1)
        for i in range(size):
            for j in range(size):
                right[i * size + j] = -source[i, j]
                for k in range(size):
                    matrix[i * size + j, k * size + j] += drift[i, k]
                    matrix[i * size + j, i * size + k] += drift[j, k]
        found = mp.lu_solve(matrix, right)
        return [float(mp.re(found[i * size + size // 2 + i])) for i in range(size // 2)]


def hot_pair(occupation: float, drive: float) -> ly.Network:
    """Two modes coupled in both ways, on three baths of unlike occupations."""
    elements = [
        ly.TwoPhotonDrive("a", drive, 0.4),
        ly.LocalBath("a", 0.3, occupation),
        ly.LocalBath("b", 0.2, occupation / 3),
        ly.SharedBath({"a": 0.6 - 0.3j, "b": -0.2 + 0.9j}, 0.7, 0.7 * occupation),
        ly.CoherentCoupling("a", "b", 0.1 + 0.2j),
    ]
    return ly.Network([ly.Mode("a", detuning=0.2), ly.Mode("b", detuning=-0.1)], elements, charger="a", battery="b")


@pytest.mark.parametrize("occupation", [0.0, 1e3, 1e9, 1e16])
def test_hot_devices_keep_their_digits(occupation: float) -> None:
    """As many near their threshold as cold ones: 1e-16 over the distance from it."""
    threshold = float(ly.critical_drive(hot_pair(occupation, 0.1)))
    np.testing.assert_allclose(threshold, float(ly.critical_drive(hot_pair(0.0, 0.1))), rtol=1e-14)
    for share, tolerance in ((0.5, 1e-14), (0.999, 1e-11)):
        device = hot_pair(occupation, share * threshold)
        found = ly.steady_state(device)
        energies = [float(found.charger_energy), float(found.stored_energy)]
        np.testing.assert_allclose(energies, steady_quanta(device), rtol=tolerance)


@pytest.mark.parametrize("occupation", [0.0, 1e6, 1e12, 1e16])
def test_heat_moves_no_threshold(occupation: float) -> None:
    """Closed form, Eq. (8): (kappa + Gamma/2)/4 = 0.15, and the abscissa 2 eps - 0.3 at resonance."""
    device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1, occupation=occupation)
    np.testing.assert_allclose(float(ly.critical_drive(device)), 0.15, rtol=1e-15)
    np.testing.assert_allclose(float(ly.stability(device).spectral_abscissa), -0.2, rtol=1e-15)
    # Energies above the heat are linear in 1 + 2 n: the drive finds a thermal state of that variance.
    cold = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    for run in (ly.steady_state, lambda one: ly.charge(one, [0.0, 500.0]).isel(time=-1)):
        expected = (1 + 2 * occupation) * float(run(cold).stored_energy) + occupation
        np.testing.assert_allclose(float(run(device).stored_energy), expected, rtol=1e-13)


def squeezed_mode(drive: float, detuning: float, damping: float = 0.3, phase: float = 0.3) -> ly.Network:
    elements = [ly.TwoPhotonDrive("a", drive, phase), ly.LocalBath("a", damping)]
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


@pytest.mark.parametrize("drive", [1e-1, 1e-6, 1e-12, 1e-100])
@pytest.mark.parametrize("detuning", [1.0, 1e3, 1e6])
def test_weak_detuned_drives_leave_an_energy_of_second_order(drive: float, detuning: float) -> None:
    """E = 2 eps^2/(kappa^2/4 + Delta^2 - 4 eps^2) to 1e-16 |A|/kappa of itself, late and steady; W never above."""
    device = squeezed_mode(drive, detuning)
    expected = 2 * drive**2 / (0.0225 + detuning**2 - 4 * drive**2)
    tolerance = 1e-13 + 1e-15 * detuning / 0.3
    found, run = ly.steady_state(device), ly.charge(device, np.linspace(0, 400, 401))
    np.testing.assert_allclose(float(found.stored_energy), expected, rtol=tolerance)
    np.testing.assert_allclose(float(run.stored_energy[-1]), expected, rtol=10 * tolerance)
    batch = ly.steady_state(squeezed_mode(np.full(100, drive), detuning))
    # In a batch a backward error of 1e-14 is taken, elsewhere it is that of a pivoted solve.
    np.testing.assert_allclose(batch.stored_energy, expected, rtol=30 * tolerance)
    for result in (found, run, batch):
        assert np.all(result.stored_energy >= result.ergotropy * (1 - 1e-12))
        assert np.all(result.ergotropy >= 0)
    # All that was put in stays or leaves through the bath: dE/dt = P - kappa E.
    lost = 0.3 * np.trapezoid(run.stored_energy, run.time)
    if detuning == 1.0:
        np.testing.assert_allclose(float(run.drive_work[-1]), float(run.stored_energy[-1]) + lost, rtol=1e-2)


@pytest.mark.parametrize("occupation", [0.0, 2.0])
@pytest.mark.parametrize("drive", [1e-2, 1e-8, 1e-30])
def test_weak_pairs_agree_with_fifty_digits(drive: float, occupation: float) -> None:
    """Complex couplings and weights, detunings, a phase: all parts of all moments are there."""
    device = hot_pair(occupation, drive)
    found = ly.steady_state(device)
    np.testing.assert_allclose(
        [float(found.charger_energy), float(found.stored_energy)], steady_quanta(device), rtol=1e-13
    )
    late = ly.charge(device, np.linspace(0, 200, 101)).isel(time=-1)
    np.testing.assert_allclose(float(late.stored_energy), float(found.stored_energy), rtol=1e-12)
    np.testing.assert_allclose(float(late.ergotropy), float(found.ergotropy), rtol=1e-12)


@pytest.mark.parametrize("phase", [0.3, 1.5, -2.0])
@pytest.mark.parametrize("time", [1e-3, 1e-9, 1e-14])
def test_early_energies_do_not_know_the_phase(time: float, phase: float) -> None:
    """Nor that of a coupling: a rotation of all modes takes one device to the other."""

    def energies(angle: float) -> list[float]:
        device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1, phase=angle)
        run = ly.charge(device, [time])
        return [float(run.charger_energy[0]), float(run.stored_energy[0]), float(run.ergotropy[0])]

    np.testing.assert_allclose(energies(phase), energies(0.0), rtol=1e-14)
    # The charger's is (2 eps t)^2 at first, and slower by its damping of 0.6.
    np.testing.assert_allclose(energies(phase)[0], (0.2 * time) ** 2, rtol=0.61 * time + 1e-15)


def quanta_at(network: ly.Network, time: float) -> list[float]:
    """<a^dag a> of each mode at a time after the vacuum: a Taylor series of a short time, doubled."""
    with mp.workdps(50):
        drift, source = ladder_equations(network)
        halvings = max(0, int(mp.log(mp.mnorm(drift, 1) * time, 2)) + 2)
        width = mp.mpf(time) / 2**halvings
        propagator, power = mp.eye(drift.rows), mp.eye(drift.rows)
        moments, term = mp.zeros(drift.rows), source * width
        for order in range(1, 30):
            moments += term
            power = drift * power * (width / order)
            propagator += power
            term = (drift * term + term * drift.T) * (width / (order + 1))
        for _ in range(halvings):
            moments += propagator * moments * propagator.T
            propagator = propagator * propagator
        size = drift.rows // 2
        return [float(mp.re(moments[i, size + i])) for i in range(size)]


def driven_modes(modes: int, drive: float, detuning: float) -> ly.Network:
    """Modes in a row, coupled in both ways and one way, the last one driven: the charger stands before it."""
    names = [f"m{place}" for place in range(modes)]
    elements: list[Any] = [ly.TwoPhotonDrive(names[-1], drive, 0.4)]
    elements += [ly.LocalBath(name, 0.2 + 0.1 * place) for place, name in enumerate(names)]
    for first, second in pairwise(names):
        elements.append(ly.CoherentCoupling(first, second, 0.3 + 0.4j))
        elements.append(ly.SharedBath({first: 0.8 - 0.3j, second: -0.2 + 0.9j}, 0.7))
    places = [ly.Mode(name, detuning=detuning * (1 + 0.3 * place)) for place, name in enumerate(names)]
    return ly.Network(places, elements, charger=names[0], battery=names[-1])


@pytest.mark.parametrize("times", [[1e-9, 1e-3, 0.7, 30.0], [0.0, 10.0, 20.0, 30.0]])
@pytest.mark.parametrize(("modes", "drive", "detuning"), [(2, 1e-10, 30.0), (3, 1e-3, 0.5), (4, 1e-30, 1e4)])
def test_several_modes_and_any_grid_keep_weak_and_early_energies(
    modes: int, drive: float, detuning: float, times: list[float]
) -> None:
    """To some 1e-16 |A| t of themselves: normal moments are of second order, anomalous ones beside them of first."""
    device = driven_modes(modes, drive, detuning)
    # Each phase is known to 2e-16 of itself, the fastest one worst; an energy is the square of a sum of them, and one
    # that they make small by interference is known up to six times less well (modes of 2 to 5, times up to 3).
    fastest = detuning * (1 + 0.3 * (modes - 1)) + 2
    run = ly.charge(device, times)
    assert np.all(run.stored_energy >= run.ergotropy)
    assert np.all(run.ergotropy >= 0)
    for place, time in enumerate(times):
        if time == 0:
            continue
        exact = quanta_at(device, time)
        found = [float(run.charger_energy[place]), float(run.stored_energy[place])]
        tolerance = 1e-12 + 8 * 2.2e-16 * fastest * time
        np.testing.assert_allclose(found, [exact[0], exact[-1]], rtol=tolerance, atol=0)
