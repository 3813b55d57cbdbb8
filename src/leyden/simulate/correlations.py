"""What charger and batteries have together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden import merit
from leyden.arrays import Array, Part, cut, namespace_of
from leyden.dense import steady_state
from leyden.equations.batches import in_parts
from leyden.equations.device import equations_of
from leyden.errors import NonGaussianError, ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.model.operators import Ladder
from leyden.model.rules import checked_times
from leyden.quantities import QUANTITIES
from leyden.simulate.evolve import evolve
from leyden.simulate.spectral import labelled, refuse_large, refuse_single, where_stable
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import stood_in
from leyden.states.uncertainty import within_uncertainty

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["correlations", "refuse_not_gaussian"]

_DIRECTIONS = ("forward", "backward")


def correlations(network: Network, times: Any = None, *, between: Any = None) -> xr.Dataset:
    """Correlations of charger and batteries: logarithmic negativity, mutual information, steering, global ergotropy.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    times : array, shape (t,), or None
        Increasing, not negative, in units of 1/rate, from the vacuum; without them the steady state is asked for.
    between : pair of str or of sequences of str, or None
        Names of the modes of two groups, other modes traced out; the charger and all batteries by default.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time) or (...): `log_negativity` and `mutual_information`, in nats; `global_ergotropy`, the work
        that one Gaussian unitary of all modes of both groups extracts, and `local_ergotropy`, the sum of what unitaries
        of each mode by itself extract. Over (..., direction, time): `steering`, in nats, "forward" of the second group
        by the first. `is_stable` over (...) for steady states: in a batch, devices that do not settle are NaN.

    Raises
    ------
    UnstableError
        If a single device is asked for its steady state, and has none.
    NonGaussianError
        If the Hamiltonian is not quadratic, or a jump not linear: then moments do not tell these.
    ParameterError
        If `between` is not two groups of unlike modes, times do not increase or start negative, moments of a single
        device leave the number range, or there is no memory for them.

    Notes
    -----
    The functions of these names in `leyden.merit` take any state. Weak correlations keep their digits: the logarithmic
    negativity, of first order in the squeezing, is right to 1e-16 of the largest moment, the entropies to 1e-15 of
    themselves.

    References
    ----------
    Vidal and Werner, Phys. Rev. A 65, 032314 (2002); Kogias, Lee, Ragy and Adesso, Phys. Rev. Lett. 114, 060403 (2015);
    Brown, Friis and Huber, New J. Phys. 18, 113028 (2016).

    Examples
    --------
    A parametric coupling chi of two modes of damping kappa makes E_N = ln(1 + 2 chi/kappa), and all its work is global:

    >>> import leyden as ly
    >>> elements = [ly.ParametricCoupling("a", "b", 0.2), ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    >>> pair = ly.Network([ly.Mode("a"), ly.Mode("b")], elements, charger="a", battery="b")
    >>> found = ly.correlations(pair)
    >>> round(float(found.log_negativity), 6), round(float(found.local_ergotropy), 6)
    (0.336472, 0.0)
    """
    plain, labels = take_off(network, may_change=times is not None)
    refuse_not_gaussian(plain)
    first, second = _groups(plain, between)
    coordinates: dict[str, Any] = {"direction": ("direction", list(_DIRECTIONS))}
    if times is not None:
        grid = checked_times(times)
        state = evolve(network, grid)
        energies = [np.asarray(value)[..., None] if np.ndim(value) else value for value in plain.frequencies]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            found = _values(state, first, second, energies, axes=1)
        coordinates["time"] = ("time", grid, QUANTITIES["time"].attributes())
        return labelled(
            plain, labels, {name: (_tail(name, "time"), value) for name, value in found.items()}, coordinates
        )
    equations = equations_of(plain)
    refuse_large(2 * len(plain.mode_names), labels, 1)

    def work(part: Part) -> dict[str, Array]:
        state, stable = steady_state(equations.at(part))
        energies = [cut(value, part) for value in plain.frequencies]
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = _values(stood_in(state, stable), first, second, energies, axes=0)
        return {**where_stable(stable, values), "is_stable": stable}

    found = in_parts(work, equations, labels.shape, lambda name: (2,) if name == "steering" else ())
    refuse_single(plain, labels, found["is_stable"])
    return labelled(plain, labels, {name: (_tail(name), value) for name, value in found.items()}, coordinates)


def _tail(name: str, *time: str) -> tuple[str, ...]:
    return ("direction", *time) if name == "steering" else time


def _groups(network: Network, between: Any) -> tuple[list[int], list[int]]:
    """Positions of the modes of two groups."""
    if between is None:
        groups: list[Any] = [[network.charger], [name for name in network.batteries if name != network.charger]]
    elif isinstance(between, Sequence) and not isinstance(between, str):
        groups = [[group] if isinstance(group, str) else list(group) for group in between]
    else:
        groups = []
    names = [name for group in groups for name in group]
    if len(groups) != 2 or not all(groups) or len(set(names)) < len(names):
        remedy = 'Name them, as between=("a", ("b", "c")).'
        raise ParameterError.of("between", "be two groups of unlike modes", between or groups, remedy)
    first, second = ([network.position(name) for name in group] for group in groups)
    return first, second


def _values(
    state: GaussianState, first: list[int], second: list[int], energies: list[Any], axes: int
) -> dict[str, Array]:
    """All variables of a state, whose batch has so many axes behind that of devices."""
    state, both = within_uncertainty(state), [*first, *second]
    own = [energies[mode] for mode in both]
    xp = namespace_of(state.excess, *own)
    quanta = xp.stack(xp.broadcast_arrays(*(xp.asarray(value) for value in own)), axis=-1)
    steered = [merit.steering(state, *pair) for pair in ((first, second), (second, first))]
    return {
        "log_negativity": merit.log_negativity(state, first, second),
        "mutual_information": merit.mutual_information(state, first, second),
        "steering": xp.stack(steered, axis=-1 - axes),
        "global_ergotropy": merit.global_gaussian_ergotropy(state, both, quanta),
        "local_ergotropy": sum(merit.ergotropy(state, mode, energies[mode]) for mode in both),
    }


def refuse_not_gaussian(network: Network) -> None:
    """Refuse jumps whose moments close while the state is not Gaussian."""
    for element in network.elements:
        if not all(isinstance(operator, Ladder) for jump in element.jumps() for operator in jump.operators):
            raise NonGaussianError(
                f"Argument `network` must keep its states Gaussian for what is asked here, but {element.label} does "
                f"not: moments alone do not tell it. Its energies are in `charge` and `steady_state`.",
                element=element,
                solver="leyden.fock",
            )
