"""Charging in the full Hilbert space: network and times in, labelled Dataset out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.errors import ConvergenceError
from leyden.fock.advance import advanced, seconds_of
from leyden.fock.cutoff import LARGEST_DIMENSION, TOLERANCE, refuse_beyond_memory, solve_with_cutoff
from leyden.fock.generator import Rate, drive_power, generator_of
from leyden.fock.labelled import labelled
from leyden.fock.liouville import flow_of
from leyden.fock.observe import observe
from leyden.fock.operators import load_qutip, own_levels, single_device
from leyden.fock.prepare import checked_initial, density_matrix, levels_of, refuse_above
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.truncation.cutoff import Solution, checked_limits

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge", "charged"]

Real = NDArray[np.float64]

# Tolerances of the integrator in units of the answer's: noise in the spectrum of a density matrix enters the passive
# energy with the numbers of the levels, so that it is the last to come right.
_ABSOLUTE, _RELATIVE, _KRYLOV = 1e-4, 1e-3, 1e-3
# Times at which the power of the drives is looked at, at most, while the fastest rate turns by so much.
_NODES = 10
# Seconds of one application of the generator, and more for each entry of the density matrix; applications for each unit
# of the fastest rate times the time, which an explicit method must resolve; and the estimates that are worth a word,
# and no run at all.
_SECONDS, _SECONDS_OF_ENTRY, _APPLICATIONS, _LONG, _ENDLESS = 3e-4, 3e-8, 2.0, 20.0, 3 * 3600.0
# Bytes for each entry of a density matrix: 40 directions of a Krylov space, and what the generator is made of.
_BYTES = 40 * 8 + 500


def charge(
    network: Network,
    times: Any,
    *,
    initial: Any = None,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest_dimension: int = LARGEST_DIMENSION,
) -> xr.Dataset:
    """Charging of a device in time, d rho/dt = L rho, in a truncated Fock space.

    Parameters
    ----------
    network : Network
        A single device, Gaussian or not, stable or not; parameters may be pulses.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate.
    initial : GaussianState, qutip.Qobj or None
        State at time 0 of all modes in the network's order, vacuum by default; a QuTiP state is a ket or a density
        matrix.
    cutoff : int, sequence of int or None
        Fock levels kept, for all modes or for each in the network's order. By default they grow until the answer has
        converged; a number is taken as it is.
    tolerance : float
        By default, change of any energy at any time between two successive cutoffs that counts as converged, in quanta
        (relative above one quantum). With a `cutoff`, largest population of the two highest levels of a mode.
    largest_dimension : int
        Bound on the product of the cutoffs.

    Returns
    -------
    xarray.Dataset
        Over `time`, with `mode` before it for a sequence of batteries: the variables of `leyden.charge`, and the
        attributes of `leyden.fock.steady_state`. Of a device whose Hamiltonian is not quadratic a run does not tell
        `is_stable`; the attribute of that name says so.

    Raises
    ------
    ParameterError
        If the network is a batch, times do not increase or are not those of its pulses, the initial state does not fit,
        or a cutoff or tolerance makes no sense.
    TruncationError
        If no cutoff within the bound is large enough at all these times.
    ConvergenceError
        If the run would take more than three hours.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    Where nothing changes in time, Krylov steps as long as an estimate of their error allows, of 1e-3 of the tolerance
    in all; of the entries of the density matrix those are followed that the start reaches, half of them where parity is
    kept, and one of two conjugate ones. Where pulses are smooth, QuTiP's `MESolver` with Tsitouras' method of order 5,
    which passes none in fewer steps than `leyden.charge` begins with. The charging power comes from the generator,
    Tr[n L rho]; the work of the drives is the integral of their power.
    Cost: about one product of the generator for each unit of its largest rate times the time, however slowly the state
    changes, at 24 x 24 levels where parity is kept 2 ms, and 150 MB. Where that takes long a warning says so first,
    and what would take more than three hours does not begin. Few levels at times in equal steps are no matter of rates,
    until these are so large that rounding would show.

    Examples
    --------
    One quantum leaves a mode at its damping rate:

    >>> import leyden as ly, qutip
    >>> from leyden import fock
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a")
    >>> run = fock.charge(device, [0.0, 0.5], initial=qutip.basis(2, 1))
    >>> run.stored_energy.round(6).values.tolist()
    [1.0, 0.606531]
    """
    times = checked_times(times)
    device, solution = charged(network, times, initial, cutoff=cutoff, tolerance=tolerance, largest=largest_dimension)
    return labelled(device, solution, times)


def _work(power: Rate | None, solver: Any, start: float, end: float, fastest: float) -> float:
    """Integral of a power over the states that a solver passes, by Gauss and Legendre's rule, panel by panel."""
    turns = (end - start) * fastest
    panels = math.ceil(turns / _NODES)
    if not panels or power is None:
        return 0.0
    # Of n nodes the error is (h w)^(2n) (n!)^4/((2n + 1) (2n)!^3) of what turns at a rate w: with h w = n less than
    # 1e-10, and cutoffs, whose fastest rates differ, are compared.
    nodes, weights = np.polynomial.legendre.leggauss(min(_NODES, math.ceil(turns / panels) + 4))
    width = (end - start) / panels
    moments = start + width * (np.arange(panels)[:, None] + (nodes + 1) / 2)
    found = [power.of(solver.step(moment), moment).real for moment in moments.reshape(-1).tolist()]
    return float(np.reshape(found, (panels, -1)).sum(axis=0) @ weights) * width / 2


