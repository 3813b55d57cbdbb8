"""One-way devices as a method: what feeds the others may be anything, and they need no cutoff."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.conventions import quadratures_of
from leyden.dense.work import power_form
from leyden.drift import stability_of
from leyden.drift.unstable import refuse_unstable
from leyden.equations.device import linear_part
from leyden.equations.moments import MomentEquations
from leyden.errors import ConvergenceError, ParameterError
from leyden.model.network import Network
from leyden.one_way.core import Core
from leyden.one_way.equations import Equations
from leyden.one_way.observe import Moments, state_of
from leyden.one_way.outwards import TooManyStepsError
from leyden.one_way.split import Split, split_of
from leyden.one_way.steady import Steady, steady
from leyden.one_way.transient import Course, without_room
from leyden.one_way.whole import MOST_STEPS, Whole, is_quick, whole_state
from leyden.results import missing_values, rows_of, totals_of, values_of, with_ratios
from leyden.states.density import DensityMatrix
from leyden.task import CHANGES, TOLERANCE, Answer, Method, Task, of_other_libraries
from leyden.text import listed
from leyden.truncation.cutoff import Solution, converge

__all__ = ["METHOD"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]
_Matrices = dict[str, list[Complex]]

# Levels of each mode of the core to begin with: fewer take no less time.
_FIRST = 8
# With fewer nothing could be said about convergence.
_FEWEST = 4
# Dimension of the core up to which its equations are a matter of seconds, in the steady state and in time.
_LARGEST, _LARGEST_IN_TIME = 120, 100
# Modes of core and rest together: their drift is a dense matrix.
_MOST_MODES = 500
# What a course may be off by beside the tolerance for its levels.
_SHARE = 2.0
# Change of an energy that is accepted of a core of several modes whose levels do not suffice for less.
_MULTIPLIED = 1e-7
# Quanta by which energies of a whole state may be off, beyond which it is not told.
_USELESS = 1e-4
_NAME = "one_way"
_MISSING = "of a battery behind the core the moments are exact, and what asks for its whole state is NaN"
_HOW = _MISSING + ": steady_state(..., whole_state=True) tells it of batches and slower devices"


def _suits(task: Task) -> bool:
    return bool(task.beyond)


def _cut(network: Network) -> tuple[MomentEquations, Split | str]:
    equations, _ = linear_part(network)
    return equations, split_of(network, equations)


def _refuses(task: Task) -> str:
    if len(task.network.mode_names) > _MOST_MODES:
        return f"it takes at most {_MOST_MODES} modes"
    if task.network.pulses:
        return CHANGES
    if task.initial is not None:
        return "it starts from the vacuum, not from a given state"
    if reason := of_other_libraries(task.network):
        return reason
    if task.labels.dims and not task.is_member:
        return ""  # its devices are looked at one by one
    found = _cut(task.network)[1]
    if isinstance(found, str):
        return found
    own, largest = (
        [task.network.modes[place].levels for place in found.core],
        _LARGEST_IN_TIME if task.count else _LARGEST,
    )
    if math.prod(levels or _FEWEST for levels in own) > largest:
        names = listed([task.network.mode_names[place] for place in found.core], 4)
        return f"its core of modes {names} has more than {largest} dimensions"
    return without_room(len(found.rest), [levels or _FIRST for levels in own]) if task.count else ""


class _Device:
    """A device cut in two, whose core grows until nothing changes."""

    def __init__(self, network: Network, tolerance: float) -> None:
        self.network, self.tolerance = network, tolerance
        self.linear, found = _cut(network)
        assert isinstance(found, Split)  # it would have been refused
        self.split = found
        self.names = tuple(network.mode_names[place] for place in found.core)
        self.own = tuple(network.modes[place].levels for place in found.core)

    def at(self, levels: tuple[int, ...]) -> Equations:
        return Equations(Core(self.network, self.names, levels), self.split, self.linear)

    def grown(self, solve: Any, largest: int) -> Solution:
        """The solution of a core that has grown; of several modes, whose levels multiply, to fewer digits at worst."""
        least = (2,) * len(self.names)
        remedy = 'drive it less, or use method="truncated_wigner" or, far above threshold, "mean_field"'
        found = converge(
            solve,
            self.names,
            least,
            tolerance=self.tolerance,
            largest=largest,
            own=self.own,
            remedy=remedy,
            first=_FIRST,
            at_worst=_MULTIPLIED if len(self.names) > 1 else 0.0,
        )
        return replace(found, tolerance=self.tolerance) if math.isnan(found.tolerance) else found

    def energies(self, moments: Moments) -> dict[str, Real]:
        """What has to stand still, in quanta, (modes, ...)."""
        return {"stored_energy": np.moveaxis(moments.values[..., 2].real, -1, 0)}

    def about(self, solution: Solution, equations: Equations) -> dict[str, Any]:
        return {
            "method": _NAME,
            "one_way": self.split.told(self.network),
            "core": ", ".join(self.names),
            "cutoff": list(equations.core.levels),
            "tail_population": max(solution.tails),
            "largest_change": solution.change,
            "tolerance": solution.tolerance,
        }

    def values(self, moments: Moments, changes: Moments | None, matrices: _Matrices) -> dict[str, Any]:
        """Values of all rows, from moments and from the matrices of batteries where they are known."""
        state, rates = state_of(moments, changes)
        axes = 0 if changes is None else 1
        network = self.network
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            values = values_of(network, state, rates, [float(one) for one in network.frequencies], axes=axes)
        asking = [row for row in rows_of("battery") if row.of_matrix is not None and row.asks_state]
        for row in asking:
            own = [self._of_battery(row, name, matrices, moments.values.shape[:-2]) for name in network.batteries]
            values[row.name] = np.stack(own) if network.lists_batteries else own[0]
        return values | (totals_of(values, axes) if network.lists_batteries else {})

    def _of_battery(self, row: Any, name: str, matrices: _Matrices, shape: tuple[int, ...]) -> Any:
        """A row of one battery that asks for its state."""
        if name not in matrices:
            return np.full(shape, np.nan)
        frequency = float(self.network.frequencies[self.network.position(name)])
        return np.asarray([row.of_matrix(one, frequency) for one in matrices[name]]).reshape(shape)

    def of_core(self, rho: Complex, equations: Equations) -> _Matrices:
        """Matrices (n, d, d) of those batteries that belong to the core, from flattened ones (n, d^2)."""
        flat = rho.reshape(-1, equations.core.size, equations.core.size)
        inside = [name for name in self.network.batteries if name in self.names]
        return {name: [_reduced(one, equations.core, name) for one in flat] for name in inside}

    def whole(self, equations: Equations, found: Steady, name: str, most: float = math.inf) -> Whole:
        """The steady state of a mode by itself, in at most so many steps."""
        if name in self.names:
            return Whole(_reduced(found.rho, equations.core, name), 0.0)
        return whole_state(equations, found, self._place(name), most)

    def of_rest(self, equations: Equations, found: Steady, wanted: bool | None) -> tuple[_Matrices, dict[str, Any]]:
        """Matrices of batteries outside of the core, where they are wanted or quick, and what is said of them."""
        outside = [name for name in self.network.batteries if name not in self.names]
        wholes: dict[str, Whole] = {}
        for name in outside:
            if wanted:
                wholes[name] = self.whole(equations, found, name)
            elif wanted is None and is_quick(equations, self._place(name)):
                with suppress(TooManyStepsError):
                    wholes[name] = self.whole(equations, found, name, MOST_STEPS)
        about: dict[str, Any] = {}
        if wholes:
            about["whole_state_error"] = max(one.error for one in wholes.values())
        good = {name: [one.matrix] for name, one in wholes.items() if one.error <= _USELESS}
        if len(good) < len(wholes):
            about["whole_state"] = f"{_MISSING}, since it would be off by {about['whole_state_error']:.2g} quanta"
        elif len(wholes) < len(outside):
            about["whole_state"] = _HOW
        return good, about

    def _place(self, name: str) -> int:
        return self.split.rest.index(self.network.position(name))


def _reduced(rho: Complex, core: Core, name: str) -> Complex:
    """The state of one mode of the core."""
    place, modes = core.names.index(name), len(core.names)
    joint = rho.reshape(core.levels * 2)
    letters = [chr(97 + mode) for mode in range(modes)]
    behind = [letters[mode] if mode != place else "z" for mode in range(modes)]
    return np.einsum(f"{''.join(letters)}{''.join(behind)}->{letters[place]}z", joint)


def _check_damped(task: Task, device: _Device) -> bool:
    """Whether the rest settles by itself; a single device is refused where it does not."""
    rest = device.at((2,) * len(device.names)).drift
    found = stability_of(rest, np.zeros_like(rest))
    is_damped = bool(found.abscissa + found.error < 0)
    if not is_damped and not task.is_member:
        refuse_unstable(task.network, device.linear, float(found.abscissa), float(found.error))
    return is_damped


def _settled(task: Task, device: _Device) -> tuple[Solution, Equations, Steady, Moments]:
    kept: dict[str, Any] = {}

    def solve(levels: tuple[int, ...]) -> Solution:
        equations = device.at(levels)
        found = steady(equations)
        moments = Moments((), len(task.network.mode_names))
        moments.set_core(equations, found.rho.reshape(-1))
        moments.set_rest(equations, found.mean, found.second)
        kept["last"] = equations, found, moments
        return Solution(levels, device.energies(moments), equations.core.populations(found.rho), own=device.own)

    return device.grown(solve, _LARGEST), *kept["last"]


@on_one_thread
def _steady(task: Task) -> Answer:
    device = _Device(task.network, TOLERANCE)
    if not _check_damped(task, device):
        return with_ratios({**missing_values(task.network), "is_stable": np.asarray(False)}, 0), {"method": _NAME}
    solution, equations, found, moments = _settled(task, device)
    wanted = False if task.is_member and task.whole_state is None else task.whole_state
    matrices, told = device.of_rest(equations, found, wanted)
    values = device.values(moments, None, device.of_core(found.rho, equations) | matrices)
    about = device.about(solution, equations) | told
    if kept := equations.core.conserved:
        about["conserved"] = f"{kept}, as of a start in the vacuum"
    return with_ratios({**values, "is_stable": np.asarray(True)}, 0), about


@on_one_thread
def _reduced_state(task: Task, name: str) -> DensityMatrix:
    device = _Device(task.network, TOLERANCE)
    _check_damped(task, device)
    _, equations, found, _ = _settled(task, device)
    whole = device.whole(equations, found, name)
    if whole.error > _USELESS:
        raise ConvergenceError(
            f"Argument `network` must have a state of {name!r} that can be told to {_USELESS:.0e} quanta, but it would "
            f'be off by {whole.error:.2g}. Use method="fock", or moments.',
            residual=whole.error,
            tolerance=_USELESS,
        )
    return DensityMatrix(whole.matrix, error=whole.error, method=_NAME)


def _power(device: _Device, equations: Equations) -> tuple[Complex, Real, Real]:
    """Power of the drives as rows on rho, on the means of the rest and on its second moments."""
    core, network = equations.core, device.network
    frequencies = dict(zip(network.mode_names, network.frequencies, strict=True))
    energy = sum(frequencies[name] * core.moments(name)[2] for name in core.names)
    pull = core.hamiltonian(of_drives=True)
    of_rho = core.expectation(1j * (pull @ energy - energy @ pull))
    form = power_form(np, device.linear, network.frequencies, displaced=True)
    places = quadratures_of(device.split.rest)
    if form is None:
        return of_rho, np.zeros(len(places)), np.zeros((len(places), len(places)))
    return of_rho, 2 * form[-1, places], form[np.ix_(places, places)]


@on_one_thread
def _charge(task: Task) -> Answer:
    device, times = _Device(task.network, task.tolerance), np.asarray(task.times)
    kept: dict[str, Any] = {}
    modes = len(task.network.mode_names)

    def solve(levels: tuple[int, ...]) -> Solution:
        if short := without_room(len(device.split.rest), levels):
            raise ParameterError.of("network", f"leave room in memory, but {short}", task.network.name)
        equations = device.at(levels)
        course = Course(equations, _power(device, equations))
        along = course.along(times, task.tolerance / _SHARE)
        moments = course.moments(along.outputs, modes)
        kept["last"] = equations, along, moments
        return Solution(levels, device.energies(moments), along.populations(), own=device.own)

    solution = device.grown(solve, _LARGEST_IN_TIME)
    equations, along, moments = kept["last"]
    changes = along.course.moments(along.rates, modes)
    inside = any(name in device.names for name in task.network.batteries)
    matrices = device.of_core(along.matrices(), equations) if inside else {}
    values = device.values(moments, changes, matrices)
    values["drive_work"] = along.work
    about = device.about(solution, equations)
    if not all(name in device.names for name in task.network.batteries):
        about["whole_state"] = _MISSING
    about["is_stable"] = "left out: a run of a device whose Hamiltonian is not quadratic does not tell"
    return with_ratios(values, 1), about


METHOD = Method(_NAME, _suits, _refuses, _steady, _charge, reduced=_reduced_state)
