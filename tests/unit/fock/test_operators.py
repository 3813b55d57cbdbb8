"""Operators in Fock space, against the Hamiltonian and jumps of the physics contract written out by hand."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.errors import LeydenError
from leyden.fock.operators import (
    checked_cutoff,
    collapse_operators,
    hamiltonian,
    heisenberg_rate,
    load_qutip,
    single_device,
)

qutip = pytest.importorskip("qutip")

EXACT = 1e-13


def lowering(levels: int) -> np.ndarray[Any, Any]:
    matrix = np.zeros((levels, levels))
    for n in range(1, levels):
        matrix[n - 1, n] = n**0.5
    return matrix


def pair(**changes: Any) -> ly.Network:
    found = {"drive": 0.3, "charger_damping": 0.1, "battery_damping": 0.2, "shared_rate": 0.7, "phase": 0.4}
    found |= {"charger_weight": 0.6 + 0.1j, "battery_weight": 0.5j, "detuning": 0.9, "coupling": 0.2 - 0.3j}
    return ly.catalog.two_photon_battery(**(found | changes))


def test_the_hamiltonian_is_that_of_the_contract() -> None:
    a, b = np.kron(lowering(4), np.eye(3)), np.kron(np.eye(4), lowering(3))
    coupling = (0.2 - 0.3j) * a @ b.T
    drive = 0.3 * np.exp(-0.4j) * a.T @ a.T
    by_hand = 0.9 * (a.T @ a + b.T @ b) + coupling + coupling.conj().T + drive + drive.conj().T
    found = hamiltonian(pair(), (4, 3))
    assert found.dims == [[4, 3], [4, 3]]
    assert np.max(np.abs(found.full() - by_hand)) < EXACT


def test_the_jumps_are_those_of_the_contract() -> None:
    a, b = np.kron(lowering(3), np.eye(4)), np.kron(np.eye(3), lowering(4))
    shared = (0.6 + 0.1j) * a + 0.5j * b
    n = 0.25
    by_hand = [(0.1 * (1 + n), a), (0.1 * n, a.T), (0.2 * (1 + n), b), (0.2 * n, b.T)]
    by_hand += [(0.7 * (1 + n), shared), (0.7 * n, shared.conj().T)]
    found = collapse_operators(pair(occupation=n), [3, 4])
    assert len(found) == 6
    for operator, (rate, jump) in zip(found, by_hand, strict=True):
        assert np.max(np.abs(operator.full() - rate**0.5 * jump)) < EXACT


def test_what_has_no_rate_is_no_jump() -> None:
    assert len(collapse_operators(pair(battery_damping=0.0), 3)) == 2
    assert collapse_operators(pair(charger_damping=0.0, battery_damping=0.0, shared_rate=0.0), 3) == []


def test_a_one_photon_drive() -> None:
    device = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", 0.5, 0.3)], charger="a", battery="a")
    found = hamiltonian(device, 3).full()
    assert abs(found[1, 0] - 0.5 * np.exp(-0.3j)) < EXACT
    assert abs(found[1, 2] - 0.5 * np.exp(0.3j) * 2**0.5) < EXACT


def test_terms_may_have_any_number_of_operators(kerr: Any) -> None:
    device = ly.Network([ly.Mode("a")], [kerr("a", 0.4)], charger="a", battery="a")
    levels = np.arange(6)
    assert np.max(np.abs(hamiltonian(device, 6).full() - np.diag(0.4 * levels * (levels - 1)))) < EXACT
    with pytest.raises(ly.NonGaussianError):
        ly.moment_equations(device)


def test_an_empty_device_has_a_zero_hamiltonian() -> None:
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [], charger="a", battery="b")
    assert not hamiltonian(device, 3).full().any()


def test_heisenberg_rates_are_those_of_the_master_equation() -> None:
    device = pair(occupation=0.3)
    generator, jumps = hamiltonian(device, 3), collapse_operators(device, 3)
    rho = qutip.rand_dm([3, 3], seed=1)
    observable = qutip.rand_herm([3, 3], seed=2)
    change = qutip.vector_to_operator(qutip.liouvillian(generator, jumps) * qutip.operator_to_vector(rho))
    rate = heisenberg_rate(generator, jumps, observable)
    assert abs((rate @ rho).tr() - (observable @ change).tr()) < EXACT
    assert abs((rate @ rho).tr()) > 0.1


def test_a_batch_is_refused(refuses: Any) -> None:
    name = "TwoPhotonDrive(charger).amplitude"
    refuses(name, lambda: single_device(pair(drive=np.array([0.1, 0.2]))), "one by one")
    labelled = xr.DataArray([0.1], dims="drive")
    refuses(name, lambda: hamiltonian(pair(drive=labelled), 3))
    refuses("Mode(charger).frequency", lambda: collapse_operators(pair(frequency=np.ones(2)), 3))


def test_an_array_without_axes_is_a_number() -> None:
    device = single_device(pair(drive=xr.DataArray(0.3)))
    assert device == single_device(pair())
    assert type(device.elements[0].parameters()["amplitude"]) is float


@pytest.mark.parametrize("cutoff", [1, 0, -3, 2.5, "44", None, True, [4, 1], [4.0, 4.0]])
def test_a_cutoff_is_a_number_of_levels(refuses: Any, cutoff: Any) -> None:
    refuses("cutoff", lambda: checked_cutoff(pair(), cutoff), "at least 2")


def test_a_cutoff_counts_the_modes(refuses: Any) -> None:
    refuses("cutoff", lambda: hamiltonian(pair(), [4, 4, 4]), "2 of them")
    assert checked_cutoff(pair(), 5) == (5, 5)
    assert checked_cutoff(pair(), np.array([3, 4])) == (3, 4)


def test_without_qutip_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "qutip", None)
    for call in (load_qutip, lambda: ly.fock.steady_state(pair()), lambda: ly.fock.charge(pair(), [0.0, 1.0])):
        with pytest.raises(LeydenError, match=r"Run `.*pip install .*qutip.*`"):
            call()


def test_the_room_is_light_until_it_is_used() -> None:
    code = "import leyden.fock as fock, sys; print('qutip' in sys.modules, callable(fock.charge))"
    run = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, check=True, timeout=120)
    assert run.stdout.split() == ["False", "True"]
