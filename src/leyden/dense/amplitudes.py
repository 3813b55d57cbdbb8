"""The moment equations in amplitudes z = x + i p: what weak drives and early times need for their digits."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, complex_of, imaginary_part, is_concrete, namespace_of, real_part, to_numpy
from leyden.equations.moments import MomentEquations

__all__ = ["amplitudes_of", "generator_in_amplitudes", "is_needed", "moments_in_amplitudes", "parts_in_amplitudes"]

# A step in x and p rounds the normal moments, of second order in a weak drive or an early time, like the anomalous
# ones, of first order. In (z, z*) they are blocks of their own, see `leyden.algebra.ladder`, and no product mixes them:
#
#     A -> [[L, M], [M*, L*]],    S -> [[M, L], [L*, M*]],    S moves to Phi S Phi^T + W as before
#
# with the linear part L and the antilinear part M of each matrix. Complex products cost four times as much as real
# ones, so that this is the way only where it is needed.

# Normal over anomalous moments below which rounding of one would be seen in the other.
_WEAK = 1e-3
# Modes up to which there is time and memory for complex matrices.
_MOST_MODES = 64


def is_needed(equations: MomentEquations, times: NDArray[np.float64]) -> bool:
    """Whether some device of a batch is driven so weakly, or asked so early, that x and p would lose digits."""
    later = times[times > 0]
    if not len(later) or len(equations.mode_names) > _MOST_MODES:
        return False
    parts = equations.drift_parts, equations.source_parts
    if not all(map(is_concrete, parts)):
        return False
    drift, source = (np.abs(to_numpy(part)) for part in parts)
    axes = (-3, -2, -1)
    drive = drift[..., 2:, :, :].max(axis=axes)
    fastest = np.maximum(drift.max(axis=axes), drive)
    squeezing, heat = source[..., 2:, :, :].max(axis=axes), source[..., :2, :, :].max(axis=axes)
    is_weak = drive * np.minimum(later[0] * fastest, 1.0) < _WEAK * fastest
    return bool(np.any((drive > 0) & (is_weak | (squeezing < _WEAK * heat))))


def amplitudes_of(quadratures: Array) -> Array:
    """z and z* of a mean, a rate or a forcing (..., 2N)."""
    xp = namespace_of(quadratures)
    x, p = quadratures[..., ::2], quadratures[..., 1::2]
    return xp.concat([complex_of(x, p), complex_of(x, -p)], axis=-1)


def generator_in_amplitudes(parts: Array) -> Array:
    """A drift on (z, z*), from its parts (..., 4, N, N)."""
    return _blocks(parts, first=0)


def moments_in_amplitudes(parts: Array) -> Array:
    """A covariance or a source on (z, z*), symmetric, from its parts (..., 4, N, N)."""
    return _blocks(parts, first=2)


def _blocks(parts: Array, first: int) -> Array:
    """Two rows of blocks that begin with the linear part, 0, or with the antilinear one, 2."""
    xp = namespace_of(parts)
    rows: list[Any] = []
    for sign in (1, -1):
        one, other = (
            complex_of(parts[..., part, :, :], sign * parts[..., part + 1, :, :]) for part in (first, 2 - first)
        )
        rows.append(xp.concat([one, other] if sign > 0 else [other, one], axis=-1))
    return xp.concat(rows, axis=-2)


def parts_in_amplitudes(moments: Array) -> Array:
    """Parts (..., 4, N, N) of a covariance from what it is on (z, z*)."""
    xp = namespace_of(moments)
    modes = moments.shape[-1] // 2
    anti, linear = moments[..., :modes, :modes], moments[..., :modes, modes:]
    found = [take(part) for part in (linear, anti) for take in (real_part, imaginary_part)]
    return xp.stack(found, axis=-3)
