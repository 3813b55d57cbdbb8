"""What a device settles into."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden import dense, drift
from leyden import low_rank as sparse
from leyden.algebra import on_one_thread
from leyden.arrays import Array, Part, held, is_concrete, namespace_of
from leyden.equations.moments import MomentEquations, equations_of
from leyden.errors import ConvergenceError
from leyden.model.labels import Labels, take_off
from leyden.model.network import Network
from leyden.results import dataset, is_per_battery, missing_values, values_of, values_of_modes, with_ratios
from leyden.simulate.batched import batched
from leyden.simulate.digits import relative_error
from leyden.simulate.method import (
    Solution,
    checked_method,
    chosen_equations,
    is_one_by_one,
    members,
    most_steps,
    refuse_unaffordable,
    stacked,
    takes_over,
)
from leyden.simulate.overflow import bounded_energies
from leyden.simulate.unstable import refuse_unstable
from leyden.states.ladder import at_rest, stood_in

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["settled", "steady_state"]


def steady_state(network: Network, *, method: str | None = None) -> xr.Dataset:
    """Steady state of a device: energies, ergotropy, ratios.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    method : str or None
        "dense" for matrices of all modes, "sparse" to follow only what the drives disturb, which takes networks of a
        million modes; chosen by itself if it is left out, and named in the result's attributes.

    Returns
    -------
    xarray.Dataset
        Over dims (...), with `mode` behind them for a sequence of batteries: `stored_energy`, `passive_energy`,
        `ergotropy`, `charging_power` (zero), `charger_energy`, `utilization_ratio`, `conversion_ratio`,
        `transfer_ratio`, `is_stable`, each with `long_name`, `units`, `symbol`; totals for a sequence of them. In a
        batch, unstable devices are NaN. Attributes: `device`, `version`, `conventions`, `method`, and of the sparse one
        `relative_residual`, `steps` and `source_rank`; of a single device whose slowest decay is below 1e-12 of its
        fastest rate, `relative_error`, an estimate for its energies.

    Raises
    ------
    UnstableError
        If a single device has no steady state.
    ConvergenceError
        If the sparse method does not reach its tolerance, and there is no memory or time for the dense one; or if a
        single device decays so slowly, beside its fastest rate, that rounding leaves nothing of its energies.
    ParameterError
        If the method that was insisted on cannot take the device, or there is no memory for it; or if a single device
        is stable, but amplifies its vacuum beyond the number range. In a batch its energies are infinite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (9)-(11), (14), (15), (19).

    Examples
    --------
    E_B = 24 g^2 eps^2/[(Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)] with g = 1/2, Lambda = 0.6 and eps = 0.1 is
    0.06/(0.2 * 0.32):

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> round(float(ly.steady_state(device).stored_energy), 12)
    0.9375
    """
    method = checked_method(method)
    plain, labels = take_off(network)
    values, about = settled(plain, equations_of(plain), labels, method)
    return dataset(plain, labels, values, about)


def settled(network: Network, equations: MomentEquations, labels: Labels, method: str | None = None) -> Solution:
    """Steady merits of a device or a batch; its equations may have answered other questions before."""
    if is_one_by_one(equations, labels, method):
        found = [_solved(one, equations_of(one), labels, method) for one in members(network, labels)]
        values, about = stacked(found, labels)
    else:
        values, about = _solved(network, equations, labels, method)
    if namespace_of(values["is_stable"]) is np:
        values = with_ratios(bounded_energies(network, values, is_batch=bool(labels.dims)), axes=0)
    else:
        values = _without_unstable(with_ratios(values, axes=0), equations, several=network.lists_batteries)
    return values, about


def _without_unstable(values: Mapping[str, Array], equations: MomentEquations, *, several: bool) -> dict[str, Array]:
    """NaN for unstable devices of another array library, in merits that another state stood in for."""
    stable = values["is_stable"]

    def known(name: str, value: Array) -> Array:
        if name == "is_stable":
            return value
        return dense.without_unstable(value, stable, equations, axes=int(several and is_per_battery(name)))

    return {name: known(name, value) for name, value in values.items()}


def _solved(network: Network, equations: MomentEquations, labels: Labels, method: str | None) -> Solution:
    """Merits of a single device, of one of a batch, or of a whole batch; where one of a batch is unstable, NaN."""
    few = chosen_equations(equations, labels, method)
    if few is not None:
        try:
            return _sparse(network, labels, few, most_steps(len(network.modes), method))
        except ConvergenceError:
            if not takes_over(len(network.modes), method):
                raise
        refuse_unaffordable(len(network.modes), labels, 0, method)
    return _dense(network, labels, equations)


def _dense(network: Network, labels: Labels, equations: MomentEquations) -> Solution:
    def work(part: Part, frequencies: tuple[Any, ...]) -> dict[str, Array]:
        state, stable = dense.steady_state(equations.at(part))
        if namespace_of(state.mean) is not np:
            state = stood_in(state, stable)
        with np.errstate(over="ignore", invalid="ignore"):
            # At a fixed point nothing changes; where there is none, NaN stays NaN.
            return {**values_of(network, state, at_rest(state), frequencies, axes=0), "is_stable": stable}

    values = batched(work, network, equations)
    stable = values["is_stable"]
    if not labels.dims and is_concrete(stable) and not bool(stable):
        concrete = network.map_parameters(held)
        equations = equations_of(concrete)
        one = equations.of_numbers()
        found = drift.stability_of(one.drift, one.drift_rounding)
        refuse_unstable(concrete, equations, float(found.abscissa), float(found.error))
    about: dict[str, Any] = {"method": "dense"}
    # A frequency that JAX traces is in no share: it scales the energies alone.
    is_known = not labels.dims and not any(share.arrays for share in equations.shares)
    if is_known and is_concrete(values["stored_energy"]):
        error = relative_error(equations, np.asarray(values["stored_energy"]), np.asarray(values["ergotropy"]))
        about |= {"relative_error": error} if error else {}
    return values, about


@on_one_thread
def _sparse(network: Network, labels: Labels, equations: sparse.SparseEquations, most: int) -> Solution:
    found = sparse.bounds(equations.drift, equations.rounding)
    if not found.upper < 0:
        if labels.dims:
            return {**missing_values(network), "is_stable": np.asarray(False)}, {"method": "sparse"}
        refuse_unstable(network, equations_of(network), found.abscissa, found.upper - found.abscissa)
    found = sparse.steady_state(equations, most)
    with np.errstate(over="ignore", invalid="ignore"):
        values = values_of_modes(network, found.state, at_rest(found.state))
    about = {
        "method": "sparse",
        "relative_residual": found.residual,
        "steps": found.steps,
        "source_rank": found.rank,
    }
    return {**values, "is_stable": np.asarray(True)}, about
