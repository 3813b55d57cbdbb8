"""Places of modes on a sheet: chains, rings, trees and lattices as such, others so that lines show distances."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["places_of"]

Places = NDArray[np.float64]
Neighbours = Sequence[Sequence[int]]

# Longest chain on one line, most leaves one above the other, and most modes on a circle.
_ONE_LINE, _ONE_COLUMN, _CIRCLE = 9, 7, 12
_ROUNDS = 60
# Between parts of a device that do not touch each other.
_GAP = 1.2


def places_of(count: int, edges: Sequence[tuple[int, int]], first: int, last: int) -> Places:
    """Places (count, 2), neighbours about 1 apart, y downwards; the first mode stands on the left where it can."""
    neighbours: list[list[int]] = [[] for _ in range(count)]
    for one, other in sorted({(min(edge), max(edge)) for edge in edges}):
        neighbours[one].append(other)
        neighbours[other].append(one)
    parts = _components(neighbours, first)
    places = np.zeros((count, 2))
    if len(parts) == 1:
        places[parts[0]] = _part(parts[0], neighbours, first, last)
        return places
    across, down, row = 0.0, 0.0, 0.0
    widest = max(4.0, 1.6 * math.sqrt(count))
    for part in parts:
        own = _part(part, neighbours, first, last)
        own = own - own.min(axis=0)
        width, height = own.max(axis=0)
        if across and across + width > widest:
            across, down, row = 0.0, down + row + _GAP, 0.0
        places[part] = own + np.asarray([across, down])
        across, row = across + float(width) + _GAP, max(row, float(height))
    return places


def _components(neighbours: Neighbours, first: int) -> list[list[int]]:
    seen: set[int] = set()
    parts: list[list[int]] = []
    for start in (first, *range(len(neighbours))):
        if start not in seen:
            distances = _distances(neighbours, start)
            parts.append(sorted(distances))
            seen |= distances.keys()
    return parts


def _distances(neighbours: Neighbours, start: int) -> dict[int, int]:
    """Steps from a mode to each that can be reached, in order of distance."""
    found, queue = {start: 0}, [start]
    for one in queue:
        for other in neighbours[one]:
            if other not in found:
                found[other] = found[one] + 1
                queue.append(other)
    return found


def _part(part: list[int], neighbours: Neighbours, first: int, last: int) -> Places:
    """Places of the modes of one part, in its order."""
    start = first if first in part else part[0]
    own = {mode: place for place, mode in enumerate(part)}
    near = [[own[other] for other in neighbours[mode]] for mode in part]
    edges, count = sum(map(len, near)) // 2, len(part)
    most = max(map(len, near))
    root, goal = own[start], own.get(last, -1)
    if count == 1:
        return np.zeros((1, 2))
    if edges == count - 1:
        return _chain(near, root) if most <= 2 else _tree(near, root)
    if edges == count and most == 2:
        return _ring(near, root, goal)
    lattice = _lattice(near)
    if lattice is not None:
        return lattice
    if count <= _CIRCLE:
        order = [root, *(place for place in range(count) if place != root)]
        return _circle(order)
    return _by_distances(near, root)


def _chain(near: Neighbours, root: int) -> Places:
    ends = [place for place, others in enumerate(near) if len(others) == 1]
    start = root if root in ends else ends[0]
    order = list(_distances(near, start))
    places = np.zeros((len(near), 2))
    columns = len(order) if len(order) <= _ONE_LINE else math.ceil(math.sqrt(2.2 * len(order)))
    for step, place in enumerate(order):
        row, column = divmod(step, columns)
        # Back and forth, so that neighbours at the end of a row stay neighbours.
        places[place] = (columns - 1 - column if row % 2 else column), row
    return places


def _circle(order: Sequence[int]) -> Places:
    """On a circle, from the left and clockwise on a sheet whose y runs downwards."""
    count = len(order)
    places = np.zeros((count, 2))
    angles = math.pi + 2 * math.pi * np.arange(count) / count
    places[list(order)] = np.stack([np.cos(angles), np.sin(angles)], axis=1) * 0.5 / math.sin(math.pi / count)
    return places


def _ring(near: Neighbours, root: int, goal: int) -> Places:
    order = [root]
    while len(order) < len(near):
        onward = [place for place in near[order[-1]] if place not in order[-2:-1] and place not in order]
        order.append(onward[0])
    if len(order) == 3:
        # From charger to battery along a line, what mediates above it.
        third = next(place for place in order if place not in (root, goal)) if goal in order[1:] else order[1]
        places = np.zeros((3, 2))
        places[third] = 0.6, -0.85
        places[next(place for place in order if place not in (root, third))] = 1.2, 0.0
        return places
    return _circle(order)


def _tree(near: Neighbours, root: int) -> Places:
    """Outwards from the root: to the right, or all around where there are many leaves."""
    depth = _distances(near, root)
    places = np.zeros((len(near), 2))
    height: dict[int, float] = {}
    leaves = 0
    trail: list[int] = []
    stack = [root]
    while stack:
        one = stack.pop()
        trail.append(one)
        children = [other for other in near[one] if depth[other] > depth[one]]
        stack += reversed(children)
        if not children:
            height[one] = float(leaves)
            leaves += 1
    for one in reversed(trail):
        if one not in height:
            height[one] = float(np.mean([height[other] for other in near[one] if depth[other] > depth[one]]))
    for one, steps in depth.items():
        if leaves <= _ONE_COLUMN:
            places[one] = 1.15 * steps, height[one]
        else:
            angle, reach = 2 * math.pi * height[one] / leaves, steps * max(1.0, 0.9 * leaves / (2 * math.pi))
            places[one] = reach * math.cos(angle), reach * math.sin(angle)
    return places


def _lattice(near: Neighbours) -> Places | None:
    """Rows and columns of a square lattice; None where it is none."""
    corners = [place for place, others in enumerate(near) if len(others) == 2]
    if len(corners) != 4:
        return None
    start = _distances(near, corners[0])
    beside = min(corners[1:], key=lambda place: (start[place], place))
    columns = start[beside] + 1
    other = _distances(near, beside)
    across = np.asarray([start[place] - other[place] + columns - 1 for place in range(len(near))])
    down = np.asarray([start[place] + other[place] - columns + 1 for place in range(len(near))])
    found = np.stack([across, down], axis=1) // 2
    is_lattice = not (across % 2).any() and len({(x, y) for x, y in found.tolist()}) == len(near)
    steps = (abs(found[one] - found[two]).sum() for one, others in enumerate(near) for two in others)
    if not is_lattice or any(step != 1 for step in steps):
        return None
    return (found[:, ::-1] if found[:, 1].max() > found[:, 0].max() else found).astype(float)


def _by_distances(near: Neighbours, root: int) -> Places:
    """Places whose distances are the numbers of steps, as nearly as a sheet allows."""
    # Stress majorisation from where the longest ways lie: the same places in every run.
    count = len(near)
    steps = np.asarray([[float(reach[place]) for place in range(count)] for reach in _all_distances(near)])
    squares = steps**2
    centred = squares - squares.mean(axis=0) - squares.mean(axis=1)[:, None] + squares.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    places = vectors[:, -2:][:, ::-1] * np.sqrt(np.maximum(values[-2:][::-1], 0.01))
    # Modes in like positions would stay upon each other.
    angles = 2.399963 * np.arange(count)
    places = places + 0.05 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    weights = 1 / np.maximum(squares, 1.0)
    np.fill_diagonal(weights, 0.0)
    pull = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.pinv(pull)
    for _ in range(_ROUNDS):
        apart = np.linalg.norm(places[:, None] - places[None], axis=2)
        push = -weights * steps / np.maximum(apart, 1e-9)
        np.fill_diagonal(push, 0.0)
        np.fill_diagonal(push, -push.sum(axis=1))
        places = inverse @ push @ places
    places -= places.mean(axis=0)
    _, axes = np.linalg.eigh(places.T @ places)
    places = places @ axes[:, ::-1]
    apart = np.linalg.norm(places[:, None] - places[None], axis=2) + 1e9 * np.eye(count)
    nearest = float(np.quantile(apart.min(axis=1), 0.1))
    places *= min(max(0.8 / max(nearest, 1e-9), 1.0), 3.0)
    return places * np.where(places[root] > 0, -1.0, 1.0)


def _all_distances(near: Neighbours) -> list[dict[int, int]]:
    return [_distances(near, place) for place in range(len(near))]
