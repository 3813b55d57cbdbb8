"""Where energy has come from since time 0: heat of each bath, and work of couplings, beside that of the drives."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, is_concrete, namespace_of
from leyden.dense.pulsed import run_pulsed
from leyden.dense.work import drive_work, vacuum_power
from leyden.equations.moments import MomentEquations
from leyden.model.elements import Element, Mode
from leyden.model.families import Family
from leyden.model.operators import Ladder
from leyden.states.gaussian import GaussianState

__all__ = ["Ledger"]

Real = NDArray[np.float64]


@dataclass(frozen=True)
class Ledger:
    """A run of a device, for what went through its baths and couplings meanwhile."""

    equations: MomentEquations
    frequencies: Sequence[Any]
    initial: GaussianState
    states: GaussianState  # (..., t)
    times: Real
    tolerance: float

    def heat(self) -> dict[str, Array]:
        """Energy (..., t) that each bath has put in since time 0, by the label of its element, the second with a 2."""
        found: dict[str, Array] = {}
        seen: Counter[str] = Counter()
        for place, part in enumerate(self.equations.elements):
            if _is_bath(pattern := _pattern(part)):
                name = f"{type(pattern).__name__} family" if isinstance(part, Family) else pattern.label
                seen[name] += 1
                found[name if seen[name] == 1 else f"{name} {seen[name]}"] = self._put_in(place)
        return found

    def coupling_work(self) -> Array:
        """Energy (..., t) that couplings have put in: those that give to one mode what they take from another, none."""
        parts = [_pattern(part) for part in self.equations.elements]
        couplings = [
            place for place, part in enumerate(parts) if not (isinstance(part, Mode) or part.is_drive or part.jumps())
        ]
        unlike = [place for place in couplings if not self._is_exchange(place)]
        if not unlike:
            return namespace_of(self.states.mean).zeros(len(self.times))
        return self._put_in(*unlike)

    def _is_exchange(self, place: int) -> bool:
        """Whether a coupling moves quanta between modes of one frequency."""
        share = self.equations.shares[place]
        drift = share.basis.drift
        quanta = ([self.frequencies[mode] for mode in row] for row in share.places.tolist())
        is_one = all(_is_same(one, row[0]) for row in quanta for one in row)
        return is_one and not (drift + np.swapaxes(drift, -1, -2)).any()

    def _put_in(self, *places: int) -> Array:
        """Energy (..., t) that some shares have put in since time 0."""
        equations = replace(self.equations, watched=places)
        if equations.pulses or equations.is_turned:
            return run_pulsed(equations, self.frequencies, self.initial, self.times, self.tolerance).work
        xp = namespace_of(self.states.mean)
        done = drive_work(equations, self.frequencies, self.initial, self.states, self.times)
        return done + vacuum_power(xp, equations, self.frequencies)[..., None] * xp.asarray(self.times)


def _is_same(one: Any, other: Any) -> bool:
    return one is other or (is_concrete(one) and is_concrete(other) and bool(np.array_equal(one, other)))


def _pattern(part: Element | Family) -> Element:
    return part.pattern if isinstance(part, Family) else part


def _is_bath(element: Element) -> bool:
    """Whether it exchanges quanta with what is outside; pure dephasing does not, and drives stand elsewhere."""
    if element.is_drive:
        return False
    operators = [operator for jump in element.jumps() for operator in jump.operators]
    return bool(operators) and all(isinstance(operator, Ladder) for operator in operators)
