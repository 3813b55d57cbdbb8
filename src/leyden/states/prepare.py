"""States to start from: vacuum, thermal, coherent, squeezed, and products of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.backend import Array, imaginary_part, is_concrete, namespace_of, real_part, to_numpy
from leyden.errors import ParameterError
from leyden.states.gaussian import GaussianState

__all__ = ["coherent", "product", "squeezed", "thermal", "vacuum"]


def _per_mode(name: str, values: Any, *, nonnegative: bool = False) -> Any:
    """An array with one value for each mode along its last axis, checked where it is concrete."""
    values = np.asarray(values) if isinstance(values, (int, float, complex, list, tuple)) else values
    if values.ndim == 0:
        values = values[None]
    if is_concrete(values):
        found = to_numpy(values)
        if found.dtype.kind not in "iufc" or not np.all(np.isfinite(found)):
            raise ParameterError.of(name, "hold finite numbers, one for each mode", values)
        if nonnegative and (found.dtype.kind == "c" or np.any(found < 0)):
            raise ParameterError.of(name, "not be negative", values)
    return values


def vacuum(modes: int) -> GaussianState:
    """Vacuum of some modes.

    Parameters
    ----------
    modes : int
        Their number, at least 1.

    Returns
    -------
    GaussianState
        Mean zero, covariance 1/2.

    Raises
    ------
    ParameterError
        If there is no mode.
    """
    if not isinstance(modes, (int, np.integer)) or modes < 1:
        raise ParameterError.of("modes", "be a whole number, at least 1", modes)
    return GaussianState(np.zeros(2 * modes), np.zeros((2 * modes, 2 * modes)))


def thermal(occupations: Any) -> GaussianState:
    """Thermal state, V = n + 1/2 in each mode.

    Parameters
    ----------
    occupations : float or array, shape (..., N)
        Mean occupation n of each mode, not negative.

    Returns
    -------
    GaussianState
        N modes, batch axes kept.

    Raises
    ------
    ParameterError
        If an occupation is negative or not finite.
    """
    occupations = _per_mode("occupations", occupations, nonnegative=True)
    xp = namespace_of(occupations)
    diagonal = _twice(xp, occupations)
    return GaussianState(xp.zeros_like(diagonal), diagonal[..., None] * xp.eye(diagonal.shape[-1], dtype=xp.float64))


def coherent(amplitudes: Any) -> GaussianState:
    """Coherent state, <a> = alpha in each mode.

    Parameters
    ----------
    amplitudes : complex or array, shape (..., N)
        alpha of each mode.

    Returns
    -------
    GaussianState
        N modes, batch axes kept; |alpha|^2 quanta in each.

    Raises
    ------
    ParameterError
        If an amplitude is not finite.
    """
    amplitudes = _per_mode("amplitudes", amplitudes)
    xp = namespace_of(amplitudes)
    pairs = xp.stack([xp.asarray(real_part(amplitudes)), xp.asarray(imaginary_part(amplitudes))], axis=-1)
    mean = np.sqrt(2.0) * xp.reshape(pairs, (*pairs.shape[:-2], 2 * pairs.shape[-2]))
    return GaussianState(mean, xp.zeros((*mean.shape, mean.shape[-1]), dtype=xp.float64))


def squeezed(strengths: Any, phases: Any = 0.0) -> GaussianState:
    """Squeezed vacuum, <a^dag a> = sinh^2 r and <a^2> = -e^{i phase} sinh r cosh r in each mode.

    Parameters
    ----------
    strengths : float or array, shape (..., N)
        r of each mode, not negative; at phase 0, x has variance e^{-2r}/2.
    phases : float or array, shape (..., N)
        Squeezing angle, in radians.

    Returns
    -------
    GaussianState
        N modes, batch axes kept.

    Raises
    ------
    ParameterError
        If a number is not finite or a strength is negative.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 5.1.
    """
    strengths = _per_mode("strengths", strengths, nonnegative=True)
    phases = _per_mode("phases", phases)
    xp = namespace_of(strengths, phases)
    number = xp.sinh(strengths) ** 2 + 0.0 * phases
    pairing = xp.sinh(strengths) * xp.cosh(strengths)
    real, imaginary = -pairing * xp.cos(phases), -pairing * xp.sin(phases)
    blocks = xp.stack(
        [xp.stack([number + real, imaginary], axis=-1), xp.stack([imaginary, number - real], axis=-1)], axis=-2
    )
    modes = blocks.shape[-3]
    # Row i of mode j's 2 x 2 block, placed in mode j's columns by a constant selection.
    selection = xp.asarray(np.eye(modes)[:, :, None])
    wide = xp.reshape(blocks[..., None, :] * selection[:, None, :, :], (*blocks.shape[:-3], 2 * modes, 2 * modes))
    return GaussianState(xp.zeros(wide.shape[:-1], dtype=xp.float64), wide)


def product(*states: GaussianState) -> GaussianState:
    """Product of states of different modes, in order.

    Parameters
    ----------
    *states : GaussianState
        At least one; batch axes broadcast.

    Returns
    -------
    GaussianState
        All their modes, uncorrelated.

    Raises
    ------
    ParameterError
        If there is no state.
    """
    if not states:
        raise ParameterError.of("states", "hold at least one GaussianState", states)
    xp = namespace_of(*(array for state in states for array in (state.mean, state.excess)))
    shape = np.broadcast_shapes(*(state.mean.shape[:-1] for state in states))
    means = [xp.broadcast_to(xp.asarray(state.mean), (*shape, state.mean.shape[-1])) for state in states]
    sizes = [state.mean.shape[-1] for state in states]
    rows: list[Any] = []
    for row, state in enumerate(states):
        block = xp.broadcast_to(xp.asarray(state.excess), (*shape, sizes[row], sizes[row]))
        before = xp.zeros((*shape, sizes[row], sum(sizes[:row])), dtype=xp.float64)
        after = xp.zeros((*shape, sizes[row], sum(sizes[row + 1 :])), dtype=xp.float64)
        rows.append(xp.concat([before, block, after], axis=-1))
    return GaussianState(xp.concat(means, axis=-1), xp.concat(rows, axis=-2))


def _twice(xp: Any, values: Array) -> Array:
    """Each mode's value for both of its quadratures."""
    values = xp.asarray(values, dtype=xp.float64)
    return xp.reshape(xp.stack([values, values], axis=-1), (*values.shape[:-1], 2 * values.shape[-1]))
