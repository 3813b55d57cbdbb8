"""Derivatives by JAX, through leyden, where it is installed and the device can be traced."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.design.question import Question
from leyden.errors import LeydenError
from leyden.text import one_line

__all__ = ["Traced", "is_there", "traced"]

Real = NDArray[np.float64]
Traced = Callable[[Sequence[float]], tuple[Real, Real]]
"""Wanted numbers (k) for values of the parameters, and their derivatives (k, n)."""


def is_there() -> bool:
    """Whether JAX is installed."""
    return importlib.util.find_spec("jax") is not None


def traced(question: Question, names: Sequence[str], trial: Sequence[float], expected: Real) -> Traced | str:
    """Numbers with derivatives, compiled; or why there are none."""
    if not is_there():
        return "JAX is not installed: pip install jax"
    if any(one.is_abscissa for one in question.wanted):
        return "the spectrum cannot be traced"
    import jax
    import jax.numpy as jnp

    def numbers(values: Any) -> Any:
        network = question.device(dict(zip(names, values, strict=True)))
        results = question.results(network)
        found = question.numbers(results, jnp.nan, None)
        return jnp.stack([jnp.asarray(one) for one in found])

    # Fewer numbers than parameters: from the numbers back.
    derivative = jax.jacrev(numbers) if len(question.wanted) <= len(names) else jax.jacfwd(numbers)

    def numbers_and_derivatives(values: Any) -> Any:
        return numbers(values), derivative(values)

    both = jax.jit(numbers_and_derivatives)

    def run(values: Sequence[float]) -> tuple[Real, Real]:
        # Within this block alone: the user's own setting stays what it is.
        with jax.enable_x64(True):
            found, slopes = both(jnp.asarray(np.asarray(values, dtype=np.float64)))
            return np.array(found), np.array(slopes)

    try:
        found, slopes = run(trial)
    except Exception as error:
        words = error.message if isinstance(error, LeydenError) else f"{type(error).__name__}: {error}"
        return f"the device cannot be traced: {one_line(words)[:120]}"
    if not np.allclose(found, expected, rtol=1e-6, atol=0, equal_nan=True):
        return f"traced, the merit is {found[0]:.6g} in place of {expected[0]:.6g}"
    if not np.isfinite(slopes).all():
        return "its derivatives are not finite"
    return run
