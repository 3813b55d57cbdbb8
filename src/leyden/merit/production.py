"""Entropy that a bath produces: of the state and its surroundings together, by von Neumann and by Wigner."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import VACUUM_VARIANCE
from leyden.equations.shares import Share
from leyden.merit.exchange import values_of_parameter
from leyden.model.operators import Jump, Ladder
from leyden.states.normal_modes import NormalModes

__all__ = ["Channel", "channel_of", "entropy_production", "wigner_entropy_production"]

# In the normal modes b_k of a state, with n_k quanta each, a jump is c = sum_k (x_k b_k + y_k b_k^dag) + <c>, and
# quanta are exchanged with the bath one by one: at the rate |x_k|^2 (1 + n) n_k one goes, at |x_k|^2 n (n_k + 1) one
# comes, and pairs of one here and one there are made and unmade at |y_k|^2 (1 + n)(n_k + 1) and |y_k|^2 n n_k. Each
# pair of opposite rates p, q produces (p - q) ln(p/q), never less than nothing (Spohn, J. Math. Phys. 19, 1227 (1978)).
# Summed up this is dS/dt and ln(1 + 1/n) for each net jump, which is a quantum lost where the bath is thermal.

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# Amplitudes x_k and y_k, in units of the jump's largest, below which they are rounding.
_ROUNDING = 64 * float(np.finfo(np.float64).eps)


@dataclass(frozen=True)
class Channel:
    """A jump c of an element, or those of a family's m members: rate (1 + n) L[c] + rate n L[c^dag]."""

    quadratures: NDArray[np.intp]  # (m, 2k), those of the modes that it touches
    rate: Any  # (..., m) or a number, as all that follow
    occupation: Any
    squeezing: Any  # r: c = e^r alpha + i e^{-r} beta, up to a phase
    first: Real  # alpha, (..., m, 2k): the quadratures of the jump of a bath that is not squeezed
    second: Real  # beta
    is_gain: bool  # whether its quanta come in, sum_j w_j a_j^dag

    @property
    def operator(self) -> Complex:
        """C with c = C r, (..., m, 2k)."""
        stretch = np.exp(np.asarray(self.squeezing))[..., None]
        return stretch * self.first + 1j * self.second / stretch


def channel_of(share: Share, jump: Jump, positions: dict[str, int], times: Real | None) -> Channel | None:
    """The channel of a jump at some times; None of one that mixes loss and gain, or holds products of operators."""
    operators = jump.operators
    if not all(isinstance(operator, Ladder) for operator in operators):
        return None
    kinds = {operator.is_creation for operator in operators if isinstance(operator, Ladder)}
    if len(kinds) != 1:
        return None
    is_family, is_gain = share.members is not None, kinds.pop()

    def number(value: Any) -> Any:
        return values_of_parameter(value, times, is_family=is_family)

    half = np.exp(-0.5j * np.asarray(number(jump.squeezing_phase)))
    size = 2 * share.places.shape[1]
    weights = [half * number(weight) for weight in jump.weights]
    shape = np.broadcast_shapes(*(np.shape(weight) for weight in weights), (1,))
    shape = np.broadcast_shapes(shape, (len(share.places),))
    first, second = np.zeros((*shape, size)), np.zeros((*shape, size))
    sign = -1.0 if is_gain else 1.0
    for operator, weight in zip(operators, weights, strict=True):
        x = 2 * positions[operator.factors[0].mode]
        real, imaginary = np.real(weight) / np.sqrt(2.0), np.imag(weight) / np.sqrt(2.0)
        for part, along in ((first, (real, -sign * imaginary)), (second, (imaginary, sign * real))):
            part[..., x] += along[0]
            part[..., x + 1] += along[1]
    rate, occupation, squeezing = (number(value) for value in (jump.rate, jump.occupation, jump.squeezing))
    return Channel(share.quadratures, rate, occupation, squeezing, first, second, is_gain)


def _jump_mean(channel: Channel, operator: Complex, mean: Real) -> Real:
    """|<c>|^2, (..., m); nothing where its terms cancel to rounding."""
    terms = operator * mean[..., channel.quadratures]
    found = np.abs(np.sum(terms, axis=-1))
    return np.where(found <= _ROUNDING * np.sum(np.abs(terms), axis=-1), 0.0, found) ** 2


def _weighted(size: Any, factor: Any) -> Any:
    """A product that is nothing where the first factor is, however infinite the second."""
    return np.where(size == 0, 0.0, size * np.where(size == 0, 0.0, factor))


def _per_quantum(quanta: Any) -> Any:
    """ln(1 + 1/n), the entropy that a bath gains by a quantum."""
    some = np.asarray(quanta, dtype=np.float64)
    return np.where(some > 1.0, np.log1p(1 / np.maximum(some, 1.0)), np.log1p(some) - np.log(np.minimum(some, 1.0)))


