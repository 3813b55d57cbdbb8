"""Stability of a huge network, component by component."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import Spectra, bounded_spectra
from leyden.algebra.factors import norm_of
from leyden.algebra.krylov import Krylov
from leyden.algebra.sparse_balance import balanced
from leyden.algebra.sparse_graph import components, influences
from leyden.conventions import quadratures_of
from leyden.drift.decay import decays
from leyden.equations.low_rank import SparseEquations
from leyden.errors import ParameterError

__all__ = [
    "Bounds",
    "bounds",
    "component_blocks",
    "drift_abscissa",
    "exact_entries",
    "is_stable",
    "mode_bounds",
    "spectrum",
]

Places = NDArray[np.intp]

# Quadratures up to which a component's whole spectrum is computed.
_DENSE = 160
# Those up to which it still is, a matter of a minute, where the component was not seen to decay.
_STILL_DENSE = 2000
# Modes of a component above which its spectrum takes an hour or more.
_LARGEST_COMPONENT = 4000
# Steps between two looks at a large one, and at most; a growth rate is believed when it is known to this share, and a
# decay slower than this share of the drift's norm cannot be told from none.
_STEPS, _MOST_STEPS = 40, 400
_SURE, _SLOWEST = 0.1, 1e-8
_HALF_UNIT = float(np.finfo(np.float64).eps) / 2


class Bounds(NamedTuple):
    """Between which numbers the spectral abscissa lies."""

    abscissa: float  # largest real part of the eigenvalues, as far as it was looked for: its sign is that of the bounds
    lower: float  # bounds of it; infinite where none was looked for
    upper: float


def is_stable(equations: SparseEquations) -> bool:
    """Whether the network has a steady state, see `bounds`."""
    return bounds(equations.drift, equations.rounding).upper < 0


def drift_abscissa(drift: Any, rounding: Any = None) -> float:
    """Largest real part of the eigenvalues of a sparse drift, or a negative bound or estimate of it, see `bounds`."""
    return bounds(drift, rounding).abscissa


def bounds(drift: Any, rounding: Any = None) -> Bounds:
    """Whether a sparse drift decays, with a bound or an estimate of how slowly."""
    # The spectrum is that of the strongly connected components, and of single modes it is exact. A component decays if
    # the symmetric part of its drift is negative, by Gershgorin's circles; where these cannot tell, a small one is
    # judged by its eigenvalues and their bound, and a large one by `decays`, whose yes is a proof but for a chance in a
    # million. Its number is an estimate, by Arnoldi's method from the quadratures in question; where it does not decay,
    # that finds what grows. All this is done in balanced units, see `balance`.
    rounding = exact_entries(drift) if rounding is None else rounding
    parted = components(influences(drift))
    found = [_of_component(*one) for one in component_blocks(drift, rounding, parted)]
    found += _of_modes(drift, rounding, parted)
    return Bounds(*(max(part) for part in zip(*found, strict=True)))


def exact_entries(drift: Any) -> Any:
    """Rounding of entries that are known to half a unit of their last place."""
    from scipy.sparse import csr_array

    data = np.maximum(_HALF_UNIT * np.abs(drift.data), np.finfo(np.float64).tiny)
    return csr_array((data, drift.indices, drift.indptr), shape=drift.shape)


def component_blocks(
    drift: Any, rounding: Any, parted: tuple[int, NDArray[np.intp]] | None = None
) -> Iterator[tuple[Any, Any]]:
    """Blocks, and their rounding, of the components of more than one mode."""
    count, labels = parted or components(influences(drift))
    sizes = np.bincount(labels, minlength=count)
    order, ends = np.argsort(labels, kind="stable"), np.cumsum(sizes)
    for one in np.flatnonzero(sizes > 1):
        place = quadratures_of(order[ends[one] - sizes[one] : ends[one]])
        yield drift[place][:, place].tocsr(), rounding[place][:, place].tocsr()


def _quadrature_blocks(block: Any, rounding: Any) -> Iterator[tuple[Any, Any]]:
    """The same for the quadratures of a component, of which those of one kind may not act on the other."""
    count, labels = components(block)
    if count == 1:
        yield block, rounding
        return
    for one in range(count):
        place = np.flatnonzero(labels == one)
        yield block[place][:, place].tocsr(), rounding[place][:, place].tocsr()


def _mode_blocks(matrix: Any, modes: Places) -> NDArray[np.float64]:
    """Diagonal blocks of some modes, shape (m, 2, 2)."""
    diagonal = matrix.diagonal()
    upper, lower = np.zeros(matrix.shape[0]), np.zeros(matrix.shape[0])
    upper[:-1], lower[:-1] = matrix.diagonal(1), matrix.diagonal(-1)
    x, p = 2 * modes, 2 * modes + 1
    return np.stack([diagonal[x], upper[x], lower[x], diagonal[p]], axis=-1).reshape(-1, 2, 2)


def mode_bounds(drift: Any, rounding: Any, parted: tuple[int, NDArray[np.intp]] | None = None) -> Spectra | None:
    """Spectra of the modes that act on no other in turn, one member for each; None if there are none."""
    count, labels = parted or components(influences(drift))
    alone = np.flatnonzero(np.bincount(labels, minlength=count)[labels] == 1)
    if not len(alone):
        return None
    return bounded_spectra(_mode_blocks(drift, alone), _mode_blocks(rounding, alone))


def _of_modes(drift: Any, rounding: Any, parted: tuple[int, NDArray[np.intp]]) -> list[Bounds]:
    found = mode_bounds(drift, rounding, parted)
    return [] if found is None else [Bounds(*(float(np.max(part)) for part in found[1:]))]


def spectrum(drift: Any, rounding: Any = None) -> Spectra:
    """All eigenvalues of a sparse drift, component by component, and bounds of the largest real part."""
    rounding = exact_entries(drift) if rounding is None else rounding
    parted = count, labels = components(influences(drift))
    if (largest := int(np.bincount(labels, minlength=count).max())) > _LARGEST_COMPONENT:
        raise ParameterError.of(
            "network",
            f"have at most {_LARGEST_COMPONENT} modes that act on each other, for its whole spectrum",
            largest,
            "Leave out `eigenvalues=True`: the slowest rate is found without them.",
        )
    found = [
        bounded_spectra(part.toarray()[None], its.toarray()[None])
        for block, left in component_blocks(drift, rounding, parted)
        for part, its in _quadrature_blocks(block, left)
    ]
    alone = mode_bounds(drift, rounding, parted)
    found += [] if alone is None else [alone]
    return Spectra(
        np.concatenate([one.values.reshape(1, -1) for one in found], axis=-1),
        *(np.max(np.concatenate([one[place] for one in found]), keepdims=True) for place in (1, 2, 3)),
    )


def _of_component(block: Any, rounding: Any) -> Bounds:
    block, rounding = balanced(block, rounding)
    limits = _circles(block, rounding)
    if float(np.max(limits)) < 0:
        return Bounds(float(np.max(limits)), -np.inf, float(np.max(limits)))
    if block.shape[0] <= _DENSE:
        return _judged(block, rounding)
    found, is_sure = _rightmost(block, np.flatnonzero(limits >= 0))
    if found > 0 and is_sure:
        return Bounds(found, 0.0, np.inf)
    left = float(np.max(rounding.sum(axis=1)))
    if decays(block):
        return Bounds(min(found, -2 * left), -np.inf, -left)
    return Bounds(found, -np.inf, np.inf) if block.shape[0] > _STILL_DENSE else _judged(block, rounding)


def _circles(block: Any, rounding: Any) -> NDArray[np.float64]:
    """Bound of each row of the symmetric part, by Gershgorin's circle and with all rounding."""
    symmetric = ((block + block.T) / 2).tocsr()
    diagonal = symmetric.diagonal()
    # Couplings that are antisymmetric to the last bit are so whatever rounding made of them.
    kept = symmetric.copy()
    kept.eliminate_zeros()
    kept.data[:] = 1.0
    loose = np.asarray(((rounding + rounding.T) * kept).sum(axis=1)).reshape(-1) / 2
    beside = np.asarray(abs(symmetric).sum(axis=1)).reshape(-1) - np.abs(diagonal)
    return np.asarray(diagonal + beside + loose + 4 * _HALF_UNIT * (np.abs(diagonal) + beside))


