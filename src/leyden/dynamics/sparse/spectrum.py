"""Stability of a huge network, component by component."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import eigenvalues
from leyden.dynamics.sparse.equations import SparseEquations
from leyden.dynamics.sparse.graph import components, influences
from leyden.dynamics.sparse.shifts import mode_spectra

__all__ = ["is_stable", "spectral_abscissa"]

Places = NDArray[np.intp]

# Quadratures up to which a component's whole spectrum is computed.
_DENSE = 600
_ARNOLDI: dict[str, Any] = {"k": 4, "ncv": 40, "maxiter": 60, "tol": 1e-8, "return_eigenvectors": False}


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
    return spectral_abscissa(equations) < -32 * float(np.finfo(float).eps) * _norm(equations.drift)


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
    The spectrum is that of the strongly connected components, and of single modes it is exact. A component decays if
    the symmetric part of its drift is negative, by Gershgorin's circles; where these cannot tell, a small one is judged
    by its eigenvalues, and in a large one Arnoldi's method looks for those far on the right and close to zero.
    """
    count, labels = components(influences(equations.drift))
    sizes = np.bincount(labels, minlength=count)
    alone = np.flatnonzero(sizes[labels] == 1)
    largest = float(np.max(mode_spectra(equations.drift, alone).real, initial=-np.inf))
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(sizes)
    for one in np.flatnonzero(sizes > 1):
        largest = max(largest, _of_component(equations.drift, order[ends[one] - sizes[one] : ends[one]]))
    return largest


def _norm(drift: Any) -> float:
    return float(np.max(abs(drift).sum(axis=0), initial=0.0))


def _of_component(drift: Any, modes: Places) -> float:
    place = np.stack([2 * modes, 2 * modes + 1], axis=-1).reshape(-1)
    block = drift[place][:, place]
    symmetric = ((block + block.T) / 2).tocsr()
    diagonal = symmetric.diagonal()
    bound = float(np.max(diagonal + np.asarray(abs(symmetric).sum(axis=1)).reshape(-1) - np.abs(diagonal)))
    if bound < -32 * float(np.finfo(float).eps) * _norm(block):
        return bound
    found = eigenvalues(block.toarray()) if len(place) <= _DENSE else _rightmost(block)
    return float(np.max(found.real, initial=-np.inf))


def _rightmost(block: Any) -> NDArray[np.complex128]:
    """Eigenvalues far on the right and close to zero, as far as Arnoldi's method finds them."""
    from scipy.sparse.linalg import ArpackNoConvergence, eigs

    found: list[NDArray[np.complex128]] = [np.zeros(0, dtype=np.complex128)]
    start = np.random.default_rng(0).standard_normal(block.shape[0])
    searches: tuple[dict[str, Any], ...] = ({"which": "LR"}, {"sigma": 0.0})
    for where in searches:
        try:
            values = eigs(block.tocsc(), v0=start, **where, **_ARNOLDI)
        except ArpackNoConvergence as error:
            values = error.eigenvalues
        except RuntimeError:  # exactly singular: zero is an eigenvalue
            values = np.zeros(1)
        found.append(np.asarray(values, dtype=np.complex128))
    return np.concatenate(found)
