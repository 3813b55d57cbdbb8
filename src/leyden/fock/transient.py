"""Charging in the full Hilbert space: network and times in, labelled Dataset out."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.equations.timeline import Stretch, refuse_negative_rates, stretches
from leyden.fock.cutoff import LARGEST_DIMENSION, TOLERANCE, solve_with_cutoff
from leyden.fock.generator import Generator, Rate, drive_power, generator_of
from leyden.fock.labelled import labelled
from leyden.fock.observe import observe
from leyden.fock.operators import load_qutip, own_levels, single_device
from leyden.fock.prepare import checked_initial, density_matrix, levels_of, refuse_above
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.truncation.cutoff import Solution, checked_limits

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge", "charged"]

# Tolerances of the integrator in units of the answer's: noise in the spectrum of a density matrix enters the passive
# energy with the numbers of the levels, so that it is the last to come right.
_ABSOLUTE, _RELATIVE = 1e-4, 1e-3
# Times at which the power of the drives is looked at, at most, while the fastest rate turns by so much.
_NODES = 10
# Seconds of one application of the generator, and more for each entry of the density matrix; applications for each unit
# of the fastest rate times the time, which an explicit method must resolve; and the estimate that is worth a word.
_SECONDS, _SECONDS_OF_ENTRY, _APPLICATIONS, _LONG = 3e-4, 3e-8, 2.0, 20.0


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
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    QuTiP's `MESolver` with Tsitouras' method of order 5. The charging power comes from the generator, Tr[n L rho]; the
    work of the drives is the integral of their power, by quadrature.
    Cost for 100 units of time at rates of order one: a second at dimension 100, a quarter of a minute at 250, five
    minutes at 800; the cutoffs that were tried before add as much again. The method is explicit: cost grows with the
    fastest rate times the time, however slowly the state changes, and where that takes long a warning says so first.
    The solver begins anew at the edges of pulses, and passes no smooth one in fewer steps than `leyden.charge` begins
    with.

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


def _passed(
    generator: Generator, solver: Any, state: Any, plan: Sequence[Stretch], times: NDArray[np.float64]
) -> Iterator[tuple[float, float]]:
    """Begin and end of each piece of the way, none of which goes beyond an edge of a pulse or one of the times."""
    for number, stretch in enumerate(plan):
        first, last = float(stretch.nodes[0]), float(stretch.nodes[-1])
        # What holds up to an edge is not what holds at it.
        generator.window.first, generator.window.last = first, math.nextafter(last, first)
        solver.start(solver.step(first) if number else state, first)
        inside = times[(times > first) & (times < last)]
        yield from pairwise(np.union1d(stretch.nodes, inside).tolist())


def _is_warned(fastest: float, end: float, levels: tuple[int, ...]) -> bool:
    """Whether the fastest rate makes a run a long one; a word of it before it begins."""
    each = _SECONDS + _SECONDS_OF_ENTRY * math.prod(levels) ** 2
    seconds = _APPLICATIONS * fastest * end * each
    if seconds > _LONG:
        warnings.warn(
            f"The run follows rates of {fastest:.2g} up to time {end:.3g} by an explicit method: it takes minutes: "
            f"some {seconds:.0e} s at cutoff {levels}, more at larger ones. End earlier, or ask for the "
            "steady state; moments, where they close, are there at once.",
            stacklevel=3,
        )
    return seconds > _LONG


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
    options = {
        "method": "tsit5",
        "atol": _ABSOLUTE * tolerance,
        "rtol": _RELATIVE * tolerance,
        "nsteps": 10**8,
        "progress_bar": "",
    }

    plan = _plan(device, float(times[-1]))
    looked_at = np.concatenate([np.zeros(1), *(stretch.nodes for stretch in plan)])
    told: list[bool] = []

    def solve(levels: tuple[int, ...]) -> Solution:
        generator = generator_of(device, levels)
        fastest = generator.fastest(looked_at)
        told.append(not any(told) and _is_warned(fastest, float(times[-1]), levels))
        solver, first = generator.solver(options), density_matrix(start, levels)
        power, works = drive_power(device, levels), dict.fromkeys(times.tolist(), 0.0)

        def states() -> Iterator[Any]:
            work = 0.0
            if times[0] == 0:
                yield first
            for before, time in _passed(generator, solver, first, plan, times):
                work += _work(power, solver, before, time, fastest)
                state = solver.step(time)
                if time in works:
                    works[time] = work
                    yield state

        found = observe(device, generator, levels, states(), times.tolist())
        return replace(found, merits={**found.merits, "drive_work": np.asarray(list(works.values()))})

    least = levels_of(start, device.mode_names, tolerance, largest)
    refuse_above(device.mode_names, least, own_levels(device))
    solution = solve_with_cutoff(device, solve, cutoff, least, tolerance=tolerance, largest=largest)
    return device, solution
