"""A one-way device in time: core, first moments with the rest, second moments of the rest and work as one vector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.dense.steps import equidistant_step
from leyden.one_way.equations import Equations
from leyden.one_way.observe import Moments

__all__ = ["Course"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Entries up to which a step is one dense exponential.
_MOST_DENSE = 700


@dataclass(frozen=True, eq=False)
class Course:
    """The linear system dy/dt = G y of a device, and what its vectors hold."""

    equations: Equations
    power: tuple[Complex, Real, Real]  # of the drives: on rho, on the means of the rest, on its second moments

    @cached_property
    def pairs(self) -> list[tuple[int, int]]:
        """Quadratures of the rest whose products are followed."""
        return list(combinations_with_replacement(range(len(self.equations.drift)), 2))

    @cached_property
    def generator(self) -> Any:
        """G: rho, S_i, second moments above the vacuum, and work."""
        from scipy import sparse

        equations, core = self.equations, self.equations.core
        rest, size = len(equations.drift), core.size**2
        one = sparse.eye_array(size)
        firsts = sparse.kron(sparse.eye_array(rest), core.generator) + sparse.kron(equations.drift, one)
        sources = sparse.vstack(equations.sources)
        place = {pair: number for number, pair in enumerate(self.pairs)}
        on_rho = np.zeros((len(place), size), dtype=np.complex128)
        on_first = np.zeros((len(place), rest, size), dtype=np.complex128)
        on_second = np.zeros((len(place), len(place)))
        observed = equations.feed @ equations.observed  # rows that take S_i to what the core feeds into <xi_i xi_j>
        for number, (i, j) in enumerate(self.pairs):
            on_rho[number] = equations.source[i, j] * core.trace
            for first, second in ((i, j), (j, i)):
                on_first[number, first] += observed[second] + equations.forcing[second] * core.trace
                for other in np.flatnonzero(equations.drift[first]).tolist():
                    on_second[number, place[min(other, second), max(other, second)]] += equations.drift[first, other]
        of_rho, of_mean, of_second = self.power
        work = [of_rho[None], np.kron(of_mean, core.trace)[None], self._of_pairs(of_second)[None]]
        blocks = [
            [core.generator, None, None, None],
            [sources, firsts, None, None],
            [
                sparse.csr_array(on_rho),
                sparse.csr_array(on_first.reshape(len(place), -1)),
                sparse.csr_array(on_second),
                None,
            ],
            [*map(sparse.csr_array, work), sparse.csr_array((1, 1))],
        ]
        return sparse.block_array(blocks, format="csr")

    def _of_pairs(self, form: Real) -> Real:
        """Row that takes the second moments above the vacuum to tr(form R)."""
        return np.asarray([form[i, j] if i == j else form[i, j] + form[j, i] for i, j in self.pairs])

    def start(self) -> Complex:
        """The vector of the vacuum."""
        found = np.zeros(self.generator.shape[0], dtype=np.complex128)
        found[0] = 1.0
        return found

    def along(self, times: Real) -> Complex:
        """Vectors (t, n) at some times, from the vacuum."""
        start = self.start()
        reached = self._reached(start)
        generator = self.generator[reached][:, reached]
        vectors = np.zeros((len(times), len(start)), dtype=np.complex128)
        vectors[:, reached] = _moved(generator, start[reached], times)
        return vectors

    def moments(self, vectors: Complex, modes: int) -> Moments:
        """Moments of all modes, from vectors (t, n) or their rates."""
        equations = self.equations
        rest, size = len(equations.drift), equations.core.size**2
        found = Moments((len(vectors),), modes)
        found.set_core(equations, vectors[:, :size])
        firsts = vectors[:, size : size * (1 + rest)].reshape(-1, rest, size)
        second = np.zeros((len(vectors), rest, rest))
        for (i, j), values in zip(self.pairs, vectors[:, size * (1 + rest) : -1].real.T, strict=True):
            second[:, i, j] = second[:, j, i] = values
        found.set_rest(equations, (firsts @ equations.core.trace).real, second)
        return found

    def _reached(self, start: Complex) -> NDArray[np.intp]:
        """Entries that are ever anything: of two-photon devices half of them."""
        pattern = (self.generator != 0).astype(np.int8)
        known = start != 0
        while True:
            more = known | (pattern @ known.astype(np.int8) > 0)
            if (more == known).all():
                return np.flatnonzero(known)
            known = more


def _moved(generator: Any, start: Complex, times: Real) -> Complex:
    """e^{G t} times a vector, at some times."""
    from scipy.linalg import expm
    from scipy.sparse.linalg import expm_multiply

    found = np.empty((len(times), len(start)), dtype=np.complex128)
    step = equidistant_step(times)
    is_dense = step is not None and len(times) > 1 and len(start) <= _MOST_DENSE
    matrix = expm(generator.toarray() * step) if is_dense else None
    now = expm_multiply(generator * times[0], start) if times[0] else start
    found[0] = now
    for place, (before, after) in enumerate(pairwise(times.tolist()), start=1):
        now = matrix @ now if matrix is not None else expm_multiply(generator * (after - before), now)
        found[place] = now
    return found
