r"""The variances of the charging battery, Eq. (12), as divided differences of the exponential.

Directed device, two-photon drive, resonance, both modes in vacuum at t = 0. The quadrature that the drive amplifies
(s = +2 eps) and the one that it squeezes (s = -2 eps) decouple. In each, the drive feeds the charger's variance at the
rate s and the battery answers a charger displaced at time 0 with -g h_s(t), so that

    x_s(t) = V_s - 1/2 = g^2 s int_0^t h_s(u)^2 du,
    h_s(u) = t exp[-(la - s) t, -lb t] at t = u = (e^{-(la - s) u} - e^{-lb u}) / (lb - la + s),

with la = Lambda_a/2, lb = Lambda_b/2 and exp[...] the divided difference. Squaring and integrating add points to the
bracket; with y = 2 eps t, P = -2 la t, Q = -(la + lb) t, R = -2 lb t,

    x_s = 2 g^2 s t^3 exp[P + 2 s t, Q + s t, R, 0],
    E_B = g^2 y^2 t^2 {4 exp[P + 2y, P - 2y, Q + y, R, 0] + 2 exp[P - 2y, Q + y, Q - y, R, 0]}.

Every bracket is positive and smooth: no threshold, no vanishing drive and no meeting of rates is special, and no
difference is ever taken. With equal rates these are the paper's formulas.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.exponential import exponential_difference
from leyden.closed_form.squeezed import PrincipalPair

__all__ = ["Brackets", "scaled"]


class Brackets(NamedTuple):
    """Checked arguments, and the points of the brackets: rates times -t, doubled as in the variances."""

    drive: Array
    transport_rate: Array
    time: Array
    charger_plus: Array
    charger_minus: Array
    battery: Array

    @classmethod
    def of(cls, device: DirectedDevice, time: ArrayLike) -> Brackets:
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
