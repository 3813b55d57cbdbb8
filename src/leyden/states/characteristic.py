"""The density matrix of one mode from its characteristic function, in a frame where the state is round."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.conventions import VACUUM_VARIANCE

__all__ = ["Frame", "Polar"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# A state is rho = integral d^2k / (2 pi) chi(k) e^{-i k xi} with chi(k) = Tr[e^{i k xi} rho]. With k = r (cos t, sin t)
# the elements of e^{-i k xi} between number states n = m + l and m are (-i)^l e^{i l t} F_ml(r), Laguerre functions of
# r^2/2: harmonics of chi over the angle go to the diagonals of rho one by one.

# Populations of two levels together at which a state is over, and levels that are kept at most.
_TAIL, _MOST_LEVELS = 3e-11, 1000
# Population below which it may be no more than rounding, and by how much that has grown again when it is.
_ROUNDED, _GROWN = 1e-6, 30.0
# Population that may be lost above the levels of the laboratory, whose number grows by this factor until it is less.
_LOST, _GROWTH = 1e-11, 1.6


@dataclass(frozen=True, eq=False)
class Frame:
    """Quadratures xi = M xi' + mean, with M symmetric and of determinant 1: a squeezer, and a displacement."""

    mean: Real  # (2,)
    matrix: Real  # M, (2, 2)

    @classmethod
    def of(cls, mean: Real, covariance: Real) -> Frame:
        """That in which a state of these moments is centred and round."""
        variances, axes = np.linalg.eigh(covariance)
        ratio = math.sqrt(max(variances[1] / max(variances[0], np.finfo(float).tiny), 1.0))
        return cls(mean, (axes * [ratio**-0.5, ratio**0.5]) @ axes.T)

    def quanta(self, covariance: Real) -> float:
        """Quanta in the frame of a state that is centred there."""
        inverse = np.linalg.inv(self.matrix)
        return float(np.trace(inverse @ covariance @ inverse.T) / 2 - VACUUM_VARIANCE)

    @property
    def squeezing(self) -> float:
        """Factor of the longer axis."""
        return float(np.linalg.eigvalsh(self.matrix)[-1])

    def thermal(self, covariance: Real) -> Complex:
        """Density matrix in the frame of the Gaussian state of a covariance."""
        quanta = max(self.quanta(covariance), 0.0)
        ratio = quanta / (1.0 + quanta)
        levels = 1 if ratio == 0 else min(2 + math.ceil(math.log(_LOST / 10) / math.log(ratio)), _MOST_LEVELS)
        return np.diag(ratio ** np.arange(levels) / (1.0 + quanta)).astype(np.complex128)

    def wave(self, points: Real) -> Real:
        """Wave vectors k (2, n) of those k' of the frame: k xi is k' xi' but for the mean."""
        return np.asarray(np.linalg.solve(self.matrix.T, points), dtype=np.float64)

    def laboratory(self, matrix: Complex) -> Complex:
        """The same state in number states of the laboratory, on as many levels as are not empty."""
        levels, room = len(matrix), 2 * len(matrix) + 16
        while True:
            moved = self._unitary(room)[:, :levels]
            found = moved @ matrix @ moved.conj().T
            above = np.cumsum(np.abs(found.diagonal())[::-1])[::-1]  # from each level upwards
            # What is reflected at the last level would be seen there.
            if above[-1 - room // 8] < _LOST or room >= _MOST_LEVELS:
                kept = int(np.count_nonzero(above >= _LOST)) or 1
                return found[:kept, :kept]
            room = int(_GROWTH * room)

    def _unitary(self, levels: int) -> Complex:
        """U with U^dag xi U = M xi + mean: a squeezer along the axes of M, then a displacement."""
        number = np.arange(levels)
        lengths, axes = np.linalg.eigh(self.matrix)
        turn = np.exp(1j * math.atan2(axes[1, 0], axes[0, 0]) * number)
        pair = math.log(lengths[0]) / 2 * np.sqrt((number[:-2] + 1.0) * (number[:-2] + 2.0))
        squeezer = np.zeros((levels, levels), dtype=np.complex128)
        for parity in (0, 1):
            squeezer[parity::2, parity::2] = _rotation(pair[parity::2])
        amplitude = complex(*self.mean) / math.sqrt(2.0)
        phase = np.exp(1j * math.atan2(amplitude.imag, amplitude.real) * number)
        shift = _rotation(abs(amplitude) * np.sqrt(number[:-1] + 1.0)) if amplitude else np.eye(levels)
        return (phase[:, None] * shift * phase.conj()) @ (turn[:, None] * squeezer * turn.conj())


@dataclass(frozen=True, eq=False)
class Polar:
    """Harmonics chi_l (2 n, r), l as `fft` has them, of a characteristic function at radii, with weights of dr."""

    radii: Real
    weights: Real
    harmonics: Complex

    @classmethod
    def of(cls, radii: Real, weights: Real, values: Complex, turns: Real) -> Polar:
        """From values (n, r) at angles pi j/n, turned on at each radius; the other half is the conjugate."""
        harmonics: Any = np.fft.fft(np.concatenate([values, values.conj()]), axis=0) / (2 * len(values))
        orders = np.fft.fftfreq(len(harmonics), 1 / len(harmonics))
        return cls(radii, weights, harmonics * np.exp(-1j * orders[:, None] * turns))

    def highest(self) -> float:
        """Size of the highest harmonics."""
        middle = len(self.harmonics) // 2
        return float(np.abs(self.harmonics[middle - 1 : middle + 2]).max())

    def matrix(self) -> Complex:
        """Density matrix (N, N) in number states of the frame, on as many levels as are not empty."""
        orders = len(self.harmonics) // 2
        area = self.weights * self.radii
        functions = _Laguerre(self.radii, orders)
        rows, tails = [(functions.now * self._diagonals(orders)) @ area], [math.inf]
        while len(rows) < _MOST_LEVELS:
            functions.step()
            rows.append((functions.now * self._diagonals(orders)) @ area)
            tails.append(abs(rows[-1][0]) + abs(rows[-2][0]))  # two, since odd levels may be empty
            # Once all is rounding, what nodes do not tell of ever faster functions grows again.
            if tails[-1] < _TAIL or (min(tails) < _ROUNDED and tails[-1] > _GROWN * min(tails)):
                break
        levels = int(np.argmin(tails)) + 1
        found = np.zeros((levels, levels), dtype=np.complex128)
        for level, row in enumerate(rows[:levels]):
            kept = row[: levels - level]
            found[level : level + len(kept), level] = kept
            found[level, level : level + len(kept)] = kept.conj()
        return found

    def _diagonals(self, orders: int) -> Complex:
        ladder = np.arange(orders)
        return self.harmonics[-ladder] * ((-1j) ** ladder)[:, None]


class _Laguerre:
    """sqrt(m!/(m+l)!) (r/sqrt2)^l e^{-r^2/4} L_m^l(r^2/2) for l below some order (l, r), for m = 0 and onwards."""

    def __init__(self, radii: Real, orders: int) -> None:
        self._order, self._argument, self._level = np.arange(orders)[:, None], radii**2 / 2, 0
        factorials = np.asarray([math.lgamma(one + 1) for one in range(orders)])[:, None]
        logarithm = (self._order * np.log(self._argument) - self._argument - factorials) / 2
        self.before, self.now = np.zeros_like(logarithm), np.exp(logarithm)

    def step(self) -> None:
        """To the next m."""
        m, order = self._level, self._order
        rise = (2 * m + 1 + order - self._argument) * self.now - np.sqrt(m * (m + order)) * self.before
        self.before, self.now = self.now, rise / np.sqrt((m + 1) * (m + 1 + order))
        self._level += 1


def _rotation(steps: Real) -> Complex:
    """Exponential of the antisymmetric matrix with some entries below its diagonal."""
    phases = 1j ** np.arange(len(steps) + 1)
    values, vectors = np.linalg.eigh(np.diag(steps, 1) + np.diag(steps, -1))
    return phases[:, None] * ((vectors * np.exp(-1j * values)) @ vectors.T) * phases.conj()
