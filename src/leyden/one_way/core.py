"""The core of a one-way device on a few levels: its generator and its quadratures, as sparse matrices."""

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
    def lowering(self) -> dict[str, Any]:
        """a of each mode."""
        from scipy import sparse

        found: dict[str, Any] = {}
        for place, (name, level) in enumerate(zip(self.names, self.levels, strict=True)):
            before, behind = math.prod(self.levels[:place]), math.prod(self.levels[place + 1 :])
            own = sparse.diags_array(np.sqrt(np.arange(1.0, level)), offsets=1, shape=(level, level))
            found[name] = sparse.kron(sparse.kron(sparse.eye_array(before), own), sparse.eye_array(behind)).tocsr()
        return found

    @cached_property
    def quadratures(self) -> list[Any]:
        """x and p of each mode in turn."""
        found: list[Any] = []
        for lower in self.lowering.values():
            found += [(lower + lower.T) / np.sqrt(2.0), (lower - lower.T) / (1j * np.sqrt(2.0))]
        return found

    def _matrix(self, operator: Ladder | Product) -> Any:
        first, *others = [self.lowering[o.mode].T if o.is_creation else self.lowering[o.mode] for o in operator.factors]
        for other in others:
            first = first @ other
        return first

    def _is_inside(self, operators: Sequence[Ladder]) -> bool:
        return all(operator.mode in self.lowering for operator in operators)

    def hamiltonian(self, *, of_drives: bool = False) -> Any:
        """Terms that touch no other mode, of all elements or of the drives alone."""
        from scipy import sparse

        total = sparse.csr_array((self.size, self.size), dtype=np.complex128)
        for element in (*self.network.modes, *self.network.elements):
            if of_drives and not element.is_drive:
                continue
            for term in element.hamiltonian():
                if term.coefficient != 0 and self._is_inside(term.operators):
                    product = complex(term.coefficient) * self._matrix(Product(term.operators))
                    total = total + product + product.conj().T
        return total

    def jumps(self) -> list[Any]:
        """Jump operators, without what they hold of other modes."""
        found: list[Any] = []
        for element in (*self.network.modes, *self.network.elements):
            for jump in (one for both in element.jumps() for one in both.directions()):
                pairs = zip(jump.weights, jump.operators, strict=True)
                inside = [complex(w) * self._matrix(o) for w, o in pairs if self._is_inside(o.factors)]
                if inside and jump.rate > 0:
                    found.append(math.sqrt(jump.rate) * sum(inside[1:], start=inside[0]))
        return found

    @cached_property
    def generator(self) -> Any:
        """L with d rho/dt = L rho."""
        from scipy import sparse

        one = sparse.eye_array(self.size)
        jumps = self.jumps()
        loss = sum((jump.conj().T @ jump for jump in jumps), start=sparse.csr_array((self.size, self.size)))
        effective = -1j * self.hamiltonian() - loss / 2
        found = sparse.kron(effective, one) + sparse.kron(one, effective.conj())
        for jump in jumps:
            found = found + sparse.kron(jump, jump.conj())
        return found.tocsc()

    def on_left(self, operator: Any) -> Any:
        """What multiplies a flattened matrix by an operator from the left."""
        from scipy import sparse

        return sparse.kron(operator, sparse.eye_array(self.size)).tocsr()

    def on_right(self, operator: Any) -> Any:
        """The same from the right."""
        from scipy import sparse

        return sparse.kron(sparse.eye_array(self.size), operator.T).tocsr()

    def expectation(self, operator: Any) -> Complex:
        """Row that takes a flattened matrix to Tr[operator matrix]."""
        return operator.T.toarray().reshape(-1)

    @cached_property
    def trace(self) -> Complex:
        """Row that takes a flattened matrix to its trace."""
        return np.eye(self.size).reshape(-1).astype(np.complex128)

    def moments(self, name: str) -> list[Any]:
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
