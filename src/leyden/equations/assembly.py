"""How the shares of all elements become one matrix: dense, for a device or a batch, or sparse, for a huge network.

A small device's matrices are its coefficients times a constant matrix, the layout, which depends on the structure
alone and is kept: assembling one more device, or a million, is one product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import ladder, on_one_thread
from leyden.arrays import Array, is_concrete, to_numpy
from leyden.conventions import quadratures_of
from leyden.equations.basis import Basis
from leyden.equations.rounding import EPSILON, INPUTS
from leyden.equations.shares import Share

__all__ = [
    "Assembly",
    "PartName",
    "Triplets",
    "coefficient_range",
    "largest_coefficient",
    "rounding",
    "total",
    "triplets",
]

PartName = Literal["drift", "diffusion", "source", "forcing", "drift_parts", "source_parts"]
Real = NDArray[np.float64]

# Entries of a layout above which it would cost more memory than the matrices that it makes.
_LARGEST_LAYOUT = 2**18
# Multiplications below which a linear algebra library does not share a product between its threads.
_SHARED = 2**17


@dataclass(frozen=True)
class Triplets:
    """A sparse matrix, or vector, as positions and values; those of one position add up."""

    rows: NDArray[np.int32]  # positions (z,)
    columns: NDArray[np.int32]  # zero for a vector
    values: Real


def triplets(part: PartName, shares: Sequence[Share]) -> Triplets:
    """Entries of `part` of the moment equations of a single device, one set for each element, not summed."""
    rows: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
    columns: list[NDArray[np.int32]] = [np.zeros(0, dtype=np.int32)]
    values: list[Real] = [np.zeros(0)]
    for share in shares:
        row, column, blocks = share.basis.entries(part)
        if len(row):
            places = share.quadratures.astype(np.int32)
            rows.append(places[:, row].reshape(-1))
            columns.append(np.zeros_like(rows[-1]) if part == "forcing" else places[:, column].reshape(-1))
            values.append((share.numbers @ blocks).reshape(-1))
    return Triplets(np.concatenate(rows), np.concatenate(columns), np.concatenate(values))


def _shape(part: PartName, modes: int) -> tuple[int, ...]:
    """Shape of a part of the moment equations, of one device."""
    if part.endswith("_parts"):
        return 4, modes, modes
    return (2 * modes,) if part == "forcing" else (2 * modes, 2 * modes)


@lru_cache(maxsize=128)
def _layout(part: PartName, modes: int, kinds: tuple[tuple[Basis, tuple[int, ...]], ...]) -> Real:
    """Constant matrix that takes the coefficients of all elements to a part of the moment equations, flat."""
    shape = _shape(part, modes)
    lines: list[Real] = []
    for basis, places in kinds:
        place = np.asarray(places, dtype=np.intp) if part.endswith("_parts") else quadratures_of(places)
        for block in getattr(basis, part):
            line = np.zeros(shape)
            line[place if part == "forcing" else (..., place[:, None], place)] = block
            lines.append(line.reshape(-1))
    return np.stack(lines) if lines else np.zeros((0, int(np.prod(shape))))


@lru_cache(maxsize=128)
def _sizes_layout(part: PartName, modes: int, kinds: tuple[tuple[Basis, tuple[int, ...]], ...]) -> Real:
    """The same of the coefficients' sizes and the sizes of what they add."""
    return np.abs(_layout(part, modes, kinds))


@lru_cache(maxsize=128)
def _terms(modes: int, kinds: tuple[tuple[Basis, tuple[int, ...]], ...]) -> Real:
    """Number of members that add to each entry of the drift."""
    found = np.zeros((2 * modes, 2 * modes))
    for basis, places in kinds:
        place = quadratures_of(places)
        found[np.ix_(place, place)] += basis.drift.any(axis=0) if len(basis.drift) else 0.0
    return found


