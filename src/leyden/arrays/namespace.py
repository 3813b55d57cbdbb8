"""Which array library computes, and what its namespace is called.

Kernels elsewhere are written against the Python array API standard and ask `namespace_of` for their functions:
NumPy in, NumPy out; arrays of another library in, its arrays out. No library is imported to find out.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np

from leyden.arrays.labelled import is_labelled

__all__ = [
    "Array",
    "complex_of",
    "conjugate",
    "held",
    "imaginary_part",
    "in_double",
    "is_concrete",
    "is_numpy",
    "keeps_double",
    "missing_where",
    "namespace_of",
    "not_negative",
    "owned",
    "real_part",
    "to_numpy",
]

# Numbers so little below zero are rounding; a solver that lost all digits leaves larger ones, which must be seen.
_LARGEST_ROUNDING = 1e-6

Array = Any
"""An array of any library that follows the array API standard; shapes and units stand in each docstring."""


_OWN = (np.ndarray, np.generic, int, float, complex)


def is_numpy(value: object) -> bool:
    """Whether a value is a number or array of Python or NumPy."""
    return isinstance(value, _OWN)


def namespace_of(*values: Any) -> Any:
    """Array namespace that some values share: NumPy unless one of them belongs to another library."""
    foreign = [value for value in values if not isinstance(value, _OWN)]
    if not foreign:
        return np  # NumPy 2 follows the standard itself
    from array_api_compat import array_namespace

    return array_namespace(*foreign)


def is_concrete(value: Any) -> bool:
    """Whether an array's numbers can be looked at; false while JAX traces a function."""
    jax = sys.modules.get("jax")
    return is_numpy(value) or jax is None or not isinstance(value, jax.core.Tracer)


def keeps_double(value: Any) -> bool:
    """Whether the library of an array computes in double precision; JAX does not until it is told to."""
    jax = sys.modules.get("jax")
    return jax is None or not isinstance(value, jax.Array) or jax.numpy.result_type(float) == np.float64


def owned(value: Any) -> Any:
    """A foreign array that nobody else can change; JAX's never do."""
    jax = sys.modules.get("jax")
    if not is_concrete(value) or (jax is not None and isinstance(value, jax.Array)):
        return value
    return namespace_of(value).asarray(value, copy=True)


def to_numpy(value: Any) -> np.ndarray[Any, Any]:
    """A concrete array as a NumPy array."""
    jax = sys.modules.get("jax")
    # JAX spreads arrays over several devices, or keeps them on one that NumPy cannot read: it copies them itself.
    is_jax = jax is not None and isinstance(value, jax.Array)
    if not is_numpy(value) and not is_jax and hasattr(value, "__dlpack__"):
        return np.from_dlpack(value)
    return np.asarray(value)


def held(value: Any) -> Any:
    """A value without its derivative: for what is decided or corrected, whose derivative is that of something else."""
    jax = sys.modules.get("jax")
    if is_numpy(value) or jax is None or not isinstance(value, jax.Array):
        return value
    return jax.lax.stop_gradient(value)


def missing_where(is_missing: Array, value: Array) -> Array:
    """NaN where a value is missing, with derivatives that are NaN there as well, unless nobody asks for them."""
    xp = namespace_of(is_missing, value)
    if xp is np:
        return np.where(is_missing, np.nan, value)
    one = xp.ones_like(value)
    jax = sys.modules.get("jax")
    if jax is None or not isinstance(value, jax.Array):
        return xp.where(is_missing, float("nan") * one, value)
    # A branch not taken would have a derivative of zero, which an optimiser takes for a stationary point; a product
    # with NaN would make NaN of a sum over the other members as well. So: what is zero stays zero, all else leaves the
    # number range and then is multiplied by zero, from whichever end the products are taken.
    huge, nothing = xp.where(is_missing, 1e300 * one, one), xp.where(is_missing, 0 * one, one)
    return value * huge * huge * nothing * huge * huge + xp.where(is_missing, float("nan") * one, 0 * one)


def _has_parts(value: Any) -> bool:
    """Whether a value knows its own parts: numbers, arrays of NumPy, labelled ones, and pulses made of them."""
    return is_numpy(value) or is_labelled(value) or not hasattr(value, "__array_namespace__")


def real_part(value: Any) -> Any:
    """Real part of a number or array, real ones included (where the array standard raises)."""
    if _has_parts(value):
        return value.real
    xp = namespace_of(value)
    return xp.real(value) if xp.isdtype(value.dtype, "complex floating") else value


def imaginary_part(value: Any) -> Any:
    """Imaginary part of a number or array, real ones included (where the array standard raises)."""
    if _has_parts(value):
        return value.imag
    xp = namespace_of(value)
    return xp.imag(value) if xp.isdtype(value.dtype, "complex floating") else xp.zeros_like(value)


def conjugate(value: Any) -> Any:
    """Complex conjugate of a number or array, real ones included."""
    if _has_parts(value):
        return value.conjugate()
    xp = namespace_of(value)
    return xp.conj(value) if xp.isdtype(value.dtype, "complex floating") else value


def complex_of(real: Any, imaginary: Any) -> Any:
    """Complex number or array of given parts (the array standard does not mix real arrays with complex numbers)."""
    if all(is_numpy(part) or is_labelled(part) for part in (real, imaginary)):
        return real + 1j * imaginary
    xp = namespace_of(real, imaginary)
    real, imaginary = (xp.astype(xp.asarray(part), xp.complex128) for part in (real, imaginary))
    return real + 1j * imaginary


def in_double(value: Any) -> Any:
    """Numbers in double precision: products of small integers overflow, those of single precision lose digits."""
    labelled = is_labelled(value)
    is_foreign = hasattr(value, "__array_namespace__") and not isinstance(value, (np.ndarray, np.generic))
    numbers: Any = value.data if labelled else value
    if not is_concrete(numbers):
        xp = namespace_of(numbers)
        dtype = xp.complex128 if xp.isdtype(numbers.dtype, "complex floating") else xp.float64
        return value if numbers.dtype == dtype else value.astype(dtype)
    try:
        found = to_numpy(value)
    except ValueError as error:  # rows of unlike length
        raise TypeError(str(error)) from None
    if found.dtype.kind not in "iufc":
        raise TypeError(f"{found.dtype} is no type of number")
    dtype = np.complex128 if found.dtype.kind == "c" else np.float64
    if is_foreign:
        xp = namespace_of(value)
        return xp.astype(value, xp.complex128 if found.dtype.kind == "c" else xp.float64, copy=False)
    if labelled:
        return value if found.dtype == dtype else value.astype(dtype)
    return found.astype(dtype, copy=False)


def not_negative(values: Array) -> Array:
    """Numbers that cannot be negative, where rounding made them so by little; the derivative at zero is left whole."""
    if is_numpy(values) and (values >= 0 if np.ndim(values) == 0 else not (values < 0).any()):
        return values
    return namespace_of(values).where((values < 0) & (values > -_LARGEST_ROUNDING), 0 * values, values)