def _judged(block: Any, rounding: Any) -> Bounds:
    found = bounded_spectra(block.toarray()[None], rounding.toarray()[None], is_sign_enough=block.shape[0] > _DENSE)
    return Bounds(*(float(part[0]) for part in found[1:]))


def _rightmost(block: Any, suspects: Places) -> tuple[float, bool]:
    """Largest real part of a large component's eigenvalues as seen from quadratures that may grow, and if for sure."""
    # Whatever grows, or does not decay, lives on these: all others decay by themselves, and passively coupled ones do
    # so together.
    start = np.zeros(block.shape[0])
    start[suspects] = np.random.default_rng(0).standard_normal(len(suspects))
    space = Krylov(lambda vector: block @ vector, start, _MOST_STEPS)
    largest, before, is_sure = np.inf, np.inf, False
    while not space.is_exhausted:
        space.extend(_STEPS)
        values, residuals = space.ritz()
        place = int(np.argmax(values.real))
        before, largest = largest, float(values[place].real)
        # From a driven mode the rightmost value comes down to its limit; twice below zero it stays there.
        is_sure = bool(residuals[place] < _SURE * abs(largest))
        if max(before, largest) < 0 or (is_sure and largest > 0):
            break
    return (0.0 if -_SLOWEST * norm_of(block) < largest < 0 else largest), is_sure