def _summed(part: PartName, modes: int, shares: Sequence[Share], *, sizes: bool = False) -> Real:
    """A dense part of a single device of many modes."""
    if part in {"drift_parts", "source_parts"}:
        whole: PartName = "drift" if part == "drift_parts" else "source"
        return ladder.parts_of(_summed(whole, modes, shares, sizes=sizes))
    found = triplets(part, shares)
    size, values = 2 * modes, np.abs(found.values) if sizes else found.values
    if part == "forcing":
        return np.bincount(found.rows, values, size).astype(np.float64, copy=False)
    flat = np.bincount(found.rows.astype(np.intp) * size + found.columns, values, size * size)
    return flat.reshape(size, size).astype(np.float64, copy=False)


def rounding(xp: Any, modes: int, shares: Sequence[Share]) -> Array:
    """What rounding, of the inputs and of their sum, may leave in each entry (..., 2N, 2N) of the drift."""
    count = sum(len(share.places) for share in shares)
    if count * modes**2 > _LARGEST_LAYOUT:
        flat: list[NDArray[np.intp]] = []
        for share in shares:
            places = share.quadratures
            row, column, _ = share.basis.entries("drift")
            flat.append((places[:, row] * (2 * modes) + places[:, column]).reshape(-1))
        terms = np.bincount(np.concatenate(flat), minlength=(2 * modes) ** 2).reshape(2 * modes, 2 * modes)
    else:
        terms = _terms(modes, tuple(kind for share in shares for kind in share.kinds))
    # Some units of rounding of the sum of the terms' sizes: an entry that is not larger is zero.
    return xp.asarray(EPSILON * (INPUTS + terms)) * total(xp, "drift", modes, shares, sizes=True)


def coefficient_range(shares: Sequence[Share]) -> tuple[float, float, int]:
    """Smallest and largest size of a single device's coefficients that are not zero, and how many there are."""
    smallest, largest, count = float("inf"), 0.0, 0
    for share in shares:
        count += (1 if share.members is None else len(share.members)) * len(share.coefficients)
        for value in share.coefficients:
            if type(value) is float:
                if value:
                    size = abs(value)
                    smallest, largest = min(smallest, size), max(largest, size)
                continue
            sizes = np.abs(value)
            largest = max(largest, float(np.max(sizes, initial=0.0)))
            smallest = min(smallest, float(np.min(sizes, initial=np.inf, where=sizes > 0)))
    return smallest, largest, count


def largest_coefficient(shares: Sequence[Share]) -> float:
    """Largest size of the coefficients of a batch, as far as its numbers can be looked at."""
    found = 0.0
    for share in shares:
        for value in share.coefficients:
            if type(value) is float:
                found = max(found, abs(value))
            elif is_concrete(value) and (numbers := to_numpy(value)).size:
                found = max(found, float(numbers.max()), -float(numbers.min()))
    return found


def total(xp: Any, part: PartName, modes: int, shares: Sequence[Share], *, sizes: bool = False) -> Array:
    """`part` of the moment equations, a dense array of one device or a batch, or the sum of its terms' sizes."""
    return Assembly(modes, tuple(shares)).total(xp, part, sizes=sizes)


_Kinds = tuple[tuple[Basis, tuple[int, ...]], ...]


_alone = on_one_thread(np.matmul)


class _Varied(NamedTuple):
    """A layout without coefficients that do not matter and without entries that none of them touches."""

    used: tuple[int, ...]  # coefficients
    live: NDArray[np.intp]  # entries
    layout: Real  # shape (entries, coefficients)


@lru_cache(maxsize=128)
def _varied_layout(part: PartName, modes: int, kinds: _Kinds, sizes: bool) -> _Varied:
    layout = (_sizes_layout if sizes else _layout)(part, modes, kinds)
    used, live = np.flatnonzero(layout.any(axis=1)), np.flatnonzero(layout.any(axis=0))
    return _Varied(tuple(used.tolist()), live, layout[used[:, None], live].T.copy())


