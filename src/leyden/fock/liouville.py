"""The master equation as real linear equations, of one in two conjugate entries among those that a start reaches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.sylvester import effective_of, sectors

__all__ = ["Flow", "flow_of"]

Matrix = NDArray[np.complex128]
Real = NDArray[np.float64]
Places = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Flow:
    """dy/dt = G y, y the real parts of entries rho_mn, then the imaginary parts of those off the diagonal."""

    size: int  # d of the matrices
    rows: Places  # m of the entries
    columns: Places  # n of the entries
    generator: Any  # sparse, real

    @property
    def width(self) -> int:
        """Number of unknowns."""
        return self.generator.shape[0]

    @property
    def is_off_diagonal(self) -> NDArray[np.bool_]:
        """Which entries have an imaginary part."""
        return self.rows != self.columns

    @property
    def trace(self) -> Real:
        """Row that takes y to the trace."""
        return self.row_of(np.eye(self.size))

    def packed(self, rho: Matrix) -> Real:
        """y of a Hermitian matrix."""
        entries = rho[self.rows, self.columns]
        return np.concatenate([entries.real, entries[self.is_off_diagonal].imag])

    def unpacked(self, numbers: Real) -> Matrix:
        """The Hermitian matrix of y."""
        entries = numbers[: len(self.rows)].astype(np.complex128)
        entries[self.is_off_diagonal] += 1j * numbers[len(self.rows) :]
        rho = np.zeros((self.size, self.size), dtype=np.complex128)
        rho[self.columns, self.rows] = entries.conj()
        rho[self.rows, self.columns] = entries
        return rho

    def bordered(self, row: Real) -> Any:
        """The generator of y and one more unknown, with dw/dt = row y."""
        from scipy import sparse

        (places,) = np.nonzero(row)
        generator, shape = self.generator, (self.width + 1, self.width + 1)
        indptr = np.append(generator.indptr, generator.indptr[-1] + len(places))
        indices = np.concatenate([generator.indices, places.astype(generator.indices.dtype)])
        return sparse.csr_array((np.concatenate([generator.data, row[places]]), indices, indptr), shape=shape)

    def row_of(self, observable: Any) -> Real:
        """Row that takes y to the expectation Tr[O rho] of a Hermitian matrix O, dense or sparse."""
        found = observable[self.columns, self.rows]
        entries = np.asarray(found.toarray() if hasattr(found, "toarray") else found, dtype=np.complex128).reshape(-1)
        off = self.is_off_diagonal
        return np.concatenate([np.where(off, 2.0, 1.0) * entries.real, -2.0 * entries[off].imag])


def _blocks_reached(label: Places, count: int, jumps: Sequence[Any], occupied: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pairs of blocks (count, count) ever hold anything, when a start does in some entries (d, d)."""
    leads: list[Places] = []
    for jump in jumps:
        rows, columns = jump.nonzero()
        to = np.full(count, -1)
        to[label[columns]] = label[rows]  # a block is led to one block, or there is but one
        leads.append(to)
    reached = np.zeros((count, count), dtype=np.bool_)
    first, second = np.nonzero(occupied)
    reached[label[first], label[second]] = True
    while True:
        more = reached | reached.T
        for to in leads:
            left, right = np.nonzero(more)
            kept = (to[left] >= 0) & (to[right] >= 0)
            more[to[left[kept]], to[right[kept]]] = True
        if (more == reached).all():
            return reached
        reached = more


def _terms(effective: Any, jumps: Sequence[Any], kept: NDArray[np.bool_]) -> Iterator[tuple[Places, ...]]:
    """Coefficients of d rho_mn/dt = sum of c rho_kj: m, n, k, j, c, of the entries (m, n) that are kept."""
    between = effective.tocoo()
    number, n = np.nonzero(kept[between.row])
    yield between.row[number], n, between.col[number], n, -between.data[number]
    number, m = np.nonzero(kept[:, between.row].T)
    yield m, between.row[number], m, between.col[number], -between.data[number].conj()
    for jump in jumps:
        one = jump.tocoo()
        at = kept[np.ix_(one.row, one.row)]
        first, second = np.nonzero(at)
        values = one.data[first] * one.data[second].conj()
        yield one.row[first], one.row[second], one.col[first], one.col[second], values


def flow_of(hamiltonian: Any, jumps: Sequence[Any], start: Matrix) -> Flow:
    """Equations of a device, its Hamiltonian and jumps sparse, for all that a start (d, d) reaches."""
    from scipy import sparse

    effective = effective_of(hamiltonian, jumps)
    size = effective.shape[0]
    blocks = sectors(effective, jumps)
    label = np.zeros(size, dtype=np.intp)
    for number, states in enumerate(blocks):
        label[states] = number
    reached = _blocks_reached(label, len(blocks), jumps, start != 0)
    # Of two conjugate entries the one on or above the diagonal.
    kept = np.triu(reached[np.ix_(label, label)])
    rows, columns = np.nonzero(kept)
    place = np.full((size, size), -1, dtype=np.intp)
    place[rows, columns] = place[columns, rows] = np.arange(len(rows))
    off = rows != columns
    imaginary = np.full(len(rows), -1, dtype=np.intp)
    imaginary[off] = len(rows) + np.arange(int(off.sum()))
    width = len(rows) + int(off.sum())
    generator: Any = None
    for m, n, k, j, values in _terms(effective, jumps, kept):
        to, source = place[m, n], place[k, j]
        sign = np.where(k > j, -1.0, 1.0)  # what is below the diagonal is a conjugate
        x, y, along, across = to, imaginary[to], source, imaginary[source]
        parts = (
            (x, along, values.real),
            (x, across, -sign * values.imag),
            (y, along, values.imag),
            (y, across, sign * values.real),
        )
        some = [(where >= 0) & (whence >= 0) & (numbers != 0) for where, whence, numbers in parts]
        where, whence, numbers = (
            np.concatenate([part[number][kind] for part, kind in zip(parts, some, strict=True)]) for number in range(3)
        )
        # Term by term, so that no more than one is there twice.
        term = sparse.coo_array((numbers, (where.astype(np.int32), whence.astype(np.int32))), shape=(width, width))
        generator = term.tocsr() if generator is None else generator + term.tocsr()
    generator.eliminate_zeros()
    return Flow(size, rows, columns, generator)
