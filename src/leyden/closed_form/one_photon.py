r"""The one-photon reference device, Eq. (16), and what two photons gain over it.

The same directed device, with the drive eps (e^{-i theta} a^dag + h.c.). It displaces both modes and leaves their noise
at the vacuum's: all its energy can be extracted. With p = -Lambda_a t/2, q = -Lambda_b t/2,

    |<a>| = eps t exp[p, 0],    |<b>| = g eps t^2 exp[p, q, 0].
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.exponential import exponential_difference
from leyden.closed_form.squeezed import sum_of_spreads
from leyden.closed_form.variances import Brackets

__all__ = [
    "ergotropy_gain",
    "one_photon_charger_energy",
    "one_photon_energy",
    "one_photon_power",
    "steady_one_photon_energy",
    "stored_energy_gain",
]


def one_photon_energy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Stored energy and ergotropy E_1 = W_1 = |<b>|^2 (in omega_0) of the one-photon battery.

    E_1 = (g eps t^2 exp[p, q, 0])^2,

    at equal rates (16 g^2 eps^2/Lambda^4) [1 - (1 + Lambda t/2) e^{-Lambda t/2}]^2.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: E_1 = g^2 eps^2 t^4/4, a quarter of the two-photon energy.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4, at t = ln 2: ([1 - (1 + ln 2)/2]/4)^2.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(one_photon_energy(device, np.log(2))), 12)
    0.00147122895
    """
    reference = _Reference.of(device, time)
    return (device.transport_rate * device.drive * reference.time**2 * reference.battery_bracket()) ** 2


def one_photon_power(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Charging power dE_1/dt (in omega_0) of the one-photon battery, never negative.

    dE_1/dt = 2 g^2 eps^2 t^3 exp[p, q, 0] exp[p, q].

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0 times rate units
        At least 0.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: g^2 eps^2 t^3.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16). Its time derivative is ours.

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4, at t = ln 2: 2 [1 - (1 + ln 2)/2]/4 times (ln 2/2)/4.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(one_photon_power(device, np.log(2))), 12)
    0.006646692708
    """
    reference = _Reference.of(device, time)
    answer = exponential_difference(reference.charger, reference.battery)
    return 2 * (device.transport_rate * device.drive) ** 2 * reference.time**3 * reference.battery_bracket() * answer


def one_photon_charger_energy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Energy |<a>|^2 = (eps t exp[p, 0])^2 (in omega_0) of the one-photon charger.

    Parameters
    ----------
    device : DirectedDevice
        Its rates; the battery's do not enter.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: eps^2 t^2. Late: 4 eps^2/Lambda_a^2.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16), whose charger this is.

    Examples
    --------
    Lambda_a = 2, eps = 1/4, at t = ln 2: ((1 - 1/2)/4)^2.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(one_photon_charger_energy(device, np.log(2))), 12)
    0.015625
    """
    reference = _Reference.of(device, time)
    return (device.drive * reference.time * exponential_difference(reference.charger, 0.0)) ** 2


def steady_one_photon_energy(device: DirectedDevice) -> Array:
    r"""Steady stored energy and ergotropy of the one-photon battery, 16 g^2 eps^2/(Lambda_a Lambda_b)^2.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        NaN where a mode is undamped: it never settles.

    Notes
    -----
    A one-photon drive of any amplitude has a steady state.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16), at late times.

    Examples
    --------
    g = 1, eps = 1/4, Lambda = 2: 1/16.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> float(steady_one_photon_energy(device))
    0.0625
    """
    damping = device.total_charger_damping * device.total_battery_damping
    settles = damping > 0
    amplitude = 4 * device.transport_rate * device.drive / np.where(settles, damping, 1.0)
    return np.where(settles, amplitude**2, np.nan)[()]


def stored_energy_gain(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Gain E_2/E_1 of stored energy: two-photon over one-photon battery, at equal drive amplitude.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, dimensionless
        Positive; `inf` where beyond floats. Where both energies vanish (no drive, t = 0, or no transport), their limit.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: 4, whatever the rates. Without drive, late, at equal rates: 3/2.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16).

    Examples
    --------
    The undriven limit at late times, at equal rates:

    >>> device = DirectedDevice(drive=0, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> stored_energy_gain(device, [0.0, 50.0]).round(12).tolist()
    [4.0, 1.5]
    """
    with np.errstate(over="ignore"):
        return 4 * Brackets.of(device, time).energy_bracket() / _Reference.of(device, time).battery_bracket() ** 2


def ergotropy_gain(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Gain W_2/W_1 of ergotropy: two-photon over one-photon battery, at equal drive amplitude.

    The ratio (16) of the gains, (W_2/W_1)/(E_2/E_1), is `utilization_ratio`, because W_1 = E_1.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, dimensionless
        At least 0; NaN where the energy is beyond floats. Where both ergotropies vanish (no drive, or t = 0), their
        limit.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15. Early: (4 g t/3)^2. Without drive, late, at equal rates: g^2/Lambda^2.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (16).

    Examples
    --------
    The undriven limit at late times, Lambda = 2 and g = 1: 1/4.

    >>> device = DirectedDevice(drive=0, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> ergotropy_gain(device, [0.0, 50.0]).round(12).tolist()
    [0.0, 0.25]
    """
    charge = Brackets.of(device, time)
    spread = sum_of_spreads(charge.excess())
    with np.errstate(over="ignore", invalid="ignore"):
        squeezing = charge.transport_rate * charge.time * charge.squeezing_bracket() / spread
        return 8 * (squeezing / _Reference.of(device, time).battery_bracket()) ** 2


class _Reference(NamedTuple):
    """Checked time, and the points of the brackets: amplitude rates times -t."""

    time: Array
    charger: Array
    battery: Array

    @classmethod
    def of(cls, device: DirectedDevice, time: ArrayLike) -> _Reference:
        t = nonnegative("time", time)
        return cls(t, -device.total_charger_damping / 2 * t, -device.total_battery_damping / 2 * t)

    def battery_bracket(self) -> Array:
        """|<b>| over g eps t^2."""
        return exponential_difference(self.charger, self.battery, 0.0)
