"""Moments in other conventions: the same state as prepared here, and what cannot be known from numbers alone."""

from __future__ import annotations

import math

import jax
import numpy as np
import pytest

from leyden import merit, states
from leyden.errors import UnphysicalStateError

MEAN = np.array([0.3, -1.2, 0.7, 0.1])


def squeezed_pair(strength: float) -> np.ndarray:
    """Covariance of a two-mode squeezed vacuum in the order x1, p1, x2, p2."""
    own, cross = math.cosh(2 * strength) / 2 * np.eye(2), math.sinh(2 * strength) / 2 * np.diag([1.0, -1.0])
    return np.block([[own, cross], [cross, own]])


@pytest.mark.parametrize("vacuum", [0.5, 1.0, 0.25, 2])
@pytest.mark.parametrize("order", ["xpxp", "xxpp"])
def test_order_and_scale(order: str, vacuum: float) -> None:
    """Written down in the other convention by hand: x1, x2, p1, p2 are places 0, 2, 1, 3 of ours."""
    place = [0, 1, 2, 3] if order == "xpxp" else [0, 2, 1, 3]
    covariance = squeezed_pair(0.4)
    unit = math.sqrt(2 * vacuum)
    found = states.from_moments(
        unit * MEAN[place], unit**2 * covariance[np.ix_(place, place)], order=order, vacuum=vacuum
    )
    np.testing.assert_allclose(found.mean, MEAN, rtol=1e-15)
    np.testing.assert_allclose(found.covariance, covariance, rtol=1e-15, atol=1e-16)
    batch = states.from_moments(
        np.zeros((3, 4)), vacuum * np.ones((5, 1, 1, 1)) * np.eye(4), order=order, vacuum=vacuum
    )
    assert batch.shape == (5, 3)
    assert not np.any(batch.excess)


def test_the_wrong_order_may_be_a_valid_state() -> None:
    """Two modes squeezed together, each thermal by itself, are read as two squeezed modes."""
    place = [0, 2, 1, 3]
    covariance = squeezed_pair(0.5)[np.ix_(place, place)]
    right, wrong = (states.from_moments(np.zeros(4), covariance, order=order) for order in ("xxpp", "xpxp"))
    assert merit.ergotropy(right, 0) == pytest.approx(0.0, abs=1e-16)
    assert merit.ergotropy(wrong, 0) == pytest.approx(math.sinh(0.5) ** 2, rel=1e-13)
    assert states.purity(right) == pytest.approx(states.purity(wrong), rel=1e-13)


@pytest.mark.parametrize(
    ("argument", "given"),
    [
        ("order", {"order": "pxpx"}),
        ("order", {"order": None}),
        ("vacuum", {"vacuum": 0.0}),
        ("vacuum", {"vacuum": -1.0}),
        ("vacuum", {"vacuum": "1"}),
        ("vacuum", {"vacuum": [1.0, 1.0]}),
        ("vacuum", {"vacuum": np.inf}),
    ],
    ids=str,
)
def test_bad_conventions_are_refused(refuses, argument: str, given) -> None:
    refuses(argument, lambda: states.from_moments(np.zeros(4), np.eye(4), **given))


@pytest.mark.parametrize("order", ["xpxp", "xxpp"])
def test_bad_moments_are_refused_in_any_order(refuses, order: str) -> None:
    for mean, covariance in ((np.zeros(3), np.eye(3)), (np.zeros(2), np.eye(4)), (0.0, np.eye(2)), (np.zeros(2), 1.0)):
        refuses("covariance", lambda m=mean, c=covariance: states.from_moments(m, c, order=order))
    with pytest.raises(UnphysicalStateError, match="vacuum's variance is 1/2 here"):
        states.from_moments(np.zeros(4), np.eye(4) / 2, order=order, vacuum=1.0)


def test_traced_moments_are_converted() -> None:
    def work(scale):
        state = states.from_moments(scale * MEAN, np.eye(4), order="xxpp", vacuum=1.0)
        return merit.energy(state, 0)

    with jax.enable_x64(True):
        # <x1> and <p1> are the first and the third entry, over the root of two.
        assert float(jax.jit(jax.grad(work))(1.0)) == pytest.approx((0.3**2 + 0.7**2) / 2, rel=1e-14)
