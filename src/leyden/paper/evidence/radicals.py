"""Whether the roots of a polynomial can be had by radicals: whether a closed form exists."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from numpy.polynomial import Polynomial

__all__ = ["Radicals", "factor_degrees", "radicals"]

# An irreducible polynomial has roots in radicals exactly if its Galois group is solvable. Modulo a prime that divides
# neither leading coefficient nor discriminant, the degrees of its factors are the cycle lengths of a member of that
# group (Dedekind). Two facts then decide. If no grouping of the factors fits all primes, the polynomial is irreducible
# and the group transitive. If a member has one cycle of prime length l, n/2 < l < n, and its other cycles are shorter,
# the group is primitive; solvable primitive groups act as affine maps on p^d = n points, whose members fix no point or
# a power of p of them; so where n - l is no such power the group is not solvable.

# Of the primes tried, one in five or more carries each of the two facts for a polynomial of degree up to 11.
HIGHEST_PRIME = 400


class Radicals(NamedTuple):
    """Whether a polynomial's roots can be had by radicals."""

    degree: int  # of the polynomial
    is_decided: bool  # false if neither answer could be shown
    exist: bool  # true up to degree 4, false if the Galois group was shown not to be solvable
    witness: str  # what shows it


def _is_prime(n: int) -> bool:
    return all(n % d for d in range(2, int(n**0.5) + 1))


def _trimmed(coefficients: list[int]) -> list[int]:
    while coefficients and coefficients[-1] == 0:
        coefficients.pop()
    return coefficients


def _divided(above: list[int], below: list[int], p: int) -> tuple[list[int], list[int]]:
    """Quotient and remainder modulo p; the divisor has leading coefficient one."""
    rest, quotient = above[:], [0] * max(len(above) - len(below) + 1, 0)
    for shift in range(len(quotient) - 1, -1, -1):
        quotient[shift] = factor = rest.pop()
        if factor:
            for place, coefficient in enumerate(below[:-1]):
                rest[shift + place] = (rest[shift + place] - factor * coefficient) % p
    return quotient, _trimmed(rest)


def _monic(coefficients: list[int], p: int) -> list[int]:
    inverse = pow(coefficients[-1], -1, p)
    return [coefficient * inverse % p for coefficient in coefficients]


def _common_modulo(first: list[int], second: list[int], p: int) -> list[int]:
    while second:
        second = _monic(second, p)
        first, second = second, _divided(first, second, p)[1]
    return first


def _times(first: list[int], second: list[int], modulus: list[int], p: int) -> list[int]:
    total = [0] * (len(first) + len(second))
    for i, a in enumerate(first):
        if a:
            for j, b in enumerate(second):
                total[i + j] += a * b
    return _divided([value % p for value in total], modulus, p)[1]


def _power(base: list[int], exponent: int, modulus: list[int], p: int) -> list[int]:
    result = [1]
    for bit in bin(exponent)[2:]:
        result = _times(result, result, modulus, p)
        if bit == "1":
            result = _times(result, base, modulus, p)
    return result


def factor_degrees(polynomial: Polynomial, p: int) -> tuple[int, ...] | None:
    """Degrees of the irreducible factors of a polynomial modulo a prime, in ascending order."""
    # Distinct-degree factorisation: the factors of degree d divide x^(p^d) - x.
    coefficients: list[Fraction] = polynomial.coef.tolist()
    if any(c.denominator % p == 0 for c in coefficients) or coefficients[-1].numerator % p == 0:
        return None
    rest = _monic([c.numerator * pow(c.denominator, -1, p) % p for c in coefficients], p)
    slope = _trimmed([power * c % p for power, c in enumerate(rest)][1:])
    if not slope or len(_common_modulo(rest, slope, p)) > 1:
        return None
    degrees: list[int] = []
    frobenius, degree = [0, 1], 0
    while len(rest) > 2 * (degree + 1):
        degree += 1
        frobenius = _power(frobenius, p, rest, p)
        difference = frobenius + [0] * (2 - len(frobenius))
        difference[1] = (difference[1] - 1) % p
        shared = _common_modulo(rest, _trimmed(difference), p)
        if len(shared) > 1:
            degrees += [degree] * ((len(shared) - 1) // degree)
            rest = _divided(rest, _monic(shared, p), p)[0]
            frobenius = _divided(frobenius, rest, p)[1] if len(rest) > 1 else []
    if len(rest) > 1:
        degrees.append(len(rest) - 1)
    return tuple(degrees)


def _is_power(number: int, n: int) -> bool:
    """Whether a number is a power, one included, of the prime that n is a power of; false if n is no prime power."""
    prime = next(d for d in range(2, n + 1) if n % d == 0)
    while n % prime == 0:
        n //= prime
    while number % prime == 0:
        number //= prime
    return n == 1 and number == 1


def _sums(degrees: tuple[int, ...]) -> set[int]:
    found = {0}
    for degree in degrees:
        found |= {total + degree for total in found}
    return found


def radicals(polynomial: Polynomial) -> Radicals:
    """Whether the roots of a polynomial can be had by radicals, as far as its factors modulo primes show."""
    n = polynomial.degree()
    if n <= 4:
        return Radicals(n, True, True, f"degree {n}")
    groupings, cycle = set(range(n + 1)), ""
    for p in filter(_is_prime, range(5, HIGHEST_PRIME)):
        degrees = factor_degrees(polynomial, p)
        if degrees is None:
            continue
        groupings &= _sums(degrees)
        longest = degrees[-1]
        if not cycle and n / 2 < longest < n and _is_prime(longest) and not _is_power(n - longest, n):
            cycle = f"a {longest}-cycle modulo {p}"
        if cycle and groupings == {0, n}:
            return Radicals(n, True, False, f"irreducible of degree {n} with {cycle}")
    return Radicals(n, False, False, f"degree {n}, nothing shown")
