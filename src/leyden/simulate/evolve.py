"""The state of a device in time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, is_concrete, namespace_of, to_numpy
from leyden.errors import ParameterError
from leyden.model.labels import Labels, refuse_time_series, take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times, checked_tolerance
from leyden.simulate.choice import answered
from leyden.states.gaussian import GaussianState, check_physical
from leyden.states.ladder import LadderState, state_of
from leyden.states.prepare import vacuum
from leyden.task import TOLERANCE, Task

__all__ = ["checked_initial", "evolve", "state_among"]

Real = NDArray[np.float64]


def evolve(
    network: Network, times: Any, *, initial: GaussianState | None = None, tolerance: float = TOLERANCE
) -> GaussianState:
    """State of all modes of a device in time, exactly, stable or not.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays; batch axes are those of `charge`, in its order.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate.
    initial : GaussianState or None
        State at time 0 of all modes in the network's order; vacuum by default. `state[..., -1]` of an earlier run
        goes on from its last time.
    tolerance : float
        For devices with pulses, as of `charge`.

    Returns
    -------
    GaussianState
        Batch shape (..., t), modes in the network's order.

    Raises
    ------
    UnphysicalStateError
        If the initial state breaks the uncertainty relation.
    ParameterError
        If times do not increase or start negative, if the initial state has another number of modes, if the moments of
        a single device leave the number range or its phases are known no longer, or if there is no memory for it.

    Notes
    -----
    Accuracy as of `charge`, whose merits are those of this state. Under pure dephasing it holds the exact moments of a
    state that is not Gaussian. It takes (2N)^2 numbers for each time. In a batch,
    states of a device whose phases are known no longer are NaN.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5), (6).

    Examples
    --------
    Stages follow each other: charge, then hold without a drive, when the stored energy decays with the slowest rate.

    >>> import leyden as ly
    >>> rates = dict(charger_damping=0.1, battery_damping=0.1)
    >>> full = ly.evolve(ly.catalog.two_photon_battery(drive=0.1, **rates), [500.0])
    >>> hold = ly.catalog.two_photon_battery(drive=0.0, **rates)
    >>> held = ly.evolve(hold, [0.0, 1.0], initial=full[-1])
    >>> round(float(ly.merit.energy(held, mode=1)[0]), 9)
    0.9375
    """
    times = checked_times(times)
    plain, labels = take_off(network, may_change=True)
    refuse_time_series(network, len(times))
    start = checked_initial(initial, len(plain.modes))
    values, _ = answered(Task(plain, labels, times, start, asked="states", tolerance=checked_tolerance(tolerance)))
    return state_among(values, plain, labels.behind(start.shape), times)


def checked_initial(initial: GaussianState | None, modes: int) -> GaussianState:
    """The state at time 0; vacuum by default."""
    if initial is None:
        return vacuum(modes)
    if not isinstance(initial, GaussianState):
        raise ParameterError.of("initial", "be a GaussianState", initial, "See `leyden.states`.")
    check_physical(initial, "initial")
    if initial.modes != modes:
        raise ParameterError.of("initial", f"have {modes} modes, as the network", initial.modes)
    return initial


def state_among(values: Mapping[str, Array], network: Network, labels: Labels, times: Real) -> GaussianState:
    """States of a device, or of a batch with these labels, among the values that a method gave."""
    state = _over_all(state_of(values), (*labels.shape, len(times)))
    if not labels.dims:
        _refuse_overflow(network.name, state, times)
    return state


def _over_all(state: GaussianState, shape: tuple[int, ...]) -> GaussianState:
    """The state with axes that only frequencies have, which move nothing."""
    moments = state.components.shape[1:] if isinstance(state, LadderState) else state.excess.shape[:-2]
    if state.mean.shape[:-1] == moments == shape:
        return state
    xp = namespace_of(state.mean)
    mean = xp.broadcast_to(state.mean, (*shape, state.mean.shape[-1]))
    if isinstance(state, LadderState):
        components = state.components[(slice(None), *(None,) * (len(shape) + 1 - state.components.ndim))]
        return LadderState(mean, xp.broadcast_to(components, (components.shape[0], *shape)))
    excess = xp.broadcast_to(state.excess, (*shape, *state.excess.shape[-2:]))
    own = None if state.own is None else xp.broadcast_to(state.own, (*shape, *state.own.shape[-2:]))
    return GaussianState.holding(mean=mean, excess=excess, own=own)


def _refuse_overflow(name: str, state: GaussianState, times: Real) -> None:
    """Refuse times at which the moments of a single device are no numbers any more."""
    moments: Array = state.components if isinstance(state, LadderState) else state.excess
    if not is_concrete(moments):
        return
    axes = (0,) if isinstance(state, LadderState) else (-2, -1)
    known = np.isfinite(to_numpy(moments)).all(axis=axes) & np.isfinite(to_numpy(state.mean)).all(axis=-1)
    if not known.all():
        last = int(np.argmin(known))
        raise ParameterError.of(
            "times",
            f"end before the moments of {name!r} leave the number range",
            float(times[last]),
            "End earlier, or drive it less.",
        )
