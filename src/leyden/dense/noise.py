"""Curves of a batch at times at which rounding is all there is: missing there."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of
from leyden.drift.phases import known_until
from leyden.equations.moments import MomentEquations
from leyden.results import is_per_battery
from leyden.states.ladder import moment_shapes

__all__ = ["without_noise"]


def without_noise(
    values: dict[str, Array], equations: MomentEquations, times: NDArray[np.float64], *, several: bool
) -> dict[str, Array]:
    """Curves (..., t) or (..., batteries, t), and moments, NaN where the phases of a device are known no longer."""
    until = known_until(equations, float(times[-1]))
    if until is None:
        return values
    is_known = times <= until[..., None]
    behind = {name: len(own) for name, own in moment_shapes(len(equations.mode_names)).items()}

    def known(name: str, value: Array) -> Array:
        xp = namespace_of(value)
        is_own = several and is_per_battery(name)
        here = is_known[..., None, :] if is_own else is_known[(..., *(None,) * behind.get(name, 0))]
        return xp.where(xp.asarray(here), value, xp.asarray(np.nan))

    return {name: known(name, value) for name, value in values.items()}
