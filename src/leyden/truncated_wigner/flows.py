"""What a step does beside its linear part, on many trajectories at once: turns of phases, polynomials, noise."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.mean_field.polynomials import Polynomials
from leyden.truncated_wigner.equations import Equations, Noise

__all__ = ["Noises", "Rest", "Shrinks", "Terms", "Turns", "terms_of", "values_at"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]
Terms = list[tuple[int, complex, tuple[int, ...]]]
"""Target, coefficient and variables of each term of polynomials."""


def terms_of(polynomials: Polynomials) -> Terms:
    """Polynomials of single numbers, term by term."""
    found = zip(polynomials.targets.tolist(), polynomials.coefficients, polynomials.factors, strict=True)
    return [(target, complex(value), tuple(int(one) for one in own if one)) for target, value, own in found]


def _values(terms: Terms, amplitudes: Complex, count: int) -> Complex:
    """Values (count, trajectories) of polynomials at amplitudes (N, trajectories)."""
    n = len(amplitudes)
    found = np.zeros((count, amplitudes.shape[1]), dtype=np.complex128)
    conjugates: dict[int, Complex] = {}
    for target, value, factors in terms:
        product: Any = value
        for one in factors:
            if one > n and one not in conjugates:
                conjugates[one] = amplitudes[one - n - 1].conj()
            product = product * (amplitudes[one - 1] if one <= n else conjugates[one])
        found[target] += product
    return found


def values_at(terms: Terms, r: Real, count: int) -> Complex:
    """Values (count, trajectories) of polynomials at quadratures (2N, trajectories)."""
    n = len(r) // 2
    return _values(terms, np.sqrt(0.5) * (r[:n] + 1j * r[n:]), count)


class Turns:
    """Turns of phases by quanta, which stay as they are meanwhile: a flow that is known in closed form."""

    def __init__(self, equations: Equations) -> None:
        self.modes = equations.modes
        self.rows = np.flatnonzero(equations.turning.any(axis=1))
        self.matrix = equations.turning[self.rows]
        self.offset = -equations.turned[self.rows, None]
        # Mostly each mode turns by its own quanta alone, and mostly all of them do.
        own = equations.turning.diagonal()
        self.own = own[self.rows, None] if np.array_equal(equations.turning, np.diag(own)) else None
        self.chosen: Any = slice(None) if len(self.rows) == self.modes else self.rows

    def __call__(self, r: Real, duration: float) -> None:
        """Turn in place."""
        if not self.rows.size:
            return
        xs, ps = r[: self.modes], r[self.modes :]
        x, p = xs[self.chosen], ps[self.chosen]  # views of all modes, copies of some
        if self.own is not None:
            half = x * x
            half += p * p
            half *= duration / 4 * self.own
        else:
            half = (duration / 4 * self.matrix) @ (xs * xs + ps * ps)
        half += duration / 2 * self.offset
        # By the tangent t of half the angle, (x + i p)(1 + i t)/(1 - i t): of any t that is a turn, and the series of
        # the tangent is off by 17/315 of the seventh power of half the angle. A sine would take as long as all else.
        t = half * half
        t *= 2 / 15
        t += 1 / 3
        t *= half
        t *= half
        t += 1.0
        t *= half
        sine = np.multiply(t, t, out=half)
        sine += 1.0
        np.divide(2 * t, sine, out=sine)
        # x' = x - (t x + p) sin, p' = p + (x - t p) sin.
        down = t * x
        down += p
        down *= sine
        t *= p
        np.subtract(x, t, out=t)
        t *= sine
        xs[self.chosen] -= down
        ps[self.chosen] += t


class Shrinks:
    """Shrinking of amplitudes by their own quanta, n' = -2 c n^2: a flow in closed form."""

    def __init__(self, equations: Equations) -> None:
        self.modes = equations.modes
        self.rows = np.flatnonzero(equations.shrinking)
        self.rates = equations.shrinking[self.rows, None]

    def __call__(self, r: Real, duration: float) -> None:
        """Shrink in place."""
        if not self.rows.size:
            return
        x, p = r[: self.modes][self.rows], r[self.modes :][self.rows]
        share = x * x
        share += p * p
        share *= duration * self.rates
        share += 1.0
        np.sqrt(share, out=share)
        r[self.rows] = x / share
        r[self.rows + self.modes] = p / share


