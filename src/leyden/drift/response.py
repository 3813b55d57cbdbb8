"""Response of a device to what is sent in at a frequency: transfer between its modes, and noise in and out of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, conjugate, is_numpy, missing_where, namespace_of
from leyden.drift.ports import Ports
from leyden.equations.moments import MomentEquations
from leyden.equations.rounding import without_rounding

__all__ = [
    "Output",
    "Transfer",
    "ladder_drift",
    "noise_spectrum",
    "output_of",
    "quotient",
    "scattering",
    "stood_in",
    "susceptibility",
    "transfer",
]

Real = NDArray[np.float64]

# Everything is computed for the amplitudes (a_1, ..., a_N, a_1^dag, ..., a_N^dag), whose drift is [[L, M], [M*, L*]]:
# without parametric drives M is exactly zero, and so is all that it would make.


class Transfer(NamedTuple):
    """Amplitude of each mode for a unit force on each other one, shape (..., f, N, N), [to, from], in 1/rate."""

    direct: Array  # <a_to>(omega) for a force on a_from at omega
    conjugate: Array  # the same for a force on a_from^dag: the idler


class Output(NamedTuple):
    """Noise that leaves through each port, shape (..., f, P)."""

    squeezed: Array  # variance of the quadrature that is quietest at this frequency, 1 in the vacuum
    amplified: Array  # of the loudest one, at right angles to it
    angle: Array  # theta of the quietest quadrature x cos theta + p sin theta, between 0 and pi
    flux: Array  # quanta for each unit of time and of frequency/2pi, 0 in the vacuum


def ladder_drift(equations: MomentEquations) -> Array:
    """Drift of the amplitudes and their adjoints, shape (..., 2N, 2N), complex; links that cancel are none."""
    parts = equations.drift_parts
    xp = namespace_of(parts)
    if xp is np:
        drift = without_rounding(equations.drift, equations.drift_rounding)
        size = drift.shape[-1] // 2
        blocks = drift.reshape(*drift.shape[:-2], size, 2, size, 2)
        parts = np.where((blocks != 0).any(axis=(-3, -1))[..., None, :, :], parts, 0.0)
    parts = xp.astype(parts, xp.complex128)
    linear, anti = (parts[..., k, :, :] + 1j * parts[..., k + 1, :, :] for k in (0, 2))
    rows = [xp.concat(row, axis=-1) for row in ([linear, anti], [xp.conj(anti), xp.conj(linear)])]
    return xp.concat(rows, axis=-2)


def stood_in(drift: Array, stable: Array) -> Array:
    """The drift, with one that can be inverted at every frequency in place of those that do not decay."""
    xp = namespace_of(drift, stable)
    return xp.where(xp.asarray(stable)[..., None, None], drift, -xp.eye(drift.shape[-1], dtype=drift.dtype))


def _reach(matrix: Array) -> Array:
    """Whether one amplitude acts on another, directly or round about, shape (..., n, n)."""
    xp = namespace_of(matrix)
    size = matrix.shape[-1]
    found = xp.astype((matrix != 0) | xp.eye(size, dtype=xp.bool), xp.float64)
    for _ in range(max(1, (size - 1).bit_length())):
        found = xp.astype(found @ found > 0, xp.float64)
    return found > 0


def susceptibility(drift: Array, frequencies: Real) -> Array:
    """X(omega) = (i omega - A)^{-1}, shape (..., f, n, n); exactly zero where nothing acts on the other."""
    xp = namespace_of(drift)
    turning = xp.asarray(1j * frequencies)[:, None, None] * xp.eye(drift.shape[-1], dtype=xp.complex128)
    found = xp.linalg.inv(turning - xp.astype(drift, xp.complex128)[..., None, :, :])
    # Elimination with pivots would leave rounding where a one-way device has nothing.
    return xp.where(_reach(drift)[..., None, :, :], found, xp.zeros_like(found))


def transfer(inverse: Array) -> Transfer:
    """Transfer between the modes from the susceptibility of the amplitudes."""
    size = inverse.shape[-1] // 2
    return Transfer(inverse[..., :size, :size], inverse[..., :size, size:])


def quotient(above: Array, below: Array) -> Array:
    """Quotient of two sizes, NaN where the lower one is zero, or so small that the quotient is out of range."""
    xp = namespace_of(above, below)
    is_none = below <= above * 1e-150
    return missing_where(is_none, above / xp.where(is_none, xp.ones_like(below), below))


def scattering(inverse: Array, ports: Ports) -> Array:
    """S(omega) with (b, b^dag)_out = S (t, t^dag)_in, shape (..., f, 2P, 2P): all b first, then their adjoints."""
    xp = namespace_of(inverse, ports.lowering)
    down, up = xp.asarray(ports.lowering), xp.asarray(ports.raising)

    def stacked(first: list[Array], second: list[Array]) -> Array:
        return xp.concat([xp.concat(first, axis=-1), xp.concat(second, axis=-1)], axis=-2)[..., None, :, :]

    out = stacked([down, up], [conjugate(up), conjugate(down)])
    # The noise of X is -[X, o^dag] b + b^dag [X, o].
    into = stacked([-conjugate(down).mT, up.mT], [conjugate(up).mT, -down.mT])
    found = out @ inverse @ into
    found = found + xp.eye(found.shape[-1], dtype=xp.complex128)
    return found if ports.squeezing is None else found @ _squeezed(ports.squeezing)


def _squeezed(squeezing: Array) -> Array:
    """From thermal fields t to the fields that come in, b = t cosh r - e^{i phi} t^dag sinh r, (..., 1, 2P, 2P)."""
    xp = namespace_of(squeezing)
    straight = 1 / xp.sqrt(1 - xp.real(squeezing * xp.conj(squeezing)))
    straight = xp.astype(straight, xp.complex128)
    eye = xp.eye(squeezing.shape[-1], dtype=xp.complex128)
    same, cross = straight[..., None] * eye, (-straight * squeezing)[..., None] * eye
    rows = [xp.concat(row, axis=-1) for row in ([same, cross], [xp.conj(cross), xp.conj(same)])]
    return xp.concat(rows, axis=-2)[..., None, :, :]


def _square(values: Array) -> Array:
    xp = namespace_of(values)
    return xp.real(values) ** 2 + xp.imag(values) ** 2


def _squares(values: Array) -> Array:
    return namespace_of(values).sum(_square(values), axis=-1)


def output_of(matrix: Array, occupation: Array) -> Output:
    """Noise that leaves through each port, from S(omega) and what comes in."""
    xp = namespace_of(matrix, occupation)
    count = matrix.shape[-1] // 2
    occupation = xp.asarray(occupation)[..., None, None, :]
    there = matrix[..., :count, :]
    straight, crossed = there[..., :count], there[..., count:]
    flux = xp.sum(_square(straight) * occupation + _square(crossed) * (occupation + 1), axis=-1)
    back = matrix[..., count:, :]
    loud = xp.astype(xp.concat([2 * occupation + 1, 2 * occupation + 1], axis=-1) ** 0.5, xp.complex128)
    x, p = (there + back) * loud * 0.5**0.5, (there - back) * loud * (-1j * 0.5**0.5)
    xx, pp = _squares(x), _squares(p)
    cross = xp.sum(xp.real(x * xp.conj(p)), axis=-1)
    half = (xx - pp) / 2
    is_round = (half == 0) & (cross == 0)  # no quadrature stands out; the root of zero has no derivative
    apart = xp.where(is_round, xp.zeros_like(half), xp.sqrt(xp.where(is_round, 1 + 0 * half, half**2 + cross**2)))
    amplified = (xx + pp) / 2 + apart
    # What the quieter quadrature has beside the louder one: no squares of large numbers cancel.
    is_x = xx >= pp
    long, short = xp.where(is_x[..., None], x, p), xp.where(is_x[..., None], p, x)
    size = xp.where(is_x, xx, pp)
    rest = short - xp.astype(cross / size, xp.complex128)[..., None] * long
    turn = xp.where(is_round, xp.zeros_like(half), xp.atan2(cross, xp.where(is_round, 1 + 0 * half, half))) / 2
    angle = xp.where(is_round, xp.zeros_like(turn), turn + np.pi / 2)
    return Output(_squares(rest) * size / amplified, amplified, angle, flux)


def noise_spectrum(equations: MomentEquations, frequencies: Real, stable: Array) -> Array:
    """Symmetrised spectral density Re[X D X^dag] of the quadratures, shape (..., f, 2N, 2N), in 1/rate."""
    drift, noise = equations.drift, equations.diffusion
    xp = namespace_of(drift, noise)
    if is_numpy(drift):
        drift = without_rounding(drift, equations.drift_rounding)
    inverse = susceptibility(stood_in(drift, stable), frequencies)
    return xp.real(inverse @ xp.astype(noise, xp.complex128)[..., None, :, :] @ xp.conj(inverse).mT)
