"""How many Fock levels a device gets: the caller's, or as many as it takes."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace

from leyden.equations.device import linear_part
from leyden.errors import ParameterError
from leyden.fock.operators import checked_cutoff, own_levels
from leyden.memory import shortage
from leyden.model.network import Network
from leyden.truncation.cutoff import Solution, converge, refusal

__all__ = ["BYTES", "LARGEST_DIMENSION", "TOLERANCE", "refuse_beyond_memory", "solve_with_cutoff"]

LARGEST_DIMENSION = 800
"""Default bound on the dimension of the Hilbert space, the product of the cutoffs.

Two modes of 28 levels each: there a steady state takes some ten seconds for two-photon devices and half a minute for
others, and a charging curve two minutes for 40 units of time at rates of order one, in 1 GiB.
"""

TOLERANCE = 1e-7
"""Default change of an energy, in quanta, that counts as converged."""


BYTES = 4 * 16
"""Of the few matrices of a Hilbert space that there are in any case, for each entry of one."""


def refuse_beyond_memory(levels: tuple[int, ...], needed: float) -> None:
    """Refuse a cutoff before there is no memory for it."""
    if missing := shortage(needed):
        raise ParameterError.of(
            "cutoff",
            f"leave room in memory, of which {missing[1]} are free",
            levels,
            f"It needs some {missing[0]}: lower it, or give the method `one_way`, moments or `truncated_wigner` a try.",
        )


def solve_with_cutoff(
    network: Network,
    solve: Callable[[tuple[int, ...]], Solution],
    cutoff: int | Sequence[int] | None,
    least: tuple[int, ...],
    *,
    tolerance: float,
    largest: int,
) -> Solution:
    """Solution at the caller's cutoff, or at one that grows until nothing changes."""
    if cutoff is None:
        own = own_levels(network)
        remedy = f"give `leyden.fock` a larger `tolerance` or `largest_dimension` (now {largest})"
        if not linear_part(network)[1]:
            remedy += ", or use moments"
        elif not any(own):  # cells have no trajectories
            remedy += ', or use method="truncated_wigner"'
        names = network.mode_names
        found = converge(solve, names, least, tolerance=tolerance, largest=largest, own=own, remedy=remedy)
        return replace(found, tolerance=float(tolerance))
    levels = checked_cutoff(network, cutoff)
    if math.prod(levels) > largest:
        raise ParameterError.of(
            "cutoff", f"span at most {largest} dimensions", cutoff, "Raise `largest_dimension` to allow more."
        )
    solution = solve(levels)
    # Nothing to compare with at a single cutoff: here the tolerance bounds the population of the highest levels.
    if max(solution.tails) > tolerance:
        remedy = "Raise `cutoff`, or leave it out to let it grow."
        raise refusal(network.mode_names, solution, tolerance, remedy)
    return replace(solution, tolerance=float(tolerance))
