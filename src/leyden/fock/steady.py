"""Steady states in the full Hilbert space: network in, labelled Dataset out, as the front door does it by moments.

The two share the device and nothing else. Here the state is a density matrix in a truncated Fock space, so that any
Hamiltonian will do, and every answer says at which cutoff it was found.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.drift.damping import undamped
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ConvergenceError, NonGaussianError, UnstableError
from leyden.fock.cutoff import LARGEST_DIMENSION, TOLERANCE, solve_with_cutoff
from leyden.fock.generator import Generator
from leyden.fock.labelled import labelled
from leyden.fock.observe import observe
from leyden.fock.operators import collapse_operators, hamiltonian, load_qutip, own_levels, single_device, sparse
from leyden.fock.prepare import embedded
from leyden.fock.stationary import stationary_matrix
from leyden.model.network import Network
from leyden.truncation.cutoff import Solution, checked_limits

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["settled", "steady_state"]

# Steady states found from the vacuum and from all levels alike must agree to this, or there are several of them.
_SAME_STATE = 1e-6
# Levels for each mode where that is tried.
_TRIAL_LEVELS = 3
# What the residual of several modes leaves in their energies, as a share of the fastest rate over the slowest, measured
# on slow batteries; of rates that only turn a tenth counts, as they do in the residual that is accepted.
_SOLVED, _TURNING = 1e-14, 0.1


def _settled(generator: Any, jumps: Sequence[Any], start: NDArray[np.complex128]) -> NDArray[np.complex128]:
    return stationary_matrix(sparse(generator), [sparse(jump) for jump in jumps], start)


def _vacuum(cutoff: tuple[int, ...]) -> NDArray[np.complex128]:
    size = int(np.prod(cutoff))
    return np.diag(np.eye(size, 1, dtype=np.complex128)[:, 0])


def _refuse_several_steady_states(network: Network, equations: MomentEquations | None, cutoff: tuple[int, ...]) -> None:
    """A mode that nothing damps keeps what it has: where the device settles depends on where it starts."""
    if equations is None:
        remedy = "Let every mode lose single quanta, directly or through a shared bath: two at once keep its parity."
        is_single = _is_single(network, cutoff)
    else:
        kept = undamped(equations)
        is_single, remedy = not kept.cause, f"{kept.cause} {kept.remedy}"
    if is_single:
        return
    raise UnstableError(
        f"Argument `network` must have one steady state, but where {network.name!r} settles depends on where it "
        f"starts. {remedy} Its transient can still be had with `charge`.",
        spectral_abscissa=0.0,
        remedy=remedy,
    )


def _is_single(network: Network, cutoff: tuple[int, ...]) -> bool:
    """Whether a device settles at the same state from the vacuum and from all levels alike, on a few levels."""
    trial = zip(cutoff, own_levels(network), strict=True)
    levels = tuple(min(_TRIAL_LEVELS, kept) if own is None else own for kept, own in trial)
    generator, jumps = hamiltonian(network, levels), collapse_operators(network, levels)
    if not jumps:
        return False
    vacuum = _vacuum(levels)
    mixture = np.eye(len(vacuum), dtype=np.complex128) / len(vacuum)
    states = [_settled(generator, jumps, start) for start in (vacuum, mixture)]
    return bool(np.max(np.abs(states[0] - states[1])) < _SAME_STATE)


def _refuse_too_slow(network: Network, drift: NDArray[np.float64], tolerance: float) -> None:
    """The solver's residual, over a rate that is slow enough, is an error that no cutoff mends."""
    slowest = -float(np.max(np.linalg.eigvals(drift).real))
    fastest = max(-float(np.trace(drift)), _TURNING * float(np.max(np.sum(np.abs(drift), axis=0))))
    if slowest > 0 and (error := _SOLVED * fastest / slowest) > tolerance:
        raise ConvergenceError(
            f"Argument `network` must settle fast enough for the solver, but its slowest rate {slowest:.2g} against "
            f"{fastest:.2g} leaves errors of about {error:.1g} quanta where {tolerance:.1g} is allowed. Raise "
            "`tolerance`, or use its moments (`leyden.steady_state`).",
            residual=error,
            tolerance=tolerance,
        )


