"""Stationary states by quantum jumps, against QuTiP's factorization of the whole Liouvillian and by their residual."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_array

import leyden as ly
from leyden.errors import LeydenError
from leyden.fock import stationary
from leyden.fock.operators import collapse_operators, hamiltonian

qutip = pytest.importorskip("qutip")

DEVICES = {
    "two-photon": ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.2, phase=0.7),
    "one-photon, warm": ly.catalog.one_photon_battery(
        drive=0.2, charger_damping=0.1, battery_damping=0.2, occupation=0.2, detuning=0.4, coupling=0.3 + 0.2j
    ),
    "unstable": ly.catalog.two_photon_battery(drive=0.4, charger_damping=0.1, battery_damping=0.1),
    "at rest": ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.1, battery_damping=0.1),
    "slow": ly.catalog.one_photon_battery(drive=1e-4, charger_damping=1e-5, battery_damping=1e-5, shared_rate=1e-5),
}


def operators(name: str, cutoff: tuple[int, int] = (5, 6)) -> tuple[Any, list[Any]]:
    return hamiltonian(DEVICES[name], cutoff), collapse_operators(DEVICES[name], cutoff)


def found(name: str, start: np.ndarray[Any, Any] | None = None) -> np.ndarray[Any, Any]:
    generator, jumps = operators(name)
    vacuum = np.diag(np.eye(30, dtype=complex)[0])
    matrices = [csr_array(jump.full()) for jump in jumps]
    return stationary.stationary_matrix(csr_array(generator.full()), matrices, vacuum if start is None else start)


@pytest.mark.parametrize("name", DEVICES)
def test_nothing_changes_any_more(name: str) -> None:
    generator, jumps = operators(name)
    state = qutip.Qobj(found(name), dims=generator.dims)
    change = qutip.liouvillian(generator, jumps)(state).full()
    rates = float(np.max(np.abs(generator.full()))) + sum(float(np.max(np.abs(jump.full()))) ** 2 for jump in jumps)
    assert np.max(np.abs(change)) < 1e-12 * rates
    assert abs(state.tr() - 1) < 1e-14
    assert state.isherm
    assert np.min(np.linalg.eigvalsh(state.full())) > -1e-12


@pytest.mark.parametrize("name", DEVICES)
def test_qutip_finds_the_same(name: str) -> None:
    """To the residual over the slowest decay; even the slow device settles at its own rates."""
    generator, jumps = operators(name)
    assert np.max(np.abs(found(name) - qutip.steadystate(generator, jumps).full())) < 1e-11


def test_any_start_will_do() -> None:
    mixture = np.eye(30, dtype=complex) / 30
    assert np.max(np.abs(found("two-photon") - found("two-photon", mixture))) < 1e-11


def test_a_good_start_saves_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Next to a stationary state nothing but rounding is left to do: a step or two, where the vacuum needs twenty."""
    state, steps = found("two-photon"), [0]
    build = stationary.sylvester_solver

    def counted(*arguments: Any) -> Any:
        solve = build(*arguments)

        def count(right: Any) -> Any:
            steps[0] += 1
            return solve(right)

        return count

    monkeypatch.setattr(stationary, "sylvester_solver", counted)
    found("two-photon")
    cold, steps[0] = steps[0], 0
    assert np.max(np.abs(found("two-photon", state) - state)) < 1e-11
    assert 3 * steps[0] < cold < 60


def test_what_does_not_settle_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stationary, "_RESIDUAL", 1e-30)
    with pytest.raises(LeydenError, match=r"dimension 30 must settle.* 600 steps"):
        found("two-photon")
