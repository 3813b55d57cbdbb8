"""Where energy comes from and goes to in a device, and what entropy that makes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Part, cut, is_concrete, namespace_of, to_numpy
from leyden.dense import steady_state
from leyden.dense.flow import LARGEST
from leyden.dense.method import METHOD as DENSE
from leyden.dense.noise import without_noise
from leyden.dense.propagate import propagate_with_rates
from leyden.dense.pulsed import run_pulsed
from leyden.dense.steps import equidistant_step
from leyden.drift.phases import refuse_noise
from leyden.equations.batches import in_parts
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.memory import shortage
from leyden.merit.exchange import amplitudes_of, total_quanta
from leyden.model.labels import refuse_time_series, take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times, checked_tolerance
from leyden.quantities import QUANTITIES
from leyden.simulate.balance import (
    Where,
    balance_of,
    entries_of,
    mixed_jumps,
    productions_of,
    working_baths,
)
from leyden.simulate.evolve import checked_initial, state_among
from leyden.simulate.spectral import labelled, refuse_single, where_stable
from leyden.states.gaussian import GaussianState
from leyden.states.ladder import moments_of, state_of
from leyden.states.rates import MomentRates
from leyden.task import TOLERANCE, Task

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["energetics"]

Real = NDArray[np.float64]

_TAILS = {
    "flow": ("element", "mode"),
    "heat": ("bath",),
    "bath_power": ("bath",),
    "is_stable": (),
}
_ENTROPIES = ("entropy", "entropy_production", "wigner_entropy_production")
# Numbers of a flow that are held at once, for each one that is handed out.
_COPIES = 4


def energetics(
    network: Network, times: Any = None, *, initial: GaussianState | None = None, tolerance: float = TOLERANCE
) -> xr.Dataset:
    """Energy flows of every element, heat of every bath, power of the drives, and the entropy that is produced.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays, DataArrays, whose dims come back in the result, or, with times, pulses.
    times : array, shape (t,), or None
        Increasing, not negative, in units of 1/rate; without them the steady state is asked for.
    initial : GaussianState or None
        State at time 0 of all modes in the network's order; vacuum by default. Only with times.
    tolerance : float
        For devices with pulses, as of `charge`.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time), or (...) in the steady state, energies per time, positive into the device:

        - `flow` over (..., element, mode): what each element, or family of them, adds to d/dt omega_j <a_j^dag a_j>.
        - `drive_power`: of all Hamiltonians that make quanta: one-photon, two-photon and parametric. `drive_work` of
          `charge` is its integral.
        - `coupling_power`: of all other couplings. Between modes of one frequency an exchange gives to one what it
          takes from the other; between unlike frequencies, or positions, something outside, or the energy of the
          coupling itself, makes up the difference.
        - `heat` over (..., bath): of each thermal bath, local or shared.
        - `bath_power` over (..., bath): of each bath that does work, a squeezed one or gain. What it exchanges is not
          heat alone, and no split of it is unique: it stands here whole, and its heat is 0.
        - `first_law_residual`: d/dt of the energy of all modes, from the rates of the moments, less all these lines.

        And in nats, of all modes together: `entropy`, by von Neumann; `entropy_production`, dS/dt and what the baths
        gain, in the rate unit; `wigner_entropy_production`, the same of the Wigner (Renyi-2) entropy. `is_stable` over
        (...) for steady states: in a batch, devices that do not settle are NaN.

    Raises
    ------
    UnstableError
        If a single device is asked for its steady state, and has none.
    NonGaussianError
        If the Hamiltonian is not quadratic, or a jump neither linear nor a number of quanta.
    ConvergenceError
        If the tolerance cannot be met.
    ParameterError
        If times do not increase or start negative, if an initial state is given without them, if moments of a single
        device leave the number range, or if there is no memory for matrices of all modes.

    Notes
    -----
    A bath of occupation n gains ln(1 + 1/n) by each quantum that it takes, of its squeezed quanta where it is squeezed:
    for a thermal bath on one mode this is the heat over its temperature, and for a shared one over modes of unlike
    frequencies what heat over one temperature no longer tells. A medium with gain gains as much by each quantum that it
    gives. Entropy production is never negative: it is a sum of positive terms. It is infinite where a bath at n = 0
    takes anything, and where noise reaches a pure mode, and 0 where nothing flows; the Wigner one is finite there. Both
    are NaN where a state is squeezed without end. Under pure dephasing energies are exact, and entropies NaN, with the
    reason in the attribute `not_gaussian`.

    Flows are known to 1e-16 of the moments times the rates that make them: beside a bath of n = 1e12 a drive of 1e-4
    is lost. In time, with more than two modes, weak drives lose digits, too: flows are of second order in them, and
    known to 1e-16 of the first. Matrices of all modes are needed: some hundred modes.

    References
    ----------
    Spohn, J. Math. Phys. 19, 1227 (1978); Santos, Landi and Paternostro, Phys. Rev. Lett. 118, 220601 (2017) (Wigner
    entropy production); Manzano, Galve, Zambrini and Parrondo, Phys. Rev. E 93, 052120 (2016) (squeezed baths).

    Examples
    --------
    Two modes at n = 1 and n = 0, kappa = 1 each, exchange quanta at J = 1/2: kappa J^2/(J^2 + kappa^2/4) (1 - 0)/2 of
    them per time go from hot to cold.

    >>> import leyden as ly
    >>> parts = [ly.CoherentCoupling("a", "b", 0.5), ly.LocalBath("a", 1.0, occupation=1.0), ly.LocalBath("b", 1.0)]
    >>> found = ly.energetics(ly.Network([ly.Mode("a"), ly.Mode("b")], parts, charger="a", battery="b"))
    >>> found.heat.round(12).values.tolist()
    [0.25, -0.25]
    """
    plain, labels = take_off(network, may_change=times is not None)
    if not all(map(is_concrete, equations_of(plain).arrays)):
        raise ParameterError.of("network", "hold concrete numbers, not traced ones", plain.name)
    plain = _of_numbers(plain)
    if times is not None:
        grid = checked_times(times)
        refuse_time_series(network, len(grid))
    elif initial is not None:
        raise ParameterError.of("initial", "be left out of a steady state, which no start changes", initial)
    else:
        grid = None
    if initial is not None:
        labels = labels.behind(checked_initial(initial, len(plain.mode_names)).shape)
    task = Task(plain, labels, grid, initial, None, "both", checked_tolerance(tolerance))
    return _Account(task).told()


def _of_numbers(network: Network) -> Network:
    """The same device in NumPy."""
    if namespace_of(*equations_of(network).arrays) is np:
        return network
    return network.map_parameters(lambda value: to_numpy(value) if np.ndim(value) else value)


class _Account:
    """The balance of a device or a batch."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.network, self.labels, self.times = task.network, task.labels, task.times
        self.equations: MomentEquations = task.equations
        self.entries = entries_of(self.equations)
        self.baths = [one.name for one in self.entries if one.is_bath]
        self.about: dict[str, Any] = {}

    def told(self) -> xr.Dataset:
        """As a Dataset."""
        self._refuse_large()
        sizes = {
            "element": len(self.entries),
            "mode": self.task.modes,
            "bath": len(self.baths),
            "time": self.task.count,
        }
        given = (*self.network.frequencies, self.task.start.mean, self.task.start.excess)

        def tail(name: str) -> tuple[int, ...]:
            return tuple(sizes[dim] for dim in self._dims(name))

        with np.errstate(all="ignore"):
            values = in_parts(
                self._of_part, self.equations, self.labels.shape, tail, times=self.task.count or None, others=given
            )
        if self.times is None:
            refuse_single(self.network, self.labels, values["is_stable"])
        if not (self.labels.dims or np.isfinite(values["flow"]).all()):
            remedy = "Weaken its drives, or ask for earlier times."
            raise ParameterError.of("network", "have flows within the number range", self.network.name, remedy)
        coordinates: dict[str, Any] = {
            "element": ("element", np.asarray([one.name for one in self.entries], dtype=np.str_)),
            "mode": ("mode", list(self.network.mode_names)),
            "bath": ("bath", np.asarray(self.baths, dtype=np.str_)),
        }
        if self.times is not None:
            coordinates["time"] = ("time", self.times, QUANTITIES["time"].attributes())
        variables = {name: (self._dims(name), value) for name, value in values.items()}
        return self._explained(labelled(self.network, self.labels, variables, coordinates, **self.about))

    def _dims(self, name: str) -> tuple[str, ...]:
        timed = () if self.times is None or name == "is_stable" else ("time",)
        return (*_TAILS.get(name, ()), *timed)

    def _refuse_large(self) -> None:
        """Refuse devices and batches whose matrices, or whose flows, find no room."""
        task, count = self.task, max(self.task.count, 1) * int(np.prod(self.labels.shape, dtype=np.int64))
        reason = DENSE.refuses(task)
        short = shortage(8 * _COPIES * count * len(self.entries) * task.modes)
        if not reason and short:
            what = f"flows of {len(self.entries)} elements into {task.modes} modes"
            reason = f"{what} need about {short[0]} of memory, and {short[1]} are free"
        if reason:
            remedy = "Give fewer modes, members or times at once, and like elements as a family, which is one element."
            allowed = f"leave its energetics to what fits into memory: {reason}"
            raise ParameterError.of("network", allowed, self.network.name, remedy)

    def _of_part(self, part: Part) -> dict[str, Any]:
        """All variables of a part of the batch, time behind all other axes."""
        equations = self.equations.at(part)
        axes = 0 if self.times is None else 1
        own = [np.asarray(cut(value, part))[(..., *(None,) * axes)] for value in self.network.frequencies]
        energies = np.stack(np.broadcast_arrays(*own), axis=-1)
        looked_at = self.times
        if self.times is None:
            state, stable = steady_state(equations)
            rate: Any = np.zeros(())
        else:
            state, rates = self._moved(equations, part)
            stable = None
            # At an edge of a pulse flows are those after it, but for the last time, which belongs to what was.
            looked_at = np.minimum(self.times, np.nextafter(self.times[-1], -np.inf))
            if equations.pulses:
                # Rates along a curve are as far off as the curve between its nodes: the equations know them at a state.
                rate = np.sum(energies * total_quanta(equations, amplitudes_of(state), looked_at), axis=-1)
            else:
                rate = _energy_rate(state, rates, energies)
        where = Where(looked_at, part)
        found = balance_of(equations, self.entries, state, energies, where)
        lines = found["heat"].sum(axis=-1) + found["bath_power"].sum(axis=-1)
        found["first_law_residual"] = rate - (lines + found["drive_power"] + found["coupling_power"])
        if equations.is_turned:
            found |= {name: np.full(found["drive_power"].shape, np.nan) for name in _ENTROPIES}
        else:
            found |= productions_of(equations, self.entries, state, where)
        if stable is not None:
            return {**where_stable(stable, found), "is_stable": stable}
        behind = {name: len(_TAILS.get(name, ())) for name in found}
        return {name: np.moveaxis(value, -1 - behind[name], -1) for name, value in found.items()}

    def _moved(self, equations: MomentEquations, part: Part) -> tuple[GaussianState, MomentRates]:
        """States and rates of a part of the batch at all times."""
        task, start, times = self.task, self.task.start.at(part), np.asarray(self.times)
        # Few modes at any times: there the moments keep all their digits, which flows between weakly driven modes need.
        is_scattered = task.modes <= LARGEST and equidistant_step(times) is None
        if equations.pulses or equations.is_turned or is_scattered:
            if not (equations.pulses or self.labels.dims):
                refuse_noise(self.network.name, equations, times)
            frequencies = [cut(value, part) for value in self.network.frequencies]
            run = run_pulsed(equations, frequencies, start, times, task.tolerance)
            state, rates = run.moments()
            if equations.pulses:
                error, steps = (self.about.get(name, 0) for name in ("error", "steps"))
                self.about |= {"tolerance": task.tolerance, "error": max(error, run.error)}
                self.about["steps"] = max(steps, run.steps)
        else:
            if not self.labels.dims:
                refuse_noise(self.network.name, equations, times)
            state, rates = propagate_with_rates(equations, start, times)
            state = state_of(without_noise(moments_of(state), equations, times, several=False))
        if not self.labels.dims:
            state = state_among(moments_of(state), self.network, self.labels, times)
        return state, rates

    def _explained(self, found: xr.Dataset) -> xr.Dataset:
        """The same with what is true of these variables alone, and the reasons of what is missing."""
        whole = {"symbol": "S", "description": "von Neumann entropy of the state of all modes, in nats"}
        found["entropy"].attrs |= whole
        if working := working_baths(self.entries):
            found["bath_power"].attrs["reason"] = (
                f"what {working} exchanges is not heat alone where it is squeezed or gives gain, and stands here whole"
            )
        if self.equations.is_turned:
            reason = "pure dephasing leaves energies exact and the state not Gaussian: entropies are NaN"
            found.attrs["not_gaussian"] = reason
        elif mixed := mixed_jumps(self.entries):
            reason = f"{mixed} has a jump that mixes loss and gain, whose net quanta nobody can count"
            for name in _ENTROPIES[1:]:
                found[name].attrs["reason"] = reason
        return found


def _energy_rate(state: GaussianState, rates: MomentRates, energies: Real) -> Real:
    """d/dt of the energy of all modes, from the rates of their moments."""
    numbers = np.stack([np.asarray(rates.own_of(mode)[0]) for mode in range(state.modes)], axis=-1)
    moved = np.asarray(state.mean) * np.asarray(rates.mean)
    moved = moved.reshape(*moved.shape[:-1], state.modes, 2).sum(axis=-1)
    return np.sum(energies * (numbers + moved), axis=-1)
