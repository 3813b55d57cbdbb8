"""Fixed points in the ladder basis: residuals in both kinds of moments, batches, singular members."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra import ladder, solve_components, solve_lyapunov

ROUNDING = 1e-12


def problem(seed: int, modes: int, batch: tuple[int, ...] = (), weak: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Parts of a stable drift and of a source; antilinear parts of both, from drives, of size `weak`."""
    rng = np.random.default_rng(seed)
    drift, source = rng.normal(size=(2, *batch, 4, modes, modes))
    drift[..., 0, :, :] -= 4 * modes * np.eye(modes)
    scale = np.array([1, 1, weak, weak])[:, None, None]
    source = ladder.parts_of(np.swapaxes(matrix := ladder.matrix_of(source), -1, -2) + matrix)
    return drift * scale, source * scale * np.array([0, 0, 1, 1])[:, None, None]


@pytest.mark.parametrize("batch", [(), (3,), (100,), (10, 7)], ids=str)
@pytest.mark.parametrize("modes", [1, 2, 3])
def test_solutions_are_those_of_the_matrices(modes: int, batch: tuple[int, ...]) -> None:
    drift, source = problem(1, modes, batch)
    found = ladder.excess_of(solve_components(drift, source), modes)
    expected = solve_lyapunov(ladder.matrix_of(drift), ladder.matrix_of(source))
    np.testing.assert_allclose(found, expected, rtol=0, atol=ROUNDING)


@pytest.mark.parametrize("batch", [(), (100,)], ids=str)
@pytest.mark.parametrize("weak", [1e-3, 1e-12, 1e-100])
def test_second_orders_keep_their_digits(weak: float, batch: tuple[int, ...]) -> None:
    """M = m weak, L = l weak^2: the scaled equations, without their corrections of fourth order."""
    drift, source = problem(2, 2, batch, weak)
    components = solve_components(drift, source)
    first, second = components[:6] / weak, components[6:] / weak**2
    bare, unit = problem(2, 2, batch, 1.0)
    linear = bare * np.array([1, 1, 0, 0])[:, None, None]
    anomalous = solve_components(linear, unit)
    np.testing.assert_allclose(first, anomalous[:6], rtol=1e-11, atol=10 * weak**2)
    # What the drives make of the anomalous moments is the source of the normal ones.
    pumped = ladder.matrix_of(bare - linear) @ ladder.excess_of(anomalous, 2)
    pumped = ladder.parts_of(pumped + np.swapaxes(pumped, -1, -2))
    np.testing.assert_allclose(second, solve_components(linear, pumped)[6:], rtol=1e-11, atol=10 * weak**2)


def test_zero_where_no_source_leads() -> None:
    """Exactly: the first mode drives the second, and not the other way."""
    drift, source = problem(3, 2)
    drift[:, 0, 1] = 0.0
    source[:, 0, :] = source[:, :, 0] = 0.0
    excess = ladder.excess_of(solve_components(drift, source), 2)
    assert not np.any(excess[:2])
    assert np.all(np.diag(excess)[2:])


@pytest.mark.parametrize("members", [1, 100])
def test_singular_members_are_missing_and_spoil_nothing(members: int) -> None:
    drift, source = problem(4, 1, (members,))
    expected = solve_components(drift, source)
    drift[0] = 0.0
    found = solve_components(drift, source)
    assert not np.all(np.isfinite(found[:, 0]))
    np.testing.assert_array_equal(found[:, 1:], expected[:, 1:])
