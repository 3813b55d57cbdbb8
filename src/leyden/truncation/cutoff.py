"""How many Fock levels are enough: a cutoff grows until the answer stops changing and the highest levels are empty."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from leyden.errors import LeydenError, ParameterError, TruncationError
from leyden.numeric import whole_number
from leyden.quantities import ENERGY, QUANTITIES

__all__ = ["Solution", "checked_limits", "converge", "grown", "largest_change", "refusal"]

# Levels for each mode to begin with, if the dimension allows.
_FIRST = 4
# Energies miss about (levels) x (population above): the highest levels must hold this share of the tolerance.
_TAIL_SHARE = 1 / 30
# The populations of coherent light fall ever faster: give up only where two thirds of the levels that the tails ask for
# would not fit either, and not before this share of the largest dimension is in use, of a single mode half of it.
_CREDIT, _JUDGED, _JUDGED_ALONE = 2 / 3, 1 / 8, 1 / 2


@dataclass(frozen=True)
class Solution:
    """Merits of a device at one cutoff, in quanta."""

    cutoff: tuple[int, ...]  # levels kept for each mode
    merits: Mapping[str, NDArray[np.float64]]  # (t,) or (batteries, t); power in quanta times the rate unit
    populations: tuple[NDArray[np.float64], ...]  # for each mode, the largest population of each level at any time
    tolerance: float = math.nan  # that was asked for
    change: float = math.nan  # largest change of an energy since the cutoff before, relative above one quantum

    own: tuple[int | None, ...] = ()  # levels of those modes that have no more

    @property
    def tails(self) -> tuple[float, ...]:
        """Population of the two highest levels of each mode: two, because a squeezed state may leave odd ones empty."""
        # Nothing is cut off a mode that has no more levels.
        own = self.own or (None,) * len(self.populations)
        pairs = zip(self.populations, own, strict=True)
        return tuple(float(np.sum(population[-2:])) if level is None else 0.0 for population, level in pairs)

    def wanted(self, limit: float) -> list[float]:
        """Levels at which the tail of each mode falls to a limit."""
        own = self.own or (None,) * len(self.populations)
        pairs = zip(self.populations, own, strict=True)
        return [_needed(population, limit) if level is None else level / _CREDIT for population, level in pairs]

    def grown(self, limit: float) -> tuple[int, ...]:
        """The next cutoff: modes whose tail is too heavy grow, and all once no tail is."""
        is_trial = max(self.tails) <= limit
        own = self.own or (None,) * len(self.populations)
        return tuple(
            grown(population, limit) if level is None and (is_trial or tail > limit) else len(population)
            for population, tail, level in zip(self.populations, self.tails, own, strict=True)
        )


def checked_limits(tolerance: float, largest_dimension: int) -> None:
    """Refuse a tolerance or a bound on the dimension that no solution could meet."""
    if not isinstance(tolerance, (int, float, np.number)) or not 0 < tolerance < math.inf:
        raise ParameterError.of("tolerance", "be finite and positive", tolerance)
    whole_number("largest_dimension", largest_dimension, 2)


def _step(levels: int) -> int:
    """Levels added to a mode that seems to have enough, to try it."""
    return max(2, levels // 8)


def _needed(population: NDArray[np.float64], limit: float) -> float:
    """Levels at which a mode's tail falls to a limit, if it goes on falling as it does over the upper half."""
    levels = len(population)
    tail, middle = float(np.sum(population[-2:])), levels // 2 - 1
    head = float(np.sum(population[middle : middle + 2]))
    if tail <= limit:
        return float(levels)
    if head <= tail:
        return math.inf
    return levels + math.log(limit / tail) / math.log(tail / head) * (levels - 2 - middle)


