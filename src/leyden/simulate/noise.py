"""Curves at times at which rounding is all there is: refused for one device, missing in a batch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden import dense
from leyden.arrays import Array, namespace_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.model.network import Network
from leyden.results import is_per_battery

__all__ = ["refuse_noise", "without_noise"]

Real = NDArray[np.float64]


def refuse_noise(network: Network, equations: MomentEquations, times: Real) -> None:
    """Refuse times at which the phases of a single device are not known any more.

    Parameters
    ----------
    network : Network
        The device.
    equations : MomentEquations
        Of it.
    times : array, shape (t,)
        In units of 1/rate.

    Raises
    ------
    ParameterError
        With the time until which they are known.
    """
    last = float(times[-1])
    until = dense.known_until(equations, last)
    if until is not None:
        raise ParameterError.of(
            "times",
            f"end by {float(until):.2g}, until when the phases of {network.name!r} are known",
            last,
            "Its modes turn by more than 1e15 before they decay, and 1e-16 of a phase is rounding: detune them less.",
        )


def without_noise(
    values: dict[str, Array], equations: MomentEquations, times: Real, *, several: bool
) -> dict[str, Array]:
    """Curves of a batch, NaN at times at which the phases of a device are not known any more.

    Parameters
    ----------
    values : dict of str to array
        Curves of shape (..., t) or (..., batteries, t).
    equations : MomentEquations
        Of the batch.
    times : array, shape (t,)
        In units of 1/rate.
    several : bool
        Whether there is an axis for the batteries.

    Returns
    -------
    dict of str to array
    """
    until = dense.known_until(equations, float(times[-1]))
    if until is None:
        return values
    is_known = times <= until[..., None]

    def known(name: str, value: Array) -> Array:
        xp = namespace_of(value)
        is_own = several and is_per_battery(name)
        return xp.where(xp.asarray(is_known[..., None, :] if is_own else is_known), value, xp.asarray(np.nan))

    return {name: known(name, value) for name, value in values.items()}
