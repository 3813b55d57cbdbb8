"""Where E_B and W of Eq. (19) are stationary in the asymmetry: exact polynomials in y = p_a^2 that vanish there."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from leyden.paper.evidence.energy_maps import READINGS
from leyden.paper.evidence.polynomials import Polynomial, added, derivative, product, scaled, without_factors_of

__all__ = ["SHARED_RATE", "stationary_energy", "stationary_ergotropy"]

# Rates as whole numbers, in units of eps: eps = 0.05 Gamma, as in Fig. 6.
SHARED_RATE = 20


class _Terms(NamedTuple):
    """Eq. (19) as V_+- = 1/2 +- n/d_+-, each a polynomial in y = p_a^2 at eps = 1."""

    n: Polynomial
    d_plus: Polynomial
    d_minus: Polynomial


def _linear(constant: Fraction | int, slope: int) -> Polynomial:
    return added((Fraction(constant),), (Fraction(0), Fraction(slope))) if slope else (Fraction(constant),)


def _terms(charger_damping: Fraction, battery_damping: int, reading: str) -> _Terms:
    """n = 8 g^2 eps and d_+- = Lambda_b (Lambda_a -+ 4 eps)(Lambda_a + Lambda_b -+ 4 eps)."""
    gamma = SHARED_RATE
    normalised = reading == READINGS[0]
    charger = _linear(charger_damping, gamma)
    battery = _linear(battery_damping + gamma, -gamma if normalised else 0)
    weights = (Fraction(0), Fraction(1), Fraction(-1)) if normalised else (Fraction(0), Fraction(1))

    def denominator(sign: int) -> Polynomial:
        shift = (Fraction(4 * sign),)
        return product(battery, added(charger, shift), added(added(charger, battery), shift))

    return _Terms(scaled(8 * gamma**2, weights), denominator(-1), denominator(1))


def _minus(first: Polynomial, second: Polynomial) -> Polynomial:
    return added(first, scaled(-1, second))


def _slope(above: Polynomial, below: Polynomial) -> Polynomial:
    """Numerator of (above/below)', over below^2."""
    return _minus(product(derivative(above), below), product(above, derivative(below)))


def stationary_energy(charger_damping: Fraction, battery_damping: int, reading: str) -> Polynomial:
    """Polynomial in y = p_a^2 that vanishes where the steady E_B = (V_+ + V_- - 1)/2 is stationary."""
    n, plus, minus = _terms(charger_damping, battery_damping, reading)
    below = product(plus, minus)
    return without_factors_of(_slope(product(n, _minus(minus, plus)), below), below)


def stationary_ergotropy(charger_damping: Fraction, battery_damping: int, reading: str) -> Polynomial:
    """Polynomial in y = p_a^2 that vanishes where the steady W = (sqrt V_+ - sqrt V_-)^2/2 is stationary."""
    # There V_- V_+'^2 = V_+ V_-'^2: the roots are squared away, which adds points where W is not stationary.
    n, plus, minus = _terms(charger_damping, battery_damping, reading)
    twice = scaled(2, n)
    left = product(_minus(minus, twice), _slope(n, plus), _slope(n, plus), minus, minus, minus)
    right = product(added(plus, twice), _slope(n, minus), _slope(n, minus), plus, plus, plus)
    return without_factors_of(_minus(left, right), product(plus, minus))
