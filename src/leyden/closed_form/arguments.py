"""The arguments that closed forms take, turned into arrays and checked once at the door."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from leyden.errors import ParameterError
from leyden.numeric import numbers_of

__all__ = ["Array", "complex_numbers", "nonnegative", "positive", "real"]

Array = NDArray[np.float64]


def real(name: str, value: ArrayLike) -> Array:
    """Finite real numbers as a float64 array."""
    numbers = numbers_of(name, value, "be a real number or an array of them")
    try:
        array = np.asarray(numbers).astype(np.float64, casting="safe")
    except (TypeError, ValueError) as cause:
        raise ParameterError.of(name, "be a real number or an array of them", value) from cause
    if not np.isfinite(array).all():
        raise ParameterError.of(name, "be finite", value)
    return array


def nonnegative(name: str, value: ArrayLike) -> Array:
    """Finite real numbers that are zero or above, as `real` gives them."""
    array = real(name, value)
    if (array < 0).any():
        raise ParameterError.of(name, "not be negative", value)
    return array


def positive(name: str, value: ArrayLike) -> Array:
    """Finite real numbers above zero, as `real` gives them."""
    array = real(name, value)
    if not (array > 0).all():
        raise ParameterError.of(name, "be positive", value)
    return array


def complex_numbers(name: str, value: ArrayLike) -> NDArray[np.complex128]:
    """Finite numbers, real or not, as a complex128 array."""
    array = np.asarray(numbers_of(name, value)).astype(np.complex128)
    if not np.isfinite(array).all():
        raise ParameterError.of(name, "be finite", value)
    return array
