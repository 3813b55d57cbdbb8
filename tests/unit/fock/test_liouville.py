"""The master equation as real equations, against QuTiP's Liouvillian on random Hermitian matrices."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.fock.generator import generator_of
from leyden.fock.liouville import flow_of

qutip = pytest.importorskip("qutip")

LEVELS = (4, 5)
PAIR = {"drive": 0.3, "charger_damping": 0.1, "battery_damping": 0.2, "detuning": 0.9, "coupling": 0.2 - 0.3j}
DEVICES = {
    "one-photon, warm": (ly.catalog.one_photon_battery(**PAIR, occupation=0.3), 400),
    "two-photon": (ly.catalog.two_photon_battery(**PAIR, phase=0.4), 200),
    "at rest": (ly.catalog.two_photon_battery(**PAIR | {"drive": 0.0}), 1),
}


def vacuum() -> np.ndarray:
    return np.diag(np.eye(20, dtype=complex)[0])


@pytest.mark.parametrize("name", DEVICES)
def test_it_moves_matrices_as_the_liouvillian_does(name: str) -> None:
    device, width = DEVICES[name]
    generator = generator_of(device, LEVELS)
    flow = flow_of(*generator.at(0.0), vacuum())
    assert flow.width == width
    numbers = np.random.default_rng(3).standard_normal(width)
    state = flow.unpacked(numbers)
    np.testing.assert_array_equal(state, state.conj().T)
    np.testing.assert_array_equal(flow.packed(state), numbers)
    exact = qutip.liouvillian(generator.hamiltonian, generator.jumps)(qutip.Qobj(state, dims=[list(LEVELS)] * 2)).full()
    assert np.max(np.abs(flow.unpacked(flow.generator @ numbers) - exact)) < 1e-13
    assert flow.trace @ numbers == pytest.approx(np.trace(state).real, abs=1e-13)


def test_observables_are_rows() -> None:
    draw = np.random.default_rng(4)
    flow = flow_of(*generator_of(DEVICES["one-photon, warm"][0], LEVELS).at(0.0), vacuum())
    numbers, matrix = draw.standard_normal(400), draw.standard_normal((20, 20)) + 1j * draw.standard_normal((20, 20))
    observable = matrix + matrix.conj().T
    exact = np.trace(observable @ flow.unpacked(numbers)).real
    assert flow.row_of(observable) @ numbers == pytest.approx(exact, abs=1e-12)
    row = draw.standard_normal(400)
    moved = flow.bordered(row) @ np.append(numbers, 7.0)
    np.testing.assert_allclose(moved, np.append(flow.generator @ numbers, row @ numbers), atol=1e-12)


def test_coherences_between_sectors_come_along() -> None:
    """Of a coherent start all entries are followed, though two-photon loss keeps parity."""
    device = ly.Network([ly.Mode("a")], [ly.TwoPhotonLoss("a", 1.0)], "a", "a")
    generator = generator_of(device, (6,)).at(0.0)
    plus = np.zeros((6, 6), dtype=complex)
    plus[:2, :2] = 0.5
    assert flow_of(*generator, plus).width == 4
    plus[:4, :4] = 0.25
    assert flow_of(*generator, plus).width == 16
