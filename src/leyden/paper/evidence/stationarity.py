"""Where E_B and W of Eq. (19) are stationary in the asymmetry: exact polynomials in y = p_a^2 that vanish there."""

from __future__ import annotations

from fractions import Fraction

from numpy.polynomial import Polynomial

from leyden.paper.evidence.energy_maps import READINGS
from leyden.paper.evidence.polynomials import derivative, exact, without_factors_of

__all__ = ["SHARED_RATE", "stationary_energy", "stationary_ergotropy"]

# Rates as whole numbers, in units of eps: eps = 0.05 Gamma, as in Fig. 6.
SHARED_RATE = 20


def _terms(charger_damping: Fraction, battery_damping: int, reading: str) -> tuple[Polynomial, Polynomial, Polynomial]:
    """Eq. (19) as V_+- = 1/2 +- n/d_+- at eps = 1: n = 8 g^2, d_+- = L_b (L_a -+ 4)(L_a + L_b -+ 4), L for Lambda."""
    y, gamma = exact(0, 1), SHARED_RATE
    # p_b^2, a polynomial in both readings.
    rest = exact(1) - y if reading == READINGS[0] else exact(1)
    charger, battery = gamma * y + charger_damping, gamma * rest + battery_damping
    plus, minus = (battery * (charger + shift) * (charger + battery + shift) for shift in (-4, 4))
    return 8 * gamma**2 * y * rest, plus, minus


def _slope(above: Polynomial, below: Polynomial) -> Polynomial:
    """Numerator of (above/below)', over below^2."""
    return derivative(above) * below - above * derivative(below)


def stationary_energy(charger_damping: Fraction, battery_damping: int, reading: str) -> Polynomial:
    """Polynomial in y = p_a^2 that vanishes where the steady E_B = (V_+ + V_- - 1)/2 is stationary."""
    n, plus, minus = _terms(charger_damping, battery_damping, reading)
    below = plus * minus
    return without_factors_of(_slope(n * (minus - plus), below), below)


def stationary_ergotropy(charger_damping: Fraction, battery_damping: int, reading: str) -> Polynomial:
    """Polynomial in y = p_a^2 that vanishes where the steady W = (sqrt V_+ - sqrt V_-)^2/2 is stationary."""
    # There V_- V_+'^2 = V_+ V_-'^2: the roots are squared away, which adds points where W is not stationary.
    n, plus, minus = _terms(charger_damping, battery_damping, reading)
    left = (minus - 2 * n) * _slope(n, plus) ** 2 * minus**3
    right = (plus + 2 * n) * _slope(n, minus) ** 2 * plus**3
    return without_factors_of(left - right, plus * minus)