class Rest:
    """The flow of polynomials in all amplitudes, by one step of the classical Runge-Kutta method."""

    def __init__(self, equations: Equations) -> None:
        self.modes = equations.modes
        self.terms = terms_of(equations.rest)

    def __call__(self, r: Real, duration: float) -> None:
        """Move in place."""
        if not self.terms:
            return
        n = self.modes
        start = np.sqrt(0.5) * (r[:n] + 1j * r[n:])
        total = first = _values(self.terms, start, n)
        second = _values(self.terms, start + duration / 2 * first, n)
        third = _values(self.terms, start + duration / 2 * second, n)
        total = total + 2 * second + 2 * third + _values(self.terms, start + duration * third, n)
        total *= duration / 6 * np.sqrt(2.0)
        r[:n] += total.real
        r[n:] += total.imag


class Noises:
    """Noise that depends on the amplitudes, one jump after the other, each a step of weak order 2."""

    # Near the vacuum the diffusion of a truncated equation may be negative in some direction, where no trajectory can
    # follow it: such directions are left out, and `negative` tells how often, for the verdict on the method.

    def __init__(self, equations: Equations) -> None:
        self.modes = equations.modes
        self.parts = [(noise, terms_of(noise.entries)) for noise in equations.noises]
        self.round_parts = [_round_part(noise, terms) for noise, terms in self.parts]
        self.count = sum(2 * len(noise.places) for noise in equations.noises)
        self.signs = sum(len(noise.places) * (2 * len(noise.places) - 1) for noise in equations.noises)

    def _diffusion(self, noise: Noise, terms: Terms, r: Real) -> tuple[Real, ...] | Real:
        """Upper triangle of D of one jump, row by row."""
        size = 2 * len(noise.places)
        return values_at(terms, r, size * (size + 1) // 2).real

    def _rows(self, noise: Noise) -> Any:
        return np.asarray([*noise.places, *(place + self.modes for place in noise.places)])

    def spread(self, r: Real) -> Real:
        """Half the trace of D of each mode (N, trajectories), as trajectories follow it: quanta per time."""
        found = np.zeros((self.modes, r.shape[1]))
        for noise, terms in self.parts:
            columns = _root(self._diffusion(noise, terms, r), len(noise.places))
            size = len(noise.places)
            for number, place in enumerate(noise.places):
                found[place] += np.sum(columns[:, number] ** 2 + columns[:, number + size] ** 2, axis=0) / 2
        return found

    def negative(self, r: Real) -> float:
        """Size of the diffusion that trajectories cannot follow, relative to all of it."""
        lost = whole = 0.0
        for noise, terms in self.parts:
            eigenvalues = np.linalg.eigvalsh(_full(self._diffusion(noise, terms, r), len(noise.places)))
            lost += float(np.sum(np.maximum(-eigenvalues, 0.0)))
            whole += float(np.sum(np.abs(eigenvalues)))
        return lost / whole if whole else 0.0

    def __call__(self, r: Real, duration: float, normals: Real, signs: Real) -> None:
        """Move in place, by normal numbers (count, trajectories) and signs (signs, trajectories)."""
        used = used_signs = 0
        for (noise, terms), round_part in zip(self.parts, self.round_parts, strict=True):
            size = 2 * len(noise.places)
            pairs = size * (size - 1) // 2
            rows = self._rows(noise)
            own, own_signs = normals[used : used + size], signs[used_signs : used_signs + pairs]
            used, used_signs = used + size, used_signs + pairs
            if round_part is not None:
                r[rows] += _moved_roundly(round_part, r[rows], duration, own, own_signs[0])
            else:
                r[rows] += self._moved((noise, terms), r, duration, own, own_signs)

    def _moved(self, part: tuple[Noise, Terms], r: Real, duration: float, normals: Real, signs: Real) -> Real:
        """What a step of Platen's scheme adds; Kloeden and Platen, Numerical Solution of SDEs (1992), Eq. (15.1.3)."""
        noise, terms = part
        k, root, rows = len(noise.places), np.sqrt(duration), self._rows(noise)

        def columns_at(point: Real) -> Real:
            return _root(self._diffusion(noise, terms, point), k)

        here = columns_at(r)
        found = np.einsum("jit,jt->it", here, normals) * root
        # V of each pair, as products of increments over the duration: +-1, antisymmetric, and -1 on the diagonal.
        crossed = -np.ones((2 * k, 2 * k, r.shape[1]))
        crossed[np.triu_indices(2 * k, 1)] = signs
        crossed[np.triu_indices(2 * k, 1)[::-1]] = -signs
        point = r.copy()
        for other in range(2 * k):
            shift = root * here[other]
            point[rows] = r[rows] + shift
            above = columns_at(point)
            point[rows] = r[rows] - shift
            below = columns_at(point)
            even = above + below - 2 * here
            odd = (above - below) * (normals * normals[other] + crossed[other])[:, None]
            found += (root / 4) * np.sum(even * normals[:, None] + odd, axis=0)
        return found


def _round_part(noise: Noise, terms: Terms) -> list[float] | None:
    """Coefficients of the powers of |alpha|^2 where D of one mode is that times one, as for the loss of pairs."""
    if len(noise.places) != 1:
        return None
    n, place = noise.entries.variables // 2, noise.places[0]
    pair = (place + 1, place + n + 1)
    found: list[dict[int, float]] = [{}, {}, {}]
    for target, value, factors in terms:
        power = len(factors) // 2
        if tuple(sorted(pair * power)) != factors:
            return None
        found[target][power] = found[target].get(power, 0.0) + value.real
    xx, xp, pp = found
    if xp or xx != pp:
        return None
    return [xx.get(power, 0.0) for power in range(max(xx, default=0) + 1)]


def _moved_roundly(powers: list[float], own: Real, duration: float, normals: Real, signs: Real) -> Real:
    """What the same step adds where the root of D is one number, which the quanta of the mode decide."""

    def size_at(quanta: Real) -> Real:
        value = np.full_like(quanta, powers[-1])
        for power in powers[-2::-1]:
            value *= quanta
            value += power
        return np.sqrt(np.maximum(value, 0.0, out=value), out=value)

    root = np.sqrt(duration)
    squares = own * own
    total = squares[0] + squares[1]
    here = size_at(total / 2)
    shift = root * here
    near = total + shift * shift
    shift = shift * own
    shift *= 2
    above, below = size_at((near + shift) / 2), size_at((near - shift) / 2)
    even = above + below
    even = even[0] + even[1]
    odd = above - below
    found = normals * even
    found += odd * (normals * normals - 1.0)
    both = normals[0] * normals[1]
    found[0] += odd[1] * (both - signs)
    found[1] += odd[0] * (both + signs)
    found *= root / 4
    return found


def _full(upper: Any, modes: int) -> Real:
    """D (trajectories, 2k, 2k) from its upper triangle."""
    size = 2 * modes
    found = np.empty((upper.shape[1], size, size))
    for row, column, values in zip(*np.triu_indices(size), upper, strict=True):
        found[:, row, column] = found[:, column, row] = values
    return found


def _root(upper: Any, modes: int) -> Real:
    """Columns (2k, 2k, trajectories) of the symmetric root of D, without directions in which it is negative."""
    if modes > 1:
        values, vectors = np.linalg.eigh(_full(upper, modes))
        return np.einsum("tia,ta,tja->ijt", vectors, np.sqrt(np.maximum(values, 0.0)), vectors)
    xx, xp, pp = upper
    mean, half = (xx + pp) / 2, (xx - pp) / 2
    apart = np.hypot(half, xp)
    larger, smaller = np.sqrt(np.maximum(mean + apart, 0.0)), np.sqrt(np.maximum(mean - apart, 0.0))
    even = (larger + smaller) / 2
    odd = np.divide((larger - smaller) / 2, apart, out=np.zeros_like(apart), where=apart > 0)
    return np.stack([np.stack([even + odd * half, odd * xp]), np.stack([odd * xp, even - odd * half])])
