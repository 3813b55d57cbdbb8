"""What a device does in time."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array
from leyden.model.labels import refuse_time_series, take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times, checked_tolerance
from leyden.results import dataset, refuse_overflow, with_states
from leyden.simulate.choice import answered, checked_method
from leyden.simulate.evolve import checked_initial, state_among
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import moment_shapes
from leyden.task import TOLERANCE, Answer, Task

if TYPE_CHECKING:
    import xarray as xr

    from leyden.truncated_wigner.settings import TruncatedWigner

__all__ = ["charge", "charged"]


def charge(
    network: Network,
    times: Any,
    *,
    initial: Any = None,
    method: str | TruncatedWigner | None = None,
    keep_state: bool = False,
    tolerance: float = TOLERANCE,
) -> xr.Dataset:
    """Charging of a device in time, exactly, stable or not.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate; any grid, equidistant ones are fastest.
    initial : GaussianState, qutip.Qobj or None
        State at time 0 of all modes in the network's order; vacuum by default. Method "fock" alone takes one of QuTiP.
    method : str, TruncatedWigner or None
        "dense" for matrices of all modes, "low_rank" (or "sparse") to follow only what the drives disturb, from the
        vacuum and with cold baths, "fock" for the density matrix of a few modes, Gaussian or not, see
        `leyden.fock.charge`, "truncated_wigner", or a `TruncatedWigner` that says how many, for trajectories of many
        quanta with error bars, "mean_field" for classical amplitudes, from the vacuum or a coherent state; chosen if
        it is left out, never the last two, and named in the result's attributes.
    keep_state : bool
        Whether the Dataset holds the state of all modes, too: `mean` and `covariance` in the order x, p of each mode,
        and `own_moments`, quanta and squeezing of each mode above the vacuum, which for weak excitation have digits
        that the covariance has not. `leyden.states.from_dataset` makes states of them.
    tolerance : float
        How far off the moments of a device with pulses may be, in units of the largest moments of their kind, between
        1e-13 and 0.01. The attribute `error` says what was reached, by estimate, and `steps` what it took. Without
        pulses it has no meaning.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time), with `mode` before `time` for a sequence of batteries; the variables of `steady_state`,
        and `drive_work`, what the drives have put in so far, and `charging_efficiency`, ergotropy over that. Of a
        device that is not Gaussian a run does not tell `is_stable`, as the attribute of that name says.

    Raises
    ------
    NonGaussianError
        If moments do not close under an element, and no method that is asked takes the device.
    UnphysicalStateError
        If the initial state breaks the uncertainty relation.
    ConvergenceError
        If more steps than there is room for would not meet the tolerance.
    ParameterError
        If times do not increase, start negative or go beyond what a pulse is known for, if a parameter is an array
        without labels that is as long as they are, if the initial state has another number of modes, if the energies of
        a single device leave the number range or are lost in rounding, or its phases are known no longer (the error
        says when), if the method that was insisted on cannot take the device, or there is no memory for it.

    Notes
    -----
    Amplitudes, strengths, rates and detunings may be pulses, see `leyden.pulse`. Where all are constant a step is
    exact; elsewhere it is a power series of order 24 of one or two modes, and of large networks, and otherwise a
    commutator-free Magnus step of order 8, and between two of those the moments are a curve of order 12. Then
    `is_stable` is what it would be if all stayed as it is at the last of the times.

    A mode above threshold is squeezed without end. Its passive energy is NaN once its smaller variance is lost in the
    rounding of the larger one, 1e13 times as large. The ergotropy then is that of a pure state, 1e-7 of itself too
    large at most; everything else keeps its digits.

    A phase w t is known to 1e-16 of itself. Where a mode turns by 1e15 before it decays, results at later times would
    be noise: such times are refused, and in a batch the results of that device are NaN there. So are energies that are
    rounding, which come out otherwise in other steps, of up to 16 modes whose rates span more than ten decades.

    While JAX compiles, rates are unknown: there is room for |A| t up to 2e18, and NaN beyond.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5), (6), (9)-(11), (15).

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> run = ly.charge(device, [0.0, 500.0])
    >>> run.stored_energy.round(9).values.tolist()
    [0.0, 0.9375]
    """
    method = checked_method(method)
    times = checked_times(times)
    plain, labels = take_off(network, may_change=True)
    refuse_time_series(network, len(times))
    start = checked_initial(initial, len(plain.modes)) if isinstance(initial, GaussianState) else None
    after = labels.behind(() if start is None else start.shape)
    asked: Literal["both", "merits"] = "both" if keep_state else "merits"
    values, about = charged(Task(plain, labels, times, initial, method, asked, checked_tolerance(tolerance)))
    if not keep_state:
        return dataset(plain, after, values, about, times)
    moments = {name: values.pop(name) for name in moment_shapes(0) if name in values}
    found = dataset(plain, after, values, about, times)
    return with_states(found, plain, after, state_among(moments, plain, after, times))


def charged(task: Task) -> Answer:
    """Curves of a device or a batch."""
    values, about = answered(task)

    def curves(times: NDArray[np.float64]) -> dict[str, Array]:
        return answered(replace(task, times=times, known=task.equations, asked="merits"))[0]

    if task.is_single and task.times is not None:
        refuse_overflow(task.network, values, task.times, curves, task.initial)
    return values, about