def entropy_production(channel: Channel, modes: NormalModes, mean: Real) -> Real:
    """Entropy production (...) of a bath, in nats per time, in a state of the whole device with these normal modes."""
    # Gamma sum_k {|x_k|^2 (n_k - n) [l(n) - l(n_k)] + |y_k|^2 (n_k + n + 1) [l(n) + l(n_k)]} + Gamma |<c>|^2 l(n), with
    # l(n) = ln(1 + 1/n). Infinite where a bath at n = 0 takes anything, and where noise reaches a pure mode.
    operator = channel.operator
    turned = 1j * np.stack([-operator[..., 1::2], operator[..., ::2]], axis=-1).reshape(operator.shape)
    rows = modes.rows[..., channel.quadratures]  # (..., N, m, 2k)
    along = np.abs(np.sum(turned[..., None, :, :] * np.conj(rows), axis=-1))
    across = np.abs(np.sum(turned[..., None, :, :] * rows, axis=-1))
    sizes = np.sqrt(np.sum(np.abs(turned) ** 2, axis=-1)[..., None, :] * np.sum(np.abs(rows) ** 2, axis=-1))
    # Rounding of the covariance mixes b_l into b_k^dag by no more than this.
    share = np.sqrt(modes.rounding / (modes.quanta + VACUUM_VARIANCE))[..., None]
    mixed = share * np.sum(share * along, axis=-2, keepdims=True)
    across = np.where(across <= np.maximum(_ROUNDING * sizes, mixed), 0.0, across) ** 2
    along = np.where(along <= _ROUNDING * sizes, 0.0, along) ** 2
    own, bath = modes.quanta[..., None], np.asarray(channel.occupation, dtype=np.float64)
    bath = bath[..., None, :] if bath.ndim else bath
    surplus = own - bath
    # l(n) - l(n_k) in one logarithm has the sign of n_k - n, whatever is rounded.
    exchange = _weighted(surplus, np.log1p(surplus / bath / (own + 1)))
    # Quanta that are rounding make no infinity.
    exchange = np.where((bath == 0) & (own <= modes.rounding[..., None]), 0.0, exchange)
    pairs = (own + bath + 1) * (_per_quantum(bath) + _per_quantum(own))
    found = np.sum(_weighted(along, exchange) + _weighted(across, pairs), axis=-2)
    per_jump = _per_quantum(channel.occupation)
    found = found + _weighted(_jump_mean(channel, operator, mean), per_jump)
    return np.sum(_weighted(np.asarray(channel.rate, dtype=np.float64), found), axis=-1)


def wigner_entropy_production(channel: Channel, modes: NormalModes, excess: Real, mean: Real) -> Real:
    """Wigner entropy production (...) of a bath, in nats per time: that of the Renyi-2 entropy, finite at n = 0."""
    # 2 tr(K^T D^+ K V) + 2 (A <r>)^T D^+ A <r> with K = A + D V^-1/2 and the bath's own drift A and diffusion D: the
    # square of the current that detailed balance forbids (Santos, Landi and Paternostro, Phys. Rev. Lett. 118, 220601
    # (2017)). D has the two directions of the jump alone, so that this is Gamma/(n + 1/2) {e^{-2r} u^T V^-1 u + e^{2r}
    # v^T V^-1 v + |<c>|^2}, with u = (V - (n + 1/2) e^{2r}) beta and v = (V - (n + 1/2) e^{-2r}) alpha.
    stretch = np.asarray(channel.squeezing, dtype=np.float64)
    bath = np.asarray(channel.occupation, dtype=np.float64)
    found = _jump_mean(channel, channel.operator, mean) / (bath + VACUUM_VARIANCE)
    for direction, sign in ((channel.second, 1.0), (channel.first, -1.0)):
        # (V - s (n + 1/2) e^{+-2r}) w without the vacuum of either, s = 1 of a loss.
        ratio = np.exp(2 * sign * stretch)
        if channel.is_gain:
            shift = -(VACUUM_VARIANCE + (bath + VACUUM_VARIANCE) * ratio)
        else:
            shift = bath * ratio + np.expm1(2 * sign * stretch) * VACUUM_VARIANCE
        scale = 1 / np.sqrt((bath + VACUUM_VARIANCE) * ratio)
        whole = np.zeros((*direction.shape[:-1], excess.shape[-1]))
        np.put_along_axis(whole, np.broadcast_to(channel.quadratures, direction.shape), direction, axis=-1)
        off = whole @ excess - shift[..., None] * whole
        # V^-1 = 2 Re sum_k b_k^dag b_k/(n_k + 1/2) by the rows of the normal modes: a sum of squares.
        weight = np.sqrt(2 / (modes.quanta + VACUUM_VARIANCE))[..., None, :]
        parts = np.abs((scale[..., None] * off) @ np.swapaxes(modes.rows, -1, -2)) * weight  # (..., m, N)
        found = found + np.sum(parts**2, axis=-1)
    return np.sum(_weighted(np.asarray(channel.rate, dtype=np.float64), found), axis=-1)
