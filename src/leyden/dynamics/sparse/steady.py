"""Steady state of a huge network: each mode's own state, from the few directions in which drives disturb it."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import quadratures_of
from leyden.dynamics.sparse.adi import Iteration
from leyden.dynamics.sparse.equations import SparseEquations, norm_of
from leyden.dynamics.sparse.graph import influences, nearest_first
from leyden.errors import ConvergenceError
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
# Modes that are followed at first; four times as many where the disturbance gets out of these.
_FIRST_REGION = 2000
_PROBES = 4


class Steady(NamedTuple):
    """Each mode's steady state, and how well it solves the equations.

    Parameters
    ----------
    state : GaussianState
        Batch shape (N,), one mode each.
    residual : float
        |A S + S A^T + Q| / |Q|, measured on random vectors.
    steps : int
        Of the iteration.
    rank : int
        Of the source.
    """

    state: GaussianState
    residual: float
    steps: int
    rank: int


def marginals(mean: Real, blocks: Real, occupation: float) -> GaussianState:
    """Each mode's own state.

    Parameters
    ----------
    mean : array, shape (..., 2N)
        <r>.
    blocks : array, shape (3, ..., N)
        xx, xp and pp of the excess over the equilibrium.
    occupation : float
        n of the equilibrium.

    Returns
    -------
    GaussianState
        Batch shape (..., N), one mode each.
    """
    xx, xp, pp = blocks
    excess = np.stack([xx + occupation, xp, xp, pp + occupation], axis=-1)
    return GaussianState(mean.reshape(*mean.shape[:-1], -1, 2), excess.reshape(*xx.shape, 2, 2))


def steady_state(equations: SparseEquations) -> Steady:
    """Steady state of each mode of a stable network.

    Parameters
    ----------
    equations : SparseEquations
        Of a stable device.

    Returns
    -------
    Steady

    Raises
    ------
    ConvergenceError
        If the iteration does not reach the tolerance.

    Notes
    -----
    Cost: one sparse factorisation for each shift, some ten in all, and one solution with r columns for each of some
    tens or hundreds of steps; memory, those factors and 4 + r numbers for each quadrature.
    """
    mean = _mean(equations)
    blocks = np.zeros((3, equations.size // 2))
    if not len(equations.weights):
        return Steady(marginals(mean, blocks, equations.occupation), 0.0, 0, 0)
    graph = influences(equations.drift)
    order = nearest_first(graph, np.unique(equations.places // 2))
    allowed = AIM * equations.source_norm
    count = min(_FIRST_REGION, len(order))
    while True:
        region = order[:count]
        iteration = _begun(equations, region)
        iteration.run(allowed, _MOST_STEPS)
        if count == len(order) or iteration.leaked <= allowed:
            break
        count = min(4 * count, len(order))
    residual, size = _residual(equations, region, iteration)
    tolerance = max(TOLERANCE, _ROUNDING * norm_of(equations.drift) * size / equations.source_norm)
    if not residual <= tolerance:
        raise ConvergenceError(
            f"Argument `network` must let the sparse method converge, but after {iteration.steps} steps the relative "
            f'residual is {residual:.1e}, not {tolerance:.0e}. Damp the network more, or use method="dense".',
            residual=residual,
            tolerance=tolerance,
        )
    blocks[:, region] = iteration.blocks
    return Steady(marginals(mean, blocks, equations.occupation), residual, iteration.steps, len(equations.weights))


def _probes(size: int) -> Real:
    """Random vectors on which the whole equation is checked: the same ones every time."""
    return np.random.default_rng(20251112118).standard_normal((size, _PROBES))


def _begun(equations: SparseEquations, region: Places) -> Iteration:
    """The iteration on some of the modes, among them all that are driven."""
    inside = quadratures_of(region)
    columns = equations.drift[:, inside].tocsr()
    acted = np.flatnonzero(np.diff(columns.indptr))
    position = np.full(equations.size, -1, dtype=np.intp)
    position[inside] = np.arange(len(inside))
    outside = acted[position[acted] < 0]
    factor = np.zeros((len(inside), len(equations.weights)))
    factor[position[equations.places]] = equations.factor
    probes = _probes(equations.size)
    return Iteration(
        columns[inside].tocsr(),
        columns[outside].tocsr(),
        factor,
        equations.weights,
        np.concatenate([probes, equations.drift.T @ probes], axis=1)[inside],
    )


def _residual(equations: SparseEquations, region: Places, iteration: Iteration) -> tuple[float, float]:
    """|A S + S A^T + Q| / |Q| of the whole network, and |S|: the mean square on random vectors is the norm's square."""
    inside = quadratures_of(region)
    probes = _probes(equations.size)
    images = np.zeros((equations.size, 2 * _PROBES))
    images[inside] = iteration.images
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
    found = factors.solve(-equations.forcing[inside])
    # One step of refinement makes up for pivots that were chosen for sparsity.
    mean[inside] = found + factors.solve(-equations.forcing[inside] - drift @ found)
    return mean
