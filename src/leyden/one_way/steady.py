"""The steady state of a one-way device: one sparse equation for the core, and one for each rate of the rest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import load_scipy_linalg
from leyden.errors import ConvergenceError, UnstableError
from leyden.one_way.core import Core
from leyden.one_way.equations import Equations
from leyden.text import listed

__all__ = ["Resolvent", "Steady", "steady"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Share of the largest pivot below which a second steady state is what is left.
_SINGULAR = 1e-14
# Rates of the rest closer than this, relative to the largest, share one factorization.
_SAME = 1e-13


@dataclass(frozen=True, eq=False)
class Steady:
    """What is known of a steady state."""

    rho: Complex  # (d, d)
    mean: Real  # (2R,), of the rest
    second: Real  # (2R, 2R), second moments of the rest above the vacuum
    cross: Real  # (2R, 2C), <xi_i x_k>
    first: Complex  # (2R, d, d), S_i


def steady(equations: Equations) -> Steady:
    """Steady state of a device whose rest is damped."""
    load_scipy_linalg()
    from scipy.linalg import schur, solve_continuous_lyapunov

    size = equations.core.size
    rho = _stationary(equations)
    sources = equations.fed(rho.reshape(size, size)).reshape(-1, size**2)
    # In the basis of Schur's form the rest is solved from its last row to its first.
    triangle, basis = schur(equations.drift, output="complex")
    right = -(basis.conj().T @ sources)
    found = np.zeros_like(right)
    resolvent = Resolvent(equations)
    for row in range(len(found))[::-1]:
        known = right[row] - triangle[row, row + 1 :] @ found[row + 1 :]
        found[row] = resolvent(complex(triangle[row, row]), known)
    first = basis @ found
    mean = (first @ equations.core.trace).real
    cross = (first @ equations.observed.T).real
    inflow = cross @ equations.feed.T + np.outer(mean, equations.forcing)
    second: Any = solve_continuous_lyapunov(equations.drift, -(inflow + inflow.T + equations.source))
    return Steady(rho.reshape(size, size), mean, second, cross, first.reshape(-1, size, size))


def _stationary(equations: Equations) -> Complex:
    """The rho with L rho = 0 and trace 1 that a start in the vacuum leads to, flattened."""
    from scipy import sparse
    from scipy.sparse.linalg import splu

    core = equations.core
    places, generator = core.sectors[0], core.blocks[0].tocoo()
    # The first equation, which the others imply, makes room for the trace.
    kept = generator.row > 0
    diagonal = np.flatnonzero(places % (core.size + 1) == 0)
    rows = np.concatenate([np.zeros_like(diagonal), generator.row[kept]])
    columns = np.concatenate([diagonal, generator.col[kept]])
    values = np.concatenate([np.ones(len(diagonal)), generator.data[kept]])
    # Rates of many decades must not be taken for a pivot that is missing: each row is of size 1.
    sizes = np.zeros(len(places))
    np.maximum.at(sizes, rows, np.abs(values))
    values /= np.where(sizes > 0, sizes, 1.0)[rows]
    matrix = sparse.coo_array((values, (rows, columns)), shape=generator.shape).tocsc()
    right = np.zeros(len(places), dtype=np.complex128)
    right[0] = 1.0
    try:
        factors = splu(matrix)
    except RuntimeError:  # exactly singular
        factors = None
    pivots = np.zeros(1) if factors is None else np.abs(factors.U.diagonal())
    if factors is None or pivots.min() <= _SINGULAR * pivots.max():
        rates = np.abs(generator.data[generator.data != 0])
        if rates.max(initial=0.0) * _SINGULAR > rates.min(initial=np.inf):
            raise ConvergenceError(
                f"Argument `network` must have rates that double precision tells apart, but those of "
                f"{core.network.name!r} lie between {rates.min():.2g} and {rates.max():.2g}. Give a mode that nothing "
                "excites so far few `levels` instead of a huge nonlinearity.",
                residual=float(rates.min() / rates.max()),
                tolerance=_SINGULAR,
            )
        raise UnstableError(
            f"Argument `network` must have one steady state, but where {core.network.name!r} settles depends on where "
            f"it starts. {(remedy := _what_is_missing(core))}",
            spectral_abscissa=0.0,
            remedy=remedy,
        )
    inside = factors.solve(right)
    residual: Any = right - matrix @ inside
    found = np.zeros(core.size**2, dtype=np.complex128)
    found[places] = inside + factors.solve(residual)
    matrix_form = found.reshape(core.size, core.size)
    return ((matrix_form + matrix_form.conj().T) / 2).reshape(-1)


def _what_is_missing(core: Core) -> str:
    """Of a core that does not settle: modes that no jump acts on, or else coherence that none reaches."""
    elements = (*core.network.modes, *core.network.elements)
    jumps = [one for element in elements for jump in element.jumps() for one in jump.directions() if one.rate > 0]
    reached = {factor.mode for jump in jumps for operator in jump.operators for factor in operator.factors}
    idle = [name for name in core.names if name not in reached]
    cause = f"Nothing damps {listed([repr(name) for name in idle], 3)}" if idle else "Not all that is driven is lost"
    return f"{cause}: let baths act on it, directly or through others, or follow it in time with `charge`."


class Resolvent:
    """X of (L + shift) X = right for many shifts, sector by sector; a factorization serves its conjugate, too."""

    def __init__(self, equations: Equations) -> None:
        self._core = equations.core
        self._known: list[tuple[int, complex, Any]] = []

    def __call__(self, shift: complex, right: Complex) -> Complex:
        """Solutions (d^2,) or (d^2, n) of right sides of that shape."""
        found = np.zeros_like(right)
        for sector, places in enumerate(self._core.sectors):
            inside = right[places]
            if inside.any():
                found[places] = self._within(sector, shift, inside)
        return found

    def _within(self, sector: int, shift: complex, right: Complex) -> Complex:
        from scipy.sparse.linalg import splu

        near = _SAME * max(1.0, abs(shift))
        for place, known, factors in self._known:
            if place == sector and abs(known - shift) <= near:
                return factors.solve(right)
            if place == sector and abs(known - shift.conjugate()) <= near and self._is_closed(sector):
                return self._adjoint(sector, factors.solve(self._adjoint(sector, right)))
        factors = splu(self._core.shifted(sector, shift), permc_spec="MMD_AT_PLUS_A")
        self._known.append((sector, shift, factors))
        return factors.solve(right)

    def _turned(self, sector: int) -> NDArray[np.intp]:
        """Where the transposed matrix has the places of a sector."""
        places, size = self._core.sectors[sector], self._core.size
        return places % size * size + places // size

    def _is_closed(self, sector: int) -> bool:
        return bool(np.isin(self._turned(sector), self._core.sectors[sector]).all())

    def _adjoint(self, sector: int, inside: Complex) -> Complex:
        order = np.searchsorted(self._core.sectors[sector], self._turned(sector))
        return np.ascontiguousarray(inside[order].conj())
