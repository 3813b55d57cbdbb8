"""Charging in the full Hilbert space: network and times in, labelled Dataset out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from leyden.backend import on_one_thread
from leyden.fock.cutoff import LARGEST_DIMENSION, Solution, checked_limits, solve_with_cutoff
from leyden.fock.labelled import labelled
from leyden.fock.observe import observe
from leyden.fock.operators import collapse_operators, hamiltonian, load_qutip, single_device
from leyden.fock.prepare import checked_initial, density_matrix, levels_of
from leyden.model.network import Network
from leyden.model.rules import checked_times

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge"]

# Tolerances of the integrator in units of the answer's: noise in the spectrum of a density matrix enters the passive
# energy with the numbers of the levels, so that it is the last to come right.
_ABSOLUTE, _RELATIVE = 1e-4, 1e-3


@on_one_thread
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
        Over `time`, with `mode` before it for a sequence of batteries: the variables of `leyden.steady_state` but
        `is_stable`, and the attributes of `leyden.fock.steady_state`.

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
    Cost for 100 units of time at rates of order one: a second at dimension 100, a quarter of a minute at 250, five
    minutes at 800; the cutoffs that were tried before add as much again.

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
    device, times = single_device(network), checked_times(times)
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
            yield solver.step(float(time))

    def solve(levels: tuple[int, ...]) -> Solution:
        generator, jumps = hamiltonian(device, levels), collapse_operators(device, levels)
        states = evolve(generator, jumps, density_matrix(start, levels))
        return observe(device, generator, jumps, levels, states)

    least = levels_of(start, device.mode_names, tolerance, largest_dimension)
    solution = solve_with_cutoff(device, solve, cutoff, least, tolerance=tolerance, largest=largest_dimension)
    return labelled(device, solution, tolerance, times)
