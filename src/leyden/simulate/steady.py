"""What a device settles into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.results import dataset
from leyden.simulate.choice import answered, checked_method, name_of
from leyden.simulate.evolve import checked_initial
from leyden.states.gaussian import GaussianState
from leyden.task import Task

if TYPE_CHECKING:
    import xarray as xr

    from leyden.truncated_wigner.settings import TruncatedWigner

__all__ = ["steady_state"]

# Methods whose answer moments decide, where these close.
_BY_MOMENTS = (None, "dense", "low_rank", "one_way")


def steady_state(
    network: Network,
    *,
    initial: Any = None,
    method: str | TruncatedWigner | None = None,
    whole_state: bool | None = None,
) -> xr.Dataset:
    """Steady state of a device: energies, ergotropy, ratios.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    initial : GaussianState, qutip.Qobj or None
        Where a device starts that may settle into one state or another, the vacuum by default: for "fock", of which
        conserved sector, as even or odd quanta under two-photon loss; for "mean_field", a coherent state, on which
        branch; for "truncated_wigner" around which of them trajectories stay. Where moments close there is one steady
        state at most, and nothing to choose.
    method : str, TruncatedWigner or None
        "dense" for matrices of all modes, "low_rank" (or "sparse") to follow only what the drives disturb, which takes
        networks of a million modes, "fock" for the density matrix of a few modes, Gaussian or not, see
        `leyden.fock.steady_state`, "truncated_wigner", or a `TruncatedWigner` that says how many, for trajectories of
        many quanta with error bars, "mean_field" for classical amplitudes, those on which a start in the vacuum settles
        after a small push, see `leyden.branches`; chosen if left out, never the last two, and named in attributes.
    whole_state : bool or None
        For method "one_way", whether to go on from moments to the whole state of batteries behind the core, which
        `ergotropy`, `passive_energy`, `purity`, `entropy` and variances ask for: some 0.1 s for each device, more for
        strong drives, chains and large cores. By default a single device does where it is quick.

    Returns
    -------
    xarray.Dataset
        Over dims (...), with `mode` behind them for a sequence of batteries: `stored_energy`, `passive_energy`,
        `ergotropy`, `charging_power` (zero), `charger_energy`, `utilization_ratio`, `conversion_ratio`,
        `transfer_ratio`, `is_stable`, and of the battery's reduced state `gaussian_ergotropy`, equal to `ergotropy` for
        Gaussian states, `energy_variance`, `number_variance`, `purity` and `entropy` in nats, each with `long_name`,
        `units`, `symbol`, `description`; totals of what adds up for a sequence of them. In a batch, unstable devices
        are NaN. Attributes: `device`, `version`, `conventions`, `method`, and of the sparse one
        `relative_residual`, `steps` and `source_rank`; of a single device whose slowest decay is below 1e-12 of its
        fastest rate, `relative_error`, an estimate for its energies.

    Raises
    ------
    NonGaussianError
        If moments do not close under an element, and no method that is asked takes the device.
    UnstableError
        If a single device has no steady state.
    ConvergenceError
        If the sparse method does not reach its tolerance, and there is no memory or time for the dense one; or if a
        single device decays so slowly, beside its fastest rate, that rounding leaves nothing of its energies.
    ParameterError
        If the method that was insisted on cannot take the device or the initial state, or there is no memory for it; if
        an initial state is given where moments decide; or if a single device is stable, but amplifies its vacuum beyond
        the number range. In a batch its energies are infinite.

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
    if not (whole_state is None or isinstance(whole_state, bool)):
        raise ParameterError.of("whole_state", "be True or False, or None where that is quick", whole_state)
    plain, labels = take_off(network)
    task = Task(plain, labels, initial=initial, method=method, whole_state=whole_state)
    if initial is not None:
        _check_initial(task)
    values, about = answered(task)
    return dataset(plain, labels, values, about)


def _check_initial(task: Task) -> None:
    """Refuse a start that would decide nothing, or that does not fit."""
    if isinstance(task.initial, GaussianState):
        checked_initial(task.initial, task.modes)
    if not task.beyond and name_of(task.method) in _BY_MOMENTS:
        allowed = "be None where moments close, for then a device settles into one state at most, wherever it starts"
        raise ParameterError.of("initial", allowed, task.initial, "Leave it out.")
