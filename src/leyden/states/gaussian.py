"""Gaussian states: a mean and a covariance are the whole state."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from leyden.arrays import (
    Array,
    Part,
    cut,
    in_double,
    is_concrete,
    is_whole,
    namespace_of,
    owned,
    to_numpy,
)
from leyden.conventions import VACUUM_VARIANCE, quadratures_of, symplectic_form
from leyden.errors import ParameterError, UnphysicalStateError
from leyden.markup import html_table, number_words
from leyden.numeric import numbers_of
from leyden.records import Record, frozen
from leyden.states.rates import OwnDigits
from leyden.states.symplectic import quanta_of_modes

__all__ = [
    "GaussianState",
    "check_physical",
    "real_array",
]

# Rounding of a covariance of size |V| moves a symplectic eigenvalue by about this times |V|.
_UNCERTAINTY_TOLERANCE = 1e-10
# Modes in a table.
_MOST_SHOWN = 20
# Largest second moment: sums and products of a few of them stay numbers.
_LARGEST = 1e307


@dataclass(frozen=True, kw_only=True)
class GaussianState(OwnDigits, Record):
    """A Gaussian state of N modes, or a batch of them.

    The covariance is kept as its excess over the vacuum, S = V - 1/2: weakly excited states live in digits that V
    itself would lose against 1/2.

    Parameters
    ----------
    mean : array, shape (..., 2N)
        <r> in the order (x1, p1, x2, p2, ...).
    excess : array, shape (..., 2N, 2N)
        V - 1/2, symmetric; zero for the vacuum and for coherent states.
    own : array or None, shape (..., N, 3)
        Quanta <a^dag a> - |<a>|^2 of each mode by itself, and real and imaginary part of its squeezing <a^2> - <a>^2,
        where they are known with more digits than `excess` holds: there the two stand in one sum, and the quanta of a
        weakly squeezed mode, of second order, are rounded like its squeezing.

    Notes
    -----
    Fields are named, `GaussianState(mean=..., excess=...)`, since an excess is easily taken for a covariance. From a
    covariance, in these conventions or in others, `leyden.states.from_moments` makes a checked state.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.states.squeezed(0.5).mean
    array([0., 0.])
    """

    mean: Array
    excess: Array
    own: Array | None = None

    def __post_init__(self) -> None:
        for name in ("mean", "excess"):
            value = numbers_of(name, getattr(self, name), "be an array of numbers")
            if np.ndim(value) == 0:
                raise ParameterError.of(name, "be an array with an axis of quadratures", value)
            object.__setattr__(self, name, frozen(value) if isinstance(value, np.ndarray) else owned(value))

    @classmethod
    def holding(cls, mean: Array, excess: Array, own: Array | None = None) -> GaussianState:
        """State over arrays that nobody else holds: neither looked at nor copied, as the constructor does.

        Parameters
        ----------
        mean : array, shape (..., 2N)
            <r>.
        excess : array, shape (..., 2N, 2N)
            V - 1/2.
        own : array or None, shape (..., N, 3)
            Quanta and squeezing of each mode.

        Returns
        -------
        GaussianState
        """
        state = object.__new__(cls)
        object.__setattr__(state, "mean", mean)
        object.__setattr__(state, "excess", excess)
        object.__setattr__(state, "own", own)
        return state

    @classmethod
    def from_moments(cls, mean: Any, covariance: Any) -> GaussianState:
        """State with a given mean and covariance, checked for physics.

        Parameters
        ----------
        mean : array, shape (..., 2N)
            <r>.
        covariance : array, shape (..., 2N, 2N)
            V, with vacuum variance 1/2.

        Raises
        ------
        ParameterError
            If shapes do not fit, numbers are not finite or the covariance is not symmetric.
        UnphysicalStateError
            If V violates the uncertainty relation V + i Omega/2 >= 0.
        """
        mean, covariance = real_array("mean", mean), real_array("covariance", covariance)
        xp = namespace_of(mean, covariance)
        shape, size = _batch_of("covariance", mean, covariance), mean.shape[-1]
        mean = xp.broadcast_to(xp.asarray(mean), (*shape, size))
        covariance = xp.broadcast_to(xp.asarray(covariance), (*shape, size, size))
        state = cls(mean=mean, excess=covariance - VACUUM_VARIANCE * xp.eye(size, dtype=xp.float64))
        check_physical(state, "covariance", is_covariance=True)
        return state

    def __repr__(self) -> str:
        batch = f", batch of shape {self.shape}" if self.shape else ""
        return f"<GaussianState of {self.modes} mode{'' if self.modes == 1 else 's'}{batch}>"

    def _repr_html_(self) -> str:
        head = ("mode", "<x>", "<p>", "V(x, x)", "V(x, p)", "V(p, p)")
        if self.shape or not (is_concrete(self.mean) and is_concrete(self.excess)):
            return html_table(repr(self).strip("<>"), (), ())
        mean, covariance = to_numpy(self.mean).reshape(-1, 2), to_numpy(self.covariance)
        rows: list[list[str]] = []
        for mode in range(min(self.modes, _MOST_SHOWN)):
            (xx, xp), (_, pp) = covariance[2 * mode : 2 * mode + 2, 2 * mode : 2 * mode + 2]
            rows.append([str(mode), *map(number_words, (*mean[mode], xx, xp, pp))])
        return html_table(repr(self).strip("<>"), head, rows)

    @property
    def covariance(self) -> Array:
        """V, shape (..., 2N, 2N), with vacuum variance 1/2."""
        xp = namespace_of(self.excess)
        return self.excess + VACUUM_VARIANCE * xp.eye(self.excess.shape[-1], dtype=xp.float64)

    @property
    def modes(self) -> int:
        """Number N of modes."""
        return self.mean.shape[-1] // 2

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch: () for a single state."""
        return np.broadcast_shapes(self.mean.shape[:-1], self.excess.shape[:-2])

    def at(self, part: Part) -> GaussianState:
        """States of a part of the batch.

        Parameters
        ----------
        part : tuple of slice
            One for each batch axis.

        Returns
        -------
        GaussianState
        """
        return self if is_whole(part) else self._taken(lambda array, behind: cut(array, (*part, *behind)))

    def __getitem__(self, index: Any) -> GaussianState:
        """States of a part of the batch, by the rules of array indices: `state[..., -1]` is that of the last time."""
        place = index if isinstance(index, tuple) else (index,)
        return self._taken(lambda array, behind: array[(*place, *behind)])

    def _taken(self, take: Callable[[Array, tuple[slice, ...]], Array]) -> GaussianState:
        """What is taken of each array, given an index of the axes behind those of the batch."""
        axis = (slice(None),)
        own = None if self.own is None else take(self.own, 2 * axis)
        return GaussianState.holding(mean=take(self.mean, axis), excess=take(self.excess, 2 * axis), own=own)

    def reduced(self, modes: Sequence[int]) -> GaussianState:
        """State of some of the modes, the others traced out.

        Parameters
        ----------
        modes : sequence of int
            Positions of the modes to keep, in the order wanted.

        Returns
        -------
        GaussianState
            Batch axes kept.
        """
        xp = namespace_of(self.mean, self.excess)
        place = xp.asarray(quadratures_of(modes))
        rows = xp.take(self.excess, place, axis=-2)
        own = None if self.own is None else xp.take(self.own, xp.asarray(np.asarray(modes, dtype=np.intp)), axis=-2)
        return GaussianState.holding(
            mean=xp.take(self.mean, place, axis=-1), excess=xp.take(rows, place, axis=-1), own=own
        )


