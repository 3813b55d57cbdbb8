"""The exact anharmonic mode: against its equations of motion, its Liouvillian, and many digits."""

from __future__ import annotations

from typing import Any

import mpmath as mp
import numpy as np
import pytest

from leyden.closed_form import (
    AnharmonicMode,
    anharmonic_coherence,
    anharmonic_density,
    anharmonic_energy,
    anharmonic_moment,
)
from leyden.errors import ParameterError

MODES: dict[str, dict[str, Any]] = {
    "pairs and Kerr": {"damping": 1.0, "kerr": 0.1, "two_photon_drive": 0.25},
    "pairs lost": {"damping": 0.6, "two_photon_loss": 0.3, "two_photon_drive": 0.5j},
    "pairs and all": {
        "damping": 1.0,
        "kerr": -0.5,
        "two_photon_loss": 0.2,
        "detuning": 0.7,
        "two_photon_drive": 1 + 1j,
    },
    "one photon": {"damping": 1.0, "kerr": 1.0, "detuning": -0.4, "one_photon_drive": 0.5},
    "both": {"damping": 0.8, "kerr": 0.6, "two_photon_loss": 0.1, "detuning": -0.9, "one_photon_drive": 0.7 - 0.3j}
    | {"two_photon_drive": -0.4 + 0.2j},
    "linear": {"damping": 1.0, "detuning": 0.3, "one_photon_drive": 0.2j, "two_photon_drive": 0.1},
    "strong": {"damping": 1.0, "kerr": 0.5, "two_photon_loss": 0.1, "one_photon_drive": 3.0, "two_photon_drive": 20.0},
}


def residual(rates: dict[str, Any], j: int, k: int) -> float:
    """d<a^dag^j a^k>/dt, over the sum of the sizes of its terms."""
    given = {
        "kerr": 0.0,
        "two_photon_loss": 0.0,
        "detuning": 0.0,
        "one_photon_drive": 0.0,
        "two_photon_drive": 0.0,
    } | rates
    u, v = given["two_photon_loss"] + 1j * given["kerr"], given["damping"] / 2 + 1j * given["detuning"]
    single, pair = complex(given["one_photon_drive"]), complex(given["two_photon_drive"])
    mode = AnharmonicMode(**rates)

    def moment(raised: int, lowered: int) -> complex:
        return complex(anharmonic_moment(mode, raised, lowered)) if min(raised, lowered) >= 0 else 0j

    terms = []
    for up, down, sign in ((j, k, 1), (k, j, -1)):
        # The second round is the complex conjugate of the first with creations and annihilations exchanged.
        here = [
            -(down * v + down * (down - 1) / 2 * u) * moment(up, down),
            -down * u * moment(up + 1, down + 1),
            -1j * single * down * moment(up, down - 1),
            -1j * pair * (2 * down * moment(up + 1, down - 1) + down * (down - 1) * moment(up, down - 2)),
        ]
        terms += here if sign > 0 else [value.conjugate() for value in here]
    return abs(sum(terms)) / sum(map(abs, terms))


@pytest.mark.parametrize("name", MODES)
def test_no_moment_moves(name: str) -> None:
    orders = [(j, k) for j in range(5) for k in range(5) if j + k > 0]
    assert anharmonic_energy(AnharmonicMode(**MODES[name])) > 0
    for j, k in orders:
        if MODES[name].get("one_photon_drive") or (j + k) % 2 == 0:
            assert residual(MODES[name], j, k) < 1e-13
        else:
            assert anharmonic_moment(AnharmonicMode(**MODES[name]), j, k) == 0


