"""What a drawing of a device shows: its modes, who drives whom how strongly, drives, baths, and where each stands."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leyden.equations.device import linear_part
from leyden.equations.moments import MomentEquations
from leyden.merit.transport import links
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.plots.kinds import acts, kind_of, name_of
from leyden.portrait.layout import places_of

__all__ = ["MOST_DRAWN", "Diagram", "Link", "Node", "diagram_of"]

MOST_DRAWN = 200
"""Modes of a device that can be drawn one by one."""

# Times at which a device with pulses is looked at.
_LOOKS = 33


@dataclass
class Node:
    """A mode on the drawing."""

    name: str
    x: float
    y: float
    role: str  # "charger", "battery", "both" or "mode"
    levels: int | None  # None for an oscillator
    drives: list[str] = field(default_factory=list[str])  # in words
    baths: list[str] = field(default_factory=list[str])
    others: list[str] = field(default_factory=list[str])


@dataclass
class Link:
    """Two modes that act on each other, or one on the other."""

    first: int
    second: int
    forth: float = 0.0  # of the first on the second, in the rate unit
    back: float = 0.0
    kinds: list[str] = field(default_factory=list[str])  # in words

    @property
    def words(self) -> str:
        """Which way it goes."""
        if self.forth == 0 and self.back == 0:
            return "no exchange of amplitudes"
        if self.back == 0 or self.forth == 0:
            return "one way"
        return "both ways alike" if np.isclose(self.forth, self.back, rtol=1e-6) else "both ways"


@dataclass(frozen=True)
class Diagram:
    """A device as it is drawn."""

    name: str
    nodes: list[Node]
    links: list[Link]
    shared: list[tuple[int, ...]]  # modes of each shared bath of more than two

    @property
    def strongest(self) -> float:
        """The largest strength of a link, in the rate unit."""
        return max((max(link.forth, link.back) for link in self.links), default=0.0)


def _widths(equations: MomentEquations) -> dict[tuple[int, int], float]:
    """Strength of each directed link; of a device with pulses the largest at any time."""
    if not equations.pulses:
        sources, targets, widths = links(equations)
        return dict(zip(zip(sources.tolist(), targets.tolist(), strict=True), widths.tolist(), strict=True))
    from leyden.portrait.horizon import shortest_change

    shapes = [shape for pulse in equations.pulses for shape in pulse.shapes]
    ends = [float(np.max(shape.edges(), initial=0.0)) for shape in shapes] + [shape.scale()[1] for shape in shapes]
    known = min((shape.span()[1] for shape in shapes), default=np.inf)
    last = min(max((end for end in ends if np.isfinite(end)), default=0.0), known) or shortest_change(equations)
    found: dict[tuple[int, int], float] = defaultdict(float)
    for time in np.linspace(0.0, last if np.isfinite(last) else 1.0, _LOOKS):
        frozen = equations.at_time(float(time))
        for pair, width in _widths(frozen).items():
            found[pair] = max(found[pair], width)
    return found


def _role(network: Network, name: str) -> str:
    is_battery = name in network.batteries
    if name == network.charger:
        return "both" if is_battery else "charger"
    return "battery" if is_battery else "mode"


def _drive_words(element: Any) -> str:
    photons = max(len(term.operators) for term in element.hamiltonian())
    return {1: "one-photon drive", 2: "two-photon drive"}.get(photons, f"{photons}-photon drive")


def _placed(network: Network, link: Callable[[int, int], Link]) -> tuple[list[Node], list[tuple[int, ...]]]:
    """Modes with what acts on each of them, and shared baths of many; what acts on two goes to their link."""
    levels = {mode.name: mode.levels for mode in network.modes}
    nodes = [Node(name, 0.0, 0.0, _role(network, name), levels.get(name)) for name in network.mode_names]
    shared: list[tuple[int, ...]] = []
    for element in filter(acts, network.elements):
        kind = kind_of(element)
        places = [network.position(mode) for mode in element.modes]
        if len(places) == 1:
            node = nodes[places[0]]
            if kind == "drive":
                node.drives.append(_drive_words(element))
            elif kind == "local bath":
                node.baths.append("local bath")
            else:
                node.others.append(name_of(element))
        elif len(places) == 2:
            link(*places).kinds.append(kind if kind != "other" else name_of(element))
        else:
            shared.append(tuple(places))
    return nodes, shared


def diagram_of(network: Network) -> Diagram | None:
    """The drawing of a single device; None of a batch, or of more modes than can be told apart."""
    names = network.mode_names
    if len(names) > MOST_DRAWN:
        return None
    plain, labels = take_off(network, may_change=True)
    if labels.shape or network.arrays:
        return None
    found: dict[tuple[int, int], Link] = {}

    def link(first: int, second: int) -> Link:
        pair = (first, second) if first < second else (second, first)
        return found.setdefault(pair, Link(*pair))

    for (source, target), width in _widths(linear_part(plain)[0]).items():
        one = link(source, target)
        if source == one.first:
            one.forth = width
        else:
            one.back = width
    nodes, shared = _placed(network, link)
    for pair in list(found):
        if found[pair].words.startswith("no") and not found[pair].kinds:
            del found[pair]
    pairs = [*found, *((bath[0], other) for bath in shared for other in bath[1:])]
    for node, place in zip(nodes, places_of(len(names), pairs, network.position(network.charger)), strict=True):
        node.x, node.y = float(place[0]), float(place[1])
    return Diagram(network.name, nodes, [found[pair] for pair in sorted(found)], shared)