@dataclass
class _Run:
    """A device on some levels, followed from one stretch of time to the next."""

    device: Network
    levels: tuple[int, ...]
    tolerance: float
    may_warn: bool

    def __post_init__(self) -> None:
        refuse_beyond_memory(self.levels, _BYTES * float(math.prod(self.levels)) ** 2)
        self.generator = generator_of(self.device, self.levels)
        self.power = drive_power(self.device, self.levels)
        self.has_warned = False

    def along(self, start: Any, plan: Sequence[Stretch], times: Real) -> Iterator[tuple[Any, float]]:
        """State and work of the drives at increasing times."""
        state, work = start, 0.0
        if times[0] == 0:
            yield state, work
        for stretch in plan:
            end = float(stretch.nodes[-1])
            looked_at = times[(times > stretch.nodes[0]) & (times <= end)].tolist()
            passes = self._constant if stretch.is_constant else self._changing
            for time, after, spent in passes(state, stretch, sorted({*looked_at, end})):
                state, whole = after, work + spent
                if time in looked_at:
                    yield state, whole
                if time == end:
                    work = whole

    def _constant(self, state: Any, stretch: Stretch, times: list[float]) -> Iterator[tuple[float, Any, float]]:
        """Times, states and work since the beginning of a stretch in which nothing changes."""
        first = float(stretch.nodes[0])
        middle = (first + times[-1]) / 2
        flow = flow_of(*self.generator.at(middle), state.full())
        power = np.zeros(flow.width) if self.power is None else flow.row_of(self.power.at(middle))
        bordered = flow.bordered(power)
        fastest = float(abs(bordered).sum(axis=0).max())
        allowed = _KRYLOV * self.tolerance
        self._announce(seconds_of(bordered, first, np.asarray(times), allowed), fastest, times[-1])
        start = np.append(flow.packed(state.full()), 0.0)
        for time, numbers in zip(times, advanced(bordered, start, first, np.asarray(times), allowed), strict=True):
            yield time, load_qutip().Qobj(flow.unpacked(numbers[:-1]), dims=state.dims), float(numbers[-1])

    def _changing(self, state: Any, stretch: Stretch, times: list[float]) -> Iterator[tuple[float, Any, float]]:
        """The same where pulses change, none of whose steps goes beyond a node of the stretch."""
        options = {
            "method": "tsit5",
            "atol": _ABSOLUTE * self.tolerance,
            "rtol": _RELATIVE * self.tolerance,
            "nsteps": 10**8,
            "progress_bar": "",
        }
        generator, solver = self.generator, self.generator.solver(options)
        first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
        # What holds up to an edge is not what holds at it.
        generator.window.first, generator.window.last = first, math.nextafter(last, first)
        fastest = generator.fastest(stretch.nodes)
        each = _SECONDS + _SECONDS_OF_ENTRY * math.prod(self.levels) ** 2
        self._announce(_APPLICATIONS * fastest * (last - first) * each, fastest, last)
        solver.start(state, first)
        work = 0.0
        for before, time in pairwise(np.union1d(stretch.nodes, times).tolist()):
            work += _work(self.power, solver, before, time, fastest)
            yield time, solver.step(time), work

    def _announce(self, seconds: float, fastest: float, end: float) -> None:
        """A word before a long run begins, once, and a refusal of one that would hardly end."""
        if not seconds <= _ENDLESS:
            needed = f"some {seconds / 3600:.1g} hours" if math.isfinite(seconds) else "for ever"
            raise ConvergenceError(
                f"Argument `times` must be within reach, but method fock has to follow rates of {fastest:.2g} up to "
                f"time {end:.3g}, {needed} at cutoff {self.levels}. End by {end * _ENDLESS / seconds / 2:.1g}, ask for "
                "the steady state, or leave out what turns so fast.",
                residual=seconds,
                tolerance=_ENDLESS,
            )
        if seconds <= _LONG or self.has_warned or not self.may_warn:
            return
        self.has_warned = True
        warnings.warn(
            f"The run follows rates of {fastest:.2g} up to time {end:.3g}, and takes minutes: some {seconds:.0e} s at "
            f"cutoff {self.levels}, more at larger ones. End earlier, or ask for the steady state; moments, where they "
            "close, are there at once.",
            stacklevel=2,
        )


def _plan(device: Network, end: float) -> list[Stretch]:
    """What the times of a run fall into: between the edges of its pulses, or one stretch without any."""
    pulses = tuple(device.pulses.values())
    if not pulses:
        return [Stretch(np.asarray([0.0, end]), is_constant=True)] if end else []
    plan = list(stretches(pulses, end))
    refuse_negative_rates(device.elements, plan)
    return plan


@on_one_thread
def charged(
    network: Network,
    times: NDArray[np.float64],
    initial: Any = None,
    *,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest: int = LARGEST_DIMENSION,
) -> tuple[Network, Solution]:
    """A device of plain numbers, and its charging in quanta."""
    checked_limits(tolerance, largest)
    device = single_device(network, may_change=True)
    load_qutip()
    start = checked_initial(device, initial)

    plan = _plan(device, float(times[-1]))
    told: list[bool] = []

    def solve(levels: tuple[int, ...]) -> Solution:
        run = _Run(device, levels, tolerance, may_warn=not any(told))
        works: list[float] = []

        def states() -> Iterator[Any]:
            for state, work in run.along(density_matrix(start, levels), plan, times):
                works.append(work)
                yield state

        found = observe(device, run.generator, levels, states(), times.tolist())
        told.append(run.has_warned)
        return replace(found, merits={**found.merits, "drive_work": np.asarray(works)})

    least = levels_of(start, device.mode_names, tolerance, largest)
    refuse_above(device.mode_names, least, own_levels(device))
    solution = solve_with_cutoff(device, solve, cutoff, least, tolerance=tolerance, largest=largest)
    return device, solution
