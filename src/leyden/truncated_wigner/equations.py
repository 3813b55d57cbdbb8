"""The Fokker-Planck equation of a device's Wigner function, truncated behind second derivatives, from its words.

Its drift is the symmetrically ordered rate of <a_j>, and its diffusion that of <(r_i r_j + r_j r_i)/2> beyond the
drift, of the jumps alone: the symmetric order of gamma ([r_i, o^dag] [o, r_j] + (i <-> j))/2. So first and second
moments obey exact equations; what is left out are derivatives of third order and more, which linear words have not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.mean_field.field import SYMMETRIC, Word, adjoint_of, drive_field, field_of, ordered, without
from leyden.mean_field.polynomials import Polynomials, collected
from leyden.model.network import Network
from leyden.model.operators import Jump

__all__ = ["Equations", "Noise", "driven_drift", "equations_of_motion"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

Symbols = dict[tuple[int, ...], Any]
"""Coefficients by sorted variables, alpha_j from 1 on, alpha_j* behind them all."""


@dataclass(frozen=True, eq=False)
class Noise:
    """Diffusion that depends on the amplitudes of a few modes, of one jump."""

    places: tuple[int, ...]  # of the k modes
    entries: Polynomials  # real parts are the upper triangle of D over (x_1, .., p_1, ..), row by row


@dataclass(frozen=True, eq=False)
class Equations:
    """dr = (A r + f) dt + turns + shrinking + rest + noise, over r = (x_1, .., x_N, p_1, .., p_N)."""

    modes: int
    drift: Real  # (2N, 2N)
    forcing: Real  # (2N,)
    diffusion: Real  # (2N, 2N)
    turning: Real  # (N, N), d alpha_j/dt = i (sum_k turning_jk |alpha_k|^2 - turned_j) alpha_j
    turned: Real  # (N,); what that leaves out is in the drift
    shrinking: Real  # (N,), d alpha_j/dt = -shrinking_j |alpha_j|^2 alpha_j, not negative
    rest: Polynomials  # of N equations in (alpha, alpha*), without what is linear or turns phases
    noises: tuple[Noise, ...]
    drives: Polynomials  # what the drives do to (alpha, alpha*)
    frequencies: Real  # (N,)

    @property
    def is_linear(self) -> bool:
        """Whether steps of any length are exact."""
        return not (self.turning.any() or self.shrinking.any() or self.rest.targets.size or self.noises)

    def linearised(self, quanta: Real) -> Equations:
        """The same equations, with what turns do near so many |alpha|^2 in the drift."""
        # The derivative by alpha_j there: steps then commute better, and are ten times as accurate.
        turned = self.turning @ quanta + self.turning.diagonal() * quanta
        rows, n = np.arange(self.modes), self.modes
        drift = self.drift.copy()
        drift[rows, rows + n] -= turned - self.turned
        drift[rows + n, rows] += turned - self.turned
        return replace(self, drift=drift, turned=turned)


def _to_quadratures(count: int) -> Complex:
    """(x_1, .., p_1, ..) from (alpha_1, .., alpha_1*, ..)."""
    one = np.eye(count)
    return np.block([[one, one], [-1j * one, 1j * one]]) / np.sqrt(2.0)


def _moved(word: Word, places: Mapping[str, int]) -> Iterator[tuple[int, Word]]:
    """Commutators [r_i, word] with each variable, as signed numbers: i + 1 of alpha_j, -(i + 1) of alpha_j*."""
    for mode, rest in without(word, is_creation=True):
        yield places[mode] + 1, rest
    for mode, rest in without(word, is_creation=False):
        yield -places[mode] - 1, rest


def _diffusion_of(way: Jump, places: Mapping[str, int]) -> dict[tuple[int, int], Symbols]:
    """Entries of D over (alpha, alpha*) of one direction of a jump, both of a pair."""
    parts = [(weight, tuple(one.factors)) for weight, one in zip(way.weights, way.operators, strict=True)]
    n, found = len(places), dict[tuple[int, int], Symbols]()
    for weight, word in parts:
        for other, right in parts:
            factor = way.rate * np.conj(weight) * other / 2
            for first, before in _moved(adjoint_of(word), places):
                for second, behind in _moved(right, places):
                    # [a^dag, word] is minus the word without an a; [o, r] is -[r, o].
                    sign = -np.sign(first) * np.sign(second)
                    i, j = (one - 1 if one > 0 else n - one - 1 for one in (first, second))
                    for factors, times in ordered((*before, *behind), places, SYMMETRIC).items():
                        for key in ((i, j), (j, i)):
                            own = found.setdefault(key, {})
                            own[factors] = own.get(factors, 0.0) + sign * factor * times
    return found


def _noise(entries: Mapping[tuple[int, int], Symbols], modes: int) -> Noise:
    """Diffusion of a jump of products, on the quadratures of its modes."""
    places = sorted({index % modes for key in entries for index in key})
    count = len(places)
    own = [*places, *(place + modes for place in places)]
    forth = _to_quadratures(count)
    terms: dict[tuple[int, tuple[int, ...]], Any] = {}
    upper = list(zip(*np.triu_indices(2 * count), strict=True))
    for target, (row, column) in enumerate(upper):
        for (i, j), symbols in entries.items():
            share = forth[row, own.index(i)] * forth[column, own.index(j)]
            for factors, value in symbols.items() if share else ():
                terms[target, factors] = terms.get((target, factors), 0.0) + share * value
    return Noise(tuple(places), collected(terms, 2 * modes, len(upper), ()))


def _is_constant(entries: Mapping[tuple[int, int], Symbols]) -> bool:
    return all(not factors or value == 0 for symbols in entries.values() for factors, value in symbols.items())


def _diffusions(network: Network) -> tuple[Real, tuple[Noise, ...]]:
    """What of the diffusion is constant, and what is not."""
    places = network.positions
    n, noises = len(places), list[Noise]()
    constant = np.zeros((2 * n, 2 * n), dtype=np.complex128)
    for element in (*network.modes, *network.elements):
        for way in (one for jump in element.jumps() for one in jump.directions()):
            entries = _diffusion_of(way, places)
            if not _is_constant(entries):
                noises.append(_noise(entries, n))
                continue
            for key, symbols in entries.items():
                constant[key] += symbols.get((), 0.0)
    forth = _to_quadratures(n)
    return (forth @ constant @ forth.T).real, tuple(noises)


def _in_quadratures(field: Polynomials, modes: int) -> Real:
    """Matrix of what is linear in a field."""
    linear = np.zeros((2 * modes, 2 * modes), dtype=np.complex128)
    for target, factors, value in zip(field.targets.tolist(), field.factors, field.coefficients, strict=True):
        own = factors[factors > 0]
        if len(own) == 1:
            linear[target, own[0] - 1] += value
    forth = _to_quadratures(modes)
    return (forth @ linear @ forth.conj().T).real  # forth is unitary


def driven_drift(equations: Equations) -> Real:
    """What the drives add to the drift."""
    return _in_quadratures(equations.drives, equations.modes)


def _turned(target: int, factors: Sequence[int], modes: int) -> int | None:
    """Whose quanta the imaginary part of a term turns the phase of its mode by; None where it does anything else."""
    own = list(factors)
    if len(own) != 3 or target + 1 not in own:
        return None
    own.remove(target + 1)
    lower, upper = sorted(own)
    return lower - 1 if lower <= modes and upper == lower + modes else None


def equations_of_motion(network: Network) -> Equations:
    """The stochastic equations of a single device of numbers."""
    n = len(network.mode_names)
    field = field_of(network, (), SYMMETRIC)
    forcing = np.zeros(2 * n, dtype=np.complex128)
    turning, shrinking = np.zeros((n, n)), np.zeros(n)
    kept = dict[tuple[int, tuple[int, ...]], Any]()
    for target, factors, value in zip(field.targets.tolist(), field.factors, field.coefficients, strict=True):
        own = tuple(int(one) for one in factors if one)
        if not own:
            forcing[target] += value
        elif target < n and len(own) > 1:
            turned, left = _turned(target, own, n), value
            if turned is not None:
                turning[target, turned] += value.imag
                left = value.real
                if turned == target and left < 0:
                    shrinking[target] -= left
                    left = 0.0
            if left:
                kept[target, own] = left
    forth = _to_quadratures(n)
    diffusion, noises = _diffusions(network)
    return Equations(
        n,
        _in_quadratures(field, n),
        (forth @ forcing).real,
        diffusion,
        turning,
        np.zeros(n),
        shrinking,
        collected(kept, 2 * n, n, ()),
        noises,
        drive_field(network, SYMMETRIC),
        np.asarray(network.frequencies, dtype=np.float64),
    )
