"""What a device does in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden import dense, drift
from leyden import low_rank as sparse
from leyden.algebra import on_one_thread
from leyden.arrays import Array, Part
from leyden.equations.moments import MomentEquations, equations_of
from leyden.errors import ParameterError
from leyden.model.labels import Labels, refuse_time_series, take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.results import dataset, values_of, with_ratios, with_states
from leyden.simulate.batched import batched
from leyden.simulate.curves import curves_of
from leyden.simulate.evolve import AT_ONCE, checked_initial, evolved
from leyden.simulate.method import (
    Solution,
    checked_method,
    chosen_equations,
    is_one_by_one,
    members,
    refuse_large_result,
    refuse_unaffordable,
    stacked,
    takes_over,
)
from leyden.simulate.noise import refuse_noise, without_noise
from leyden.simulate.overflow import refuse_overflow
from leyden.states.gaussian import GaussianState
from leyden.states.prepare import vacuum

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge", "charged"]

Real = NDArray[np.float64]


def charge(
    network: Network,
    times: Any,
    *,
    initial: GaussianState | None = None,
    method: str | None = None,
    keep_state: bool = False,
) -> xr.Dataset:
    """Charging of a device in time, exactly, stable or not.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate; any grid, equidistant ones are fastest.
    initial : GaussianState or None
        State at time 0 of all modes in the network's order; vacuum by default.
    method : str or None
        "dense" for matrices of all modes, "sparse" to follow only what the drives disturb, from the vacuum and with
        cold baths; chosen by itself if it is left out, and named in the result's attributes.
    keep_state : bool
        Whether the Dataset holds the state of all modes, too: `mean` and `covariance` in the order x, p of each mode,
        and `own_moments`, quanta and squeezing of each mode above the vacuum, which for weak excitation have digits
        that the covariance has not. `leyden.states.from_dataset` makes states of them.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time), with `mode` before `time` for a sequence of batteries; the variables of `steady_state`,
        and `drive_work`, what the drives have put in so far, and `charging_efficiency`, ergotropy over that.

    Raises
    ------
    UnphysicalStateError
        If the initial state breaks the uncertainty relation.
    ParameterError
        If times do not increase or start negative, if a parameter is an array without labels that is as long as they
        are, if the initial state has another number of modes, if the energies of a single device leave the number
        range, or its phases are known no longer (the error says when), if the method that was insisted on cannot take
        the device, or there is no memory for it.

    Notes
    -----
    A mode above threshold is squeezed without end. Its passive energy is NaN once its smaller variance is lost in the
    rounding of the larger one, 1e13 times as large. The ergotropy then is that of a pure state, 1e-7 of itself too
    large at most; everything else keeps its digits.

    A phase w t is known to 1e-16 of itself. Where a mode turns by 1e15 before it decays, results at later times would
    be noise: such times are refused, and in a batch the results of that device are NaN there.

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
    plain, labels = take_off(network)
    refuse_time_series(network, len(times))
    start = checked_initial(initial, len(plain.modes))
    equations = equations_of(plain)
    after = labels.behind(() if initial is None else initial.shape)
    if keep_state:
        method = _that_keeps_states(method)
    if not after.dims:
        values, about = charged(plain, equations, labels, times, initial=initial, method=method)
    elif initial is None and is_one_by_one(equations, labels, method):
        found = [
            _solved(one, equations_of(one), labels, times, initial=None, method=method)
            for one in members(plain, labels)
        ]
        values, about = stacked(found, labels)
    else:
        values, about = _solved(plain, equations, labels, times, initial=initial, method=method)
    found = dataset(plain, after, values, about, times)
    return with_states(found, plain, after, evolved(plain, after, start, times)) if keep_state else found


def _that_keeps_states(method: str | None) -> str:
    if method == "sparse":
        raise ParameterError.of("method", 'be "dense" or None with `keep_state`', method, AT_ONCE)
    return "dense"


def charged(
    network: Network,
    equations: MomentEquations,
    labels: Labels,
    times: Real,
    *,
    initial: GaussianState | None = None,
    method: str | None = None,
) -> Solution:
    """Curves of a single device; its equations may have answered other questions before."""
    refuse_noise(network, equations, times)
    values, about = _solved(network, equations, labels, times, initial=initial, method=method)

    def curves(others: Real) -> dict[str, Array]:
        return _solved(network, equations, labels, others, initial=initial, method=method)[0]

    refuse_overflow(network, values, times, curves, initial)
    return values, about


def _solved(
    network: Network,
    equations: MomentEquations,
    labels: Labels,
    times: Real,
    *,
    initial: GaussianState | None,
    method: str | None,
) -> Solution:
    """Curves of a single device, of one of a batch, or of a whole batch."""
    unfit = "" if initial is None else "it starts from the vacuum, not from a given state"
    few = chosen_equations(equations, labels, method, unfit=unfit, times=len(times))
    if few is not None:
        can_hand_over = takes_over(len(network.modes), method, times=len(times))
        if not (can_hand_over and (sparse.is_endless(few, float(times[-1])) or sparse.is_costly(few, times))):
            return _sparse(network, equations, few, times)
        refuse_unaffordable(len(network.modes), labels, len(times), method)
    return _dense(network, equations, vacuum(len(network.modes)) if initial is None else initial, times)


def _dense(network: Network, equations: MomentEquations, start: GaussianState, times: Real) -> Solution:
    def work(part: Part, frequencies: tuple[Any, ...]) -> dict[str, Array]:
        of_part, first = equations.at(part), start.at(part)
        with np.errstate(over="ignore", invalid="ignore"):
            state, rates = dense.propagate_with_rates(of_part, first, times)
            values = values_of(network, state, rates, frequencies, axes=1)
            values["drive_work"] = dense.drive_work(of_part, frequencies, first, state, times)
            values = without_noise(with_ratios(values, axes=1), of_part, times, several=network.lists_batteries)
        return {**values, "is_stable": drift.is_decaying(of_part.held())}

    return batched(work, network, equations, start=start, times=len(times)), {"method": "dense"}


@on_one_thread
def _sparse(network: Network, equations: MomentEquations, few: sparse.SparseEquations, times: Real) -> Solution:
    refuse_large_result(len(network.batteries), len(times))
    form = sparse.power_form(equations, network.frequencies)
    with np.errstate(over="ignore", invalid="ignore"):
        values = curves_of(network, sparse.propagate(few, form, times), len(times))
    about = {"method": "sparse", "source_rank": len(few.weights)}
    return {**values, "is_stable": np.asarray(sparse.is_stable(few))}, about
