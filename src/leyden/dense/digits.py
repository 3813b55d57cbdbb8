"""How many digits of a steady state rounding leaves, where that is not all but a few."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.drift.stability import stability_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ConvergenceError

__all__ = ["relative_error"]

_EPSILON = float(np.finfo(np.float64).eps)
# The fastest rate over the slowest decay from which on an error is told.
_STIFF = 1e12
# Coefficients of less different size, and energies of less quanta, are no sign of that.
_SPREAD, _QUANTA = 1e10, 1e8


def relative_error(equations: MomentEquations, stored: NDArray[np.float64], ergotropy: NDArray[np.float64]) -> float:
    """Estimate 1e-16 |A|/r for the steady energies of a stable device of numbers; 0 where |A|/r is below 1e12."""
    # |A| is its fastest rate and r its slowest decay. Energies that are no longer told from rounding are an error.
    largest = float(np.max(np.abs(stored), initial=0.0))
    if not np.isfinite(largest) or not (equations.spread > _SPREAD or largest > _QUANTA):
        return 0.0
    drift = equations.drift
    found = stability_of(drift, equations.drift_rounding)
    fastest = float(np.max(np.sum(np.abs(drift), axis=-1)))
    slowest = max(-float(found.abscissa), float(np.finfo(np.float64).tiny))
    if fastest < _STIFF * slowest:
        return 0.0
    error = min(1.0, _EPSILON * fastest / slowest)
    slack = 1e-9 + min(error, 0.5)
    if not (np.all(stored >= -1e-12 * max(float(np.max(stored)), 0.0)) and np.all(ergotropy <= (1 + slack) * stored)):
        raise ConvergenceError(
            f"Argument `network` must decay fast enough for its energies to be told from rounding, but its slowest "
            f"rate, {slowest:.1e}, is {slowest / fastest:.0e} of its fastest. Damp it more, or couple it more weakly.",
            residual=error,
            tolerance=1.0,
        )
    return error
