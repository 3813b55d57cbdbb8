"""Stability of a huge network, component by component."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import eigenvalues
from leyden.conventions import quadratures_of
from leyden.dynamics.sparse.decay import decays
from leyden.dynamics.sparse.equations import SparseEquations, norm_of
from leyden.dynamics.sparse.graph import components, influences
from leyden.dynamics.sparse.krylov import Krylov
from leyden.dynamics.sparse.shifts import mode_spectra
from leyden.errors import ParameterError

__all__ = ["drift_abscissa", "is_stable", "rounding_of", "spectral_abscissa", "spectrum"]

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


def is_stable(equations: SparseEquations) -> bool:
    """Whether the network has a steady state.

    Parameters
    ----------
    equations : SparseEquations
        Of the device.

    Returns
    -------
    bool

    Notes
    -----
    See `spectral_abscissa`.
    """
    return spectral_abscissa(equations) < -rounding_of(equations.drift)


def spectral_abscissa(equations: SparseEquations) -> float:
    """Largest real part of the drift's eigenvalues, or a negative bound above it.

    Parameters
    ----------
    equations : SparseEquations
        Of the device.

    Returns
    -------
    float
        In the rate unit; negative if a steady state exists.

    Notes
    -----
    See `drift_abscissa`.
    """
    return drift_abscissa(equations.drift)


def drift_abscissa(drift: Any) -> float:
    """Largest real part of the eigenvalues of a sparse drift, or a negative bound or estimate of it.

    Parameters
    ----------
    drift : csr_array, shape (2N, 2N)
        A.

    Returns
    -------
    float
        In the rate unit.

    Notes
    -----
    The spectrum is that of the strongly connected components, and of single modes it is exact. A component decays if
    the symmetric part of its drift is negative, by Gershgorin's circles; where these cannot tell, a small one is judged
    by its eigenvalues, and a large one by `decays`, whose yes is a proof but for a chance in a million. Its number is
    an estimate, by Arnoldi's method from the quadratures in question; where it does not decay, that finds what grows.
    """
    count, labels = components(influences(drift))
    sizes = np.bincount(labels, minlength=count)
    alone = np.flatnonzero(sizes[labels] == 1)
    largest = float(np.max(mode_spectra(drift, alone).real, initial=-np.inf))
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(sizes)
    for one in np.flatnonzero(sizes > 1):
        largest = max(largest, _of_component(drift, order[ends[one] - sizes[one] : ends[one]]))
    return largest


def spectrum(drift: Any) -> NDArray[np.complex128]:
    """All eigenvalues of a sparse drift, component by component.

    Parameters
    ----------
    drift : csr_array, shape (2N, 2N)
        A.

    Returns
    -------
    array, shape (2N,)
        Complex, in no particular order.

    Raises
    ------
    ParameterError
        If too many modes act on each other.
    """
    found: list[NDArray[np.complex128]] = []
    count, labels = components(influences(drift))
    sizes = np.bincount(labels, minlength=count)
    if (largest := int(sizes.max())) > _LARGEST_COMPONENT:
        raise ParameterError.of(
            "network",
            f"have at most {_LARGEST_COMPONENT} modes that act on each other, for its whole spectrum",
            largest,
            "Leave out `eigenvalues=True`: the slowest rate is found without them.",
        )
    found.append(mode_spectra(drift, np.flatnonzero(sizes[labels] == 1)).reshape(-1))
    order, ends = np.argsort(labels, kind="stable"), np.cumsum(sizes)
    for one in np.flatnonzero(sizes > 1):
        place = quadratures_of(order[ends[one] - sizes[one] : ends[one]])
        found.append(np.asarray(eigenvalues(drift[place][:, place].toarray())))
    return np.concatenate(found)


def rounding_of(drift: Any) -> float:
    """What rounding may make of an eigenvalue on the imaginary axis: decay must be faster than that.

    Parameters
    ----------
    drift : csr_array, shape (2N, 2N)
        A.

    Returns
    -------
    float
        In the rate unit.
    """
    return 32 * float(np.finfo(float).eps) * norm_of(drift)


def _of_component(drift: Any, modes: Places) -> float:
    place = quadratures_of(modes)
    block = drift[place][:, place]
    symmetric = ((block + block.T) / 2).tocsr()
    diagonal = symmetric.diagonal()
    bounds = diagonal + np.asarray(abs(symmetric).sum(axis=1)).reshape(-1) - np.abs(diagonal)
    rounding = rounding_of(block)
    if float(np.max(bounds)) < -rounding:
        return float(np.max(bounds))
    if len(place) <= _DENSE:
        return float(np.max(eigenvalues(block.toarray()).real))
    found, is_sure = _rightmost(block, np.flatnonzero(bounds >= -rounding))
    if found > 0 and is_sure:
        return found
    if decays(block):
        return min(found, -2 * rounding)
    return found if len(place) > _STILL_DENSE else float(np.max(eigenvalues(block.toarray()).real))


def _rightmost(block: Any, suspects: Places) -> tuple[float, bool]:
    """Largest real part of a large component's eigenvalues as seen from the quadratures that may grow, and if for sure.

    Whatever grows, or does not decay, lives on these: all others decay by themselves, and passively coupled ones do so
    together.
    """
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
