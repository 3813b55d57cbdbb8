"""Steady state of the two-photon device: Eq. (14) for equal rates, Eq. (19) for unequal ones.

Directed device on resonance. A steady state exists below threshold, 4 eps < Lambda_a, with a damped battery,
Lambda_b > 0; at every other point of a batch all functions of this file return NaN. Relative errors are below 1e-15, up
to threshold, where a function says no other.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from leyden.closed_form.arguments import Array
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.squeezed import (
    PrincipalPair,
    ergotropy_of_excess,
    passive_energy_of_excess,
    sum_of_spreads,
    variances_of_excess,
)

__all__ = [
    "steady_anomalous_average",
    "steady_battery_excess",
    "steady_battery_variances",
    "steady_charger_energy",
    "steady_ergotropy",
    "steady_passive_energy",
    "steady_stored_energy",
    "steady_utilization_ratio",
]


def steady_battery_excess(device: DirectedDevice) -> PrincipalPair:
    r"""Steady excess of the battery's principal variances over the vacuum, x_+- = V_+- - 1/2.

    x_+- = +-8 g^2 eps / [Lambda_b (Lambda_a -+ 4 eps)(Lambda_a + Lambda_b -+ 4 eps)].

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    PrincipalPair of array, dimensionless
        `amplified` x_+ >= 0 and `squeezed` x_- in (-1/2, 0]; NaN without a steady state.

    Notes
    -----
    With la = Lambda_a/2 and lb = Lambda_b/2 it reads as the paper's.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: 2/(2 1 3) and -2/(2 3 5).

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> excess = steady_battery_excess(device)
    >>> round(float(1 / excess.amplified), 12), round(float(1 / excess.squeezed), 12)
    (3.0, -15.0)
    """
    rates = _SteadyRates.of(device)
    scale = 8 * device.transport_rate**2 * device.drive / rates.battery
    return PrincipalPair(scale / rates.below / rates.sum_below, -scale / rates.above / rates.sum_above)


def steady_battery_variances(device: DirectedDevice) -> PrincipalPair:
    r"""Steady principal variances V_+- of the battery; see `steady_battery_excess`.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    PrincipalPair of array, dimensionless
        `amplified` V_+ >= 1/2 and `squeezed` V_- in (0, 1/2]; NaN without a steady state.

    Notes
    -----
    At weak drive both round to 1/2; merits are computed from the excess instead.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: 1/2 + 1/3 = 5/6.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(6 * steady_battery_variances(device).amplified), 12)
    5.0
    """
    return variances_of_excess(steady_battery_excess(device))


def steady_stored_energy(device: DirectedDevice) -> Array:
    r"""Steady stored energy E_B (in omega_0) of the battery.

    E_B = 32 g^2 eps^2 (2 Lambda_a + Lambda_b)
          / {Lambda_b (Lambda_a^2 - 16 eps^2) [(Lambda_a + Lambda_b)^2 - 16 eps^2]},

    at equal rates 24 g^2 eps^2 / [(Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)].

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        At least 0; NaN without a steady state.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (14), (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: (24/16)/(3 15/4) = 2/15.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(15 * steady_stored_energy(device)), 12)
    2.0
    """
    rates = _SteadyRates.of(device)
    return 32 * (device.transport_rate * device.drive) ** 2 * rates.weight() / (rates.battery * rates.product())


def steady_anomalous_average(device: DirectedDevice) -> Array:
    r"""Steady anomalous average |<b^2>| = (V_+ - V_-)/2 of the battery, its squeezing.

    At equal rates 4 g^2 eps (Lambda^2 + 8 eps^2) / [Lambda (Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)].

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, dimensionless
        At least 0; NaN without a steady state.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (14), (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: (1/3 + 1/15)/2 = 1/5.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(5 * steady_anomalous_average(device)), 12)
    1.0
    """
    excess = steady_battery_excess(device)
    return (excess.amplified - excess.squeezed) / 2


def steady_ergotropy(device: DirectedDevice) -> Array:
    r"""Steady ergotropy W = (sqrt(V_+) - sqrt(V_-))^2 / 2 (in omega_0) of the battery.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        Between 0 and E_B; NaN without a steady state.

    Notes
    -----
    Relative error a few 1e-16, also at weak drive: `ergotropy_of_excess`.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (13), (14), (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: V_+ = 5/6 and V_- = 13/30, W = 19/30 - sqrt(13)/6.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(steady_ergotropy(device)), 12)
    0.032408120756
    """
    return ergotropy_of_excess(steady_battery_excess(device))


def steady_passive_energy(device: DirectedDevice) -> Array:
    r"""Steady passive energy sqrt(V_+ V_-) - 1/2 (in omega_0) of the battery.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        At least 0; NaN without a steady state.

    Notes
    -----
    Relative error a few 1e-16 unless the battery stays nearly pure: `passive_energy_of_excess`.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (13), (14), (19).

    Examples
    --------
    Lambda = 2, g = 1, eps = 1/4: sqrt(13)/6 - 1/2.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(steady_passive_energy(device)), 12)
    0.100925212577
    """
    return passive_energy_of_excess(steady_stored_energy(device), steady_battery_excess(device))


def steady_utilization_ratio(device: DirectedDevice) -> Array:
    r"""Steady utilization ratio R = W/E_B, which is also the paper's ratio of gains (W_2/W_1)/(E_2/E_1).

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, dimensionless
        Between 0 and 1; NaN without a steady state. Without drive or transport, its limit.

    Notes
    -----
    Relative error a few 1e-16. Without drive, at equal rates: R = 2 g^2/(3 Lambda^2).

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (15), (16).

    Examples
    --------
    Without drive, Lambda = 2 and g = 1: 1/6.

    >>> device = DirectedDevice(drive=0, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(6 * steady_utilization_ratio(device)), 12)
    1.0
    """
    rates = _SteadyRates.of(device)
    # Drive and transport rate cancel from the factors that |<b^2>| and E_B share; what is left has a limit.
    squeezing = rates.charger * (rates.charger + rates.battery) + 16 * device.drive**2
    squeezing = device.transport_rate * squeezing / sum_of_spreads(steady_battery_excess(device))
    return 4 * squeezing**2 / (rates.battery * rates.weight() * rates.product())


def steady_charger_energy(device: DirectedDevice) -> Array:
    r"""Steady energy E_A = 8 eps^2 / (Lambda_a^2 - 16 eps^2) (in omega_0) of the charger.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.

    Returns
    -------
    array, in hbar omega_0
        At least 0; NaN without a steady state.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (14), at any rates.

    Examples
    --------
    Lambda_a = 2, eps = 1/4: (1/2)/3.

    >>> device = DirectedDevice(drive=0.25, total_charger_damping=2, total_battery_damping=2, transport_rate=1)
    >>> round(float(6 * steady_charger_energy(device)), 12)
    1.0
    """
    rates = _SteadyRates.of(device)
    return 8 * device.drive**2 / (rates.below * rates.above)


class _SteadyRates(NamedTuple):
    """The rates in the denominators; NaN where there is no steady state, which the formulas pass on."""

    charger: Array
    battery: Array
    # Lambda_a -+ 4 eps, exact near threshold, and Lambda_a + Lambda_b -+ 4 eps.
    below: Array
    above: Array
    sum_below: Array
    sum_above: Array

    @classmethod
    def of(cls, device: DirectedDevice) -> _SteadyRates:
        charger, battery, shift = device.total_charger_damping, device.total_battery_damping, 4 * device.drive
        is_stable = (charger > shift) & (battery > 0)
        charger, battery = np.where(is_stable, charger, np.nan), np.where(is_stable, battery, np.nan)
        below, above = charger - shift, charger + shift
        return cls(charger, battery, below, above, below + battery, above + battery)

    def weight(self) -> Array:
        """2 Lambda_a + Lambda_b."""
        return 2 * self.charger + self.battery

    def product(self) -> Array:
        """(Lambda_a^2 - 16 eps^2) [(Lambda_a + Lambda_b)^2 - 16 eps^2]."""
        return self.below * self.above * self.sum_below * self.sum_above
