"""Rounding and the uncertainty relation: a cold mode has no fewer quanta than its squeezing asks for."""

from __future__ import annotations

import numpy as np

from leyden.arrays import namespace_of
from leyden.states.gaussian import GaussianState

__all__ = ["within_uncertainty"]

# What methods for many modes leave of an equation, of the largest moment: what is missing beyond it is no rounding.
_ROUNDING = 1e-10
# Quanta above which a mode is not cold, and rounding no question of its sign.
_COLD = 1.0


def within_uncertainty(state: GaussianState) -> GaussianState:
    """A state whose cold modes keep n (n + 1) >= |m|^2, where rounding of larger moments broke it."""
    if state.has_own_digits or namespace_of(state.mean, state.excess) is not np:
        return state
    variances = np.diagonal(state.excess, axis1=-2, axis2=-1)
    xx, pp = variances[..., ::2], variances[..., 1::2]
    cross = np.diagonal(state.excess[..., ::2, 1::2], axis1=-2, axis2=-1)
    with np.errstate(over="ignore", invalid="ignore"):
        number, half = (xx + pp) / 2, (xx - pp) / 2
        is_broken = (number < _COLD) & (xx * pp + number < cross * cross)
        is_broken |= number < 0
        if not is_broken.any():
            return state
        squeezing = np.hypot(half, cross)
        least = squeezing * (squeezing / (0.5 + np.hypot(0.5, squeezing)))
        largest = np.max(np.abs(state.excess), axis=(-2, -1))
        if state.excess.shape[-1] == 2:  # modes one by one, along the batch
            largest = np.max(largest, initial=0.0)
        is_rounding = is_broken & (least - number <= _ROUNDING * np.asarray(largest)[..., None])
    # n is lifted to the least that m allows, and only where less than 1e-10 of the largest moment is missing.
    own = np.stack([np.where(is_rounding, least, number), half, cross], axis=-1)
    return GaussianState.holding(mean=state.mean, excess=state.excess, own=own)
