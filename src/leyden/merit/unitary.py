"""What any unitary of several modes together extracts, Gaussian or not: by the whole spectrum of a Gaussian state."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, is_concrete, namespace_of, to_numpy
from leyden.errors import ParameterError
from leyden.merit.ergotropy import global_gaussian_ergotropy
from leyden.states.bipartite import quanta_of_state
from leyden.states.gaussian import GaussianState, real_array

__all__ = ["full_ergotropy"]

Real = NDArray[np.float64]

# Populations below this share of the largest are left out, and so many states are sorted at most.
_LEAST, _MOST_STATES = 1e-18, 20_000_000
# Quanta below which a normal mode is empty.
_EMPTY = 1e-18


def full_ergotropy(state: GaussianState, modes: Sequence[int] | None = None, frequencies: Any = 1.0) -> Array:
    """Full ergotropy of several modes: what the best unitary of them all extracts, Gaussian or not.

    Parameters
    ----------
    state : GaussianState
        Of at least these modes; batch axes kept, and computed one by one.
    modes : sequence of int or None
        Positions of the modes that the unitary may act on, the others traced out; all of them by default.
    frequencies : float or array, shape (..., M)
        Energy of one quantum of each of the M modes, in their order.

    Returns
    -------
    array, shape (...)
        In the unit of `frequencies`, not below `global_gaussian_ergotropy`; NaN where that is.

    Raises
    ------
    ParameterError
        If modes or frequencies are as `global_gaussian_ergotropy` refuses them, if numbers are traced by JAX, or if the
        state is so hot that more than 20 million populations count: of two modes some thousand quanta each, of three a
        dozen.

    Notes
    -----
    The state is a product of thermal normal modes up to a Gaussian unitary, and its populations
    prod_j (1 - r_j) r_j^n_j, r_j = (nu_j - 1/2)/(nu_j + 1/2), are put in descending order on the energies
    sum_j omega_j n_j in ascending order. Populations below 1e-18 of the largest are left out. Of one mode a Gaussian
    unitary does as well; so it does of several where r_j^(1/omega_j) are all alike.

    References
    ----------
    Allahverdyan, Balian and Nieuwenhuizen, Europhys. Lett. 67, 565 (2004); Brown, Friis and Huber, New J. Phys. 18,
    113028 (2016).

    Examples
    --------
    A hot mode beside a cold one of the same frequency: no Gaussian unitary extracts anything, others do.

    >>> from leyden import merit, states
    >>> pair = states.product(states.thermal(1.0), states.thermal(0.0))
    >>> round(float(merit.global_gaussian_ergotropy(pair)), 6), round(float(merit.full_ergotropy(pair)), 6)
    (0.0, 0.358367)
    """
    known = global_gaussian_ergotropy(state, modes, frequencies)
    chosen = list(range(state.modes)) if modes is None else [int(mode) for mode in modes]
    if len(chosen) == 1:
        return known
    if not (is_concrete(state.mean) and is_concrete(state.excess) and is_concrete(known)):
        raise ParameterError.of("state", "hold concrete numbers here", "traced by JAX")
    quanta = to_numpy(quanta_of_state(state, chosen)[0])
    energies = to_numpy(real_array("frequencies", frequencies))
    energies = np.broadcast_to(energies, (*known.shape, len(chosen)))
    quanta = np.broadcast_to(quanta, (*known.shape, len(chosen)))
    found = np.array(to_numpy(known))
    for index in np.ndindex(found.shape):
        if np.isfinite(found[index]):
            left = np.sum(np.sort(energies[index]) * np.sort(quanta[index])[::-1])
            found[index] += max(0.0, float(left) - _passive_energy(quanta[index], energies[index]))
    return namespace_of(known).asarray(found)


def _passive_energy(quanta: Real, energies: Real) -> float:
    """Least energy of a product of thermal modes, by any order of its populations."""
    warm = quanta > _EMPTY
    if not warm.any():
        return 0.0
    # Populations fall as exp(-x), x = sum_j n_j ln(1 + 1/n_th).
    steps = np.log1p(1 / quanta[warm])
    depths = np.sort(_sums(steps, -np.log(_LEAST)))
    populations = np.exp(-depths) * np.prod(1 / (1 + quanta[warm]))
    return float(populations @ _lowest(energies, len(depths)))


def _sums(steps: Real, limit: float) -> Real:
    """All sums of multiples of some steps up to a limit."""
    if (expected := _count(steps, limit)) > _MOST_STATES:
        remedy = "Ask for `global_gaussian_ergotropy`, or for fewer modes."
        allowed = f"have at most {_MOST_STATES} populations that count"
        raise ParameterError.of("state", allowed, f"some {expected:.0e}", remedy)
    found = np.zeros(1)
    for step in steps:
        multiples = step * np.arange(int(limit / step) + 1)
        found = (found[:, None] + multiples).reshape(-1)
        found = found[found <= limit]
    return found


def _count(steps: Real, limit: float) -> float:
    """About how many sums there are: the volume below a plane, with room for its faces."""
    return float(np.prod((limit + np.sum(steps)) / steps) / factorial(len(steps)))


def _lowest(energies: Real, count: int) -> Real:
    """The lowest so many energies, in order."""
    limit = float((count * factorial(len(energies)) * np.prod(energies)) ** (1 / len(energies)))
    while len(found := _sums(energies, limit)) < count:
        limit += float(np.min(energies))
    return np.sort(found)[:count]
