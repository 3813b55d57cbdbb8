"""Pairs alone: what two-photon loss makes of a mode that a two-photon drive, or a gain, fills."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative, positive, real
from leyden.errors import ParameterError
from leyden.numeric import whole_number

__all__ = ["even_cat_energy", "even_cat_gaussian_ergotropy", "van_der_pol_populations"]


def even_cat_energy(*, two_photon_drive: ArrayLike, two_photon_loss: ArrayLike) -> Array:
    r"""Energy and ergotropy (in hbar omega_0) of the even cat that pairs driven and pairs lost make of the vacuum.

    n = W = |alpha|^2 tanh |alpha|^2,    |alpha|^2 = 2 |eps|/eta: the state is pure, |alpha> + |-alpha>.

    Parameters
    ----------
    two_photon_drive : float or array, in rate units
        eps.
    two_photon_loss : float or array, in rate units
        eta, above 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0.

    Raises
    ------
    ParameterError
        If the loss is not positive, or an argument is complex or not finite.

    Notes
    -----
    Single quanta may not be lost at all. Of an odd start coth stands for tanh.

    References
    ----------
    Mirrahimi et al., New J. Phys. 16, 045014 (2014).

    Examples
    --------
    |alpha|^2 = 1: tanh 1.

    >>> round(float(even_cat_energy(two_photon_drive=0.5, two_photon_loss=1.0)), 12)
    0.761594155956
    """
    quanta = _quanta(two_photon_drive, two_photon_loss)
    return (quanta * np.tanh(quanta))[()]


def even_cat_gaussian_ergotropy(*, two_photon_drive: ArrayLike, two_photon_loss: ArrayLike) -> Array:
    r"""Gaussian ergotropy (in hbar omega_0) of the same even cat: what squeezing alone extracts.

    W_G = n + 1/2 - [(n + 1/2)^2 - |alpha|^4]^(1/2), with n of `even_cat_energy`.

    Parameters
    ----------
    two_photon_drive : float or array, in rate units
        eps.
    two_photon_loss : float or array, in rate units
        eta, above 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0, and below the ergotropy n.

    Raises
    ------
    ParameterError
        If the loss is not positive, or an argument is complex or not finite.

    Notes
    -----
    Evaluated as |alpha|^4 over the sum of the two roots, which keeps all digits of a weak drive. Of a large cat it is
    |alpha|^2 - |alpha| + 1/2: its two states lie too far apart to be one squeezed state.

    References
    ----------
    Mirrahimi et al., New J. Phys. 16, 045014 (2014), for the state.

    Examples
    --------
    >>> round(float(even_cat_gaussian_ergotropy(two_photon_drive=0.5, two_photon_loss=1.0)), 12)
    0.492425894558
    """
    quanta = _quanta(two_photon_drive, two_photon_loss)
    total = quanta * np.tanh(quanta) + 0.5
    # (n + 1/2 - |alpha|^2)(n + 1/2 + |alpha|^2), with n - |alpha|^2 free of cancellation.
    root = np.sqrt((0.5 - 2 * quanta / (np.exp(np.minimum(2 * quanta, 700.0)) + 1)) * (total + quanta))
    return (quanta**2 / (total + root))[()]


def _quanta(drive: ArrayLike, loss: ArrayLike) -> Array:
    return np.asarray(2 * np.abs(real("two_photon_drive", drive)) / positive("two_photon_loss", loss))


def van_der_pol_populations(*, gain: float, two_photon_loss: float, levels: int, damping: float = 0.0) -> Array:
    r"""Steady populations of a quantum van der Pol oscillator: gain, and loss of quanta by two and by one.

    Jumps gain L[a^dag], eta L[a^2] and kappa L[a]. What goes up over the boundary between n and n + 1 comes down,
    gain P_n = (kappa + eta n) P_(n+1) + eta (n + 2) P_(n+2): a continued fraction for P_(n+1)/P_n,

        x_n = gain/[kappa + eta n + eta (n + 2) x_(n+1)].

    Parameters
    ----------
    gain : float, in rate units
        Rate of single quanta gained, at least 0.
    two_photon_loss : float, in rate units
        eta, above 0.
    levels : int
        How many populations, 1 to 10^6.
    damping : float, in rate units
        kappa, at least 0.

    Returns
    -------
    array, (levels,), dimensionless
        P_0, P_1, ..., normalized over all levels, and not only those that are returned.

    Raises
    ------
    ParameterError
        If the loss is not positive, another rate negative, or a parameter an array.

    Notes
    -----
    Positive terms: full precision. The energy sum_n n P_n is (gain/eta + 1 - P_0 + P_1)/2 where kappa = 0; on its way
    down a population may grow with n, and that inversion is the ergotropy.

    References
    ----------
    Lee and Sadeghpour, Phys. Rev. Lett. 111, 234101 (2013), for the oscillator.

    Examples
    --------
    With gain = eta the energy is 1; strong loss leaves P_1/P_0 = 1/2.

    >>> populations = van_der_pol_populations(gain=1.0, two_photon_loss=1.0, levels=40)
    >>> round(float(np.arange(40) @ populations), 12)
    1.0
    >>> strong = van_der_pol_populations(gain=1.0, two_photon_loss=1e9, levels=2)
    >>> strong.round(6).tolist()
    [0.666667, 0.333333]
    """
    up, pairs, single = (
        nonnegative("gain", gain),
        positive("two_photon_loss", two_photon_loss),
        nonnegative("damping", damping),
    )
    for name, value in (("gain", up), ("two_photon_loss", pairs), ("damping", single)):
        if value.shape:
            raise ParameterError.of(name, "be one number", value, "Take a loop.")
    count = whole_number("levels", levels, 1, 1_000_000)
    up, pairs, single = float(up), float(pairs), float(single)
    # Populations peak near gain/(2 eta) and fall faster than those of a thermal state behind four times that.
    most = max(count, int(min(4 * up / pairs, 1e6))) + 200
    ratios = np.zeros(most)
    behind = 0.0
    for n in range(most)[::-1]:
        behind = up / (single + pairs * (n + (n + 2) * behind)) if n or single or behind else 0.0
        ratios[n] = behind
    with np.errstate(divide="ignore"):
        logs = np.concatenate([[0.0], np.cumsum(np.log(ratios))])
    populations = np.exp(logs - logs.max())
    return populations[:count] / populations.sum()
