"""From a diagram to a sheet: where each mark goes."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from leyden.diagram.layout import places_of
from leyden.diagram.record import Attached, Diagram, Hub, Link, Node
from leyden.diagram.scene import Box, Disc, Group, Mark, Point, Scene, Stroke, Words, arrow, pulse_sign, wave
from leyden.diagram.sheet import FEW, LETTER, Sheet, extent_of, framed, key_of

__all__ = ["scene_of"]

# Up to so many links these have numbers.
_MOST_NUMBERS = 10
# Beyond so many modes what they share is a dot on their link.
_SOME = 25
# Links differ in both ways where they differ by more than this.
_ALIKE = 1e-9
# Directions that are tried for what acts on a mode, and those that are liked best.
_DIRECTIONS = [math.pi * step / 8 for step in range(16)]
_LIKED = {"drive": math.pi, "bath": -math.pi / 2, "gain": -math.pi / 2, "other": math.pi / 2}


def _number(value: float) -> str:
    return f"{value:.3g}"


def scene_of(diagram: Diagram) -> Scene:
    """All marks of a drawing."""
    count = len(diagram.nodes)
    radius = 27.0 if count <= FEW else 19.0 if count <= 25 else 13.0 if count <= 80 else 9.0
    apart = radius * (5.4 if count <= FEW else 4.6)
    edges = [(link.first, link.second) for link in diagram.links]
    edges += [pair for hub in diagram.hubs for pair in _chained(hub.nodes)]
    roles = [node.role for node in diagram.nodes]
    first = next((place for place, role in enumerate(roles) if role in ("charger", "both")), 0)
    last = next((place for place, role in enumerate(roles) if role == "battery"), count - 1)
    places = places_of(count, edges, first, last) * apart
    sheet = Sheet(diagram, radius, [(float(x), float(y)) for x, y in places])
    strongest = max((max(link.forth, link.back) for link in diagram.links), default=0.0)
    sides = _sides(sheet)
    for link in diagram.links:
        _draw_link(sheet, link, strongest, sides[link.first, link.second])
    seen: dict[tuple[int, ...], int] = defaultdict(int)
    for hub in diagram.hubs:
        _draw_hub(sheet, hub, sides.get((min(hub.nodes), max(hub.nodes)), 1) * (-1) ** seen[hub.nodes], seen[hub.nodes])
        seen[hub.nodes] += 1
    for one in diagram.attached:
        _draw_attached(sheet, one)
    modes = [_mode(sheet, place, node) for place, node in enumerate(diagram.nodes)]
    groups = (*sheet.links, *sheet.groups, *modes)
    return framed(diagram, (*groups, *key_of(sheet, extent_of(groups))))


def _chained(nodes: Sequence[int]) -> Iterator[tuple[int, int]]:
    return pairwise(nodes)


def _sides(sheet: Sheet) -> dict[tuple[int, int], int]:
    """On which side of a link its bath stands: outside of a ring, below a line."""
    middle = np.mean(sheet.places, axis=0)
    found: dict[tuple[int, int], int] = {}
    pairs = [(link.first, link.second) for link in sheet.diagram.links]
    pairs += [(min(hub.nodes), max(hub.nodes)) for hub in sheet.diagram.hubs]
    for one, two in pairs:
        (x, y), (u, v) = sheet.places[one], sheet.places[two]
        # Positive to the right of the way from one to two, where y runs downwards: below a line to the right.
        outward = -(v - y) * ((x + u) / 2 - middle[0]) + (u - x) * ((y + v) / 2 - middle[1])
        is_level = abs(outward) < 1e-6 * max(1.0, math.hypot(u - x, v - y)) ** 2
        found[one, two] = (1 if u >= x else -1) if is_level else (1 if outward > 0 else -1)
    return found


def _beside(start: Point, end: Point, aside: float) -> Point:
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return (start[0] + end[0]) / 2 - y * aside, (start[1] + end[1]) / 2 + x * aside


def _shifted(point: Point, start: Point, end: Point, aside: float) -> Point:
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return point[0] - (end[1] - start[1]) / length * aside, point[1] + (end[0] - start[0]) / length * aside


def _draw_link(sheet: Sheet, link: Link, strongest: float, side: int) -> None:
    """Arrows between two modes: as wide as the transfer is strong, one for each way where the two differ."""
    names = [node.name for node in sheet.diagram.nodes]
    one, two = sheet.places[link.first], sheet.places[link.second]
    sheet.take(link.first, two)
    sheet.take(link.second, one)
    start, end = sheet.towards(link.first, two), sheet.towards(link.second, one)
    thin = sheet.radius / 27.0
    widths = [thin * (1.2 + 3.4 * value / strongest) if value else 0.0 for value in (link.forth, link.back)]
    is_mutual = math.isclose(link.forth, link.back, rel_tol=_ALIKE)
    marks: list[Mark] = []
    title = f"{names[link.first]} and {names[link.second]}: {', '.join(link.names)}"
    if not any(widths):
        marks.append(Stroke((start, end), 1.4 * thin, is_dashed=True))
    elif is_mutual:
        marks += arrow(start, end, widths[0], heads=(True, True))
        title = f"{names[link.first]} and {names[link.second]}: {_number(link.forth)} both ways"
    else:
        gap = (max(widths) / 2 + 3.0 * thin) if all(widths) else 0.0
        title = f"{names[link.first]} to {names[link.second]}: {_number(link.forth)}; back: {_number(link.back)}"
        for width, first, last in ((widths[0], start, end), (widths[1], end, start)):
            if width:
                marks += arrow(_shifted(first, first, last, gap), _shifted(last, first, last, gap), width)
    if link.names and any(widths):
        title += f"; {', '.join(link.names)}"
    # Away from the bath: that of two modes stands outside, that of several in their middle.
    inner = side if any(len(hub.nodes) > 2 for hub in sheet.diagram.hubs) else -side
    marks += _words_of_link(sheet, link, start, end, inner, is_mutual=is_mutual)
    sheet.links.append(Group("link" if any(widths) else "other", title, tuple(marks)))


def _words_of_link(sheet: Sheet, link: Link, start: Point, end: Point, side: int, *, is_mutual: bool) -> Iterator[Mark]:
    has_numbers = len(sheet.diagram.links) <= _MOST_NUMBERS
    if link.is_changing:
        yield pulse_sign(*_beside(start, end, side * (9.0 if not has_numbers else 26.0)))
    if not has_numbers:
        return
    lines = [*(link.names if sheet.is_small else ())]
    numbers: list[tuple[str, int]] = []
    if is_mutual and link.forth:
        numbers.append((_number(link.forth), side))
    else:
        # Each number on the side of its arrow; of a single arrow away from the bath.
        both = bool(link.forth and link.back)
        numbers += [
            (_number(value), way if both else side) for value, way in ((link.forth, 1), (link.back, -1)) if value
        ]
    normal = _beside((0.0, 0.0), (end[0] - start[0], end[1] - start[1]), 1.0)
    normal = normal[0] - (end[0] - start[0]) / 2, normal[1] - (end[1] - start[1]) / 2
    for row, (text, way) in enumerate([*numbers, *((name, side) for name in lines)]):
        # So far off that the edge of the words keeps its distance from the line, however that lies.
        stacked = 13.0 * abs(normal[1]) * max(row - len(numbers) + bool(numbers), 0)
        width = LETTER * 11.0 * len(text)
        aside = 6.0 + abs(normal[0]) * width / 2 + abs(normal[1]) * 6.0 + stacked + (2.0 if len(numbers) == 2 else 0.0)
        yield Words(*_beside(start, end, way * aside), text, 11.0 if row < len(numbers) else 10.0)


def _rim(start: Point, middle: Point, size: tuple[float, float]) -> Point:
    """Where a line to the middle of a box meets it."""
    across, up = middle[0] - start[0], middle[1] - start[1]
    share = min((side / 2 / abs(way) for side, way in zip(size, (across, up), strict=True) if way), default=0.0)
    share = min(share, 1.0)
    return middle[0] - share * across, middle[1] - share * up


def _draw_hub(sheet: Sheet, hub: Hub, side: int, turn: int) -> None:
    """A bath that modes share: a box, and waves from each of them."""
    places = [sheet.places[node] for node in hub.nodes]
    words = hub.words if sheet.names_hubs or (hub.kind == "other" and sheet.is_small) else ""
    is_crowded = len(sheet.diagram.nodes) > _SOME and len(places) == 2
    aside = (3.0 if words else 0.5 if is_crowded else 1.5) * sheet.radius + (turn // 2) * 2.2 * sheet.radius
    if len(places) == 2:
        first, last = min(hub.nodes), max(hub.nodes)
        middle = _beside(sheet.places[first], sheet.places[last], side * aside)
    else:
        x, y = (float(one) for one in np.mean(places, axis=0))
        # Off the modes, where the middle of all is one of them.
        near = min(math.hypot(x - u, y - v) for u, v in sheet.places)
        middle = (x, y + 3.0 * sheet.radius) if near < 2 * sheet.radius else (x, y)
    small = max(0.5 * sheet.radius, 5.0)
    size = (LETTER * 11.0 * len(words) + 14.0, 22.0) if words else (small, small)
    marks: list[Mark] = []
    for node in hub.nodes if not is_crowded else ():
        sheet.take(node, middle)
        start = sheet.towards(node, middle, 1.0)
        ends = start, _rim(start, middle, size)
        marks += wave(*ends, width=1.3) if hub.kind == "reservoir" else (Stroke(ends, 1.3, is_dashed=True),)
    marks.append(Box(*middle, *size))
    if words:
        marks.append(Words(*middle, words, 11.0))
    if hub.is_changing:
        marks.append(pulse_sign(middle[0], middle[1] + 20.0))
    sheet.groups.append(Group(hub.kind, hub.title, tuple(marks)))


def _free_direction(sheet: Sheet, node: int, kind: str) -> float:
    """The direction with most room around it; of equal ones the one that is liked best."""
    taken = sheet.taken[node]

    def apart(one: float, two: float) -> float:
        return abs(math.remainder(one - two, 2 * math.pi))

    def worth(angle: float) -> float:
        room = min((apart(angle, other) for other in taken), default=math.pi)
        return min(room, math.pi / 2) - 0.22 * apart(angle, _LIKED[kind])

    return max(_DIRECTIONS, key=lambda angle: round(worth(angle), 9))


def _draw_attached(sheet: Sheet, one: Attached) -> None:
    """Waves into a mode for a drive, out of it for a bath; a box for anything else."""
    angle = _free_direction(sheet, one.node, one.kind)
    sheet.taken[one.node].append(angle)
    x, y = sheet.places[one.node]
    unit = math.cos(angle), math.sin(angle)
    radius = sheet.size(one.node)
    length = radius * (1.55 if one.kind == "drive" else 1.25 if one.kind != "other" else 0.6)
    if len(sheet.diagram.nodes) > _SOME and one.kind != "drive":
        length *= 0.6
    inner = x + unit[0] * (radius + 2.0), y + unit[1] * (radius + 2.0)
    outer = x + unit[0] * (radius + 2.0 + length), y + unit[1] * (radius + 2.0 + length)
    marks: list[Mark] = []
    if one.kind == "drive":
        apart = 0.34 * sheet.radius
        for photon in range(one.photons):
            marks += wave(outer, inner, heads=(False, True), aside=(photon - (one.photons - 1) / 2) * apart)
    elif one.kind == "other":
        marks.append(Stroke((inner, outer), 1.3))
    else:
        inward = one.kind == "gain" or one.is_warm
        marks += wave(inner, outer, heads=(inward, one.kind != "gain"))
    marks += _words_of_attached(sheet, one, outer, unit)
    sheet.groups.append(Group(one.kind, one.title, tuple(marks)))


def _words_of_attached(sheet: Sheet, one: Attached, outer: Point, unit: Point) -> Iterator[Mark]:
    lines = one.words.split("\n") if sheet.is_small or one.kind == "other" else []
    longest = max(map(len, lines), default=0) * LETTER * 10.0
    height = 12.0 * len(lines)
    # The middle of the words, so far off that their nearest edge keeps a distance.
    pad = 7.0 if one.kind == "other" else 5.0
    far = pad + abs(unit[0]) * longest / 2 + abs(unit[1]) * height / 2
    x, y = outer[0] + unit[0] * far, outer[1] + unit[1] * far
    if one.kind == "other" and lines:
        yield Box(x, y, longest + 10.0, height + 6.0)
    for row, text in enumerate(lines):
        yield Words(x, y + (row - (len(lines) - 1) / 2) * 12.0, text, 10.0)
    if one.is_changing:
        below = height / 2 + 8.0 if lines else 0.0
        yield pulse_sign(x + (0.0 if lines else unit[0] * 8.0), y + (below if lines else unit[1] * 8.0))


def _mode(sheet: Sheet, place: int, node: Node) -> Group:
    x, y = sheet.places[place]
    radius = sheet.size(place)
    marks: list[Mark] = [Disc(x, y, radius, has_rim=node.role in ("battery", "both"))]
    lines = node.name.split(" ", 1) if node.count > 1 else [node.name]
    if node.levels is not None and sheet.is_small:
        lines.append(f"{node.levels} levels")
    size = min(12.0, 0.62 * radius, 1.78 * radius / (LETTER * max(*map(len, lines), 2)))
    if size < 5.0 and node.count == 1:
        keep = int(1.78 * radius / (LETTER * 5.0))
        lines[0], size = (f"{node.name[: keep - 1]}…" if len(node.name) > keep else node.name), 5.0
    if len(sheet.diagram.nodes) <= 80 or node.role != "other":
        for row, text in enumerate(lines):
            small = size if row == 0 else min(0.72 * size, 9.0)
            marks.append(Words(x, y + (row - (len(lines) - 1) / 2) * 1.15 * size, text, small))
    words = {"charger": "charger", "battery": "battery", "both": "charger and battery", "other": "mode"}[node.role]
    kind = f", {node.levels} levels" if node.levels is not None else ""
    return Group(f"mode {node.role}", f"{words} {node.name}{kind}", tuple(marks))
