"""Gaussian states: checked when made from moments; spectrum, purity and entropy against their definitions."""

from __future__ import annotations

import math
import re
from typing import Any

import jax
import numpy as np
import pytest
from numpy.typing import NDArray

import leyden as ly
from leyden import states
from leyden.conventions import symplectic_form
from leyden.dense import propagate
from leyden.errors import UnphysicalStateError
from leyden.states import GaussianState

VACUUM = np.eye(2) / 2


def random_covariance(seed: int, modes: int, *, pure: bool = False) -> tuple[NDArray, NDArray]:
    """S diag(nu, nu, ...) S^T with a random symplectic S: single-mode squeezings between two random rotations."""
    rng = np.random.default_rng(seed)

    def passive() -> NDArray:
        unitary, _ = np.linalg.qr(rng.normal(size=(modes, modes)) + 1j * rng.normal(size=(modes, modes)))
        return np.kron(unitary.real, np.eye(2)) - np.kron(unitary.imag, [[0, 1], [-1, 0]])

    strengths = rng.uniform(0, 1.5, modes)
    squeeze = np.diag(np.stack([np.exp(strengths), np.exp(-strengths)], axis=-1).ravel())
    symplectic = passive() @ squeeze @ passive()
    omega = symplectic_form(modes)
    np.testing.assert_allclose(symplectic @ omega @ symplectic.T, omega, atol=1e-13)
    values = np.full(modes, 0.5) if pure else np.sort(rng.uniform(0.5, 3, modes))
    covariance = symplectic @ np.diag(np.repeat(values, 2)) @ symplectic.T
    return (covariance + covariance.T) / 2, values


def state_of(covariance: NDArray) -> GaussianState:
    return GaussianState.from_moments(np.zeros(covariance.shape[-1]), covariance)


def test_moments_round_trip() -> None:
    covariance, _ = random_covariance(3, 2)
    mean = np.arange(4.0)
    state = GaussianState.from_moments(mean, covariance)
    np.testing.assert_array_equal(state.mean, mean)
    np.testing.assert_allclose(state.covariance, covariance, rtol=0, atol=1e-15)
    assert state.modes == 2
    assert GaussianState.from_moments([0, 1], [[1, 0], [0, 1]]).excess.tolist() == [[0.5, 0.0], [0.0, 0.5]]


def test_moments_share_their_batch() -> None:
    state = GaussianState.from_moments(np.zeros((3, 1, 2)), np.stack([VACUUM, 2 * VACUUM]))
    assert state.mean.shape == (3, 2, 2)
    assert state.excess.shape == (3, 2, 2, 2)
    assert GaussianState(mean=np.zeros((3, 1, 2)), excess=np.zeros((5, 2, 2))).shape == (3, 5)


def test_reduced_states_keep_the_order_asked_for() -> None:
    covariance, _ = random_covariance(4, 3)
    state = GaussianState.from_moments(np.arange(6.0), covariance)
    found = state.reduced([2, 0])
    assert found.mean.tolist() == [4.0, 5.0, 0.0, 1.0]
    np.testing.assert_array_equal(found.excess, state.excess[np.ix_([4, 5, 0, 1], [4, 5, 0, 1])])


@pytest.mark.parametrize(
    ("argument", "mean", "covariance"),
    [
        ("mean", "x", VACUUM),
        ("mean", None, VACUUM),
        ("mean", [np.nan, 0.0], VACUUM),
        ("mean", [0.0, 1j], VACUUM),
        ("mean", ["a", "b"], VACUUM),
        ("covariance", [0.0, 0.0], None),
        ("covariance", [0.0, 0.0], [[np.inf, 0.0], [0.0, 1.0]]),
        ("covariance", [0.0, 0.0], VACUUM + 0j),
        ("covariance", [0.0, 0.0], [[1.0], [1.0, 2.0]]),
        ("covariance", 0.0, VACUUM),
        ("covariance", [], np.zeros((0, 0))),
        ("covariance", [0.0, 0.0, 0.0], np.eye(3)),
        ("covariance", [0.0, 0.0], np.eye(4)),
        ("covariance", [0.0, 0.0], np.ones(2)),
        ("covariance", np.zeros((3, 2)), np.stack([VACUUM, VACUUM])),
        ("covariance", [0.0, 0.0], [[0.6, 0.1], [0.0, 0.6]]),
    ],
    ids=str,
)
def test_bad_moments_are_refused(refuses, argument: str, mean, covariance) -> None:
    refuses(argument, lambda: GaussianState.from_moments(mean, covariance))


@pytest.mark.parametrize(
    ("covariance", "smallest"),
    [(VACUUM / 2, 0.25), (-VACUUM, 0.0), (np.diag([0.1, 0.1, 5.0, 5.0]), 0.1), (np.diag([1e-3, 5.0]), 0.0707107)],
    ids=str,
)
def test_unphysical_moments_are_refused(covariance: NDArray, smallest: float) -> None:
    with pytest.raises(UnphysicalStateError, match="vacuum's variance is 1/2 here") as caught:
        state_of(covariance)
    assert caught.value.smallest_symplectic_eigenvalue == pytest.approx(smallest, rel=1e-5)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("strength", [0.0, 1.0, 5.0])
