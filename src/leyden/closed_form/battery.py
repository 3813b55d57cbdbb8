"""What the battery is worth while the two-photon drive charges it: Eqs. (13), (15), for unequal rates as well.

Directed device, resonance, both modes in vacuum at t = 0. How the formulas come about is told in `variances`; with
equal rates they are the paper's. exp[...] is the divided difference of the exponential, `exponential_difference`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.exponential import exponential_difference
from leyden.closed_form.squeezed import ergotropy_of_excess, passive_energy_of_excess, sum_of_spreads
from leyden.closed_form.variances import Brackets, scaled

__all__ = ["charging_power", "ergotropy", "passive_energy", "stored_energy", "utilization_ratio"]


def stored_energy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Stored energy E_B(t)/omega_0 = (V_+ + V_- - 1)/2 of the battery.

    Evaluated without a difference, y = 2 eps t, P = -Lambda_a t, Q = -(Lambda_a + Lambda_b) t/2, R = -Lambda_b t:

        E_B = g^2 y^2 t^2 {4 exp[P + 2y, P - 2y, Q + y, R, 0] + 2 exp[P - 2y, Q + y, Q - y, R, 0]}.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive. Early: E_B = g^2 eps^2 t^4.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (13).

    Examples
    --------
    At threshold, with Lambda = 2, g = 1 and t = ln 4: ln 2 - 0.75 + 63/192 - 255/2048.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(stored_energy(device, np.log(4))), 12)
    0.14676046181
    """
    return Brackets.of(device, time).stored_energy()


def ergotropy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Ergotropy W(t)/omega_0 = (sqrt(V_+) - sqrt(V_-))^2 / 2 of the battery.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        Between 0 and E_B; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive: `ergotropy_of_excess`. Early: W = (2 g^2 eps t^3 / 3)^2.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (13).

    Examples
    --------
    A pulse so short that x_+- = +-g^2 2 eps t^3/3 = +-1e-12: W = 1e-24, eleven digits below the rounding of V.

    >>> device = DirectedDevice(drive=1.5, total_charger_damping=1.0, total_battery_damping=1.0, transport_rate=1.0)
    >>> float(f"{ergotropy(device, 1e-4):.2e}")
    1e-24
    """
    return ergotropy_of_excess(Brackets.of(device, time).excess())


def passive_energy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Passive energy sqrt(V_+ V_-) - 1/2 (in omega_0) of the battery: what no unitary can extract.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15 unless the battery stays nearly pure (Lambda_b << Lambda_a and g^2 close to
    Lambda_a Lambda_b): there about 1e-15 Lambda_a/Lambda_b, which is how well the rates fix it. Early: E_B.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (13).

    Examples
    --------
    Stored energy is ergotropy plus passive energy.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> parts = passive_energy(device, 1.0) + ergotropy(device, 1.0)
    >>> bool(abs(parts - stored_energy(device, 1.0)) < 1e-15)
    True
    """
    charge = Brackets.of(device, time)
    return passive_energy_of_excess(charge.stored_energy(), charge.excess())


def utilization_ratio(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Utilization ratio R(t) = W/E_B, which is also the paper's ratio of gains (W_2/W_1)/(E_2/E_1).

    All energy of the one-photon battery can be extracted, W_1 = E_1, so that both leave the ratio (16) and R remains.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, dimensionless
        Between 0 and 1; NaN where the energy is beyond floats. Where both energies vanish (no drive, t = 0, or
        no transport), their limit.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: R = (2 g t/3)^2. Without drive, late, at equal rates: R = 2 g^2/(3 Lambda^2).

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (15), (16).

    Examples
    --------
    The undriven limit at late times, Lambda = 2 and g = 1: 1/6.

    >>> device = DirectedDevice(drive=0.0, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(utilization_ratio(device, 100.0)), 12)
    0.166666666667
    """
    charge = Brackets.of(device, time)
    spread = sum_of_spreads(charge.excess())
    with np.errstate(over="ignore", invalid="ignore"):
        # Drive and transport rate cancel from the bracketed parts of |<b^2>| and E_B; what is left has a limit.
        squeezing = charge.transport_rate * charge.time * charge.squeezing_bracket() / spread
        return 2 * squeezing * (squeezing / charge.energy_bracket())


def charging_power(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Charging power P(t) = dE_B/dt (in omega_0), always positive while the drive is on.

    With p_+- = -(Lambda_a/2 -+ 2 eps) t, q = -Lambda_b t/2:

        P = (2 eps g)^2 t^3 (exp[p_+, q] + exp[p_-, q]) exp[p_+, p_-, q],

    at equal rates P = (2 g^2/eps) e^{-Lambda t} sinh(2 eps t) sinh(eps t)^2.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0 times rate units
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive. Early: P = 4 g^2 eps^2 t^3.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (13). Its time derivative is ours.

    Examples
    --------
    At threshold, with Lambda = 2, g = 1 and t = ln 4: (4/16) (15/8) (9/16).

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(charging_power(device, np.log(4))), 12)
    0.263671875
    """
    charge = Brackets.of(device, time)
    plus, minus, battery = charge.charger_plus / 2, charge.charger_minus / 2, charge.battery / 2
    answers = exponential_difference(plus, battery) + exponential_difference(minus, battery)
    bracket = answers * exponential_difference(plus, minus, battery)
    return scaled((2 * charge.drive * charge.transport_rate) ** 2 * charge.time**3, bracket)
