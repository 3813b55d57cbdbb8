"""States from moments in the conventions of other programs."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np

from leyden.arrays import is_concrete, namespace_of, to_numpy
from leyden.conventions import VACUUM_VARIANCE
from leyden.errors import ParameterError
from leyden.states.gaussian import GaussianState, real_array

__all__ = ["from_moments"]


def from_moments(
    mean: Any, covariance: Any, *, order: Literal["xpxp", "xxpp"] = "xpxp", vacuum: float = VACUUM_VARIANCE
) -> GaussianState:
    """State with a given mean and covariance of the quadratures, in any order and scale, checked for physics.

    Parameters
    ----------
    mean : array, shape (..., 2N)
        <r>.
    covariance : array, shape (..., 2N, 2N)
        <{r_i - <r_i>, r_j - <r_j>}>/2.
    order : str
        "xpxp" for (x1, p1, x2, p2, ...), as here, or "xxpp" for (x1, x2, ..., p1, p2, ...).
    vacuum : float
        Variance of the vacuum in these units, 1/2 here: it scales the covariance by 1/(2 vacuum) and the mean by the
        root of that.

    Returns
    -------
    GaussianState
        Batch axes kept.

    Raises
    ------
    ParameterError
        If shapes do not fit, numbers are not finite, the covariance is not symmetric, or order or vacuum are none.
    UnphysicalStateError
        If V violates the uncertainty relation V + i Omega/2 >= 0.

    Notes
    -----
    A wrong scale nearly always breaks the uncertainty relation or lacks purity. A wrong order need not: a two-mode
    squeezed vacuum read in it is a valid pair of squeezed modes, and nothing can find that out. docs/states.md lists
    the conventions of other programs.

    Examples
    --------
    Two modes squeezed together, in the order and the units (hbar = 2) of The Walrus; each by itself is thermal, with
    sinh^2 r quanta:

    >>> import numpy as np
    >>> import leyden as ly
    >>> c, s = np.cosh(1.0), np.sinh(1.0)
    >>> block = np.array([[c, s], [s, c]])
    >>> covariance = np.block([[block, np.zeros((2, 2))], [np.zeros((2, 2)), np.linalg.inv(block)]])
    >>> state = ly.states.from_moments(np.zeros(4), covariance, order="xxpp", vacuum=1.0)
    >>> round(float(ly.states.thermal_quanta(state, 0)), 12) == round(float(np.sinh(0.5) ** 2), 12)
    True
    """
    if order not in ("xpxp", "xxpp"):
        raise ParameterError.of("order", "be 'xpxp' or 'xxpp'", order)
    scale = real_array("vacuum", vacuum)
    if scale.ndim or not is_concrete(scale) or not to_numpy(scale) > 0:
        raise ParameterError.of("vacuum", "be a positive number", vacuum, "It is 1/2 here, and 1 where hbar = 2.")
    ratio = VACUUM_VARIANCE / float(scale)
    mean, covariance = real_array("mean", mean), real_array("covariance", covariance)
    xp = namespace_of(mean, covariance)
    mean, covariance = xp.asarray(mean), xp.asarray(covariance)
    if order == "xxpp" and mean.ndim and covariance.ndim > 1:
        modes = mean.shape[-1] // 2
        if mean.shape[-1] == 2 * modes and tuple(covariance.shape[-2:]) == (2 * modes, 2 * modes):
            place = xp.asarray(np.arange(2 * modes).reshape(2, modes).T.reshape(-1))
            mean = xp.take(mean, place, axis=-1)
            covariance = xp.take(xp.take(covariance, place, axis=-2), place, axis=-1)
    return GaussianState.from_moments(math.sqrt(ratio) * mean, ratio * covariance)
