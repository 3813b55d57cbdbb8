"""A line of cavities that carries whatever is put into its first one to its last."""

from __future__ import annotations

import numpy as np

from leyden.model.catalog.arguments import checked, fit_each, refuse_lists
from leyden.model.catalog.oscillators import network_of
from leyden.model.elements import CoherentCoupling
from leyden.model.families import Family
from leyden.model.modes import MOST_MODES
from leyden.model.network import Network
from leyden.model.value import Parameter
from leyden.numeric import whole_number

__all__ = ["parabolic_line"]


def parabolic_line(
    modes: int,
    *,
    coupling: Parameter,
    damping: Parameter = 0.0,
    drive: Parameter = 0.0,
    photons: int = 2,
    occupation: Parameter = 0.0,
    driven: Parameter = 0,
    detuning: Parameter = 0.0,
) -> Network:
    """Line "m0", "m1", ... of cavities whose couplings follow a parabola: what starts at one end arrives at the other.

    Parameters
    ----------
    modes : int
        Their number N, 2 to 4 million.
    coupling : float or array
        J: cavities n and n + 1, counted from 1, are coupled by J sqrt(n (N - n))/2, in the rate unit.
    damping : float or array
        kappa, local damping rate of every mode.
    drive : float or array
        eps, amplitude of a drive, in the rate unit.
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

    Notes
    -----
    The couplings are the matrix elements of a spin of N - 1 halves about an axis across: the line turns as a whole, all
    its frequencies are multiples of J, and at J t = pi every state of mode n has become the state of mode N + 1 - n, up
    to a phase, with all of its ergotropy. Equal couplings spread it out on the way.

    References
    ----------
    arXiv:2508.19135 (2025). Christandl et al., Phys. Rev. Lett. 92, 187902 (2004), for spins.

    Examples
    --------
    All of the sinh^2 0.7 quanta that the first cavity starts with, in the last of eight:

    >>> import math
    >>> import leyden as ly
    >>> start = ly.states.squeezed([0.7] + [0.0] * 7)
    >>> run = ly.charge(ly.catalog.parabolic_line(8, coupling=1.0), [0.0, math.pi], initial=start)
    >>> round(float(run.ergotropy.sel(mode="m7")[-1]), 9)
    0.575449233
    """
    modes = whole_number("modes", modes, 2, MOST_MODES)
    values = checked(drive=drive, damping=damping, detuning=detuning, coupling=coupling, occupation=occupation)
    refuse_lists(values, {modes - 1: "batteries or links", modes: "modes"})
    fit_each(values, damping=modes, detuning=modes, occupation=modes)
    strength = values.pop("coupling")
    before = np.arange(modes - 1)
    profile = np.sqrt((before + 1.0) * (modes - 1.0 - before)) / 2
    if isinstance(strength, (float, complex)):
        pairs = np.stack([before, before + 1], axis=1)
        links = (Family(CoherentCoupling, pairs, strength=strength * profile),)
    else:
        shares = enumerate(profile.tolist())
        links = tuple(CoherentCoupling(f"m{place}", f"m{place + 1}", strength * share) for place, share in shares)
    return network_of("parabolic_line", modes, links, photons=photons, driven=driven, **values)
