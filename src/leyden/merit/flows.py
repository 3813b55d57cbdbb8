"""Energy flows: what each element feeds into, or takes from, each mode."""

from __future__ import annotations

from typing import Any

from leyden.arrays import Array, namespace_of
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Contribution
from leyden.states.gaussian import GaussianState

__all__ = ["element_flow", "energy_flows"]


def element_flow(contribution: Contribution, state: GaussianState) -> Array:
    """Rate at which one element changes the photon number of each mode that it touches.

    Parameters
    ----------
    contribution : Contribution
        The element's part of the moment equations.
    state : GaussianState
        Of the whole device; batch axes kept.

    Returns
    -------
    array, shape (..., k)
        d<a^dag a>/dt of its k modes due to this element alone, in the rate unit.

    Notes
    -----
    (A_e S)_xx + (A_e S)_pp + (Q_xx + Q_pp)/2 + <r> (A_e <r> + f_e), with the element's own blocks.
    """
    xp = namespace_of(state.excess, *contribution.coefficients)
    local = state.reduced(contribution.modes)
    parts = (contribution.drift, contribution.source, contribution.forcing, local.excess, local.mean)
    drift, source, forcing, excess, mean = (xp.asarray(part) for part in parts)
    rates = xp.sum(drift * excess.mT, axis=-1) + xp.linalg.diagonal(source) / 2
    rates = rates + mean * ((drift @ mean[..., None])[..., 0] + forcing)
    return xp.sum(xp.reshape(rates, (*rates.shape[:-1], len(contribution.modes), 2)), axis=-1)


def energy_flows(equations: MomentEquations, state: GaussianState, frequencies: Any) -> list[Array]:
    """Energy flow of every element into every mode that it touches; the flows of a mode sum to its dE/dt.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    state : GaussianState
        At the moment in question; batch axes kept.
    frequencies : sequence of float or array
        Energy of one quantum of each mode.

    Returns
    -------
    list of array, each of shape (..., k)
        One for each contribution, in order; k is the number of modes it touches. In the unit of `frequencies` times
        the rate unit, positive into the mode.
    """
    flows: list[Array] = []
    for contribution in equations.contributions:
        xp = namespace_of(state.excess, *contribution.coefficients)
        quanta = element_flow(contribution, state)
        columns = [frequencies[mode] * quanta[..., place] for place, mode in enumerate(contribution.modes)]
        flows.append(xp.stack(xp.broadcast_arrays(*(xp.asarray(column) for column in columns)), axis=-1))
    return flows
