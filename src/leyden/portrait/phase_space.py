"""The state of one mode of a device, at a time or at rest, and the part of phase space that shows it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.dense import steady_state
from leyden.equations.device import equations_of
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.portrait.device import Portrait
from leyden.states import wigner

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["state_of", "wigner_over"]

# Phase space is shown to so many standard deviations, and as far as the vacuum's at least.
_SIGMAS, _LEAST = 3.6, 2.6


def state_of(portrait: Portrait, mode: str, time: float | None) -> Any:
    """State of one mode: Gaussian, or a density matrix beyond; of the steady state without a time."""
    network = portrait.network
    if portrait.beyond:
        if time is not None:
            remedy = "In time leyden.fock has it; here the steady state is shown."
            raise ParameterError.of("time", "be left out of a device beyond the Gaussian", time, remedy)
        from leyden.simulate.reduced import reduced_state

        return reduced_state(network, mode)
    from leyden.simulate.evolve import evolve

    place = network.position(mode)
    if time is not None:
        return evolve(network, [0.0, time] if time else [0.0])[-1].reduced([place])
    _ = portrait.settled_values  # its error says why there is none
    return steady_state(equations_of(take_off(network)[0]))[0].reduced([place])


def _reach(state: Any) -> NDArray[np.float64]:
    """Ends (2, 2) of x and p: what lies outside is nothing to be seen."""
    if hasattr(state, "covariance"):
        mean, widths = np.asarray(state.mean), np.sqrt(np.diagonal(np.asarray(state.covariance)))
    else:
        mean, widths = np.zeros(2), np.full(2, math.sqrt(state.quanta + 0.5))
    half = np.maximum(_SIGMAS * float(np.max(widths)), _LEAST)
    return np.stack([mean - half, mean + half], axis=1)


def wigner_over(portrait: Portrait, mode: str, time: float | None, points: int) -> xr.DataArray:
    """Wigner function of one mode over (x, p), on a square that shows it whole."""
    state = state_of(portrait, mode, time)
    x, p = (np.linspace(low, high, points) for low, high in _reach(state).tolist())
    return wigner(state, x, p)
