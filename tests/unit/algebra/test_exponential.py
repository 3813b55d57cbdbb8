"""The exponential as a Chebyshev series, against SciPy's: drifts that turn, decay, grow, or are far from normal."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import numpy as np
import pytest
from scipy.linalg import expm
from scipy.sparse import csr_array

import leyden as ly
from leyden.algebra.exponential import Exponential, legendre
from leyden.equations.low_rank import sparse_drift

C = ly.catalog
MODULE = import_module("leyden.algebra.exponential")


def drift_of(network: ly.Network) -> Any:
    return sparse_drift(ly.moment_equations(network)).toarray()


DRIFTS = {
    "lattice": drift_of(C.lattice(4, 5, drive=0.05, damping=0.1, coupling=0.5)),
    "strong coupling, strong drive": drift_of(C.reciprocal_chain(20, drive=0.1, damping=0.1, coupling=1.0)),
    "directed chain": drift_of(C.cascade(15, drive=0.05, damping=0.1)),
    "above threshold": drift_of(C.ring(7, drive=0.9, damping=0.1, coupling=0.3j, flux=1.0)),
    "unlike damping": np.diag([-100.0, -0.1, -0.1, -3.0]) + np.diag([1.0, 2.0, 0.1], 1) - np.diag([1.0, 2.0, 0.1], -1),
    "decay alone": -0.3 * np.eye(4),
    "nothing": np.zeros((2, 2)),
    "growth in one direction": np.array([[0.0, 1.0], [0.0, 0.0]]),
}


def exact(drift: Any, time: float) -> Any:
    """By SciPy for a short time, and doubled: at norms of some units its own error is 1e-13 and more."""
    return np.linalg.matrix_power(expm(drift * time / 64), 64)


@pytest.mark.parametrize("name", DRIFTS)
def test_the_series_is_the_exponential_at_all_times_of_a_stretch(name: str) -> None:
    drift = DRIFTS[name]
    exponential = Exponential(csr_array(drift))
    wished = min(exponential.longest, 5.0)
    terms, width = exponential.terms(np.eye(len(drift)), wished)
    for time in (0.0, 1e-6 * width, 0.3 * width, width):
        share = exponential.coefficients(np.asarray([time]), len(terms) - 1)[0]
        expected = exact(drift, time)
        found = np.tensordot(share, terms, 1)
        # Terms may be 30 times as large as what they add up to, and 100 times where a stretch both grows and decays.
        np.testing.assert_allclose(found, expected, rtol=0, atol=3e-14 * max(1.0, np.abs(expected).max()))


@pytest.mark.parametrize("name", [name for name in DRIFTS if name != "nothing"])
def test_the_end_of_the_longest_stretch_needs_no_terms(name: str) -> None:
    drift = DRIFTS[name]
    exponential = Exponential(csr_array(drift))
    start = np.random.default_rng(0).normal(size=(len(drift), 3))
    expected = exact(drift, exponential.longest) @ start
    np.testing.assert_allclose(exponential.advanced(start), expected, rtol=0, atol=1e-12 * np.abs(start).max())


@pytest.mark.parametrize("name", ["lattice", "strong coupling, strong drive", "directed chain", "unlike damping"])
def test_integrals_of_products_are_exact(name: str) -> None:
    """A X + X A^T = e^{A t} e^{A^T t} - 1 for the integral X of the product, whatever the nodes."""
    drift = DRIFTS[name]
    exponential = Exponential(csr_array(drift))
    terms, width = exponential.terms(np.eye(len(drift)), exponential.longest)
    inner, end, weights = exponential.through(width, len(terms) - 1)
    values = np.tensordot(inner, terms, 1)
    whole = np.einsum("t,tij,tkj->ik", weights, values, values)
    last = np.tensordot(end[0], terms, 1)
    left = drift @ whole + whole @ drift.T + np.eye(len(drift)) - last @ last.T
    assert np.abs(left).max() <= 1e-13 * max(1.0, np.abs(drift).max()) * max(1.0, np.abs(whole).max())


def test_early_times_keep_their_digits_far_away() -> None:
    """Seven links away the first term is t^7/7! times the product of the couplings."""
    terms, _ = (exponential := Exponential(csr_array(DRIFTS["directed chain"]))).terms(np.eye(30)[:, :1], 1.0)
    time = 1e-4
    found = np.tensordot(exponential.coefficients(np.asarray([time]), len(terms) - 1)[0], terms, 1)[14, 0]
    expected = expm(DRIFTS["directed chain"] * time)[14, 0]
    assert found == pytest.approx((0.5 * time) ** 7 / 5040, rel=1e-3)
    assert found == pytest.approx(expected, rel=1e-12)


def test_waves_are_told_from_flows() -> None:
    assert Exponential(csr_array(DRIFTS["lattice"])).is_wavelike
    assert not Exponential(csr_array(DRIFTS["directed chain"])).is_wavelike


def test_a_stretch_that_would_cancel_is_shortened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MODULE, "_GROWTH", 100.0)
    drift = DRIFTS["directed chain"]
    exponential = Exponential(csr_array(drift))
    wished = exponential.longest
    terms, width = exponential.terms(np.eye(len(drift)), wished)
    assert width < wished
    assert exponential.longest == width
    found = np.tensordot(exponential.coefficients(np.asarray([width]), len(terms) - 1)[0], terms, 1)
    np.testing.assert_allclose(found, exact(drift, width), rtol=0, atol=1e-13)


def test_little_memory_makes_short_stretches(monkeypatch: pytest.MonkeyPatch) -> None:
    drift = csr_array(DRIFTS["lattice"])
    whole = Exponential(drift).longest
    monkeypatch.setattr(MODULE, "TERM_BYTES", 8 * 40 * 50)
    short = Exponential(drift)
    assert short.longest < whole
    assert len(short.terms(np.ones((40, 1)), short.longest)[0]) <= 51


def test_legendre_nodes_integrate_powers() -> None:
    nodes, weights = legendre(40)
    for power in (0, 1, 17, 79):
        assert weights @ nodes**power == pytest.approx(1 / (power + 1), rel=1e-13)
