"""The linear equations of a one-way device: core, first moments with the rest, second moments of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import quadratures_of, symplectic_form
from leyden.equations.moments import MomentEquations
from leyden.one_way.core import Core
from leyden.one_way.split import Split

__all__ = ["Equations"]

# A core of modes, anharmonic or driven as one likes, that feels nothing of the others is followed as a density matrix
# rho. The others are oscillators whose quadratures xi_i move linearly, with the drift A and the diffusion D of the
# linear part. With S_i = Tr_rest[xi_i rho] and x_k the quadratures of the core,
#
#     d rho/dt = L rho
#     d S_i/dt = L S_i + sum_j A_ij S_j + f_i rho + sum_k (A_ik/2) {x_k, rho} - i (D Omega)_ik [x_k, rho],
#
# because what commutators of the core with second moments would add is the back-action, which is zero. The second
# moments of the rest obey their usual equations, with <x_k xi_i> = Tr[x_k S_i] in them: no quanta of the rest are cut.

Real = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Equations:
    """A device cut in two, with the core on so many levels."""

    core: Core
    split: Split
    linear: MomentEquations  # of the linear part of the whole

    @cached_property
    def inside(self) -> NDArray[np.intp]:
        """Quadratures of the core."""
        return quadratures_of(self.split.core)

    @cached_property
    def outside(self) -> NDArray[np.intp]:
        """Quadratures of the rest."""
        return quadratures_of(self.split.rest)

    @cached_property
    def drift(self) -> Real:
        """A among the rest."""
        return np.asarray(self.linear.drift)[np.ix_(self.outside, self.outside)]

    @cached_property
    def feed(self) -> Real:
        """A from the core to the rest."""
        return np.asarray(self.linear.drift)[np.ix_(self.outside, self.inside)]

    @cached_property
    def shared_noise(self) -> Real:
        """D Omega between the rest and the core."""
        noise = np.asarray(self.linear.diffusion)[np.ix_(self.outside, self.inside)]
        return noise @ symplectic_form(len(self.split.core))

    @cached_property
    def source(self) -> Real:
        """Q among the rest, above the vacuum."""
        return np.asarray(self.linear.source)[np.ix_(self.outside, self.outside)]

    @cached_property
    def forcing(self) -> Real:
        """f of the rest."""
        return np.asarray(self.linear.forcing)[self.outside]

    @cached_property
    def lefts(self) -> Any:
        """Of each quadrature of the rest, Z (2R, d, d) with dS/dt = Z rho + rho Z^dag where S is zero."""
        weights = self.feed / 2 - 1j * self.shared_noise
        force = self.forcing[:, None, None] / 2 * np.eye(self.core.size)
        return np.tensordot(weights, np.asarray(self.core.quadratures), 1) + force

    def fed(self, rho: Any) -> Any:
        """dS/dt (2R, d, d) where S is zero."""
        half = self.lefts @ rho
        return half + np.swapaxes(half, -1, -2).conj()

    @cached_property
    def sources(self) -> list[Any]:
        """The same as matrices that take a flattened rho there."""
        one = np.eye(self.core.size, dtype=np.complex128)
        return [self.core.on_both_sides([(left, one), (one, left.conj().T)]) for left in self.lefts]

    @cached_property
    def observed(self) -> NDArray[np.complex128]:
        """Rows (2C, d^2) that take a flattened matrix to Tr[x_k matrix]."""
        return np.stack([self.core.expectation(one) for one in self.core.quadratures])
