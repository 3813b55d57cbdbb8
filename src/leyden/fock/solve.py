"""What a device does in the full Hilbert space: network in, labelled Dataset out, as the front door does it by moments.

The two share the device and nothing else. Here the state is a density matrix in a truncated Fock space, so that any
Hamiltonian will do, and every answer says at which cutoff it was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError, UnstableError
from leyden.fock.cutoff import LARGEST_DIMENSION, Solution, accept, checked_limits, converge
from leyden.fock.labelled import labelled
from leyden.fock.observe import observe
from leyden.fock.operators import checked_cutoff, collapse_operators, hamiltonian, load_qutip, single_device
from leyden.fock.prepare import checked_initial, density_matrix, levels_of
from leyden.fock.stationary import stationary_matrix
from leyden.model.network import Network

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge", "steady_state"]

# Steady states found from the vacuum and from all levels alike must agree to this, or there are several of them.
_SAME_STATE = 1e-6
# Levels for each mode where that is tried.
_TRIAL_LEVELS = 3
# Tolerances of the integrator against that of the answer: its error is of the size of `atol`, found against moments.
_ABSOLUTE, _RELATIVE = 1e-3, 1e-2


def _checked_times(times: Any) -> NDArray[np.float64]:
    try:
        found = np.atleast_1d(np.asarray(times, dtype=float))
    except (TypeError, ValueError):
        raise ParameterError.of("times", "be a sequence of numbers", times) from None
    if found.ndim != 1 or len(found) == 0 or not np.all(np.isfinite(found)):
        raise ParameterError.of("times", "be finite, one-dimensional, with at least one time", times)
    if found[0] < 0 or np.any(np.diff(found) <= 0):
        raise ParameterError.of("times", "increase and not be negative", times, "Sort them and drop repeated ones.")
    return found


def _sparse(operator: Any) -> Any:
    return operator.to("CSR").data.as_scipy()


def _settled(
    generator: Any, jumps: Sequence[Any], start: NDArray[np.complex128] | None = None
) -> NDArray[np.complex128]:
    """Stationary density matrix; found from a start by quantum jumps, or without one from L itself."""
    if start is None:
        return load_qutip().steadystate(generator, list(jumps)).full()
    return stationary_matrix(_sparse(generator), [_sparse(jump) for jump in jumps], start)


def _vacuum(cutoff: tuple[int, ...]) -> NDArray[np.complex128]:
    size = int(np.prod(cutoff))
    return np.diag(np.eye(size, 1, dtype=np.complex128)[:, 0])


def _refuse_several_steady_states(network: Network, cutoff: tuple[int, ...]) -> None:
    """A mode that nothing damps keeps what it has: where the device settles depends on where it starts."""
    levels = tuple(min(_TRIAL_LEVELS, kept) for kept in cutoff)
    generator, jumps = hamiltonian(network, levels), collapse_operators(network, levels)
    if jumps:
        vacuum = _vacuum(levels)
        mixture = np.eye(len(vacuum), dtype=np.complex128) / len(vacuum)
        states = [_settled(generator, jumps, start) for start in (vacuum, mixture)]
        if np.max(np.abs(states[0] - states[1])) < _SAME_STATE:
            return
    remedy = "Damp every mode, directly or through a shared bath."
    raise UnstableError(
        f"Argument `network` must have one steady state, but where {network.name!r} settles depends on where it "
        f"starts. {remedy} Its transient can still be had with `leyden.fock.charge`.",
        spectral_abscissa=0.0,
        remedy=remedy,
    )


def _embedded(matrix: NDArray[np.complex128], old: tuple[int, ...], new: tuple[int, ...]) -> NDArray[np.complex128]:
    """A density matrix on more levels, the new ones empty."""
    wide = np.zeros(new * 2, dtype=np.complex128)
    wide[tuple(slice(levels) for levels in old * 2)] = matrix.reshape(old * 2)
    return wide.reshape(int(np.prod(new)), -1)


def steady_state(
    network: Network,
    *,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = 1e-7,
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
        The variables of `leyden.steady_state`, with `mode` and totals for several batteries. Attributes `cutoff`,
        `dimension`, `tail_population` (of the two highest levels of the fullest mode), `largest_change` (of an energy
        at the last growth of the cutoff), `tolerance`.

    Raises
    ------
    ParameterError
        If the network is a batch, or a cutoff or tolerance makes no sense.
    UnstableError
        If the steady state depends on the start, because something is not damped.
    TruncationError
        If no cutoff within the bound is large enough; so it is for every device without a steady state, too.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    `is_stable` is always true here: a device whose population runs away finds no cutoff. About a second at dimension
    300, ten at 600. A ratio over less than 1e-12 quanta is NaN.

    Examples
    --------
    A mode in a bath of occupation 1/10 takes that occupation:

    >>> import leyden as ly
    >>> from leyden import fock
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0, 0.1)], charger="a", battery="a")
    >>> round(float(fock.steady_state(device).stored_energy), 6)
    0.1
    """
    checked_limits(tolerance, largest_dimension)
    device = single_device(network)
    qutip = load_qutip()
    found: list[tuple[NDArray[np.complex128], tuple[int, ...]]] = []

    def solve(levels: tuple[int, ...]) -> Solution:
        if not found:
            _refuse_several_steady_states(device, levels)
        generator, jumps = hamiltonian(device, levels), collapse_operators(device, levels)
        if len(levels) == 1:
            # One mode's L is quickly factorized, close to a threshold as well, where the series of jumps is long.
            found.append((_settled(generator, jumps), levels))
        else:
            # Each cutoff starts from the answer of the one before.
            start = _embedded(*found[-1], levels) if found else _vacuum(levels)
            found.append((_settled(generator, jumps, start), levels))
        state = qutip.Qobj(found[-1][0], dims=[list(levels)] * 2)
        return observe(device, generator, jumps, levels, [state])

    least = (2,) * len(device.modes)
    solution = _solution(device, solve, cutoff, least, tolerance=tolerance, largest=largest_dimension)
    return labelled(device, solution, tolerance)


