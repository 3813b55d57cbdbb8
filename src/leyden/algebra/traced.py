"""Questions that JAX cannot answer while it traces: they are asked of NumPy when the numbers are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.threads import on_one_thread
from leyden.arrays import Array

__all__ = ["on_host", "where_needed"]


def on_host(answer: Callable[..., NDArray[np.bool_]], *arrays: Array, axes: int) -> Array:
    """Yes or no for each member of a batch, from NumPy, inside of a traced function; it has no derivative."""
    import jax

    fixed = [jax.lax.stop_gradient(array) for array in arrays]
    shape = jax.ShapeDtypeStruct(fixed[0].shape[: fixed[0].ndim - axes], np.bool_)

    @on_one_thread
    def asked(*values: Any) -> NDArray[np.bool_]:
        return answer(*(np.asarray(value) for value in values))

    return jax.pure_callback(asked, shape, *fixed, vmap_method="broadcast_all")


def where_needed(clear: Array, first: Array, second: Callable[[], Array]) -> Array:
    """A quick answer where it is clear, and a thorough one elsewhere, which is asked for only if it must be."""
    import jax

    def thorough() -> Any:
        return jax.numpy.where(clear, first, second())

    return jax.lax.cond(jax.numpy.all(clear), lambda: first, thorough)
