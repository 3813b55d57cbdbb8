"""A sheet of simple marks, which any library can draw: strokes, areas, discs, boxes and words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["Area", "Box", "Disc", "Group", "Mark", "Point", "Scene", "Stroke", "Words", "arrow", "pulse_sign", "wave"]

Point = tuple[float, float]

# Of a wave: its length and how far it swings, in units of the sheet (1/96 inch).
_WAVE, _SWING = 9.0, 3.2


@dataclass(frozen=True)
class Stroke:
    """A line through points, or along curves where every second point is a control point."""

    points: tuple[Point, ...]
    width: float = 1.5
    is_curved: bool = False
    is_dashed: bool = False


@dataclass(frozen=True)
class Area:
    """A filled polygon."""

    points: tuple[Point, ...]


@dataclass(frozen=True)
class Disc:
    """A mode."""

    x: float
    y: float
    radius: float
    has_rim: bool = False  # a second circle outside, for the battery


@dataclass(frozen=True)
class Box:
    """A box with round corners about its middle."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Words:
    """A line of text about its middle, or from its start or end."""

    x: float
    y: float
    text: str
    size: float = 11.0
    anchor: str = "middle"


Mark = Stroke | Area | Disc | Box | Words


@dataclass(frozen=True)
class Group:
    """Marks that mean one thing, in the colour of what it is."""

    role: str
    title: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Scene:
    """All groups, from back to front, on a sheet whose y runs downwards."""

    left: float
    top: float
    width: float
    height: float
    groups: tuple[Group, ...]
    title: str
    description: str


def _along(start: Point, end: Point, way: float, aside: float = 0.0) -> Point:
    """The point that far along a line, and that far to its right."""
    length = math.hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    x, y = (end[0] - start[0]) / length, (end[1] - start[1]) / length
    return start[0] + x * way - y * aside, start[1] + y * way + x * aside


def arrow(start: Point, end: Point, width: float, *, heads: Sequence[bool] = (False, True)) -> tuple[Mark, ...]:
    """A straight line with a head at its start, at its end, or at both."""
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    head = min(5.0 + 2.0 * width, 0.45 * length)
    first, last = (head * 0.8 if one else 0.0 for one in heads)
    marks: list[Mark] = [Stroke((_along(start, end, first), _along(start, end, length - last)), width)]
    for is_there, tip, tail in ((heads[0], start, end), (heads[1], end, start)):
        if is_there:
            half = 0.42 * head
            marks.append(Area((tip, _along(tip, tail, head, half), _along(tip, tail, head, -half))))
    return tuple(marks)


def wave(
    start: Point, end: Point, *, heads: Sequence[bool] = (False, False), width: float = 1.4, aside: float = 0.0
) -> tuple[Mark, ...]:
    """A wavy line, with heads where asked."""
    start, end = _along(start, end, 0.0, aside), _along(end, start, 0.0, -aside)
    length = math.hypot(end[0] - start[0], end[1] - start[1])
    head = min(6.5, 0.4 * length)
    first, last = (head * 0.8 if one else 0.0 for one in heads)
    halves = max(2, round(2 * (length - first - last) / _WAVE))
    step = (length - first - last) / halves
    points = [_along(start, end, first)]
    for half in range(halves):
        way = first + half * step
        # A quadratic curve swings half as far as its control point.
        points += [_along(start, end, way + step / 2, 2 * _SWING * (-1) ** half), _along(start, end, way + step)]
    marks: list[Mark] = [Stroke(tuple(points), width, is_curved=True)]
    for is_there, tip, tail in ((heads[0], start, end), (heads[1], end, start)):
        if is_there:
            marks.append(Area((tip, _along(tip, tail, head, 3.0), _along(tip, tail, head, -3.0))))
    return tuple(marks)


def pulse_sign(x: float, y: float) -> Stroke:
    """A small pulse: what changes in time."""
    steps = ((-8.0, 3.5), (-4.0, 3.5), (-4.0, -3.5), (4.0, -3.5), (4.0, 3.5), (8.0, 3.5))
    return Stroke(tuple((x + across, y + down) for across, down in steps), 1.3)