def _equations_of(network: Network) -> MomentEquations | None:
    try:
        return equations_of(network)
    except NonGaussianError:
        return None


def steady_state(
    network: Network,
    *,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest_dimension: int = LARGEST_DIMENSION,
) -> xr.Dataset:
    """Steady state of a device, L rho = 0, in a truncated Fock space.

    Parameters
    ----------
    network : Network
        A single device, Gaussian or not.
    cutoff : int, sequence of int or None
        Fock levels kept, for all modes or for each in the network's order. By default they grow until the answer has
        converged; a number is taken as it is.
    tolerance : float
        By default, change of any energy between two successive cutoffs that counts as converged, in quanta (relative
        above one quantum). With a `cutoff`, largest population of the two highest levels of a mode.
    largest_dimension : int
        Bound on the product of the cutoffs.

    Returns
    -------
    xarray.Dataset
        The variables of `leyden.steady_state`, with `mode` and totals for a sequence of batteries. Attributes `cutoff`,
        `dimension`, `tail_population` (of the two highest levels of the fullest mode), `largest_change` (of an energy
        at the last growth of the cutoff), `tolerance`.

    Raises
    ------
    ParameterError
        If the network is a batch, or a cutoff or tolerance makes no sense.
    UnstableError
        If the steady state depends on the start, because something is not damped.
    ConvergenceError
        If a mode settles so slowly, next to the fastest rate, that the solver's residual hides what it holds.
    TruncationError
        If no cutoff within the bound is large enough; so it is for every device without a steady state, too.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    `is_stable` is always true here: a device whose population runs away finds no cutoff. A second or two at
    dimension 300, ten to thirty at 800. A ratio over less than 1e-12 quanta is NaN.

    Examples
    --------
    A mode in a bath of occupation 1/10 takes that occupation:

    >>> import leyden as ly
    >>> from leyden import fock
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, 0.1)], charger="a", battery="a")
    >>> round(float(fock.steady_state(device).stored_energy), 6)
    0.1
    """
    device, solution = settled(network, cutoff, tolerance, largest_dimension)
    return labelled(device, solution)


@on_one_thread
def settled(
    network: Network,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest: int = LARGEST_DIMENSION,
) -> tuple[Network, Solution]:
    """A device of plain numbers, and its steady state in quanta."""
    checked_limits(tolerance, largest)
    device = single_device(network)
    qutip = load_qutip()
    found: list[tuple[NDArray[np.complex128], tuple[int, ...]]] = []

    def solve(levels: tuple[int, ...]) -> Solution:
        if not found:
            equations = _equations_of(device)
            _refuse_several_steady_states(device, equations, levels)
            if equations is not None and len(levels) > 1:
                _refuse_too_slow(device, equations.drift, tolerance)
        generator, jumps = hamiltonian(device, levels), collapse_operators(device, levels)
        if len(levels) == 1:
            # One mode's L is quickly factorized, close to a threshold as well, where the series of jumps is long.
            matrix = qutip.steadystate(generator, jumps).full()
        else:
            # Each cutoff starts from the answer of the one before.
            start = embedded(*found[-1], levels) if found else _vacuum(levels)
            matrix = _settled(generator, jumps, start)
        found.append((matrix, levels))
        state = qutip.Qobj(matrix, dims=[list(levels)] * 2)
        return observe(device, Generator(generator, jumps), levels, [state], [0.0])

    least = (2,) * len(device.modes)
    solution = solve_with_cutoff(device, solve, cutoff, least, tolerance=tolerance, largest=largest)
    return device, solution
