"""Couplings at which a driven chain or array stores most in its cells: too weak brings nothing, too strong drains."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from leyden.model.catalog.arguments import checked, fitting
from leyden.model.modes import MOST_MODES
from leyden.numeric import whole_number

__all__ = ["optimal_array_rate", "optimal_cascade_rate", "optimal_chain_coupling"]

_MOST_LINKS_OF_A_CHAIN = 64


def optimal_cascade_rate(modes: int, damping: Any) -> Any:
    """Rate of the shared baths at which the last mode of a directed chain stores most.

    Parameters
    ----------
    modes : int
        Their number, the charger among them, as of `cascade`, 2 to 4 million.
    damping : float or array
        kappa, local damping rate of every mode.

    Returns
    -------
    float or array
        Gamma = kappa (N + sqrt(N^2 + 8 N))/2 with N = modes - 1 links, in the rate unit, for `cascade(...,
        shared_rate=)` with an open end.

    Raises
    ------
    ParameterError
        If there are fewer than 2 modes or too many, or the damping is not finite or negative.

    Notes
    -----
    For a coherent drive on resonance, where the last amplitude goes as Gamma^N/[(kappa + Gamma/2)^2 (kappa +
    Gamma)^(N-1)]; its largest value solves Gamma^2 - N kappa Gamma - 2 N kappa^2 = 0. The coherent coupling J = Gamma/4
    of each link grows as kappa N/4. Close to its threshold a two-photon drive has other optima.

    References
    ----------
    Liu et al., arXiv:2603.23009, for the growth with N.

    Examples
    --------
    (10 + sqrt(180))/8:

    >>> import leyden as ly
    >>> round(ly.catalog.optimal_cascade_rate(11, 1.0) / 4, 9)
    2.927050983
    """
    links = whole_number("modes", modes, 2, MOST_MODES) - 1
    return checked(damping=damping)["damping"] * ((links + math.sqrt(links * (links + 8.0))) / 2)


def optimal_array_rate(cells: int, charger_damping: Any, battery_damping: Any) -> Any:
    """Rate of the shared baths at which each cell of a one-way array stores most.

    Parameters
    ----------
    cells : int
        Their number N, as of `parallel_array`, 1 to 4 million.
    charger_damping : float or array
        kappa_a, local damping rate of the charger.
    battery_damping : float or array
        kappa_b, local damping rate of every cell.

    Returns
    -------
    float or array
        Gamma = 2 sqrt(kappa_a kappa_b/N), in the rate unit, for `parallel_array(..., shared_rate=)`.

    Raises
    ------
    ParameterError
        If there is no cell or too many, a damping is not finite or negative, or the two do not broadcast.

    Notes
    -----
    For a coherent drive on resonance, where the amplitude of a cell goes as Gamma/[(kappa_a + N Gamma/2)(kappa_b +
    Gamma/2)]. The same array with coherent links and no bath has its optimum at J = sqrt(kappa_a kappa_b/N)/2, a
    quarter of this number: both fall as N^(-1/2).

    References
    ----------
    Liu et al., arXiv:2603.23009, for the fall with N.

    Examples
    --------
    2/sqrt(10) at equal dampings of 1:

    >>> import leyden as ly
    >>> round(ly.catalog.optimal_array_rate(10, 1.0, 1.0), 9)
    0.632455532
    """
    cells = whole_number("cells", cells, 1, MOST_MODES - 1)
    values = checked(charger_damping=charger_damping, battery_damping=battery_damping)
    charger, battery = values.values()
    with fitting("charger_damping", "fit the battery's damping", (charger, battery)):
        return 2.0 * charger**0.5 * battery**0.5 / math.sqrt(cells)


def optimal_chain_coupling(modes: int, damping: Any) -> Any:
    """Coherent coupling at which the last mode of a reciprocal chain stores most; infinite for an odd number of modes.

    Parameters
    ----------
    modes : int
        Their number, the charger among them, as of `reciprocal_chain`, 2 to 65.
    damping : float or array
        kappa, local damping rate of every mode.

    Returns
    -------
    float or array
        J, in the rate unit, for `reciprocal_chain(..., coupling=)`.

    Raises
    ------
    ParameterError
        If there are fewer than 2 modes or too many, or the damping is not finite or negative.

    Notes
    -----
    For a coherent drive on resonance. With s = kappa/2 the last amplitude is eps J^(n-1)/D_n, where D_k = s D_(k-1) +
    J^2 D_(k-2) is the determinant of k modes. An odd chain has a mode of zero frequency, through which a drive reaches
    the last cell at any strength: its energy rises with J towards (4 eps/((n + 1) kappa))^2. An even one has none: the
    stronger the coupling, the further its frequencies from the drive, and the energy has its maximum where
    (n - 1) D_n = 2 u dD_n/du with u = J^2.

    References
    ----------
    Liu et al., arXiv:2603.23009, for the effect of odd and even.

    Examples
    --------
    Of four modes sqrt((3 + sqrt(21))/8) kappa:

    >>> import leyden as ly
    >>> print(round(ly.catalog.optimal_chain_coupling(4, 1.0), 9), ly.catalog.optimal_chain_coupling(5, 1.0))
    0.973561483 inf
    """
    modes = whole_number("modes", modes, 2, _MOST_LINKS_OF_A_CHAIN + 1)
    damping = checked(damping=damping)["damping"]
    return damping + math.inf if modes % 2 else damping * (_even_optimum(modes) / 2)


def _even_optimum(modes: int) -> float:
    """J/s of an even chain: the only positive root of its polynomial in u = (J/s)^2, found by halving in ln u."""
    # Coefficients of D_n: the ways to lay k pairs on n modes in a row, times u^k.
    weights = np.array([math.comb(modes - pairs, pairs) for pairs in range(modes // 2 + 1)], dtype=np.float64)
    weights *= modes - 1 - 2 * np.arange(modes // 2 + 1)
    low, high = -1.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        # Only the last coefficient is negative, so that the sign changes once.
        if np.polynomial.polynomial.polyval(math.exp(middle), weights) > 0:
            low = middle
        else:
            high = middle
    return math.exp((low + high) / 4)
