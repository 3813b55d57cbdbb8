"""Eigenvalues of general matrices, which the array standard does not offer."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.algebra.triangular import spectrum_by_parts
from leyden.arrays import Array, held, is_numpy, namespace_of, to_numpy

__all__ = ["eigenvalues"]

# Rows from which the structure of a single matrix is worth a look.
_LARGE = 32


def eigenvalues(matrices: Array) -> Array:
    """Eigenvalues of general real matrices, which the array standard does not offer, shape (..., n)."""
    if is_numpy(matrices):
        return _numpy_eigenvalues(matrices)
    xp = namespace_of(matrices)
    # They decide on stability alone, which has no derivative; second ones of JAX's eigenvalues do not exist.
    matrices = held(matrices)
    values = xp.linalg.eigvals(matrices) if hasattr(xp.linalg, "eigvals") else _numpy_eigenvalues(to_numpy(matrices))
    return xp.asarray(values, dtype=xp.complex128)


def _numpy_eigenvalues(matrices: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    if matrices.ndim == 2 and len(matrices) >= _LARGE:
        return spectrum_by_parts(matrices)
    try:
        values = np.linalg.eigvals(matrices)
    except np.linalg.LinAlgError:
        # The real algorithm, with its double shifts, stalls on some matrices of paired eigenvalues (equal dampings and
        # a coherent coupling are enough); the complex one shifts otherwise.
        values = np.linalg.eigvals(matrices.astype(np.complex128))
    return values.astype(np.complex128)