def real_array(name: str, values: Any) -> Array:
    """An array of finite real numbers in double precision, checked where it is concrete."""
    try:
        array = in_double(numbers_of(name, values, "hold finite real numbers"))
    except TypeError:
        raise ParameterError.of(name, "hold finite real numbers", values) from None
    if is_concrete(array) and not (to_numpy(array).dtype.kind == "f" and np.all(np.isfinite(to_numpy(array)))):
        raise ParameterError.of(name, "hold finite real numbers", values)
    return array


def _batch_of(name: str, mean: Array, matrix: Array) -> tuple[int, ...]:
    """Shape of the batch that a mean and a matrix make, refused where they do not fit each other."""
    size, shape = mean.shape[-1] if mean.ndim else 0, ()
    try:
        shape = np.broadcast_shapes(mean.shape[:-1], matrix.shape[:-2])
    except ValueError:
        size = 0
    if size == 0 or size % 2 or tuple(matrix.shape[-2:]) != (size, size):
        found = tuple(mean.shape), tuple(matrix.shape)
        raise ParameterError.of(name, "have shape (..., 2N, 2N) beside a mean of shape (..., 2N)", found)
    return shape


def check_physical(state: GaussianState, name: str, *, is_covariance: bool = False) -> None:
    """Refuse what is no state of nature, where it is concrete: V + i Omega/2 >= 0 up to 1e-10 of V's largest entry."""
    mean, excess = state.mean, state.excess
    _batch_of(name, mean, excess)
    if not (is_concrete(mean) and is_concrete(excess)):
        return
    known, size = to_numpy(excess), mean.shape[-1]
    shift = float(np.max(np.abs(to_numpy(mean)), initial=0.0))
    largest = max(float(np.max(np.abs(known), initial=0.0)), shift * shift)
    if not largest <= _LARGEST:
        raise ParameterError.of(name, f"hold finite numbers, second moments up to {_LARGEST:g}", largest)
    covariance = known + VACUUM_VARIANCE * np.eye(size)
    # Each member is judged by its own size: one that is squeezed without end excuses no other.
    sizes = np.maximum(np.max(np.abs(covariance), axis=(-2, -1), initial=0.0), VACUUM_VARIANCE)
    if np.any(np.max(np.abs(known - np.swapaxes(known, -1, -2)), axis=(-2, -1), initial=0.0) > 1e-9 * sizes):
        raise ParameterError.of(name, "be symmetric", "not symmetric", "Take (V + V^T)/2.")
    margin = (_UNCERTAINTY_TOLERANCE * sizes)[..., None, None] * np.eye(size)
    bound = (covariance + margin) + VACUUM_VARIANCE * 1j * symplectic_form(state.modes)
    try:
        # Positive definite, with the margin: three times cheaper than a spectrum, and nearly always enough.
        np.linalg.cholesky(bound / sizes[..., None, None])
    except np.linalg.LinAlgError:
        lowest = np.linalg.eigvalsh(bound / sizes[..., None, None])[..., 0]
        if np.all(lowest >= 0):
            return
        worst = known.reshape(-1, size, size)[int(np.argmin(lowest))]
        least = float(np.linalg.eigvalsh(worst)[0]) + VACUUM_VARIANCE
        found = VACUUM_VARIANCE + float(np.min(quanta_of_modes(worst, is_signed=True)[0])) if least > 0 else 0.0
        what = f"symplectic eigenvalue is {found:.6g} < 1/2" if least > 0 else f"variance is {least:.6g}, not positive"
        remedy = "" if is_covariance else " Or was a covariance given as `excess`, which is V - 1/2?"
        raise UnphysicalStateError(
            f"Argument `{name}` must obey V + i Omega/2 >= 0, but its smallest {what}. "
            f"Check the convention: the vacuum's variance is 1/2 here.{remedy}",
            smallest_symplectic_eigenvalue=found,
        ) from None