@pytest.mark.parametrize("name", ["pairs and Kerr", "pairs and all", "one photon", "both", "linear"])
def test_the_density_matrix_is_that_of_the_master_equation(name: str) -> None:
    levels, shown = 70, 60
    rates = {
        "kerr": 0.0,
        "two_photon_loss": 0.0,
        "detuning": 0.0,
        "one_photon_drive": 0.0,
        "two_photon_drive": 0.0,
    } | MODES[name]
    a = np.diag(np.sqrt(np.arange(1.0, levels)), 1)
    up = a.T
    driven = rates["one_photon_drive"] * up + rates["two_photon_drive"] * up @ up
    hamiltonian = rates["detuning"] * up @ a + rates["kerr"] / 2 * up @ up @ a @ a + driven + np.conj(driven).T
    rho = anharmonic_density(AnharmonicMode(**MODES[name]), levels)
    rate = -1j * (hamiltonian @ rho - rho @ hamiltonian)
    for strength, jump in ((rates["damping"], a), (rates["two_photon_loss"], a @ a)):
        loss = jump.T @ jump
        rate += strength * (jump @ rho @ jump.T - (loss @ rho + rho @ loss) / 2)
    assert rho.trace().real == pytest.approx(1.0, abs=1e-14)
    assert np.linalg.eigvalsh(rho).min() > -1e-15
    np.testing.assert_allclose(rate[:shown, :shown], 0, atol=1e-13)
    mode = AnharmonicMode(**MODES[name])
    assert np.trace(up @ a @ rho).real == pytest.approx(float(anharmonic_energy(mode)), rel=1e-13)
    assert np.trace(a @ rho) == pytest.approx(complex(anharmonic_moment(mode, 0, 1)), abs=1e-14)


@pytest.mark.parametrize(
    ("kerr", "loss", "drive", "detuning"), [(0.1, 0.0, 0.25, 0.0), (1e-3, 0.0, 0.25, 0.0), (0.3, 0.2, 5.0, -2.0)]
)
def test_the_series_of_beta_functions_with_many_digits(kerr: float, loss: float, drive: float, detuning: float) -> None:
    mode = AnharmonicMode(damping=1.0, kerr=kerr, two_photon_loss=loss, two_photon_drive=drive, detuning=detuning)
    with mp.workdps(40):
        u = mp.mpc(loss, kerr)
        c, square = mp.mpc("0.5", detuning) / u, -2j * mp.mpf(drive) / u
        length = mp.sqrt(square)

        def total(j: int, k: int) -> Any:
            whole, m = mp.mpc(0), j % 2
            while True:
                amplitudes = length ** (m + k) * mp.conj(length) ** (m + j)
                betas = mp.beta(mp.mpf(m + k + 1) / 2, c) * mp.beta(mp.mpf(m + j + 1) / 2, mp.conj(c))
                term = mp.power(2, m) / mp.factorial(m) * amplitudes * betas
                whole += term
                if m > 10 and abs(term) < mp.mpf(10) ** -22 * abs(whole):
                    return whole
                m += 2

        norm = total(0, 0)
        for j, k in ((1, 1), (0, 2), (2, 2)):
            wanted = complex(total(j, k) / norm)
            assert complex(anharmonic_moment(mode, j, k)) == pytest.approx(wanted, rel=1e-13)


@pytest.mark.parametrize(("kerr", "drive", "detuning"), [(1.0, 0.5, 0.0), (0.1, 2.0, -0.8), (-3.0, 0.2, 5.0)])
def test_the_hypergeometric_function_of_a_mode_driven_by_one_photon(kerr: float, drive: float, detuning: float) -> None:
    mode = AnharmonicMode(damping=1.0, kerr=kerr, one_photon_drive=drive, detuning=detuning)
    with mp.workdps(40):
        half = mp.mpc(0, kerr) / 2
        c, f = mp.mpc("0.5", detuning) / half, drive / abs(half)

        def moment(order: int) -> Any:
            above, below = (mp.hyper([], [c + n, mp.conj(c) + n], 2 * f**2) for n in (order, 0))
            return abs(f**order / mp.rf(c, order)) ** 2 * (above / below).real

        energy, second = moment(1), moment(2)
    assert float(anharmonic_energy(mode)) == pytest.approx(float(energy), rel=1e-13)
    assert float(anharmonic_coherence(mode)) == pytest.approx(float(second / energy**2), rel=1e-13)


