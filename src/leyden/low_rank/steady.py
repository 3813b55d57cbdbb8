"""Steady state of a huge network: each mode's own state, from the few directions in which drives disturb it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.adi import Iteration
from leyden.algebra.factors import norm_of
from leyden.algebra.sparse_graph import influences, nearest_first
from leyden.conventions import quadratures_of
from leyden.equations.low_rank import SparseEquations
from leyden.errors import ConvergenceError
from leyden.low_rank.groups import groups_of
from leyden.states.gaussian import GaussianState

__all__ = ["TOLERANCE", "Steady", "marginals", "steady_state"]

Real = NDArray[np.float64]
Places = NDArray[np.intp]

# Relative residual that is aimed at, and the one above which an answer is refused, unless rounding of |A| |S|, which
# near threshold is far above |Q|, allows no better one.
AIM = 1e-13
TOLERANCE = 1e-10
_ROUNDING = 32 * float(np.finfo(float).eps)
_MOST_STEPS = 20_000
# Sets of shifts, one after the other, that may fail to halve the residual: at that pace it would never get there.
_MOST_ATTEMPTS = 10
# Modes that are followed at first; four times as many where the disturbance gets out of these.
_FIRST_REGION = 2000
_PROBES = 4


class Steady(NamedTuple):
    """Each mode's steady state, and how well it solves the equations."""

    state: GaussianState  # batch shape (N,), one mode each
    residual: float  # |A S + S A^T + Q| / |Q|, measured on random vectors
    steps: int  # of the iteration: systems solved, or stretches of time followed, for the group that took most
    rank: int  # of the source


def marginals(mean: Real, blocks: Real, occupation: float) -> GaussianState:
    """Each mode's own state (..., N) from means (..., 2N) and the xx, xp and pp (3, ..., N) above the equilibrium."""
    xx, xp, pp = blocks
    excess = np.stack([xx + occupation, xp, xp, pp + occupation], axis=-1)
    return GaussianState.holding(mean=mean.reshape(*mean.shape[:-1], -1, 2), excess=excess.reshape(*xx.shape, 2, 2))


