"""Curves of a batch at times at which rounding is all there is: missing there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of
from leyden.drift.phases import known_until
from leyden.equations.moments import MomentEquations
from leyden.results import is_per_battery

__all__ = ["without_noise"]


def without_noise(
    values: dict[str, Array], equations: MomentEquations, times: NDArray[np.float64], *, several: bool
) -> dict[str, Array]:
    """Curves (..., t) or (..., batteries, t), NaN where the phases of a device are not known any more."""
    until = known_until(equations, float(times[-1]))
    if until is None:
        return values
    is_known = times <= until[..., None]

    def known(name: str, value: Array) -> Array:
        xp = namespace_of(value)
        is_own = several and is_per_battery(name)
        return xp.where(xp.asarray(is_known[..., None, :] if is_own else is_known), value, xp.asarray(np.nan))

    return {name: known(name, value) for name, value in values.items()}