def test_without_anharmonicity_it_is_gaussian() -> None:
    """8 eps^2/(kappa^2 + 4 Delta^2 - 16 eps^2); coherent light has g2 = 1."""
    mode = AnharmonicMode(damping=1.0, two_photon_drive=[0.0, 0.1, 0.249], detuning=[[0.0], [0.4]])
    eps, delta = np.array([0.0, 0.1, 0.249]), np.array([[0.0], [0.4]])
    np.testing.assert_allclose(anharmonic_energy(mode), 8 * eps**2 / (1 + 4 * delta**2 - 16 * eps**2), rtol=1e-12)
    coherent = AnharmonicMode(damping=1.0, one_photon_drive=2.0)
    assert float(anharmonic_coherence(coherent)) == pytest.approx(1.0, rel=1e-13)


def test_nothing_driven_and_nothing_settled_are_missing() -> None:
    drives = AnharmonicMode(damping=1.0, two_photon_drive=[0.1, 0.25, 0.3])
    assert np.isnan(anharmonic_energy(drives)).tolist() == [False, True, True]
    assert np.isnan(anharmonic_density(AnharmonicMode(damping=1.0, two_photon_drive=0.3), 3)).all()
    assert np.isnan(anharmonic_coherence(AnharmonicMode(damping=1.0, kerr=1.0)))


def test_far_above_threshold_it_is_classical() -> None:
    """u |alpha|^2 + v = -2i eps (alpha*/alpha): |alpha|^2 -> 2 eps/|u| for strong drives."""
    mode = AnharmonicMode(damping=1.0, kerr=1.0, two_photon_drive=1e4)
    assert float(anharmonic_energy(mode)) == pytest.approx(np.sqrt(4e8 - 0.25), rel=1e-9)


def test_few_levels_are_the_lowest_of_many() -> None:
    mode = AnharmonicMode(**MODES["strong"])
    many = anharmonic_density(mode, 300)
    np.testing.assert_allclose(anharmonic_density(mode, 50), many[:50, :50], rtol=0, atol=1e-16)
    numbers = np.arange(300)
    assert float(numbers @ many.diagonal().real) == pytest.approx(float(anharmonic_energy(mode)), rel=1e-12)
    assert many.trace().real == pytest.approx(1.0, rel=1e-12)


@pytest.mark.parametrize(
    ("rates", "message"),
    [
        ({"damping": 0.0}, "`damping` must be positive"),
        ({"damping": 1.0, "two_photon_loss": -0.1}, "`two_photon_loss` must not be negative"),
        ({"damping": 1.0, "kerr": np.inf}, "`kerr` must be finite"),
        ({"damping": 1.0, "kerr": 1j}, "`kerr` must be a real number"),
        ({"damping": 1.0, "two_photon_drive": np.nan}, "`two_photon_drive` must be finite"),
        ({"damping": [1.0, 2.0], "kerr": [1.0, 2.0, 3.0]}, "`kerr` must fit the other arguments"),
    ],
)
def test_what_it_refuses(rates: dict[str, Any], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        AnharmonicMode(**rates)


def test_orders_levels_and_batches_that_it_refuses() -> None:
    mode = AnharmonicMode(damping=1.0, kerr=[1.0, 2.0])
    with pytest.raises(ParameterError, match="`creations` must be a whole number, from 0 to 40"):
        anharmonic_moment(mode, -1, 1)
    with pytest.raises(ParameterError, match="`mode` must be one mode"):
        anharmonic_density(mode, 10)
    with pytest.raises(ParameterError, match="`levels` must be a whole number, from 2"):
        anharmonic_density(AnharmonicMode(damping=1.0), 1)
