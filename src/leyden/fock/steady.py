"""Steady states in the full Hilbert space: network in, labelled Dataset out, as the front door does it by moments.

The two share the device and nothing else. Here the state is a density matrix in a truncated Fock space, so that any
Hamiltonian will do, and every answer says at which cutoff it was found.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.errors import TruncationError
from leyden.fock.cutoff import LARGEST_DIMENSION, TOLERANCE, solve_with_cutoff
from leyden.fock.frame import Frame, displaced
from leyden.fock.labelled import labelled
from leyden.fock.operators import load_qutip, own_levels, single_device
from leyden.fock.prepare import checked_initial, levels_of, refuse_above
from leyden.fock.search import Search
from leyden.model.network import Network
from leyden.truncation.cutoff import Solution, checked_limits

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["reduced_matrix", "settled", "steady_state"]

Matrix = NDArray[np.complex128]

# Levels for each mode at which it is told which frame needs fewer, and fewest that tell.
_LOOKED_AT, _FEWEST_LOOKED_AT = 8, 4
# Levels of one mode up to which the laboratory is as quick as a frame.
_CHEAP = 160


def steady_state(
    network: Network,
    *,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest_dimension: int = LARGEST_DIMENSION,
    initial: Any = None,
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
    initial : GaussianState, qutip.Qobj or None
        Where the device starts, the vacuum by default. It matters where something is conserved.

    Returns
    -------
    xarray.Dataset
        The variables of `leyden.steady_state`, with `mode` and totals for a sequence of batteries. Attributes `cutoff`,
        `dimension`, `tail_population` (of the two highest levels of the fullest mode), `largest_change` (of an energy
        at the last growth of the cutoff), `tolerance`; `conserved` where the answer is that of a start alone, as with
        two-photon loss, which keeps parity; `error`, how far another start ends from it, where no moments tell.

    Raises
    ------
    ParameterError
        If the network is a batch, or a cutoff or tolerance makes no sense.
    UnstableError
        If a start in the vacuum does not settle either, because something that is driven is not damped.
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
    device, solution, about = settled(network, cutoff, tolerance, largest_dimension, initial)
    return labelled(device, solution, about=about)


@on_one_thread
def settled(
    network: Network,
    cutoff: int | Sequence[int] | None = None,
    tolerance: float = TOLERANCE,
    largest: int = LARGEST_DIMENSION,
    initial: Any = None,
) -> tuple[Network, Solution, dict[str, Any]]:
    """A device of plain numbers, its steady state in quanta, and what is to be said of it."""
    device, search, solution = _searched(network, cutoff, tolerance, largest, initial=initial)
    return device, solution, search.told


@on_one_thread
def reduced_matrix(network: Network, name: str) -> Matrix:
    """Density matrix (d, d) of one mode of a device at rest."""
    device, search, _ = _searched(network, None, TOLERANCE, LARGEST_DIMENSION)
    state, place = load_qutip().Qobj(search.matrix, dims=[list(search.levels)] * 2), device.position(name)
    found = np.asarray(state.ptrace(place).full())
    return found if search.frame is None else search.frame.in_laboratory(found, place)


def _searched(
    network: Network, cutoff: int | Sequence[int] | None, tolerance: float, largest: int, *, initial: Any = None
) -> tuple[Network, Search, Solution]:
    """A device of plain numbers, and where its steady state was found."""
    checked_limits(tolerance, largest)
    device = single_device(network)
    load_qutip()
    start = checked_initial(device, initial)
    least = levels_of(start, device.mode_names, tolerance, largest)
    refuse_above(device.mode_names, least, own_levels(device))
    attempts: Iterable[tuple[Frame | None, int]] = [(None, largest)]
    if cutoff is None and start is None:  # at a cutoff that is given, levels are those of the laboratory
        attempts = _attempts(device, tolerance, largest)
    failure: TruncationError | None = None
    for frame, most in attempts:
        search = Search(device, tolerance, start, frame)
        try:
            solution = solve_with_cutoff(device, search.at, cutoff, least, tolerance=tolerance, largest=most)
        except TruncationError as error:
            failure = error
            continue
        search.refuse_loose_ends(solution)
        return device, search, solution
    assert failure is not None  # one attempt is made at least
    raise failure


def _attempts(device: Network, tolerance: float, largest: int) -> Iterator[tuple[Frame | None, int]]:
    """Frames in which a device is looked at until it fits, and dimensions to go to; None is the laboratory."""
    modes = len(device.modes)
    if modes == 1:  # levels of the laboratory are cheap up to a hundred or two
        if largest > _CHEAP:
            yield None, _CHEAP
        if frame := displaced(device):
            yield frame, largest
        yield None, largest
        return
    levels = (min(_LOOKED_AT, int(largest ** (1 / modes))),) * modes
    frame = displaced(device) if min(levels) >= _FEWEST_LOOKED_AT else None
    if frame is None:
        yield None, largest
        return
    wanted = [math.prod(Search(device, tolerance, None, one).at(levels).wanted(tolerance)) for one in (None, frame)]
    for one in (frame, None) if wanted[1] < wanted[0] else (None, frame):
        yield one, largest
