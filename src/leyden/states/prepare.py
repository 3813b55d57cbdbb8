"""States to start from: vacuum, thermal, coherent, squeezed, and products of them."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from leyden.arrays import imaginary_part, in_double, is_concrete, namespace_of, real_part, to_numpy
from leyden.errors import ParameterError
from leyden.numeric import numbers_of, whole_number
from leyden.states.gaussian import GaussianState, real_array

__all__ = ["coherent", "product", "squeezed", "thermal", "two_mode_squeezed", "vacuum"]


# Beyond these the second moments of a state leave the number range, or what is computed of them does.
_MOST_QUANTA, _MOST_AMPLITUDE, _MOST_SQUEEZING = 1e306, 1e153, 353.0


def _per_mode(name: str, values: Any, *, nonnegative: bool = False, most: float = math.inf) -> Any:
    """An array with one value for each mode along its last axis, checked where it is concrete."""
    values = _checked(name, values, nonnegative=nonnegative, most=most)
    if values.ndim == 0:
        values = values[None]
    if values.shape[-1] == 0:
        raise ParameterError.of(name, "hold a number for each mode, one at least", values)
    return values


def _checked(name: str, values: Any, *, nonnegative: bool = False, most: float = math.inf) -> Any:
    """An array of numbers within bounds, checked where it is concrete."""
    values = real_array(name, values)
    if nonnegative and is_concrete(values) and np.any(to_numpy(values) < 0):
        raise ParameterError.of(name, "not be negative", values)
    if is_concrete(values) and np.max(np.abs(to_numpy(values)), initial=0.0) > most:
        largest = float(np.max(np.abs(to_numpy(values))))
        raise ParameterError.of(name, f"be at most {most:g}, so that second moments stay within floats", largest)
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

    Examples
    --------
    >>> import leyden as ly
    >>> float(ly.merit.energy(ly.states.vacuum(1), 0))
    0.0
    """
    modes = whole_number("modes", modes, 1)
    mean, excess = np.zeros(2 * modes), np.zeros((2 * modes, 2 * modes))
    mean.flags.writeable = excess.flags.writeable = False
    return GaussianState.holding(mean=mean, excess=excess)


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
        If an occupation is negative, not finite or above 1e306.

    Examples
    --------
    >>> import leyden as ly
    >>> state = ly.states.thermal(2.0)
    >>> round(float(ly.states.purity(state)), 12)  # 1 / (2 n + 1)
    0.2
    """
    occupations = _per_mode("occupations", occupations, nonnegative=True, most=_MOST_QUANTA)
    xp = namespace_of(occupations)
    diagonal = xp.repeat(occupations, 2, axis=-1)  # for both quadratures
    return GaussianState(
        mean=xp.zeros_like(diagonal), excess=diagonal[..., None] * xp.eye(diagonal.shape[-1], dtype=xp.float64)
    )


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
        If an amplitude is not finite, or its real or imaginary part above 1e153.

    Examples
    --------
    >>> import leyden as ly
    >>> state = ly.states.coherent(0.5)
    >>> round(float(ly.merit.energy(state, 0)), 12)
    0.25
    """
    given = amplitudes
    try:
        amplitudes = in_double(numbers_of("amplitudes", given, "hold finite numbers, one for each mode"))
        is_finite = not is_concrete(amplitudes) or bool(np.all(np.isfinite(to_numpy(amplitudes))))
    except TypeError:
        is_finite = False
    if not is_finite:
        raise ParameterError.of("amplitudes", "hold finite numbers, one for each mode", given)
    parts = [_per_mode("amplitudes", part(amplitudes), most=_MOST_AMPLITUDE) for part in (real_part, imaginary_part)]
    xp = namespace_of(*parts)
    pairs = xp.stack(parts, axis=-1)
    mean = math.sqrt(2.0) * xp.reshape(pairs, (*pairs.shape[:-2], 2 * pairs.shape[-2]))
    return GaussianState(mean=mean, excess=xp.zeros((*mean.shape, mean.shape[-1]), dtype=xp.float64))


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
        If a number is not finite, or a strength is negative or above 353: a variance of 1e306.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 5.1.

    Examples
    --------
    >>> import leyden as ly
    >>> state = ly.states.squeezed(0.5)
    >>> round(float(ly.merit.energy(state, 0)), 6)  # sinh(r)^2
    0.27154
    """
    strengths = _per_mode("strengths", strengths, nonnegative=True, most=_MOST_SQUEEZING)
    phases = _per_mode("phases", phases)
    xp = namespace_of(strengths, phases)
    try:
        np.broadcast_shapes(strengths.shape, phases.shape)
    except ValueError:
        raise ParameterError.of("phases", f"broadcast against the strengths' {strengths.shape}", phases.shape) from None
    strengths, phases = xp.asarray(strengths), xp.asarray(phases)
    # (e^{-2r} - 1)/2 plus what is positive: a difference of sinh^2 and sinh cosh would lose the narrow variance.
    narrow, stretch = xp.expm1(-2 * strengths) / 2, xp.sinh(2 * strengths)
    along, across = narrow + stretch * xp.sin(phases / 2) ** 2, narrow + stretch * xp.cos(phases / 2) ** 2
    cross = -stretch * xp.sin(phases) / 2
    blocks = xp.stack([xp.stack([along, cross], axis=-1), xp.stack([cross, across], axis=-1)], axis=-2)
    modes = blocks.shape[-3]
    # Row i of mode j's 2 x 2 block, placed in mode j's columns by a constant selection.
    selection = xp.asarray(np.eye(modes)[:, :, None])
    wide = xp.reshape(blocks[..., None, :] * selection[:, None, :, :], (*blocks.shape[:-3], 2 * modes, 2 * modes))
    return GaussianState(mean=xp.zeros(wide.shape[:-1], dtype=xp.float64), excess=wide)


def two_mode_squeezed(strength: Any, phase: Any = 0.0) -> GaussianState:
    """Two-mode squeezed vacuum, <a^dag a> = <b^dag b> = sinh^2 r and <a b> = -e^{i phase} sinh r cosh r.

    Parameters
    ----------
    strength : float or array, shape (...)
        r, not negative; at phase 0, x_a + x_b has variance e^{-2r}.
    phase : float or array, shape (...)
        Squeezing angle, in radians.

    Returns
    -------
    GaussianState
        2 modes, batch axes kept. Each by itself is thermal; together they are pure, of logarithmic negativity 2 r.

    Raises
    ------
    ParameterError
        If a number is not finite, or a strength is negative or above 353.

    References
    ----------
    Serafini, Quantum Continuous Variables (2017), Sec. 5.1.

    Examples
    --------
    >>> from leyden import merit, states
    >>> round(float(merit.log_negativity(states.two_mode_squeezed(0.5), [0], [1])), 12)
    1.0
    """
    strength = _checked("strength", strength, nonnegative=True, most=_MOST_SQUEEZING)
    phase = _checked("phase", phase)
    try:
        np.broadcast_shapes(strength.shape, phase.shape)
    except ValueError:
        raise ParameterError.of("phase", f"broadcast against the strength's {strength.shape}", phase.shape) from None
    xp = namespace_of(strength, phase)
    strength, phase = xp.broadcast_arrays(xp.asarray(strength), xp.asarray(phase))
    number, pairs = xp.sinh(strength) ** 2, xp.sinh(2 * strength) / 2
    real, imaginary = -pairs * xp.cos(phase), -pairs * xp.sin(phase)
    nothing = xp.zeros_like(number)
    rows = [
        [number, nothing, real, imaginary],
        [nothing, number, imaginary, -real],
        [real, imaginary, number, nothing],
        [imaginary, -real, nothing, number],
    ]
    excess = xp.stack([xp.stack(row, axis=-1) for row in rows], axis=-2)
    return GaussianState(mean=xp.zeros(excess.shape[:-1], dtype=xp.float64), excess=excess)


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
        If there is no state, or if batches do not broadcast.

    Examples
    --------
    >>> import leyden as ly
    >>> state = ly.states.product(ly.states.thermal(1.0), ly.states.thermal(2.0))
    >>> float(ly.merit.energy(state, 1))
    2.0
    """
    if not states or not all(isinstance(state, GaussianState) for state in states):
        raise ParameterError.of("states", "be GaussianState records, at least one", states)
    xp = namespace_of(*(array for state in states for array in (state.mean, state.excess)))
    try:
        shape = np.broadcast_shapes(*(state.shape for state in states))
    except ValueError:
        shapes = [state.shape for state in states]
        raise ParameterError.of("states", "have batches that broadcast", shapes) from None
    means = [xp.broadcast_to(xp.asarray(state.mean), (*shape, state.mean.shape[-1])) for state in states]
    sizes = [state.mean.shape[-1] for state in states]
    rows: list[Any] = []
    for row, state in enumerate(states):
        block = xp.broadcast_to(xp.asarray(state.excess), (*shape, sizes[row], sizes[row]))
        before = xp.zeros((*shape, sizes[row], sum(sizes[:row])), dtype=xp.float64)
        after = xp.zeros((*shape, sizes[row], sum(sizes[row + 1 :])), dtype=xp.float64)
        rows.append(xp.concat([before, block, after], axis=-1))
    return GaussianState(mean=xp.concat(means, axis=-1), excess=xp.concat(rows, axis=-2))
