"""Stability of a huge network, component by component."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.backend import eigenvalues
from leyden.dynamics.sparse.equations import SparseEquations
from leyden.dynamics.sparse.graph import components, influences
from leyden.dynamics.sparse.shifts import mode_spectra
from leyden.dynamics.stability import is_decaying, spectral_abscissa

__all__ = ["is_stable"]

Places = NDArray[np.intp]

# Quadratures up to which a component's whole spectrum is computed.
_DENSE = 600
_ARNOLDI = {"k": 4, "ncv": 40, "maxiter": 60, "tol": 1e-8, "return_eigenvectors": False}


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
    The spectrum is that of the strongly connected components. Single modes are judged by their eigenvalues. A component
    is stable if the symmetric part of its drift is negative, by Gershgorin's circles; where these cannot tell, a small
    one is judged by its eigenvalues, and in a large one Arnoldi's method looks for those far on the right and close to
    zero.
    """
    count, labels = components(influences(equations.drift))
    sizes = np.bincount(labels, minlength=count)
    alone = np.flatnonzero(sizes[labels] == 1)
    rounding = 32 * float(np.finfo(float).eps) * _norm(equations.drift)
    if len(alone) and not float(np.max(mode_spectra(equations.drift, alone).real)) < -rounding:
        return False
    order = np.argsort(labels, kind="stable")
    ends = np.cumsum(sizes)
    return all(
        _is_component_stable(equations.drift, order[ends[one] - sizes[one] : ends[one]])
        for one in np.flatnonzero(sizes > 1)
    )


def _norm(drift: Any) -> float:
    return float(np.max(abs(drift).sum(axis=0), initial=0.0))


def _is_component_stable(drift: Any, modes: Places) -> bool:
    place = np.stack([2 * modes, 2 * modes + 1], axis=-1).reshape(-1)
    block = drift[place][:, place]
    symmetric = ((block + block.T) / 2).tocsr()
    diagonal = symmetric.diagonal()
    reach = np.asarray(abs(symmetric).sum(axis=1)).reshape(-1) - np.abs(diagonal)
    rounding = 32 * float(np.finfo(float).eps) * _norm(block)
    if float(np.max(diagonal + reach)) < -rounding:
        return True
    if len(place) <= _DENSE:
        dense = block.toarray()
        return bool(is_decaying(dense, spectral_abscissa(eigenvalues(dense))))
    return not float(np.max(_rightmost(block).real, initial=-np.inf)) >= -rounding


def _rightmost(block: Any) -> NDArray[np.complex128]:
    """Eigenvalues far on the right and close to zero, as far as Arnoldi's method finds them."""
    from scipy.sparse.linalg import ArpackNoConvergence, eigs

    found: list[NDArray[np.complex128]] = [np.zeros(0, dtype=np.complex128)]
    start = np.random.default_rng(0).standard_normal(block.shape[0])
    for where in ({"which": "LR"}, {"sigma": 0.0}):
        try:
            found.append(np.asarray(eigs(block.tocsc(), v0=start, **where, **_ARNOLDI)))
        except ArpackNoConvergence as error:
            found.append(np.asarray(error.eigenvalues))
        except RuntimeError:  # exactly singular: zero is an eigenvalue
            return np.zeros(1, dtype=np.complex128)
    return np.concatenate(found)
