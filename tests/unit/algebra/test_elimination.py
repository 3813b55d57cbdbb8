"""Elimination with the batch innermost: residuals, patterns of zeros, layouts."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.algebra import elimination, solve_linear


def stable_batch(seed: int, size: int, count: int, density: float = 1.0) -> tuple[np.ndarray, np.ndarray]:
    """Drifts whose diagonal dominates, with a common pattern of zeros, and symmetric sources, batch innermost."""
    rng = np.random.default_rng(seed)
    pattern = rng.random((size, size, 1)) < density
    drift = rng.normal(size=(size, size, count)) * pattern - 3 * size * np.eye(size)[..., None]
    source = rng.normal(size=(size, size, count))
    return drift, source + np.swapaxes(source, 0, 1)


@pytest.mark.parametrize("density", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("size", [1, 2, 4, 6])
def test_solutions_obey_their_equations(size: int, density: float) -> None:
    drift, source = stable_batch(size, size, 50, density)
    found = elimination.eliminate_lyapunov(drift, source)
    moved = np.einsum("ikb,kjb->ijb", drift, found)
    # Diagonally dominant, so that nothing grows: a few roundings of numbers of size one.
    np.testing.assert_allclose(moved + np.swapaxes(moved, 0, 1), -source, rtol=0, atol=1e-14)
    np.testing.assert_array_equal(found, np.swapaxes(found, 0, 1))
    x = elimination.eliminate(drift, source[0])
    np.testing.assert_allclose(np.einsum("ikb,kb->ib", drift, x), source[0], rtol=0, atol=1e-14)


def test_inputs_are_left_alone() -> None:
    drift, source = stable_batch(3, 4, 10)
    copies = drift.copy(), source.copy()
    elimination.eliminate_lyapunov(drift, source)
    elimination.eliminate(drift, source[0])
    np.testing.assert_array_equal(drift, copies[0])
    np.testing.assert_array_equal(source, copies[1])


def test_errors_are_residuals_over_sizes() -> None:
    """A wrong answer is told by its residual, entry by entry of the batch."""
    drift, source = stable_batch(4, 3, 5)
    found = elimination.eliminate_lyapunov(drift, source)
    assert np.max(elimination.lyapunov_error(drift, source, found)) < 1e-15
    found[0, 2, 3] = found[2, 0, 3] = found[0, 2, 3] + 1e-3
    error = elimination.lyapunov_error(drift, source, found)
    assert np.all(np.delete(error, 3) < 1e-15)
    one, other, wrong = drift[..., 3], source[..., 3], found[..., 3]
    residual = np.max(np.abs(one @ wrong + wrong @ one.T + other))
    scale = 2 * np.max(np.abs(one)) * np.max(np.abs(wrong)) + np.max(np.abs(other))
    assert error[3] == pytest.approx(residual / scale, rel=1e-9)
    x = elimination.eliminate(drift, source[0])
    x[1, 2] += 1e-3
    error = elimination.linear_error(drift, source[0], x)
    assert np.all(np.delete(error, 2) < 1e-15)
    residual = np.max(np.abs(drift[..., 2] @ x[:, 2] - source[0, :, 2]))
    scale = np.max(np.abs(drift[..., 2])) * np.max(np.abs(x[:, 2])) + np.max(np.abs(source[0, :, 2]))
    assert error[2] == pytest.approx(residual / scale, rel=1e-9)


def test_layouts_are_views() -> None:
    batch = np.arange(2 * 3 * 4 * 4.0).reshape(2, 3, 4, 4)
    inner = elimination.innermost(batch, batch.shape, 2)
    assert inner.shape == (4, 4, 6)
    assert np.shares_memory(inner, batch)
    np.testing.assert_array_equal(elimination.outermost(inner, (2, 3), 2), batch)
    wide = elimination.innermost(batch[:, :1], (2, 3, 4, 4), 2)
    np.testing.assert_array_equal(elimination.outermost(wide, (2, 3), 2), np.broadcast_to(batch[:, :1], batch.shape))


def test_blocks_have_rows_side_by_side(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elimination, "_BLOCK", 4)
    outer = np.random.default_rng(1).random((10, 2, 2))
    vectors = np.random.default_rng(2).random((2, 10))
    seen = []
    for block, (matrix, vector) in elimination.blocks_of(np.moveaxis(outer, 0, -1), vectors):
        assert matrix.strides[-1] == vector.strides[-1] == 8
        np.testing.assert_array_equal(matrix, np.moveaxis(outer[block], 0, -1))
        np.testing.assert_array_equal(vector, vectors[:, block])
        seen += range(10)[block]
    assert seen == list(range(10))


@pytest.mark.parametrize("count", [3, 200])
@pytest.mark.parametrize("size", [1, 4, 20])
def test_linear_equations(size: int, count: int) -> None:
    rng = np.random.default_rng(size)
    matrix, right = rng.normal(size=(count, 1, size, size)), rng.normal(size=(2, size))
    found = solve_linear(matrix, right)
    assert found.shape == (count, 2, size)
    residual = np.abs((matrix @ found[..., None])[..., 0] - right).max(axis=-1)
    scale = size * np.abs(matrix).max(axis=(-2, -1)) * np.abs(found).max(axis=-1) + np.abs(right).max(axis=-1)
    assert np.max(residual / scale) < 1e-14


def test_linear_equations_with_vanishing_pivots() -> None:
    """[[0, 1], [1, 0]] x = b swaps b; elimination without pivots divides by zero and is not believed."""
    matrix = np.broadcast_to(np.array([[0.0, 1.0], [1.0, 0.0]]), (100, 2, 2))
    right = np.random.default_rng(1).random((100, 2))
    np.testing.assert_array_equal(solve_linear(matrix, right), right[:, ::-1])
