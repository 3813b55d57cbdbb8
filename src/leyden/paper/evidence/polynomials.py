"""Exact polynomials with rational coefficients: tuples of them, constant term first, the last not zero; () is zero."""

from __future__ import annotations

from fractions import Fraction
from itertools import zip_longest

__all__ = ["Polynomial", "added", "derivative", "product", "scaled", "without_factors_of"]

Polynomial = tuple[Fraction, ...]


def _trimmed(coefficients: list[Fraction]) -> Polynomial:
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    return tuple(coefficients)


def added(first: Polynomial, second: Polynomial) -> Polynomial:
    """Sum of two polynomials."""
    return _trimmed([a + b for a, b in zip_longest(first, second, fillvalue=Fraction(0))])


def scaled(factor: int, polynomial: Polynomial) -> Polynomial:
    """Multiple of a polynomial."""
    return tuple(factor * coefficient for coefficient in polynomial)


def product(*factors: Polynomial) -> Polynomial:
    """Product of polynomials."""
    result: Polynomial = (Fraction(1),)
    for factor in factors:
        total = [Fraction(0)] * max(len(result) + len(factor) - 1, 0)
        for i, a in enumerate(result):
            for j, b in enumerate(factor):
                total[i + j] += a * b
        result = _trimmed(total)
    return result


def derivative(polynomial: Polynomial) -> Polynomial:
    """Derivative of a polynomial."""
    return _trimmed([power * coefficient for power, coefficient in enumerate(polynomial)][1:])


def _divided(above: Polynomial, below: Polynomial) -> tuple[Polynomial, Polynomial]:
    """Quotient and remainder."""
    rest, quotient = list(above), [Fraction(0)] * max(len(above) - len(below) + 1, 0)
    while len(rest) >= len(below):
        shift, factor = len(rest) - len(below), rest[-1] / below[-1]
        quotient[shift] = factor
        for place, coefficient in enumerate(below):
            rest[shift + place] -= factor * coefficient
        rest.pop()
        rest = list(_trimmed(rest))
    return _trimmed(quotient), tuple(rest)


def _common(first: Polynomial, second: Polynomial) -> Polynomial:
    while second:
        first, second = second, _divided(first, second)[1]
        second = tuple(coefficient / second[-1] for coefficient in second)
    return first


def without_factors_of(polynomial: Polynomial, other: Polynomial) -> Polynomial:
    """What is left of a polynomial when every factor that it shares with another one is divided out."""
    while len(shared := _common(polynomial, other)) > 1:
        polynomial = _divided(polynomial, shared)[0]
    return polynomial