def steady_state(equations: SparseEquations, most: int | None = None) -> Steady:
    """Steady state of each mode of a stable network; a ConvergenceError where `most` steps are not enough."""
    # Cost: one sparse factorisation for each shift, some ten in all, and one solution with r columns for each of some
    # tens or hundreds of steps; memory, those factors and 10 + r numbers for each quadrature. Where modes pass quanta
    # to and fro, some hundred products with the drift for each of some ten stretches of time, and as many vectors of
    # memory.
    most = _MOST_STEPS if most is None else min(most, _MOST_STEPS)
    mean = _mean(equations)
    blocks = np.zeros((3, equations.size // 2))
    if not len(equations.weights):
        return Steady(marginals(mean, blocks, equations.occupation), 0.0, 0, 0)
    graph = influences(equations.drift)
    order = nearest_first(graph, np.unique(equations.places // 2))
    allowed = AIM * equations.source_norm
    count = min(_FIRST_REGION, len(order))
    while True:
        region = _Region(equations, order[:count])
        region.run(allowed, most)
        if count == len(order) or region.leaked <= allowed:
            break
        count = min(4 * count, len(order))
    with np.errstate(over="ignore", invalid="ignore"):
        residual, size = _residual(equations, region)
        left = region.left / equations.source_norm
    # Where modes amplify each other S is so large that rounding of |A| |S| would excuse any answer: the iteration must
    # have come to its end, too.
    tolerance = max(TOLERANCE, _ROUNDING * norm_of(equations.drift) * size / equations.source_norm)
    if not (residual <= tolerance and left <= TOLERANCE):
        worse, wanted = (residual, tolerance) if left <= TOLERANCE else (left, TOLERANCE)
        reason = f"the relative residual is {worse:.1e}, not {wanted:.0e}" if np.isfinite(worse) else "numbers overflow"
        raise ConvergenceError(
            f"Argument `network` must let the sparse method converge, but after {region.steps} steps {reason}. "
            'Damp the network more, or use method="dense".',
            residual=worse,
            tolerance=wanted,
        )
    blocks[:, region.modes] = region.blocks()
    return Steady(marginals(mean, blocks, equations.occupation), residual, region.steps, len(equations.weights))


def _probes(size: int) -> Real:
    """Random vectors on which the whole equation is checked: the same ones every time."""
    return np.random.default_rng(20251112118).standard_normal((size, _PROBES))


class _Region:
    """The iterations on some of the modes, among them all that are driven: one for each group of quadratures."""

    def __init__(self, equations: SparseEquations, modes: Places) -> None:
        self.modes, self.inside = modes, quadratures_of(modes)
        columns = equations.drift[:, self.inside].tocsr()
        acted = np.flatnonzero(np.diff(columns.indptr))
        position = np.full(equations.size, -1, dtype=np.intp)
        position[self.inside] = np.arange(len(self.inside))
        drift = columns[self.inside].tocsr()
        self.frame, groups = groups_of(drift, position[equations.places], equations.factor, equations.weights)
        self.groups = [group for group in groups if len(group.weights)]
        outward = (columns[acted[position[acted] < 0]] @ self.frame.matrix()).tocsc()
        probes = _probes(equations.size)
        probes = self.frame.into(np.concatenate([probes, equations.drift.T @ probes], axis=1)[self.inside])
        self.iterations = [
            Iteration(
                group.drift, outward[:, group.rows].tocsr(), group.source, group.weights, probes[group.rows], group.both
            )
            for group in self.groups
        ]

    def run(self, allowed: float, most: int) -> None:
        """Until so little is left of the whole equation, or more has leaked out."""
        for iteration in self.iterations:
            iteration.run(allowed / len(self.iterations) ** 0.5, most, _MOST_ATTEMPTS)
            if self.leaked > allowed:
                return

    @property
    def leaked(self) -> float:
        """Bound of what has left for other modes."""
        return sum(iteration.leaked for iteration in self.iterations)

    @property
    def left(self) -> float:
        """Norm of what the iterations have left of the equation."""
        return float(np.linalg.norm([iteration.residual for iteration in self.iterations]))

    @property
    def steps(self) -> int:
        """Of the group that took most."""
        return max(iteration.steps for iteration in self.iterations)

    def blocks(self) -> Real:
        """Each mode's own block of S, shape (3, m)."""
        squares, cross = np.zeros(len(self.inside)), np.zeros(len(self.modes))
        for group, iteration in zip(self.groups, self.iterations, strict=True):
            squares[group.rows] = iteration.squares
            cross[group.rows[: 2 * group.both : 2] // 2] = iteration.cross
        return self.frame.blocks(squares, cross)

    def images(self) -> Real:
        """S on the probes."""
        images = np.zeros((len(self.inside), 2 * _PROBES))
        for group, iteration in zip(self.groups, self.iterations, strict=True):
            images[group.rows] = iteration.images
        return self.frame.back(images)


def _residual(equations: SparseEquations, region: _Region) -> tuple[float, float]:
    """|A S + S A^T + Q| / |Q| of the whole network, and |S|: the mean square on random vectors is the norm's square."""
    probes = _probes(equations.size)
    images = np.zeros((equations.size, 2 * _PROBES))
    images[region.inside] = region.images()
    source = np.zeros_like(probes)
    driven = (equations.factor * equations.weights) @ (equations.factor.T @ probes[equations.places])
    source[equations.places] = driven
    left = equations.drift @ images[:, :_PROBES] + images[:, _PROBES:] + source
    size = float(np.linalg.norm(images[:, :_PROBES])) / _PROBES**0.5
    return float(np.linalg.norm(left)) / _PROBES**0.5 / equations.source_norm, size


def _mean(equations: SparseEquations) -> Any:
    """Mean with A <r> + f = 0; zero without forcing."""
    from scipy.sparse.linalg import splu

    mean = np.zeros(equations.size)
    forced = np.flatnonzero(equations.forcing)
    if not len(forced):
        return mean
    order = nearest_first(influences(equations.drift), np.unique(forced // 2))
    inside = quadratures_of(order)
    drift = equations.drift[inside][:, inside].tocsc()
    factors = splu(drift, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.1, options={"SymmetricMode": True})
    first = factors.solve(-equations.forcing[inside])
    # One step of refinement makes up for pivots that were chosen for sparsity.
    mean[inside] = first + factors.solve(-equations.forcing[inside] - drift @ first)
    return mean