def charge(
    network: Network,
    times: Any,
    *,
    initial: Any = None,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = 1e-7,
    largest_dimension: int = LARGEST_DIMENSION,
) -> xr.Dataset:
    """Charging of a device in time, d rho/dt = L rho, in a truncated Fock space.

    Parameters
    ----------
    network : Network
        A single device, Gaussian or not, stable or not.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate.
    initial : GaussianState, qutip.Qobj or None
        State at time 0 of all modes in the network's order, vacuum by default; a QuTiP state is a ket or a density
        matrix.
    cutoff : int, sequence of int or None
        Fock levels kept, for all modes or for each in the network's order. By default they grow until the answer has
        converged; a number is taken as it is.
    tolerance : float
        By default, change of any energy at any time between two successive cutoffs that counts as converged, in quanta
        (relative above one quantum). With a `cutoff`, largest population of the two highest levels of a mode.
    largest_dimension : int
        Bound on the product of the cutoffs.

    Returns
    -------
    xarray.Dataset
        Over `time`, with `mode` before it for several batteries: the variables of `leyden.charge` but `is_stable`,
        and the attributes of `steady_state`.

    Raises
    ------
    ParameterError
        If the network is a batch, times do not increase, the initial state does not fit, or a cutoff or tolerance
        makes no sense.
    TruncationError
        If no cutoff within the bound is large enough at all these times.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    QuTiP's `MESolver` with Tsitouras' method of order 5. The charging power comes from the generator, Tr[n L rho].
    Cost: about a second for each 100 units of time at dimension 100, a minute at dimension 400.

    Examples
    --------
    One quantum leaves a mode at its damping rate:

    >>> import leyden as ly, qutip
    >>> from leyden import fock
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a")
    >>> run = fock.charge(device, [0.0, 0.5], initial=qutip.basis(2, 1))
    >>> run.stored_energy.round(6).values.tolist()
    [1.0, 0.606531]
    """
    checked_limits(tolerance, largest_dimension)
    device, times = single_device(network), _checked_times(times)
    qutip = load_qutip()
    start = checked_initial(device, initial)
    options = {
        "method": "tsit5",
        "atol": _ABSOLUTE * tolerance,
        "rtol": _RELATIVE * tolerance,
        "nsteps": 10**8,
        "progress_bar": "",
    }

    def evolve(generator: Any, jumps: list[Any], state: Any) -> Iterator[Any]:
        solver = qutip.MESolver(generator, jumps, options=options)
        solver.start(state, 0.0)
        for time in times:
            yield solver.step(float(time)) if time > 0 else state

    def solve(levels: tuple[int, ...]) -> Solution:
        generator, jumps = hamiltonian(device, levels), collapse_operators(device, levels)
        states = evolve(generator, jumps, density_matrix(start, levels))
        return observe(device, generator, jumps, levels, states)

    least = levels_of(start, device.mode_names, tolerance, largest_dimension)
    solution = _solution(device, solve, cutoff, least, tolerance=tolerance, largest=largest_dimension)
    return labelled(device, solution, tolerance, times)


def _solution(
    network: Network,
    solve: Any,
    cutoff: int | Sequence[int] | None,
    least: tuple[int, ...],
    *,
    tolerance: float,
    largest: int,
) -> Solution:
    """At the caller's cutoff, or at one that grows until nothing changes."""
    names = network.mode_names
    if cutoff is None:
        return converge(solve, names, least, tolerance=tolerance, largest=largest)
    levels = checked_cutoff(network, cutoff)
    if np.prod(levels) > largest:
        raise ParameterError.of(
            "cutoff", f"span at most {largest} dimensions", cutoff, "Raise `largest_dimension` to allow more."
        )
    return accept(solve(levels), names, tolerance)
