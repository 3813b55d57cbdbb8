"""The variances of the charging battery, Eq. (12), as divided differences of the exponential.

Directed device, two-photon drive, resonance, both modes in vacuum at t = 0. Every bracket is positive and smooth: no
threshold, no vanishing drive and no meeting of rates is special, and no difference is ever taken. How the formulas come
about is told at `Brackets`; with equal rates they are the paper's.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.exponential import exponential_difference
from leyden.closed_form.squeezed import PrincipalPair, variances_of_excess

__all__ = ["Brackets", "anomalous_average", "battery_excess", "battery_variances", "scaled"]


def battery_excess(device: DirectedDevice, time: ArrayLike) -> PrincipalPair:
    r"""Excess of the battery's principal variances over the vacuum, x_+- = V_+- - 1/2.

    x_s(t) = 2 g^2 s t^3 exp[-(Lambda_a - 2 s) t, -((Lambda_a + Lambda_b)/2 - s) t, -Lambda_b t, 0],  s = +-2 eps.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    PrincipalPair of array, dimensionless
        `amplified` x_+ >= 0 (`inf` where beyond floats) and `squeezed` x_- in (-1/2, 0].

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive. Early: x_s = g^2 s t^3 / 3.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (7), (12).

    Examples
    --------
    At threshold, eps = Lambda/4, the amplified charger variance grows linearly. With Lambda = 2, g = 1 that gives
    x_+ = int_0^t (1 - e^{-u})^2 du, at t = ln 4: ln 4 - 3/2 + 15/32.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(battery_excess(device, np.log(4)).amplified), 12)
    0.35504436112
    """
    return Brackets.of(device, time).excess()


def battery_variances(device: DirectedDevice, time: ArrayLike) -> PrincipalPair:
    r"""Principal variances V_+- of the battery; see `battery_excess`.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    PrincipalPair of array, dimensionless
        `amplified` V_+ >= 1/2 and `squeezed` V_- in (0, 1/2].

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    At weak drive both round to 1/2; merits are computed from the excess instead.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (7), (12).

    Examples
    --------
    ln 4 - 1 + 15/32, by the example of `battery_excess`:

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(battery_variances(device, np.log(4)).amplified), 12)
    0.85504436112
    """
    return variances_of_excess(Brackets.of(device, time).excess())


def anomalous_average(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Anomalous average |<b^2>| = (V_+ - V_-)/2 of the battery, its squeezing.

    Parameters
    ----------
    device : DirectedDevice
        Its rates.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, dimensionless
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Both halves are positive (x_- <= 0). Early: |<b^2>| = 2 g^2 eps t^3 / 3.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (13).

    Examples
    --------
    At threshold, with Lambda = 2, g = 1 and t = ln 4, x_+ = ln 4 - 33/32 (see `battery_excess`) and x_- = -63/1024.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(anomalous_average(device, np.log(4))), 12)
    0.20828389931
    """
    excess = Brackets.of(device, time).excess()
    return (excess.amplified - excess.squeezed) / 2


# The quadrature that the drive amplifies (s = +2 eps) and the one that it squeezes (s = -2 eps) decouple. In each, the
# drive feeds the charger's variance at the rate s and the battery answers a charger displaced at time 0 with -g h_s(t):
#
#     x_s(t) = V_s - 1/2 = g^2 s int_0^t h_s(u)^2 du,
#     h_s(u) = (e^{-(la - s) u} - e^{-lb u}) / (lb - la + s) = u exp[-(la - s) u, -lb u],
#
# with la = Lambda_a/2, lb = Lambda_b/2 and exp[...] the divided difference. Squaring and integrating add points to the
# bracket; with y = 2 eps t, P = -2 la t, Q = -(la + lb) t, R = -2 lb t,
#
#     x_s = 2 g^2 s t^3 exp[P + 2 s t, Q + s t, R, 0],
#     E_B = g^2 y^2 t^2 {4 exp[P + 2y, P - 2y, Q + y, R, 0] + 2 exp[P - 2y, Q + y, Q - y, R, 0]}.
class Brackets(NamedTuple):
    """The brackets of one device and time: scales, and the points that the brackets are taken at."""

    drive: Array  # eps
    transport_rate: Array  # g
    time: Array  # t, checked
    charger_plus: Array  # P + 2y = -(Lambda_a - 4 eps) t
    charger_minus: Array  # P - 2y = -(Lambda_a + 4 eps) t
    battery: Array  # R = -Lambda_b t; the points Q +- y lie half-way between it and the charger's

    @classmethod
    def of(cls, device: DirectedDevice, time: ArrayLike) -> Brackets:
        """Check the time and take the points."""
        t = nonnegative("time", time)
        # Rates are subtracted before time multiplies them: near threshold this difference is exact.
        plus = -(device.total_charger_damping - 4 * device.drive) * t
        minus = -(device.total_charger_damping + 4 * device.drive) * t
        return cls(device.drive, device.transport_rate, t, plus, minus, -device.total_battery_damping * t)

    def excess(self) -> PrincipalPair:
        """x_+- = 2 g^2 s t^3 exp[...], s = +-2 eps."""
        scale = 4 * self.drive * self.transport_rate**2 * self.time**3
        amplified, squeezed = (self._cubic(charger) for charger in (self.charger_plus, self.charger_minus))
        return PrincipalPair(scaled(scale, amplified), -scaled(scale, squeezed))

    def stored_energy(self) -> Array:
        """E_B = (2 eps g t^2)^2 times its bracket."""
        return scaled((2 * self.drive * self.transport_rate * self.time**2) ** 2, self.energy_bracket())

    def squeezing_bracket(self) -> Array:
        """|<b^2>| over 2 eps g^2 t^3."""
        return self._cubic(self.charger_plus) + self._cubic(self.charger_minus)

    def energy_bracket(self) -> Array:
        """E_B over (2 eps g t^2)^2: the difference of the two cubic brackets, taken point by point."""
        plus, minus, battery = self.charger_plus, self.charger_minus, self.battery
        cross_plus, cross_minus = (plus + battery) / 2, (minus + battery) / 2
        return 4 * exponential_difference(plus, minus, cross_plus, battery, 0.0) + 2 * exponential_difference(
            minus, cross_plus, cross_minus, battery, 0.0
        )

    def _cubic(self, charger: Array) -> Array:
        return exponential_difference(charger, (charger + self.battery) / 2, self.battery, 0.0)


def scaled(scale: Array, bracket: Array) -> Array:
    """Scale times bracket, where a vanishing scale wins over a bracket beyond floats."""
    with np.errstate(over="ignore", invalid="ignore"):
        return np.where(scale == 0, 0.0, scale * bracket)[()]