def grown(population: NDArray[np.float64], limit: float) -> int:
    """Next number of levels of a mode, from how its populations fall: by half at most, two at least."""
    levels = len(population)
    missing = min(_needed(population, limit) - levels, max(levels // 2, 2))
    return levels + max(math.ceil(missing), _step(levels))


def _is_hopeless(solution: Solution, limit: float, largest: int) -> bool:
    """Whether the levels that the tails ask for are out of reach, by far and for sure."""
    wanted = math.prod(_CREDIT * levels for levels in solution.wanted(limit))
    # The levels of one mode are cheap, and below the hump of one above its threshold they do not tell where it ends.
    share = _JUDGED if len(solution.cutoff) > 1 else _JUDGED_ALONE
    return math.prod(solution.cutoff) >= share * largest and wanted > largest


def largest_change(new: Solution, old: Solution) -> float:
    """Largest change of an energy, relative where the energy is above one quantum."""
    energies = [name for name in new.merits if QUANTITIES[name].unit == ENERGY]
    return max(
        float(np.max(np.abs(new.merits[name] - old.merits[name]) / np.maximum(np.abs(new.merits[name]), 1.0)))
        for name in energies
    )


def refusal(names: Sequence[str], solution: Solution, limit: float, cause: str) -> TruncationError:
    """That the highest levels of a mode are not empty, or that energies still change with the levels."""
    worst = int(np.argmax(solution.tails))
    population = solution.tails[worst]
    held = f"the highest of {names[worst]!r} hold {population:.2g}, and {limit:.2g} is allowed"
    change = "" if math.isnan(solution.change) else f"energies still change by {solution.change:.2g}"
    found = "; ".join(filter(None, [held if population > limit or not change else "", change]))
    return TruncationError(
        f"Argument `network` must fit into its Fock levels, but at cutoff {solution.cutoff} {found}. {cause}",
        population=population,
        cutoff=solution.cutoff,
    )


def converge(
    solve: Callable[[tuple[int, ...]], Solution],
    names: Sequence[str],
    least: tuple[int, ...],
    *,
    tolerance: float,
    largest: int,
    own: tuple[int | None, ...] = (),
    remedy: str = "raise `tolerance`, or use moments",
    first: int = _FIRST,
    at_worst: float = 0.0,
) -> Solution:
    """Solution at a cutoff of `least` levels or more, at which no energy changes by more than the tolerance."""
    # Modes whose tail is too heavy grow first. Once all tails are empty every mode grows once more, and the energies
    # must stay where they are.
    limit = _TAIL_SHARE * tolerance
    advice = f"Too excited, or no steady state: {remedy}."
    if len(names) >= int(largest).bit_length():  # two levels each are too many, and their product has as many digits
        raise TruncationError(
            f"Argument `network` must have a Hilbert space of at most {largest} dimensions, but has {len(names)} modes "
            f"of two levels at least. {advice}",
            population=math.nan,
            cutoff=(2,) * len(names),
        )
    own = own or (None,) * len(names)

    def of_all(levels: int, more: int) -> tuple[int, ...]:
        pairs = zip(least, own, strict=True)
        return tuple(max(levels, fewest) + more if level is None else level for fewest, level in pairs)

    # There must be room for one growth, or nothing could be said about convergence.
    while first > 2 and math.prod(of_all(first, 2)) > largest:
        first -= 1
    cutoff = of_all(first, 0)
    if math.prod(of_all(first, 2)) > largest:
        raise TruncationError(
            f"Argument `network` must have a Hilbert space of at most {largest} dimensions, but {len(names)} mode(s) "
            f"of {cutoff} levels leave no room to grow. {advice}",
            population=math.nan,
            cutoff=cutoff,
        )
    solution = solve(cutoff)
    if None not in own:  # nothing can grow
        return replace(solution, change=0.0)
    while True:
        is_trial = max(solution.tails) <= limit
        cutoff = solution.grown(limit)
        if _is_hopeless(solution, limit, largest) or math.prod(cutoff) > largest:
            # Better fewer digits, and said so, than none.
            if solution.change <= at_worst and max(solution.tails) <= _TAIL_SHARE * at_worst:
                return replace(solution, tolerance=at_worst)
            raise refusal(names, solution, limit, advice)
        try:
            larger = solve(cutoff)
        except LeydenError as error:
            raise refusal(names, solution, limit, f"Larger ones fail. {error.message}") from error
        solution = replace(larger, change=largest_change(larger, solution))
        if is_trial and solution.change <= tolerance and max(solution.tails) <= limit:
            return solution