def test_the_uncertainty_bound_has_room_for_rounding(strength: float) -> None:
    """V + i Omega/2 is judged by its lowest eigenvalue, -(1/4 - nu^2)/Tr V here, against 1e-10 of the largest V."""
    squeezed = states.squeezed(strength, 0.3).covariance
    assert state_of(squeezed).modes == 1
    margin = 1e-10 * np.max(np.abs(squeezed)) * np.trace(squeezed)
    with pytest.raises(UnphysicalStateError):
        state_of(squeezed * math.sqrt(1 - 8 * margin))
    assert state_of(squeezed * math.sqrt(1 - 0.5 * margin)).modes == 1


def test_traced_moments_are_not_looked_at() -> None:
    """JAX traces with arrays that have no numbers yet."""

    def smallest(covariance: Any) -> Any:
        return states.symplectic_eigenvalues(GaussianState.from_moments(np.zeros(4), covariance))

    with jax.enable_x64(True):
        np.testing.assert_allclose(jax.jit(smallest)(np.eye(4) / 4), [0.25, 0.25], rtol=1e-14)


def test_fields_are_named() -> None:
    """By position an excess was taken for the covariance that it is not."""
    with pytest.raises(TypeError, match="positional"):
        GaussianState(np.zeros(2), VACUUM)  # pyright: ignore[reportCallIssue]
    assert GaussianState(mean=np.zeros(2), excess=np.zeros((2, 2))).covariance.tolist() == VACUUM.tolist()


@pytest.mark.parametrize(
    ("mean", "excess"),
    [
        (np.zeros(4), -np.eye(4)),
        (np.zeros(4), np.diag([0.0, 0.0, -0.1, -0.1])),
        (np.zeros(4), np.stack([1e12 * np.eye(4), -1e-3 * np.eye(4)])),
        (np.zeros(4), np.diag([1e3, -0.5, 0.0, 0.0])),
        (np.zeros(4), np.kron([[0, 1], [1, 0]], np.eye(2))),
    ],
    ids=["minus one", "second mode", "in a batch", "squeezed too far", "correlations alone"],
)
def test_a_charge_starts_from_states_of_nature_only(mean: NDArray, excess: NDArray) -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    with pytest.raises(UnphysicalStateError, match="Argument `initial` must obey") as caught:
        ly.charge(device, [0.0, 1.0], initial=GaussianState(mean=mean, excess=excess))
    assert caught.value.smallest_symplectic_eigenvalue < 0.5
    assert len(str(caught.value)) <= 300


@pytest.mark.parametrize(
    ("mean", "excess", "what"),
    [
        (np.zeros(4), np.zeros((2, 2)), "shape"),
        (np.zeros((3, 4)), np.zeros((2, 4, 4)), "shape"),
        (np.zeros(4), np.full((4, 4), np.nan), "finite"),
        (np.zeros(4), np.diag([np.inf, 0, 0, 0]), "finite"),
        (np.array([1e200, 0, 0, 0]), np.zeros((4, 4)), "up to 1e+307"),
        (np.zeros(4), np.eye(4) + np.eye(4, k=1), "symmetric"),
        (np.zeros(2), np.zeros((2, 2)), "2 modes"),
    ],
    ids=str,
)
def test_a_charge_starts_from_states_that_fit(refuses, mean: NDArray, excess: NDArray, what: str) -> None:
    device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    refuses("initial", lambda: ly.charge(device, [0.0, 1.0], initial=GaussianState(mean=mean, excess=excess)), what)
    refuses("mean", lambda: GaussianState(mean=0.0, excess=np.zeros((2, 2))), "axis of quadratures")


@pytest.mark.parametrize("strength", [0.0, 1e-6, 3.0, 8.0, 20.0, 300.0])
def test_rounding_is_no_reason_to_refuse_a_state(strength: float) -> None:
    """What has been charged, squeezed without end included, can be charged on; so can what is off by rounding."""
    device = ly.Network([ly.Mode("a"), ly.Mode("b")], [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("b", 0.1)], "a", "b")
    start = states.squeezed([strength, strength / 2], [0.3, 1.0])
    later = propagate(ly.moment_equations(device), start, np.array([0.0, 1.0, 7.0]))
    for excess in (start.excess, *later.excess, start.excess - 1e-16 * np.eye(4)):
        run = ly.charge(device, [0.0, 0.1], initial=GaussianState(mean=np.zeros(4), excess=excess))
        assert np.isfinite(run.stored_energy).all()


def test_a_state_is_printed_in_a_line_and_shown_by_modes() -> None:
    """Mode 1 with a thermal quantum: a variance of 3/2; a displacement of x = 2 in mode 0."""
    excess = np.diag([0.0, 0.0, 1.0, 1.0])
    state = GaussianState(mean=np.array([2.0, 0.0, 0.0, 0.0]), excess=excess)
    assert repr(state) == "<GaussianState of 2 modes>"
    rows = [re.findall(r"<t[hd]>(.*?)</t[hd]>", row) for row in state._repr_html_().split("<tr>")[2:]]
    assert rows == [["0", "2", "0", "0.5", "0", "0.5"], ["1", "0", "0", "1.5", "0", "1.5"]]
    batch = GaussianState(mean=np.zeros((3, 2)), excess=np.zeros((2, 2)))
    assert repr(batch) == "<GaussianState of 1 mode, batch of shape (3,)>"
    assert "batch of shape (3,)" in batch._repr_html_()
