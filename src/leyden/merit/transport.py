"""Transport: how strongly one mode is felt by another, and whether a charger feels its battery."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from heapq import heappop, heappush

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, held, namespace_of
from leyden.equations.moments import MomentEquations
from leyden.merit.ratios import ratio

__all__ = ["back_action", "influence", "influences", "links"]

Widths = NDArray[np.float64]
Places = NDArray[np.intp]

# Terms that should cancel leave this much of the sum of their sizes.
_ROUNDING = 16 * float(np.finfo(np.float64).eps)


def _block_sizes(matrix: Array) -> Array:
    """|B|_F/sqrt2 of each 2 x 2 block, shape (..., N, N): c for da/dt = c b; scaled, so that no square underflows."""
    xp = namespace_of(matrix)
    modes = matrix.shape[-1] // 2
    blocks = xp.abs(xp.reshape(matrix, (*matrix.shape[:-2], modes, 2, modes, 2)))
    largest = held(xp.max(xp.max(blocks, axis=-1), axis=-2))
    one = xp.ones_like(largest)
    safe = xp.where(largest > 0, largest, one)
    squares = xp.sum(xp.sum((blocks / safe[..., :, None, :, None]) ** 2, axis=-1), axis=-2) / 2
    # No root of zero: the infinite slope of a block that is not there would make NaN of all derivatives.
    return largest * xp.sqrt(xp.where(largest > 0, squares, one))


def _direct(equations: MomentEquations) -> Array:
    """Size of every mode-to-mode block of the drift; exactly zero where its terms cancel up to rounding."""
    modes = len(equations.mode_names)

    def spread(index: int) -> Array:
        part = equations.contributions[index]
        sizes = _block_sizes(part.drift)
        xp = namespace_of(sizes)
        # Constant selections place the element's modes in the network: kernels write nothing in place.
        selection = xp.asarray(np.eye(modes)[:, list(part.modes)])
        return selection @ sizes @ xp.matrix_transpose(selection)

    terms = reduce(lambda total, index: total + spread(index), range(len(equations.contributions)), 0.0)
    total = _block_sizes(equations.drift)
    xp = namespace_of(total)
    return xp.where(total > _ROUNDING * terms, total, xp.zeros_like(total))


def influence(equations: MomentEquations, source: int, target: int) -> Array:
    """Strength with which one mode drives another: the narrowest step of the widest way between them.

    A step from mode a to mode b is as wide as |A_ba|/sqrt2, in the Frobenius norm of the drift's block that multiplies
    a in the equation of motion of b: |c| where db/dt = c a + ... The way may be one step, or a wider one around.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    source : int
        Position of the mode that drives.
    target : int
        Position of the mode that is driven.

    Returns
    -------
    array, shape (...)
        In the rate unit; exactly 0 where the source is not felt, its terms cancelling up to rounding.

    Notes
    -----
    A way may pass through any other mode, so that a directed chain shows what its head does to its tail. Two ways that
    cancel each other at all times are not recognised.
    """
    width = _direct(equations)
    xp = namespace_of(width)
    for between in range(len(equations.mode_names)):
        # Floyd and Warshall's recursion, with "narrowest step" in place of "length".
        step = xp.minimum(width[..., :, between : between + 1], width[..., between : between + 1, :])
        width = xp.maximum(width, step)
    return width[..., target, source]


def influences(equations: MomentEquations, mode: int) -> tuple[Widths, Widths]:
    """Influence of one mode on every mode, and of every mode on it; infinite at the mode itself."""
    # For large networks: links in order of width, from the mode outwards (Dijkstra's search, with "narrowest step" in
    # place of "length"), and no matrix of all modes.
    sources, targets, widths = links(equations)
    count = len(equations.mode_names)
    return _widest(sources, targets, widths, mode, count), _widest(targets, sources, widths, mode, count)


def links(equations: MomentEquations) -> tuple[Places, Places, Widths]:
    """Modes that drive, modes that are driven, and the widths of these links, exact zeros left out."""
    count = len(equations.mode_names)
    places: list[Places] = []
    blocks: list[Widths] = []
    for share in equations.shares:
        members, modes = share.places.shape
        drift: Widths = np.tensordot(share.numbers, share.basis.drift, 1).reshape(members, modes, 2, modes, 2)
        drift = drift.swapaxes(2, 3)
        for row, column in np.ndindex(modes, modes):
            if row != column and drift[:, row, column].any():
                places.append(share.places[:, row] * count + share.places[:, column])
                blocks.append(drift[:, row, column].reshape(members, 4))
    if not places:
        return np.zeros(0, np.intp), np.zeros(0, np.intp), np.zeros(0)
    pairs, which = np.unique(np.concatenate(places), return_inverse=True)
    entries: Widths = np.concatenate(blocks)
    total = np.stack([np.bincount(which, entries[:, entry]) for entry in range(4)], axis=1).astype(
        np.float64, copy=False
    )
    terms = np.bincount(which, _lengths(entries))
    widths = _lengths(total)
    felt = widths > _ROUNDING * terms
    return pairs[felt] % count, pairs[felt] // count, widths[felt]


def _lengths(entries: Widths) -> Widths:
    """|B|_F/sqrt2 of blocks of four entries each; scaled, so that no square underflows."""
    largest = np.abs(entries).max(axis=1)
    scaled = entries / np.where(largest > 0, largest, 1.0)[:, None]
    return largest * np.sqrt((scaled**2).sum(axis=1) / 2)


def _widest(starts: Places, ends: Places, widths: Widths, source: int, count: int) -> Widths:
    """Narrowest step of the widest way from one mode to each, along the links."""
    order = np.argsort(starts, kind="stable")
    first = np.searchsorted(starts[order], np.arange(count + 1)).tolist()
    onward: Sequence[int] = ends[order].tolist()
    wide: Sequence[float] = widths[order].tolist()
    found, queue = np.zeros(count), [(-np.inf, source)]
    done = np.zeros(count, dtype=bool)
    found[source] = np.inf
    while queue:
        width, mode = heappop(queue)
        if done[mode]:
            continue
        done[mode] = True
        for link in range(first[mode], first[mode + 1]):
            way = min(-width, wide[link])
            if way > found[onward[link]]:
                found[onward[link]] = way
                heappush(queue, (-way, onward[link]))
    return found


def back_action(equations: MomentEquations, charger: int, battery: int) -> Array:
    """Back-action: what the charger feels of the battery, over what the battery feels of the charger.

    Parameters
    ----------
    equations : MomentEquations
        Of the device.
    charger : int
        Position of the charger.
    battery : int
        Position of the battery.

    Returns
    -------
    array, shape (...)
        Dimensionless: 0 for one-way transport into the battery, 1 for a reciprocal device, above 1 where the battery
        acts more strongly on the charger; NaN where the charger does not reach the battery.

    Notes
    -----
    For two modes this is |A_ab|/|A_ba| of the drift's two blocks. With J a b^dag + J* a^dag b beside a shared jump
    p_a a + p_b b of rate Gamma it is |Gamma mu/2 - i J| / |Gamma mu/2 + i J| with mu = p_a p_b*.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. II: J = -i mu Gamma/2 removes all back-action on the charger.

    Examples
    --------
    >>> import leyden as ly
    >>> from leyden.merit.transport import back_action
    >>> device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
    >>> float(back_action(ly.moment_equations(device), charger=0, battery=1))
    0.0
    """
    return ratio(influence(equations, battery, charger), influence(equations, charger, battery))
