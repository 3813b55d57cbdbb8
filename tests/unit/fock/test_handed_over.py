"""Devices handed over to QuTiP: its own solvers find what leyden's moments and leyden's Fock space find."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly

qutip = pytest.importorskip("qutip")

PAIR = {"drive": 0.03, "charger_damping": 0.3, "battery_damping": 0.2}


def quanta(state, levels: list[int], mode: int) -> float:
    number = [qutip.qeye(level) for level in levels]
    number[mode] = qutip.num(levels[mode])
    return float(qutip.expect(qutip.tensor(number), state))


@pytest.mark.parametrize("occupation", [0.0, 0.05])
def test_qutips_steady_state_is_that_of_the_moments(occupation: float) -> None:
    device = ly.catalog.two_photon_battery(**PAIR, occupation=occupation)
    levels = [8, 9]
    state = qutip.steadystate(*ly.fock.to_qutip(device, levels))
    exact = ly.steady_state(device)
    assert quanta(state, levels, 0) == pytest.approx(float(exact.charger_energy), rel=2e-3)
    assert quanta(state, levels, 1) == pytest.approx(float(exact.stored_energy), rel=2e-3)


def test_beyond_moments_it_is_that_of_fock_space() -> None:
    device = ly.catalog.few_level_battery(drive=0.3, charger_damping=0.8, coupling=0.5)
    state = qutip.steadystate(*ly.fock.to_qutip(device))
    exact = ly.fock.steady_state(device)
    assert quanta(state, [2, 2], 1) == pytest.approx(float(exact.stored_energy), abs=1e-8)
    kerr = ly.Network(
        [ly.Mode("a")],
        [ly.OnePhotonDrive("a", 0.4), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0)],
        charger="a",
        battery="a",
    )
    state = qutip.steadystate(*ly.fock.to_qutip(kerr, 14))
    assert quanta(state, [14], 0) == pytest.approx(float(ly.fock.steady_state(kerr).stored_energy), abs=1e-6)


def test_a_core_and_what_it_feeds_are_that_of_the_one_way_method() -> None:
    pair = ly.catalog.two_photon_battery(**PAIR)
    device = ly.Network(pair.modes, [*pair.elements, ly.Kerr("charger", 0.2)], charger="charger", battery="battery")
    state = qutip.steadystate(*ly.fock.to_qutip(device, [8, 9]))
    fed = ly.steady_state(device, method="one_way")
    assert quanta(state, [8, 9], 1) == pytest.approx(float(fed.stored_energy), rel=2e-3)


def test_pulses_of_drives_and_rates_move_qutips_solver_alike() -> None:
    device = ly.Network(
        [ly.Mode("a")],
        [
            ly.OnePhotonDrive("a", ly.pulse.gaussian(0.3, 2.0, 0.7), phase=0.4),
            ly.LocalBath("a", 0.2 + ly.pulse.gaussian(0.5, 3.0, 1.0)),
        ],
        charger="a",
        battery="a",
    )
    times = np.linspace(0.0, 5.0, 6)
    hamiltonian, jumps = ly.fock.to_qutip(device, 12)
    found = qutip.mesolve(
        hamiltonian, qutip.basis(12, 0), times, jumps, e_ops=[qutip.num(12)], options={"atol": 1e-10, "rtol": 1e-9}
    )
    np.testing.assert_allclose(found.expect[0], ly.charge(device, times).stored_energy, atol=1e-6)


def test_operators_come_in_the_order_that_is_told() -> None:
    device = ly.Network(
        [ly.Mode("b", levels=2), ly.Mode("a")],
        [ly.LocalBath("a", 4.0, occupation=1.0), ly.LocalBath("b", 0.0), ly.LocalBath("b", 9.0)],
        charger="a",
        battery="b",
    )
    hamiltonian, jumps = ly.fock.to_qutip(device, 3)
    assert hamiltonian.dims == [[2, 3], [2, 3]]
    lowering = qutip.tensor(qutip.qeye(2), qutip.destroy(3))
    expected = [8**0.5 * lowering, 2 * lowering.dag(), 3 * qutip.tensor(qutip.destroy(2), qutip.qeye(3))]
    assert len(jumps) == 3
    assert all((jump - own).norm() < 1e-12 for jump, own in zip(jumps, expected, strict=True))


def test_what_has_no_operators_is_refused() -> None:
    with pytest.raises(ly.ParameterError, match="levels"):
        ly.fock.to_qutip(ly.catalog.two_photon_battery(**PAIR))
    with pytest.raises(ly.ParameterError, match="one number in Fock space"):
        ly.fock.to_qutip(ly.catalog.two_photon_battery(**{**PAIR, "drive": np.array([0.1, 0.2])}), 4)
