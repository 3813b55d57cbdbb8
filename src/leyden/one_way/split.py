"""Which modes of a device feel nothing of the others: decided from the words, and from what cancels in the drift."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.equations.basis import closes
from leyden.equations.moments import MomentEquations
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.network import Network
from leyden.model.operators import Ladder
from leyden.text import listed

__all__ = ["Split", "split_of"]


@dataclass(frozen=True)
class Split:
    """Positions of the modes, in order: those of the core, and those that it feeds."""

    core: tuple[int, ...]
    rest: tuple[int, ...]

    def told(self, network: Network) -> str:
        """In a sentence."""
        core, rest = ([network.mode_names[place] for place in places] for places in (self.core, self.rest))
        return f"{listed(core, 4)} feel{'s' if len(core) == 1 else ''} nothing of {listed(rest, 4)}"


def split_of(network: Network, equations: MomentEquations) -> Split | str:
    """Where a device can be cut, from the equations of its linear part; or why it cannot."""
    modes = tuple(network.modes)
    kept = {place for place, mode in enumerate(modes) if mode.beyond_moments}
    causes = [f"Mode({mode.name})" for mode in modes if mode.beyond_moments]
    for part in network.parts:
        pattern = part.pattern if isinstance(part, Family) else part
        if not _is_linear(pattern):
            kept |= set(_places(part, network))
            causes.append(pattern.label)
    own = sorted(kept)
    if not kept:  # all is linear: then the charger, as it would be if it were not
        kept = {network.position(network.charger)}
    drift = np.asarray(equations.drift).reshape(len(modes), 2, len(modes), 2)
    is_fed = (drift != 0).any(axis=(1, 3))  # [i, j]: mode j acts on mode i
    queue = list(kept)
    while queue:
        for place in np.flatnonzero(is_fed[queue.pop()]).tolist():
            if place not in kept:
                kept.add(place)
                queue.append(place)
    rest = tuple(place for place in range(len(modes)) if place not in kept)
    core = tuple(sorted(kept))
    if not rest:
        return _no_rest(network, own, causes)
    for part in network.parts:
        pattern = part.pattern if isinstance(part, Family) else part
        inside = {place in kept for place in _places(part, network)}
        if pattern.is_drive and len(inside) == 2:
            return f"{pattern.label} drives modes on both sides"
    return Split(core, rest)


def _no_rest(network: Network, own: list[int], causes: list[str]) -> str:
    """Why no mode is left that only follows: which do not move linearly by themselves, and which act on those."""
    others = [name for place, name in enumerate(network.mode_names) if place not in own]
    reached = [network.mode_names[place] for place in own] or [network.charger]
    if not causes:
        others.remove(network.charger)
    if not others and not causes:
        return f"{network.charger} is its only mode"
    is_of_cells = {f"Mode({name})" for name in reached}.issuperset(causes)
    if not others:
        return "all modes have few levels" if is_of_cells else f"no mode is linear under {listed(causes, 2)}"
    acting = f"{listed(others, 2)} act{'s' * (len(others) == 1)} on {listed(reached, 2)}"
    if not causes:
        return f"{acting}, the charger"
    if is_of_cells:
        return f"{acting}, of few levels"
    return f"{acting}, which {'is' if len(reached) == 1 else 'are'} not linear under {listed(causes, 2)}"


def _is_linear(element: Element) -> bool:
    """Whether an element moves ladder operators by ladder operators alone, and leaves states Gaussian."""
    operators = (operator for jump in element.jumps() for operator in jump.operators)
    return closes(element) and all(isinstance(operator, Ladder) for operator in operators)


def _places(part: Any, network: Network) -> list[int]:
    if isinstance(part, Family):
        return np.unique(part.places).tolist()
    return [network.position(mode) for mode in part.modes]
