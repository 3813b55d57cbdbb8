"""Chains, rings and arrays: modes in a row, around a loop, or around one charger."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.arrays import complex_of, exact_alignment, is_labelled, namespace_of
from leyden.errors import ParameterError
from leyden.model.catalog.arguments import checked, fit_each, fitting, refuse_lists
from leyden.model.catalog.oscillators import exchange, network_of, one_way
from leyden.model.cells import of_cells
from leyden.model.modes import MOST_MODES
from leyden.model.network import Network
from leyden.model.value import Parameter
from leyden.numeric import whole_number

__all__ = ["cascade", "parallel_array", "reciprocal_chain", "ring"]


def _row(modes: int) -> Any:
    return np.stack([np.arange(modes - 1), np.arange(1, modes)], axis=1)


def cascade(
    modes: int,
    *,
    drive: Parameter,
    damping: Parameter,
    shared_rate: Parameter = 1.0,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    end: str = "open",
    detuning: Parameter = 0.0,
) -> Network:
    """Directed chain "m0", "m1", ...: every neighbouring pair shares one bath and feeds one way.

    Parameters
    ----------
    modes : int
        Their number, 2 to 4 million.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    shared_rate : float or array
        Gamma, rate of each pair's shared bath, with weights 1/sqrt2.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    occupation : float or array
        Mean thermal occupation of all baths.
    driven : int or sequence of int
        Positions of the driven modes; the first of them is the charger.
    end : str
        "open" where nothing follows the last mode, "matched" to damp it by Gamma/2 more, as the bath that it would
        share with the next one does.
    detuning : float or array
        Delta of every mode.

    Returns
    -------
    Network
        Charger m0, batteries all the rest.

    Raises
    ------
    ParameterError
        If there are fewer than 2 modes or too many, a number is not finite or has the wrong sign, or the end is
        another word.

    Notes
    -----
    A parameter with the dim "cell" has a number for each: `xarray.DataArray([0.1, 0.12, 0.09], dims="cell")` as the
    damping of three modes; of `shared_rate` for each link, of `drive` for each driven mode. Other dims make a batch.

    An inner mode belongs to two shared baths, so its total damping rate is kappa + Gamma; the two ends have
    kappa + Gamma/2. The last mode of an open chain therefore holds more energy than its neighbour: driven by one photon
    [Gamma/(kappa + Gamma/2)]^2 times as much, where the ratio along the chain is [Gamma/(kappa + Gamma)]^2, and about
    so by two. With a matched end it is the next one of the series; all other modes are the same, as nothing comes back.

    Examples
    --------
    (1/0.6)^2 and (1/1.1)^2 at kappa = Gamma/10:

    >>> import leyden as ly
    >>> for end in ("open", "matched"):
    ...     chain = ly.catalog.cascade(6, drive=0.05, damping=0.1, photons=1, end=end)
    ...     stored = ly.steady_state(chain).stored_energy.values
    ...     print(round(float(stored[-1] / stored[-2]), 4), round(float(stored[-2] / stored[-3]), 4))
    2.7778 0.8264
    0.8264 0.8264
    """
    if not isinstance(end, str) or end not in ("open", "matched"):
        raise ParameterError.of("end", 'be "open" or "matched"', end)
    modes = whole_number("modes", modes, 2, MOST_MODES)
    values = checked(drive=drive, damping=damping, detuning=detuning, shared_rate=shared_rate, occupation=occupation)
    refuse_lists(values, {modes - 1: "batteries or links", modes: "modes"})
    fit_each(values, damping=modes, detuning=modes, shared_rate=modes - 1)
    rate = values.pop("shared_rate")
    links = one_way(_row(modes), rate, values["occupation"])
    with exact_alignment():
        # Half of the rate that the next pair's bath would have, its weight being 1/sqrt2.
        last = of_cells(values["damping"], -1) + of_cells(rate, -1) / 2 if end == "matched" else None
    return network_of("cascade", modes, links, photons=photons, driven=driven, last_damping=last, **values)


def reciprocal_chain(
    modes: int,
    *,
    drive: Parameter,
    damping: Parameter,
    coupling: Parameter,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    detuning: Parameter = 0.0,
) -> Network:
    """Chain "m0", "m1", ... whose neighbours exchange quanta coherently.

    Parameters
    ----------
    modes : int
        Their number, 2 to 4 million.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    coupling : complex or array
        J of every neighbouring pair, in the rate unit; along `cell` one for each, as of `cascade`.
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
        Charger m0, batteries all the rest.

    Raises
    ------
    ParameterError
        If there are fewer than 2 modes or too many, or a number is not finite or has the wrong sign.
    """
    modes = whole_number("modes", modes, 2, MOST_MODES)
    values = checked(drive=drive, damping=damping, detuning=detuning, coupling=coupling, occupation=occupation)
    refuse_lists(values, {modes - 1: "batteries or links", modes: "modes"})
    fit_each(values, damping=modes, detuning=modes, coupling=modes - 1, occupation=modes)
    links = exchange(_row(modes), values.pop("coupling"))
    return network_of("reciprocal_chain", modes, links, photons=photons, driven=driven, **values)


def ring(
    modes: int,
    *,
    drive: Parameter,
    damping: Parameter,
    coupling: Parameter,
    flux: Parameter = 0.0,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    detuning: Parameter = 0.0,
) -> Network:
    """Ring "m0", "m1", ... of coherently coupled neighbours, threaded by a flux.

    Parameters
    ----------
    modes : int
        Their number N, 3 to 4 million.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    coupling : complex or array
        J of every neighbouring pair without the flux, in the rate unit; along `cell` one for each, the last of them
        from the last mode to m0.
    flux : float or array
        Aharonov-Bohm phase around the ring, in radians; each link carries J e^{i flux/N}.
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
        Charger m0, batteries all the rest.

    Raises
    ------
    ParameterError
        If there are fewer than 3 modes or too many, or a number is not finite or has the wrong sign.

    Notes
    -----
    Only the phase around the ring matters to the energies of a one-photon device; a two-photon drive also sees the
    phase from link to link, because it sets the direction of squeezing.
    """
    modes = whole_number("modes", modes, 3, MOST_MODES)
    values = checked(drive=drive, damping=damping, detuning=detuning, occupation=occupation)
    values |= checked(coupling=coupling, flux=flux)
    fit_each(values, damping=modes, detuning=modes, coupling=modes, occupation=modes)
    pairs = np.stack([np.arange(modes), (np.arange(modes) + 1) % modes], axis=1)
    strength = _threaded(values["coupling"], values.pop("flux"), modes)
    refuse_lists(values, {modes - 1: "batteries", modes: "modes"})
    del values["coupling"]  # it stands in the strength
    return network_of("ring", modes, exchange(pairs, strength), photons=photons, driven=driven, **values)


def _threaded(coupling: Any, flux: Any, links: int) -> Any:
    """J e^{i flux/N}; J itself without a flux."""
    if isinstance(flux, float) and not flux:
        return coupling
    with fitting("flux", "fit the coupling", (coupling, flux)):
        angle = flux / links
        xp = np if is_labelled(angle) or isinstance(angle, float) else namespace_of(angle, coupling)
        return coupling * complex_of(xp.cos(angle), xp.sin(angle))


def parallel_array(
    cells: int,
    *,
    drive: Parameter,
    charger_damping: Parameter,
    battery_damping: Parameter,
    shared_rate: Parameter = 1.0,
    coupling: Parameter = "nonreciprocal",
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    detuning: Parameter = 0.0,
) -> Network:
    """One charger "m0" and the cells "m1", "m2", ... that it feeds side by side.

    Parameters
    ----------
    cells : int
        Number of batteries, 1 to 4 million.
    drive : float or array
        eps, amplitude of the drive, in the rate unit.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of every cell; along `cell` one for each.
    shared_rate : float or array
        Gamma, rate of the bath that the charger shares with each cell, with weights 1/sqrt2.
    coupling : str, complex or array
        "nonreciprocal" for one-way links through these baths; a number J for coherent links without any bath.
    photons : int
        1 for a coherent drive, 2 for a two-photon drive.
    occupation : float or array
        Mean thermal occupation of all baths.
    driven : int or sequence of int
        Positions of the driven modes; the first of them counts as the charger of the results.
    detuning : float or array
        Delta of every mode; where it is unlike from mode to mode, a `DataArray` along `cell` of cells + 1 values, the
        charger's first.

    Returns
    -------
    Network
        Charger m0 unless told otherwise, batteries all the rest.

    Raises
    ------
    ParameterError
        If there is no cell, or too many, or a number is not finite or has the wrong sign.

    Notes
    -----
    Every cell adds a bath to the charger, whose total damping rate is kappa_a + cells Gamma/2. Parameters along "cell"
    have a number for each cell; a detuning, and an occupation without baths in common, have the charger's before them.

    Examples
    --------
    Three cells of unlike detunings beside a charger on resonance:

    >>> import leyden as ly
    >>> import xarray as xr
    >>> detuning = xr.DataArray([0.0, -0.1, 0.0, 0.1], dims="cell")
    >>> rates = {"charger_damping": 0.1, "battery_damping": 0.1}
    >>> device = ly.catalog.parallel_array(3, drive=0.05, detuning=detuning, **rates)
    >>> [mode.detuning for mode in device.modes]
    [0.0, -0.1, 0.0, 0.1]
    """
    cells = whole_number("cells", cells, 1, MOST_MODES - 1)
    values = checked(drive=drive, charger_damping=charger_damping, battery_damping=battery_damping)
    values |= checked(shared_rate=shared_rate, detuning=detuning, occupation=occupation)
    pairs = np.stack([np.zeros(cells, dtype=np.intp), np.arange(1, cells + 1)], axis=1)
    if not isinstance(coupling, str):
        values |= checked(coupling=coupling)
        fit_each(values, battery_damping=cells, coupling=cells, detuning=cells + 1, occupation=cells + 1)
        links = exchange(pairs, values["coupling"])
    elif coupling == "nonreciprocal":
        fit_each(values, battery_damping=cells, shared_rate=cells, detuning=cells + 1)
        links = one_way(pairs, values["shared_rate"], values["occupation"])
    else:
        raise ParameterError.of("coupling", 'be "nonreciprocal" or a complex number', coupling)
    refuse_lists(values, {cells + 1: "modes", cells: "cells"})
    refuse_lists(values, {cells: "cells"}, ("drive",))
    return network_of(
        "parallel_array",
        cells + 1,
        links,
        drive=values["drive"],
        photons=photons,
        driven=driven,
        damping=values["battery_damping"],
        detuning=values["detuning"],
        own_damping=values["charger_damping"],
        occupation=values["occupation"],
    )
