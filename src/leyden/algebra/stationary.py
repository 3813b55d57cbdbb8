"""Fixed points of small devices in the ladder basis: A S + S A^T + Q = 0 with normal and anomalous parts apart.

Anomalous components come first, so that elimination takes them from the drives and the normal ones from them: in that
order no component is rounded like a larger one of the other kind. A large batch is eliminated with the batch innermost,
and members whose residual is not small in both kinds are solved again with pivots; few devices, and those of another
library, are one stacked dense solve.
"""

from __future__ import annotations

import math
from functools import lru_cache, partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.elimination import (
    LEAST_BATCH,
    Place,
    eliminated,
    innermost,
    largest,
)
from leyden.algebra.graph import pattern_of, reached
from leyden.algebra.ladder import action, part_places
from leyden.algebra.linear import in_batch, solved
from leyden.arrays import Array, namespace_of

__all__ = ["MOST_MODES", "solve_components"]

Real = NDArray[np.float64]

MOST_MODES = 6
"""Modes up to which this is the way; above, a reduction that is cubic in their number wins over the sixth power."""
# Modes up to which a batch is eliminated.
_ELIMINATED_MODES = 4
# A term of the operator: the part of A, by its place among all, and its factor.
_Term = tuple[int, float]


@lru_cache(maxsize=256)
def _operator(
    modes: int, occurring: tuple[int, ...], sources: tuple[int, ...]
) -> tuple[tuple[int, ...], tuple[tuple[Place, tuple[_Term, ...]], ...]]:
    """The components that these sources lead to, and the operator of A S + S A^T on them, for these parts of A."""
    constant = action(modes)[list(occurring)]
    live = reached(np.any(constant, axis=0), np.isin(np.arange(constant.shape[1]), sources))
    entries: dict[Place, tuple[_Term, ...]] = {}
    for part, inside in zip(occurring, constant[:, live[:, None], live], strict=True):
        for row, column in np.argwhere(inside).tolist():
            entries[row, column] = (*entries.get((row, column), ()), (part, float(inside[row, column])))
    return tuple(live.tolist()), tuple(entries.items())


def _times(part: Real, factor: float) -> Real:
    return part.copy() if factor == 1.0 else part * factor


class _Pattern(NamedTuple):
    """Parts of the drift, and components of the source, that occur in a batch."""

    drift: tuple[int, ...]
    source: tuple[int, ...]


def _eliminate(modes: int, pattern: _Pattern, drift: Real, source: Real) -> tuple[Real, Real]:
    """Components by elimination without pivots, batch innermost, and their backward error."""
    live, operator = _operator(modes, *pattern)
    matrix: dict[Place, Real] = {}
    for place, ((part, factor), *others) in operator:
        matrix[place] = _times(drift[part], factor)
        for other, multiple in others:
            matrix[place] += multiple * drift[other]
    right = [source[row] for row in live]
    components = eliminated(matrix, [-part for part in right])
    split = sum(component < modes * (modes + 1) for component in live)
    solution = np.zeros((len(source), drift.shape[-1]))
    for component, values in zip(live, components, strict=True):
        solution[component] = values
    return solution, _error(operator, drift, right, components, split)


def _error(
    operator: tuple[tuple[Place, tuple[_Term, ...]], ...],
    drift: Real,
    source: list[Real],
    components: list[Real],
    split: int,
) -> Real:
    """Backward error of each member, the larger of those of its anomalous and of its normal components."""
    members = drift.shape[-1]
    residual = [part.copy() for part in source]
    product = np.empty(members)
    for (row, column), terms in operator:
        for part, factor in terms:
            np.multiply(drift[part], components[column], out=product)
            if factor != 1.0:
                product *= factor
            residual[row] += product
    used = sorted({part for _, terms in operator for part, _ in terms})
    half = len(drift) // 2
    linear = largest((drift[part] for part in used if part < half), members)
    antilinear = largest((drift[part] for part in used if part >= half), members)
    anomalous, normal = largest(iter(components[:split]), members), largest(iter(components[split:]), members)
    error = np.zeros(members)
    for rows, same, other in ((slice(0, split), anomalous, normal), (slice(split, None), normal, anomalous)):
        scale = 2 * (linear * same + antilinear * other) + largest(iter(source[rows]), members)
        # NaN, where there is no solution, stays.
        error = np.maximum(error, largest(iter(residual[rows]), members) / np.where(scale > 0, scale, 1.0))
    return error


def _solve_stack(xp: Any, drift: Array, source: Array) -> Array:
    """Dense solve of a stack, shapes (b, 4 N N) and (b, d); components of shape (b, d)."""
    count, unknowns = drift.shape[-1], source.shape[-1]
    operator = xp.asarray(action(math.isqrt(count // 4)).reshape(count, -1))
    matrix = xp.reshape(drift @ operator, (-1, unknowns, unknowns))
    return xp.linalg.solve(matrix, -source[..., None])[..., 0]


def solve_components(drift: Array, source: Array) -> Array:
    """Solution of A S + S A^T + Q = 0 as components (N (2N + 1), ...), from parts (..., 4, N, N) of A and Q."""
    # NaN or huge where A is singular. Anomalous and normal components are each good to the rounding of their own kind,
    # times the condition of A.
    xp = namespace_of(drift, source)
    modes = drift.shape[-1]
    shape = np.broadcast_shapes(drift.shape[:-3], source.shape[:-3])
    places = part_places(modes)
    flat = xp.reshape(xp.asarray(drift), (*drift.shape[:-3], 4 * modes**2))
    right = xp.reshape(xp.asarray(source), (*source.shape[:-3], 4 * modes**2))
    if xp is np:
        occurring, sources = pattern_of(flat, 1), pattern_of(right, 1)
        parts = (4, modes, modes)
        inside = reached(np.any(occurring.reshape(parts), axis=0), np.any(sources.reshape(parts), axis=(0, 1)))
        if len(inside) < modes:
            return _solved_inside(drift, source, shape, inside)
        if modes <= _ELIMINATED_MODES and math.prod(shape) >= LEAST_BATCH:
            members, rows = (innermost(part, (*shape, part.shape[-1]), 1) for part in (flat, right))
            pattern = _Pattern(*(tuple(np.flatnonzero(one).tolist()) for one in (occurring, sources[places])))
            first = partial(_eliminate, modes, pattern)
            return in_batch(first, _solve_stack, members, rows[places]).reshape(-1, *shape)
    right = xp.take(right, xp.asarray(places), axis=-1)
    if shape:
        flat, right = (xp.broadcast_to(part, (*shape, part.shape[-1])) for part in (flat, right))
    flat, right = (xp.reshape(part, (-1, part.shape[-1])) for part in (flat, right))
    stacked = solved(xp, _solve_stack, flat, right)
    return xp.reshape(stacked.mT, (-1, *shape))


def _solved_inside(drift: Real, source: Real, shape: tuple[int, ...], inside: NDArray[np.intp]) -> Real:
    """Solution where the source leads to some modes only; exactly zero at all others."""
    modes = drift.shape[-1]
    solution = np.zeros((modes * (2 * modes + 1), *shape))
    if len(inside):
        few = (..., inside[:, None], inside)
        components = solve_components(drift[few], source[few])
        places = {place: number for number, place in enumerate(part_places(modes).tolist())}
        kind, row, column = np.unravel_index(part_places(len(inside)), (4, len(inside), len(inside)))
        target = (kind * modes + inside[row]) * modes + inside[column]
        solution[[places[place] for place in target.tolist()]] = components
    return solution
