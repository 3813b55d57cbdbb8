"""A one-way device in time: core, first moments with the rest, second moments of the rest and work as one vector."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.motion import Motion, motion
from leyden.memory import shortage
from leyden.one_way.equations import Equations
from leyden.one_way.observe import Moments

__all__ = ["Along", "Course", "without_room"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]


def without_room(modes: int, levels: Sequence[int]) -> str:
    """What to say where there is no memory to follow so many modes of the rest in time; empty where there is."""
    quadratures, size = 2 * modes, math.prod(levels) ** 2
    pairs = quadratures * (quadratures + 1) // 2
    # Rows that take vectors to second moments, and what second moments make of vectors.
    short = shortage(2 * 16 * pairs * (size * (1 + quadratures) + pairs))
    return f"moments of {modes} modes in time need about {short[0]} of memory, and {short[1]} are free" if short else ""


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

    @cached_property
    def real(self) -> tuple[Any, Any]:
        """Columns that make vectors of real numbers, since all is Hermitian or real; and their inverse."""
        from scipy import sparse

        numbers = sparse.eye_array(len(self.pairs) + 1)
        both = [[one] * (1 + len(self.equations.drift)) for one in self.equations.core.hermitian]
        columns, inverse = (sparse.block_diag([*blocks, numbers], format="csr") for blocks in both)
        return columns, inverse

    @cached_property
    def rows(self) -> Complex:
        """Rows that take vectors to what is looked at: moments of the core, <xi_i>, second moments, populations."""
        equations, core = self.equations, self.equations.core
        rest, size = len(equations.drift), core.size**2
        behind = size * (1 + rest)
        rows = np.zeros(
            (3 * len(core.names) + rest + len(self.pairs) + 1 + core.size, self.generator.shape[0]), complex
        )
        own = [core.expectation(one) for name in core.names for one in core.moments(name)]
        rows[: len(own), :size] = own
        for number in range(rest):
            rows[len(own) + number, size * (1 + number) : size * (2 + number)] = core.trace
        seconds = len(own) + rest
        rows[seconds : seconds + len(self.pairs) + 1, behind:] = np.eye(len(self.pairs) + 1)
        rows[seconds + len(self.pairs) + 1 :, :size] = np.eye(size)[:: core.size + 1]
        return rows

    def along(self, times: Real, tolerance: float) -> Along:
        """The course from the vacuum, as exact as the energies that it passes through."""
        columns, inverse = self.real
        generator = (inverse @ self.generator @ columns).real.tocsr()
        start = np.zeros(generator.shape[0])
        start[0] = 1.0  # the vacuum, by its trace
        reached = self._reached(generator, start)
        inside = generator[reached][:, reached]
        rows: Complex = (self.rows @ columns)[:, reached]
        found = motion(inside, start[reached], rows[self._energies].real, times, tolerance)
        return Along(self, reached, found, found.of(rows), found.of(rows @ inside))

    @property
    def _energies(self) -> list[int]:
        """Rows of quanta: of each mode of the core, and of the rest's second moments and the work."""
        core, rest = 3 * len(self.equations.core.names), len(self.equations.drift)
        behind = core + rest + len(self.pairs) + 1
        return [*range(2, core, 3), *range(core + rest, behind)]

    def moments(self, outputs: Complex, modes: int) -> Moments:
        """Moments of all modes, from outputs (t, k) or their rates."""
        equations = self.equations
        core, rest = 3 * len(equations.core.names), len(equations.drift)
        found = Moments((len(outputs),), modes)
        found.values[..., list(equations.split.core), :] = outputs[:, :core].reshape(len(outputs), -1, 3)
        second = np.zeros((len(outputs), rest, rest))
        seconds = outputs[:, core + rest : core + rest + len(self.pairs)].real
        for (i, j), values in zip(self.pairs, seconds.T, strict=True):
            second[:, i, j] = second[:, j, i] = values
        found.set_rest(equations, outputs[:, core : core + rest].real, second)
        return found

    @staticmethod
    def _reached(generator: Any, start: Real) -> NDArray[np.intp]:
        """Entries that are ever anything: of two-photon devices half of them."""
        pattern = (generator != 0).astype(np.int8)
        known = start != 0
        while True:
            more = known | (pattern @ known.astype(np.int8) > 0)
            if (more == known).all():
                return np.flatnonzero(known)
            known = more


@dataclass(frozen=True, eq=False)
class Along:
    """A course, as it has been followed."""

    course: Course
    reached: NDArray[np.intp]
    motion: Motion
    outputs: Complex  # (t, k)
    rates: Complex  # (t, k)

    @property
    def work(self) -> Real:
        """Work of the drives (t,)."""
        return self.outputs[:, -1 - self.course.equations.core.size].real

    def populations(self) -> tuple[Real, ...]:
        """Largest population of each level of each mode of the core."""
        core = self.course.equations.core
        joint = self.outputs[:, -core.size :].real.reshape(-1, *core.levels)
        modes = range(len(core.levels))
        return tuple(np.max(joint.sum(axis=tuple(1 + o for o in modes if o != mode)), axis=0) for mode in modes)

    def matrices(self) -> Complex:
        """Matrices of the core, flattened (t, d^2)."""
        core = self.course.equations.core
        inside = self.reached < core.size**2
        found = np.zeros((len(self.outputs), core.size**2))
        found[:, self.reached[inside]] = self.motion.coordinates @ self.motion.basis[:, inside]
        return found @ core.hermitian[0].T
