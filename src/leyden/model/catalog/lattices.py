"""Lattices and random graphs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.catalog.arguments import checked, fit_each, refuse_lists
from leyden.model.catalog.oscillators import exchange, network_of, one_way
from leyden.model.modes import MOST_MODES
from leyden.model.network import Network
from leyden.model.value import Parameter
from leyden.numeric import whole_number

__all__ = ["lattice", "random_directed_graph"]

_MOST_LINKS = 4 * MOST_MODES


def lattice(
    rows: int,
    columns: int,
    *,
    drive: Parameter,
    damping: Parameter,
    coupling: Parameter,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = None,
    detuning: Parameter = 0.0,
) -> Network:
    """Square lattice of modes whose neighbours exchange quanta coherently, with open edges.

    Parameters
    ----------
    rows, columns : int
        Its size, at least 1 each and 2 to 4 million modes in all; the mode in row i and column j is number
        i columns + j.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    coupling : complex or array
        J, from each mode to its neighbours to the right and below, in the rate unit; along `cell` first those to the
        right, row by row, then those below.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    occupation : float or array
        Mean thermal occupation of all baths.
    driven : int, sequence of int or None
        Numbers of the driven modes, the first of them the charger; by default the mode in the middle.
    detuning : float or array
        Delta of every mode.

    Returns
    -------
    Network
        Batteries are all modes but the charger.

    Raises
    ------
    ParameterError
        If there are too few modes, or a number is not finite or has the wrong sign.
    """
    rows, columns = whole_number("rows", rows, 1), whole_number("columns", columns, 1)
    if not 2 <= rows * columns <= MOST_MODES:
        raise ParameterError.of("columns", f"make 2 to {MOST_MODES} modes with the rows", columns)
    values = checked(drive=drive, damping=damping, detuning=detuning, coupling=coupling, occupation=occupation)
    links = 2 * rows * columns - rows - columns
    refuse_lists(values, {links: "links", rows * columns - 1: "batteries", rows * columns: "modes"})
    fit_each(values, coupling=links, **dict.fromkeys(("damping", "detuning", "occupation"), rows * columns))
    numbers = np.arange(rows * columns).reshape(rows, columns)
    right = np.stack([numbers[:, :-1].reshape(-1), numbers[:, 1:].reshape(-1)], axis=1)
    below = np.stack([numbers[:-1].reshape(-1), numbers[1:].reshape(-1)], axis=1)
    between = exchange(np.concatenate([right, below]), values.pop("coupling"))
    middle = rows // 2 * columns + columns // 2
    driven = middle if driven is None else driven
    return network_of("lattice", rows * columns, between, photons=photons, driven=driven, **values)


def _links(modes: int, count: int, seed: int, *, acyclic: bool) -> NDArray[np.intp]:
    """Pairs of unlike modes, each pair once, in a random direction, or all from the lower number to the higher."""
    random = np.random.default_rng(seed)
    links = np.zeros(0, dtype=np.int64)
    if 4 * count > modes * (modes - 1):  # more than half of all pairs: drawing those that are missing would not end
        low, high = np.triu_indices(modes, 1)
        links = random.permutation(low * modes + high)[:count]
    while len(links) < count:
        first, second = random.integers(0, modes, size=(2, 2 * (count - len(links)) + 8))
        low, high = np.minimum(first, second), np.maximum(first, second)
        drawn = np.concatenate([links, (low * modes + high)[low < high]])
        # Those that were there first stay, in the order of drawing: a longer list begins with the shorter one.
        _, places = np.unique(drawn, return_index=True)
        links = drawn[np.sort(places)][:count]
    pairs = np.stack([links // modes, links % modes], axis=1)
    if not acyclic:
        turned = random.random(count) < 0.5
        pairs[turned] = pairs[turned][:, ::-1]
    return pairs.astype(np.intp)


def random_directed_graph(
    modes: int,
    *,
    drive: Parameter,
    damping: Parameter,
    shared_rate: Parameter = 1.0,
    links: int | None = None,
    seed: int = 0,
    acyclic: bool = False,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    detuning: Parameter = 0.0,
) -> Network:
    """Random sparse graph of one-way links: each linked pair shares one bath and feeds one way.

    Parameters
    ----------
    modes : int
        Their number, 2 to 4 million.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    shared_rate : float or array
        Gamma, rate of each link's shared bath, with weights 1/sqrt2; along `cell` one for each link.
    links : int or None
        Number of linked pairs; by default two for each mode, or all pairs where there are fewer.
    seed : int
        Of the random choice: the same seed makes the same graph.
    acyclic : bool
        Whether all links run from the lower number to the higher, so that nothing ever comes back.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    occupation : float or array
        Mean thermal occupation of all baths.
    driven : int or sequence of int
        Positions of the driven modes; the first of them is the charger.
    detuning : float or array
        Delta of every mode.

    Returns
    -------
    Network
        Batteries are all modes but the charger.

    Raises
    ------
    ParameterError
        If there are too few modes or too many links, a number is not finite or has the wrong sign, or `acyclic` is no
        switch.
    """
    modes = whole_number("modes", modes, 2, MOST_MODES)
    pairs = modes * (modes - 1) // 2
    count = min(2 * modes, pairs) if links is None else whole_number("links", links, 1)
    if count > pairs:
        raise ParameterError.of("links", f"be at most {pairs}, the number of pairs of {modes} modes", count)
    if count > _MOST_LINKS:
        raise ParameterError.of("links", f"be at most {_MOST_LINKS}", count)
    if not isinstance(acyclic, (bool, np.bool_)):
        raise ParameterError.of("acyclic", "be True or False", acyclic)
    values = checked(drive=drive, damping=damping, detuning=detuning, shared_rate=shared_rate, occupation=occupation)
    refuse_lists(values, {count: "links", modes - 1: "batteries", modes: "modes"})
    fit_each(values, damping=modes, detuning=modes, shared_rate=count)
    chosen = _links(modes, count, whole_number("seed", seed, 0), acyclic=bool(acyclic))
    between = one_way(chosen, values.pop("shared_rate"), values["occupation"])
    return network_of("random_directed_graph", modes, between, photons=photons, driven=driven, **values)
