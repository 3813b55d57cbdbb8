"""Exact polynomials: NumPy's, with fractions for coefficients, constant term first."""

from __future__ import annotations

from fractions import Fraction

from numpy.polynomial import Polynomial
from numpy.polynomial.polynomial import polyder

__all__ = ["derivative", "exact", "without_factors_of"]


def exact(*coefficients: Fraction | int) -> Polynomial:
    """Polynomial with these coefficients."""
    return Polynomial([Fraction(coefficient) for coefficient in coefficients])


def derivative(polynomial: Polynomial) -> Polynomial:
    """Derivative of a polynomial."""
    # `Polynomial.deriv` would multiply by a float.
    return Polynomial(polyder(polynomial.coef))


def _common(first: Polynomial, second: Polynomial) -> Polynomial:
    while second.coef.any():
        first, second = second, first % second
        second = second // exact(second.coef[-1]) if second.coef.any() else second
    return first


def without_factors_of(polynomial: Polynomial, other: Polynomial) -> Polynomial:
    """What is left of a polynomial when every factor that it shares with another one is divided out."""
    while (shared := _common(polynomial, other)).degree() > 0:
        polynomial = polynomial // shared
    return polynomial
