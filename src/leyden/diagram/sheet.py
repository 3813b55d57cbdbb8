"""The sheet while it is drawn on: modes and what leaves them; its frame, and the key below."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from leyden.diagram.record import Diagram
from leyden.diagram.scene import Box, Disc, Group, Mark, Point, Scene, Words, arrow, wave

__all__ = ["FEW", "LETTER", "Sheet", "extent_of", "framed", "key_of"]

FEW = 6
"""Modes up to which everything has words."""

LETTER = 0.56
"""Width of a letter, of its height."""

_MARGIN = 10.0
_MOST_KEYS = 8


@dataclass
class Sheet:
    """A diagram while it is drawn."""

    diagram: Diagram
    radius: float
    places: list[Point]
    links: list[Group] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    taken: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))

    @property
    def is_small(self) -> bool:
        """Whether everything has words."""
        return len(self.diagram.nodes) <= FEW

    @property
    def names_hubs(self) -> bool:
        """Whether there is room for words on what modes share: up to three baths, below a line of modes."""
        hubs = self.diagram.hubs
        level = {round(self.places[node][1]) for hub in hubs for node in hub.nodes}
        return self.is_small and (len(hubs) <= 1 or (len(hubs) <= 3 and len(level) == 1))

    def size(self, node: int) -> float:
        """Radius of a mode: a crowd is larger."""
        return self.radius * (1.6 if self.diagram.nodes[node].count > 1 else 1.0)

    def towards(self, node: int, point: Point, gap: float = 3.0) -> Point:
        """The point of a mode's rim that faces another point."""
        x, y = self.places[node]
        angle = math.atan2(point[1] - y, point[0] - x)
        reach = self.size(node) + gap
        return x + reach * math.cos(angle), y + reach * math.sin(angle)

    def take(self, node: int, point: Point) -> None:
        """Remember that something leaves a mode towards a point."""
        x, y = self.places[node]
        self.taken[node].append(math.atan2(point[1] - y, point[0] - x))


def key_of(sheet: Sheet, extent: tuple[float, float, float, float]) -> Iterator[Group]:
    """What marks without words mean, below the drawing."""
    items: dict[str, tuple[str, int]] = {}
    if not sheet.is_small:
        items |= {one.words.replace("\n", " "): (one.kind, one.photons) for one in sheet.diagram.attached}
        items = {words: item for words, item in items.items() if item[0] != "other"}
    if not sheet.names_hubs:
        items |= {hub.words: (hub.kind, 1) for hub in sheet.diagram.hubs}
    if not sheet.is_small and sheet.diagram.links:
        items = {"transfer, wider where stronger": ("link", 1), **items}
    left, _, right, bottom = extent
    x, y = left, bottom + 20.0
    for words, (role, photons) in list(items.items())[:_MOST_KEYS]:
        width = 34.0 + LETTER * 11.0 * len(words)
        if x > left and x + width > max(right, left + 260.0):
            x, y = left, y + 18.0
        marks: list[Mark] = []
        if role == "drive":
            for photon in range(photons):
                marks += wave((x, y), (x + 26.0, y), heads=(False, True), aside=8.0 * (photon - (photons - 1) / 2))
        elif role in ("bath", "gain"):
            marks += wave((x, y), (x + 26.0, y), heads=(role == "gain", role == "bath"))
        elif role == "link":
            marks += arrow((x, y), (x + 26.0, y), 2.0)
        else:
            marks.append(Box(x + 13.0, y, 10.0, 10.0))
        marks.append(Words(x + 32.0, y, words, 11.0, "start"))
        yield Group(role, words, tuple(marks))
        x += width + 22.0


def extent_of(groups: Sequence[Group]) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of all marks."""
    xs: list[float] = []
    ys: list[float] = []
    for mark in (mark for group in groups for mark in group.marks):
        if isinstance(mark, Disc):
            half = mark.radius + 4.0, mark.radius + 4.0
        elif isinstance(mark, Box):
            half = mark.width / 2, mark.height / 2
        elif isinstance(mark, Words):
            long = LETTER * mark.size * len(mark.text)
            half = (long if mark.anchor == "start" else long / 2), mark.size * 0.7
        else:
            xs += [x for x, _ in mark.points]
            ys += [y for _, y in mark.points]
            continue
        xs += [mark.x - half[0], mark.x + half[0]]
        ys += [mark.y - half[1], mark.y + half[1]]
    return min(xs), min(ys), max(xs), max(ys)


def framed(diagram: Diagram, groups: Sequence[Group]) -> Scene:
    """The sheet around all marks."""
    left, top, right, bottom = extent_of(groups)
    width, height = right - left + 2 * _MARGIN, bottom - top + 2 * _MARGIN
    return Scene(left - _MARGIN, top - _MARGIN, width, height, tuple(groups), diagram.name, diagram.description)