def _placed(layout: _Varied, rows: Real, constant: Real) -> Real:
    """Entries of all members from their coefficients, shape (e, b): nothing is spent on those that are zero."""
    found = np.zeros((len(constant), rows.shape[-1]))
    is_small = layout.layout.size * rows.shape[-1] < _SHARED
    found[layout.live] = layout.layout @ rows if is_small else _alone(layout.layout, rows)
    for entry in np.flatnonzero(constant).tolist():
        found[entry] += constant[entry]
    return found


@dataclass(frozen=True, eq=False)
class Assembly:
    """What is known of a sum of shares before any part of it is asked for."""

    modes: int  # number N of modes
    shares: tuple[Share, ...]  # what all elements add

    @cached_property
    def _plain(self) -> tuple[Real, _Kinds] | None:
        """Coefficients that are numbers, and the kinds that they belong to; None where their layout would be large."""
        plain = [share for share in self.shares if not share.arrays]
        if sum(len(share.places) * len(share.coefficients) for share in plain) * self.modes**2 > _LARGEST_LAYOUT:
            return None
        numbers = np.concatenate([np.zeros(0), *(share.numbers.reshape(-1) for share in plain)])
        return numbers, tuple(kind for share in plain for kind in share.kinds)

    @cached_property
    def _varied(self) -> tuple[list[Any], _Kinds]:
        """Coefficients of elements that have arrays among theirs, and the kinds of these elements."""
        varied = [share for share in self.shares if share.arrays]
        kinds = tuple(kind for share in varied for kind in share.kinds)
        return [value for share in varied for value in share.coefficients], kinds

    def _rows(self, xp: Any, used: tuple[int, ...]) -> tuple[Array, tuple[int, ...]]:
        """Some of the coefficients that vary, shape (c, b), and the batch's shape."""
        values = [self._varied[0][index] for index in used]
        # The batch innermost: what reads one entry of all members then reads numbers side by side.
        if xp is np:
            batch = np.broadcast_shapes(*{np.shape(value) for value in values})
            rows = np.empty((len(values), *batch))
            for place, value in enumerate(values):
                rows[place] = value
            return rows.reshape(len(values), -1), batch
        columns = xp.broadcast_arrays(*(xp.asarray(value, dtype=xp.float64) for value in values))
        return xp.reshape(xp.stack(columns, axis=0), (len(columns), -1)), columns[0].shape

    def total(self, xp: Any, part: PartName, *, sizes: bool = False) -> Array:
        """`part` of the moment equations, of one device or of a batch, as from the function `total`."""
        shape = _shape(part, self.modes)
        layout_of = _sizes_layout if sizes else _layout
        if self._plain is None:
            plain = [share for share in self.shares if not share.arrays]
            constant = _summed(part, self.modes, plain, sizes=sizes)
        else:
            numbers, kinds = self._plain
            numbers = np.abs(numbers) if sizes else numbers
            constant = (numbers @ layout_of(part, self.modes, kinds)).reshape(shape)
        values, kinds = self._varied
        if not values:
            return xp.asarray(constant)
        layout = _varied_layout(part, self.modes, kinds, sizes)
        if not layout.used:
            return xp.asarray(constant)
        rows, batch = self._rows(xp, layout.used)
        rows = xp.abs(rows) if sizes else rows
        axes = len(shape)
        if xp is np:
            found = _placed(layout, rows, constant.reshape(-1)).reshape(*shape, *batch)
            return np.moveaxis(found, tuple(range(axes)), tuple(range(-axes, 0)))
        whole = layout_of(part, self.modes, kinds)[list(layout.used)]
        found = xp.reshape(xp.asarray(whole.T) @ rows, (*shape, *batch))
        return xp.moveaxis(found, tuple(range(axes)), tuple(range(-axes, 0))) + xp.asarray(constant)
