"""Transfer and noise at a frequency: exact formulas, and exact zeros where nothing acts on the other."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden.conventions import symplectic_form
from leyden.drift.ports import Ports, ports_of
from leyden.drift.response import (
    ladder_drift,
    noise_spectrum,
    output_of,
    quotient,
    scattering,
    susceptibility,
    transfer,
)

GRID = np.array([-1.3, 0.0, 0.4])


def test_the_ladder_drift_has_the_eigenvalues_of_the_drift(random_network: Any) -> None:
    equations = ly.moment_equations(random_network(1))
    found = ladder_drift(equations)
    # From quadratures to amplitudes by a unitary matrix.
    size = found.shape[-1] // 2
    turn = np.zeros((2 * size, 2 * size), dtype=complex)
    for mode in range(size):
        turn[mode, 2 * mode : 2 * mode + 2] = np.array([1, 1j]) / np.sqrt(2)
        turn[size + mode, 2 * mode : 2 * mode + 2] = np.array([1, -1j]) / np.sqrt(2)
    np.testing.assert_allclose(turn @ equations.drift @ turn.conj().T, found, atol=1e-15)


def test_one_mode() -> None:
    """1/(i (omega + Delta) + kappa/2), and with a drive the determinant of two rows."""
    kappa, detuning, drive, phase = 0.6, 0.3, 0.1, 0.7
    elements = [ly.LocalBath("m", kappa), ly.TwoPhotonDrive("m", drive, phase)]
    network = ly.Network([ly.Mode("m", detuning=detuning)], elements, "m", "m")
    found = transfer(susceptibility(ladder_drift(ly.moment_equations(network)), GRID))
    down, up = kappa / 2 + 1j * (GRID + detuning), kappa / 2 + 1j * (GRID - detuning)
    whole = down * up - 4 * drive**2
    np.testing.assert_allclose(found.direct[:, 0, 0], up / whole, rtol=1e-14)
    np.testing.assert_allclose(found.conjugate[:, 0, 0], -2j * drive * np.exp(-1j * phase) / whole, rtol=1e-14)


@pytest.mark.parametrize("modes", [2, 5])
def test_nothing_comes_back_in_a_one_way_device(modes: int) -> None:
    found = transfer(
        susceptibility(ladder_drift(ly.moment_equations(ly.catalog.cascade(modes, drive=0.1, damping=0.2))), GRID)
    )
    above = np.triu_indices(modes, 1)
    assert not found.direct[:, *above].any()
    assert not found.conjugate[:, *above].any()
    assert found.direct[:, -1, 0].all()
    # Only the driven mode mixes a with a^dag, and hands both on.
    assert not found.conjugate[:, :, 1:].any()
    assert found.conjugate[:, :, 0].all()


def test_of_a_batch_each_member_has_its_own_structure() -> None:
    network = ly.catalog.two_photon_battery(
        drive=0.05, charger_damping=0.1, battery_damping=0.1, coupling=np.array([-0.25j, -0.1j])
    )
    found = transfer(susceptibility(ladder_drift(ly.moment_equations(network)), GRID)).direct
    assert not found[0, :, 0, 1].any()
    assert found[1, :, 0, 1].all()


def test_quotients_are_missing_over_nothing() -> None:
    found = quotient(np.array([1.0, 1.0, 0.0, 3.0]), np.array([0.0, 1e-200, 0.0, 2.0]))
    np.testing.assert_array_equal(found, [np.nan, np.nan, np.nan, 1.5])


@pytest.mark.parametrize("seed", range(4))
def test_commutators_are_kept(random_network: Any, seed: int) -> None:
    """S J S^dag = J with J = diag(1, -1): what leaves is a field again, at every frequency."""
    network = random_network(seed)
    ports = Ports.of(ports_of(network))
    matrix = scattering(susceptibility(ladder_drift(ly.moment_equations(network)), GRID), ports)
    form = np.diag(np.repeat([1.0, -1.0], matrix.shape[-1] // 2))
    np.testing.assert_allclose(matrix @ form @ matrix.conj().mT, np.broadcast_to(form, matrix.shape), atol=1e-12)


def test_the_vacuum_leaves_a_passive_device_as_vacuum() -> None:
    network = ly.catalog.reciprocal_battery(drive=0.0, charger_damping=0.3, battery_damping=0.2, coupling=0.4 + 0.1j)
    ports = Ports.of(ports_of(network))
    found = output_of(
        scattering(susceptibility(ladder_drift(ly.moment_equations(network)), GRID), ports), ports.occupation
    )
    assert not found.flux.any()
    for variance in (found.squeezed, found.amplified):
        np.testing.assert_allclose(variance, 1.0, atol=1e-13)


def test_the_quiet_quadrature_keeps_its_digits_beside_a_loud_one() -> None:
    """Close to threshold, at an angle: the product is 1 for a port that loses nothing, here of 1e-10 and 1e10."""
    x = 1 - 2e-5
    network = ly.Network([ly.Mode("m")], [ly.LocalBath("m", 1.0), ly.TwoPhotonDrive("m", x / 4, 0.3)], "m", "m")
    ports = Ports.of(ports_of(network))
    inverse = susceptibility(ladder_drift(ly.moment_equations(network)), np.zeros(1))
    found = output_of(scattering(inverse, ports), ports.occupation)
    # Entries of 1e5 leave 1e-11 of themselves, and the variance 1e-10 is the square of 1e-5.
    np.testing.assert_allclose(found.squeezed, ((1 - x) / (1 + x)) ** 2, rtol=1e-5)
    np.testing.assert_allclose(found.amplified, ((1 + x) / (1 - x)) ** 2, rtol=1e-10)


@pytest.mark.parametrize("phase", [-1.0, 0.0, 0.4, 2.0, 3.0])
def test_the_quiet_quadrature_is_where_the_drive_puts_it(phase: float) -> None:
    """<a^2> has the phase -i e^{-i phase}: x cos theta + p sin theta is loudest at -(phase + pi/2)/2."""
    network = ly.Network([ly.Mode("m")], [ly.LocalBath("m", 1.0), ly.TwoPhotonDrive("m", 0.1, phase)], "m", "m")
    ports = Ports.of(ports_of(network))
    inverse = susceptibility(ladder_drift(ly.moment_equations(network)), np.zeros(1))
    found = output_of(scattering(inverse, ports), ports.occupation)
    expected = (np.pi / 2 - (phase + np.pi / 2) / 2) % np.pi
    assert float(found.angle[0, 0]) == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("seed", range(4))
def test_all_noise_together_is_the_covariance(random_network: Any, seed: int) -> None:
    """The integral over omega/2pi, with omega = tan(theta/2), by the midpoint rule: it is periodic in theta."""
    network = random_network(seed)
    equations = ly.moment_equations(network)
    count = 4000
    theta = -np.pi + 2 * np.pi * (np.arange(count) + 0.5) / count
    weight = 1 / (2 * np.cos(theta / 2) ** 2) / count
    density = noise_spectrum(equations, np.tan(theta / 2), np.asarray(True))
    drift, noise = equations.drift, equations.diffusion
    whole = np.sum(weight[:, None, None] * density, axis=0)
    np.testing.assert_allclose(drift @ whole + whole @ drift.T, -noise, atol=1e-8)


@pytest.mark.parametrize("seed", range(3))
def test_the_fields_that_come_in_make_the_diffusion(random_network: Any, seed: int) -> None:
    """D = sum over the ports of rate (n + 1/2) (r r^T + i i^T), with r and i the parts of [X, c]: what S is made of."""
    network = random_network(seed)
    ports = Ports.of(ports_of(network))
    size = len(network.mode_names)
    omega = symplectic_form(size)
    total = np.zeros((2 * size, 2 * size))
    for place in range(len(ports.names)):
        vector = np.zeros(2 * size, dtype=complex)
        vector[0::2] = (ports.lowering[place] + ports.raising[place]) / np.sqrt(2)
        vector[1::2] = 1j * (ports.lowering[place] - ports.raising[place]) / np.sqrt(2)
        kick = omega @ vector
        total += (2 * ports.occupation[place] + 1) * np.real(np.outer(kick, kick.conj()))
    np.testing.assert_allclose(total, ly.moment_equations(network).diffusion, atol=1e-14)
