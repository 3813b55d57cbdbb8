"""Places of modes on a drawing: a line, a ring, or wherever distances along the links are kept best."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

__all__ = ["places_of"]

Real = NDArray[np.float64]

# Modes of a line before it turns, and steps of the search for the best places.
_MOST_IN_LINE, _STEPS = 8, 60
# How much alike the directions of links are in a lattice; and how near to the middle a charger is in it.
_LATTICE, _MIDDLE = 0.8, 0.2


def _hops(count: int, pairs: Iterable[tuple[int, int]]) -> Real:
    """Links from each mode to each other one; a little more than the longest where there is no way."""
    beside: list[set[int]] = [set() for _ in range(count)]
    for first, second in pairs:
        beside[first].add(second)
        beside[second].add(first)
    hops = np.full((count, count), np.inf)
    for start in range(count):
        front, reached = [start], 0.0
        while front:
            hops[start, front] = reached
            reached += 1
            front = [one for one in sorted({n for mode in front for n in beside[mode]}) if np.isinf(hops[start, one])]
    longest = float(np.max(hops, initial=1.0, where=np.isfinite(hops)))
    return np.where(np.isinf(hops), longest + 1.0, hops)


def _line(hops: Real, charger: int) -> list[int] | None:
    """Modes in order along a line, from the end that is nearer to the charger; None where they make none."""
    degrees = (hops == 1).sum(axis=1)
    ends = np.flatnonzero(degrees == 1)
    if len(hops) == 1:
        return [0]
    if len(ends) != 2 or degrees.max() > 2 or degrees.sum() != 2 * (len(hops) - 1):
        return None
    start = min(ends.tolist(), key=lambda end: (hops[end, charger], end))
    return np.argsort(hops[start], kind="stable").tolist()


def _ring(hops: Real, charger: int) -> list[int] | None:
    """Modes in order around a ring, from the charger on; None where they make none."""
    if len(hops) < 3 or not (((hops == 1).sum(axis=1)) == 2).all() or hops.max() != len(hops) // 2:
        return None
    order = [charger]
    while len(order) < len(hops):
        onward = [one for one in np.flatnonzero(hops[order[-1]] == 1).tolist() if one not in order]
        order.append(onward[0])
    return order


def _kept(hops: Real, charger: int) -> Real:
    """Places whose distances are those along the links as well as they can be; the charger on the left."""
    count = len(hops)
    squares = hops**2
    inner = -0.5 * (squares - squares.mean(0) - squares.mean(1)[:, None] + squares.mean())
    values, vectors = np.linalg.eigh(inner)
    found = vectors[:, -2:][:, ::-1] * np.sqrt(np.clip(values[-2:][::-1], 0.0, None))
    # Equal places would stay equal: each is moved a little, always in the same way.
    turn = 2.399963 * np.arange(count)
    found = found + 0.02 * np.stack([np.cos(turn), np.sin(turn)], axis=1)
    weights = np.where(hops > 0, 1 / np.where(hops > 0, squares, 1.0), 0.0)
    laplacian = np.diag(weights.sum(1)) - weights
    solve = np.linalg.pinv(laplacian)
    for _ in range(_STEPS):
        apart = found[:, None] - found[None, :]
        length = np.sqrt((apart**2).sum(-1))
        ratio = np.where(length > 1e-9, hops / np.where(length > 1e-9, length, 1.0), 0.0) * weights
        found = solve @ ((np.diag(ratio.sum(1)) - ratio) @ found)
    return _turned(found - found.mean(0), hops, charger)


def _turned(places: Real, hops: Real, charger: int) -> Real:
    """Links along the axes where they make a lattice, or else the charger on the left, or the longest way across."""
    first, second = np.nonzero(np.triu(hops == 1))
    along = places[second] - places[first]
    # The fourth power of a direction is the same for all four along a cross.
    cross = np.mean((along @ [1, 1j] / np.hypot(*along.T)) ** 4) if len(along) else 0.0
    at_charger = complex(*places[charger])
    if abs(cross) > _LATTICE:
        turn = np.exp(-0.25j * np.angle(cross))
        # A quarter turn more or less, so that the charger is on the left.
        turn = max((turn * 1j**quarter for quarter in range(4)), key=lambda one: round(-(at_charger * one).real, 6))
    elif abs(at_charger) < _MIDDLE:
        longest = np.linalg.svd(places, full_matrices=False)[2][0]
        turn = np.conj(complex(*longest))
    else:
        turn = -np.conj(at_charger) / abs(at_charger)
    turned = places @ [1, 1j] * turn
    return np.stack([turned.real, turned.imag], axis=1)


def places_of(count: int, pairs: Iterable[tuple[int, int]], charger: int) -> Real:
    """Places (n, 2) of modes, neighbours about 1 apart, x to the right and y up."""
    hops = _hops(count, pairs)
    order = _line(hops, charger)
    if order is not None:
        place = np.arange(count)
        rows = place // _MOST_IN_LINE
        along = np.where(rows % 2, _MOST_IN_LINE - 1 - place % _MOST_IN_LINE, place % _MOST_IN_LINE)
        found = np.empty((count, 2))
        found[order] = np.stack([along, -rows], axis=1)
        return found
    order = _ring(hops, charger)
    if order is not None:
        angle = np.pi - 2 * np.pi * np.arange(count) / count
        found = np.empty((count, 2))
        found[order] = np.stack([np.cos(angle), np.sin(angle)], axis=1) / (2 * np.sin(np.pi / count))
        return found
    return _kept(hops, charger)
