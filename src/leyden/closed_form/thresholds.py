"""Critical drives, Eq. (8): below them the two-photon device has a steady state, from them on it has none."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative, real

__all__ = ["directed_critical_drive", "reciprocal_critical_drive"]


def directed_critical_drive(*, total_charger_damping: ArrayLike, detuning: ArrayLike = 0.0) -> Array:
    r"""Critical two-photon drive of the directed device.

    eps_c = sqrt(Lambda_a^2/4 + Delta^2)/2, where the charger's eigenvalue -Lambda_a/2 + sqrt(4 eps^2 - Delta^2) is 0.

    Parameters
    ----------
    total_charger_damping : float or array, in rate units
        Lambda_a = kappa_a + Gamma |p_a|^2.
    detuning : float or array, in rate units
        Delta = omega_0 - omega_d, of either sign.

    Returns
    -------
    array, in rate units
        eps_c; on resonance Lambda_a/4.

    Raises
    ------
    ParameterError
        If the damping is negative, or an argument is not finite.

    Notes
    -----
    The battery adds the eigenvalues -Lambda_b/2 +- i Delta only: any damped battery is stable.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8).

    Examples
    --------
    Lambda_a/2 = 3 and Delta = 4 make a right triangle: 5/2.

    >>> float(directed_critical_drive(total_charger_damping=6, detuning=4))
    2.5
    """
    charger = nonnegative("total_charger_damping", total_charger_damping)
    return np.hypot(charger / 2, real("detuning", detuning)) / 2


def reciprocal_critical_drive(
    *, charger_damping: ArrayLike, battery_damping: ArrayLike, coupling: ArrayLike | complex
) -> Array:
    r"""Critical two-photon drive of the reciprocal device: Gamma = 0, J = G, on resonance.

    Both conditions on the amplified quadratures must hold, that their growth rates have a negative sum,
    2 eps < (kappa_a + kappa_b)/2, and a positive product, (kappa_a/2 - 2 eps) kappa_b/2 + G^2 > 0:

        eps_c = min{(kappa_a + kappa_b)/4, kappa_a/4 + G^2/kappa_b}.

    Parameters
    ----------
    charger_damping : float or array, in rate units
        kappa_a, at least 0.
    battery_damping : float or array, in rate units
        kappa_b, at least 0.
    coupling : float, complex or array, in rate units
        J; only |J| = G matters.

    Returns
    -------
    array, in rate units
        eps_c. An undamped battery leaves kappa_a/4 if it is coupled at all. If it is not, it never settles: 0.

    Raises
    ------
    ParameterError
        If a damping is negative, or an argument is not finite.

    Notes
    -----
    Weak coupling (2 G < kappa_b) loses stability by growth, strong coupling by growing oscillation.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8), for this reference device.

    Examples
    --------
    kappa_a = 4, kappa_b = 1: min(5/4, 1 + G^2).

    >>> reciprocal_critical_drive(charger_damping=4, battery_damping=1, coupling=[0.25, 1.0]).tolist()
    [1.0625, 1.25]
    """
    charger = nonnegative("charger_damping", charger_damping)
    battery = nonnegative("battery_damping", battery_damping)
    strength = nonnegative("coupling", np.abs(coupling))
    damped = battery > 0
    with np.errstate(over="ignore"):
        product = charger / 4 + strength**2 / np.where(damped, battery, 1.0)
    growth = np.where(damped, product, np.where(strength > 0, np.inf, 0.0))
    return np.minimum((charger + battery) / 4, growth)[()]
