"""The core of a one-way device on a few levels: its generator, sparse, and its quadratures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.model.network import Network
from leyden.model.operators import Ladder, Product
from leyden.truncation.conserved import conserved

__all__ = ["Core"]

Complex = NDArray[np.complex128]


@dataclass(frozen=True, eq=False)
class Core:
    """Modes of a network, each on so many levels; matrices are flattened row by row."""

    network: Network
    names: tuple[str, ...]
    levels: tuple[int, ...]

    @cached_property
    def size(self) -> int:
        """Dimension of the Hilbert space."""
        return math.prod(self.levels)

    @cached_property
    def lowering(self) -> dict[str, Complex]:
        """a of each mode, (d, d)."""
        found: dict[str, Complex] = {}
        for place, (name, level) in enumerate(zip(self.names, self.levels, strict=True)):
            before, behind = math.prod(self.levels[:place]), math.prod(self.levels[place + 1 :])
            own = np.diag(np.sqrt(np.arange(1.0, level)), 1).astype(np.complex128)
            found[name] = np.asarray(np.kron(np.kron(np.eye(before), own), np.eye(behind)), dtype=np.complex128)
        return found

    @cached_property
    def quadratures(self) -> list[Complex]:
        """x and p of each mode in turn."""
        found: list[Complex] = []
        for lower in self.lowering.values():
            found += [(lower + lower.T) / np.sqrt(2.0), (lower - lower.T) / (1j * np.sqrt(2.0))]
        return found

    def _matrix(self, operator: Ladder | Product) -> Complex:
        first, *others = [self.lowering[o.mode].T if o.is_creation else self.lowering[o.mode] for o in operator.factors]
        for other in others:
            first = first @ other
        return first

    def _is_inside(self, operators: Sequence[Ladder]) -> bool:
        return all(operator.mode in self.lowering for operator in operators)

    def hamiltonian(self, *, of_drives: bool = False) -> Complex:
        """Terms that touch no other mode, of all elements or of the drives alone."""
        total = np.zeros((self.size, self.size), dtype=np.complex128)
        for element in (*self.network.modes, *self.network.elements):
            if of_drives and not element.is_drive:
                continue
            for term in element.hamiltonian():
                if term.coefficient != 0 and self._is_inside(term.operators):
                    product = complex(term.coefficient) * self._matrix(Product(term.operators))
                    total = total + product + product.conj().T
        return total

    def jumps(self) -> list[Complex]:
        """Jump operators, without what they hold of other modes."""
        found: list[Complex] = []
        for element in (*self.network.modes, *self.network.elements):
            for jump in (one for both in element.jumps() for one in both.directions()):
                pairs = zip(jump.weights, jump.operators, strict=True)
                inside = [complex(w) * self._matrix(o) for w, o in pairs if self._is_inside(o.factors)]
                if inside and jump.rate > 0:
                    found.append(math.sqrt(jump.rate) * np.sum(inside, axis=0))
        return found

    @cached_property
    def generator(self) -> Any:
        """L with d rho/dt = L rho."""
        jumps = self.jumps()
        loss = sum((jump.conj().T @ jump for jump in jumps), start=np.zeros((self.size, self.size)))
        effective = -1j * self.hamiltonian() - loss / 2
        one = np.eye(self.size, dtype=np.complex128)
        pairs = [(effective, one), (one, effective.conj().T), *((jump, jump.conj().T) for jump in jumps)]
        return self.on_both_sides(pairs)

    @cached_property
    def sectors(self) -> list[NDArray[np.intp]]:
        """Places of flattened matrices that L mixes, the vacuum's first: pairs of quanta keep parity."""
        from scipy import sparse
        from scipy.sparse.csgraph import connected_components

        generator = self.generator
        parts = np.ones(generator.nnz), generator.indices, generator.indptr
        count, labels = connected_components(sparse.csc_array(parts, shape=generator.shape), directed=False)
        found = [np.flatnonzero(labels == label) for label in range(count)]
        return sorted(found, key=lambda places: places[0])

    @property
    def conserved(self) -> str:
        """What a start in the vacuum keeps for ever, in words; empty where nothing is kept."""
        first = self.sectors[0]
        states = first[first % (self.size + 1) == 0] // (self.size + 1)
        return "" if len(states) == self.size else conserved(states, self.levels, self.names)

    @cached_property
    def blocks(self) -> list[Any]:
        """L within each sector, with all of its diagonal."""
        from scipy import sparse

        whole = self.generator.tocoo()
        position, label = np.zeros(self.size**2, dtype=np.intp), np.zeros(self.size**2, dtype=np.intp)
        for number, places in enumerate(self.sectors):
            position[places], label[places] = np.arange(len(places)), number
        blocks = []
        for number, places in enumerate(self.sectors):
            inside, own = label[whole.row] == number, np.arange(len(places))
            rows = np.concatenate([position[whole.row[inside]], own])
            columns = np.concatenate([position[whole.col[inside]], own])
            data = np.concatenate([whole.data[inside], np.zeros(len(places))])
            blocks.append(sparse.coo_array((data, (rows, columns)), shape=(len(places), len(places))).tocsc())
        return blocks

    def shifted(self, sector: int, shift: complex) -> Any:
        """L + shift within a sector."""
        block = self.blocks[sector].copy()
        block.data[_diagonal_of(block)] += shift
        return block

    def on_both_sides(self, pairs: Sequence[tuple[Complex, Complex]]) -> Any:
        """The sum of left matrix right over some pairs (d, d), of flattened matrices."""
        from scipy import sparse

        # Entry by entry: what SciPy's `kron` and sums take for such small matrices is all overhead.
        rows: list[NDArray[np.intp]] = []
        columns: list[NDArray[np.intp]] = []
        values: list[Complex] = []
        for left, right in pairs:
            (i, j), (k, m) = np.nonzero(left), np.nonzero(right)
            rows.append((i[:, None] * self.size + m).reshape(-1))
            columns.append((j[:, None] * self.size + k).reshape(-1))
            values.append((left[i, j][:, None] * right[k, m]).reshape(-1).astype(np.complex128))
        entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        return sparse.coo_array(entries, shape=(self.size**2, self.size**2)).tocsc()

    @cached_property
    def hermitian(self) -> tuple[Any, Any]:
        """Columns (d^2, d^2) that make Hermitian matrices of real numbers, the trace first, and their inverse."""
        from scipy import sparse

        size = self.size
        i, j = np.triu_indices(size, 1)
        level, column = np.arange(size) * (size + 1), size + np.arange(len(i))
        shape, behind = (size**2, size**2), column + len(i)
        half = np.full(len(i), 1 / math.sqrt(2.0))
        rows = [level, i * size + j, j * size + i, i * size + j, j * size + i]
        columns = [np.arange(size), column, column, behind, behind]
        values = [np.ones(size), half, half, 1j * half, -1j * half]
        entries = np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))
        unitary = sparse.coo_array(entries, shape=shape).tocsr()
        # The ground state takes what others have: then the trace is one number, which nothing moves.
        corner = np.zeros(size - 1, dtype=int), np.arange(1, size)
        others = sparse.coo_array((np.ones(size - 1), corner), shape=shape).tocsr()
        one = sparse.eye_array(size**2, format="csr")
        return unitary @ (one - others), (one + others) @ unitary.conj().T

    def expectation(self, operator: Complex) -> Complex:
        """Row that takes a flattened matrix to Tr[operator matrix]."""
        return operator.T.reshape(-1)

    @cached_property
    def trace(self) -> Complex:
        """Row that takes a flattened matrix to its trace."""
        return np.eye(self.size).reshape(-1).astype(np.complex128)

    def moments(self, name: str) -> list[Complex]:
        """a, a^2 and a^dag a of a mode."""
        lower = self.lowering[name]
        return [lower, lower @ lower, lower.T @ lower]

    def populations(self, rho: Complex) -> tuple[NDArray[np.float64], ...]:
        """Population of each level of each mode, the largest along leading axes."""
        diagonal = rho.reshape(-1, self.size, self.size).diagonal(axis1=1, axis2=2).real
        joint = diagonal.reshape(-1, *self.levels)
        modes = range(len(self.levels))
        return tuple(
            np.max(joint.sum(axis=tuple(1 + other for other in modes if other != mode)), axis=0) for mode in modes
        )


def _diagonal_of(matrix: Any) -> NDArray[np.intp]:
    """Positions of a diagonal that is all there in the data of a sparse matrix by columns."""
    columns = np.repeat(np.arange(matrix.shape[1]), np.diff(matrix.indptr))
    return np.flatnonzero(matrix.indices == columns)
