"""Low-rank ADI: A S + S A^T + G s G^T = 0 for a sparse A, a few columns G and weights s of either sign."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import log
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.chebyshev import followed
from leyden.algebra.exponential import Exponential
from leyden.algebra.factors import products
from leyden.algebra.shifts import shifts_for
from leyden.memory import KEPT_BYTES

__all__ = ["Iteration", "Shifted"]

# Each step with a shift p solves (A + p) V = W once, adds V s V^T to the solution, and leaves W s W^T of the equation,
# so that the residual is known at every step. The solution itself is never kept: of a mode's state only its own 2 x 2
# block matters, and that is a running sum. A few random vectors go along, on which the whole equation is checked at the
# end.
#
# P. Benner, P. Kuerschner and J. Saak, Numer. Algorithms 62, 225 (2013), for complex shifts in real arithmetic;
# N. Lang, H. Mena and J. Saak, Appl. Math. Comput. 256, 1 (2015), for weights of either sign.

Real = NDArray[np.float64]

# Steps in which shifts must halve the residual, or be replaced.
_PATIENCE = 150
# Stretches of time that may be left to go: before any shift is tried, and after that.
_STRETCHES, _MOST_STRETCHES = 400.0, 10_000.0


class Shifted:
    """A + p, factorised once for each shift p; the least recently used go when memory runs out."""

    def __init__(self, drift: Any) -> None:
        self._drift = drift.tocsc()
        self._kept: dict[complex, Any] = {}

    def solve(self, shift: complex, right: Real) -> Any:
        """Solution of (A + p) V = W, real for a real shift p."""
        factors = self._kept.pop(shift, None) or self._factorised(shift)
        self._kept[shift] = factors
        return factors.solve(right if shift.imag == 0 else right.astype(np.complex128))

    def _factorised(self, shift: complex) -> Any:
        from scipy.sparse import eye_array
        from scipy.sparse.linalg import splu

        while self._kept and self._bytes() > KEPT_BYTES:
            self._kept.pop(next(iter(self._kept)))
        value: Any = shift.real if shift.imag == 0 else shift
        identity: Any = eye_array(self._drift.shape[0], format="csc")
        shifted = (self._drift + value * identity).tocsc()
        return splu(shifted, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.1, options={"SymmetricMode": True})

    def _bytes(self) -> int:
        return sum(factors.nnz * (12 if shift.imag == 0 else 20) for shift, factors in self._kept.items())


def _norm(columns: Real, weights: Real) -> float:
    """Frobenius norm of W s W^T, or what rounding leaves to see of it where stretched and squeezed parts cancel."""
    gram = columns.T @ columns
    product = weights[:, None] * gram
    terms = product * product.T
    return float(np.sqrt(max(float(np.sum(terms)), float(np.finfo(float).eps) * float(np.sum(np.abs(terms))))))


@dataclass
class Iteration:
    """The iteration, and what it has found so far."""

    drift: Any  # A of the modes that are followed, (n, n)
    outward: Any  # how these act on modes that are not, (o, n)
    left: Real  # W (n, r): what is left of the equation is W s W^T; at first the source's factor G
    weights: Real  # s
    probes: Real  # vectors (n, k) on which S is to be known
    both: int = 0  # modes of which both quadratures are there, x and p in turn in the first rows
    squares: Real = field(init=False)  # diagonal of S so far
    cross: Real = field(init=False)  # what lies between the two quadratures of a mode
    images: Real = field(init=False)  # S on the probes
    leaked: float = field(init=False, default=0.0)  # bound of what has left for other modes
    steps: int = field(init=False, default=0)

    def __post_init__(self) -> None:
        self.squares, self.cross = np.zeros(len(self.left)), np.zeros(self.both)
        self.images = np.zeros_like(self.probes)

    @property
    def residual(self) -> float:
        """Norm of what is left of the equation, inside; infinite or NaN where it has outgrown the number range."""
        with np.errstate(over="ignore", invalid="ignore"):
            return _norm(self.left, self.weights)

    def run(self, within: float, most: int, attempts: float = np.inf) -> None:
        """Step until so little is left of the equation, or more has leaked out, or so many steps are made in vain."""
        # Where time is the better way, stretches of it are taken first, for as long as they lead to the end. Else
        # shifts take turns, the one first that helped most when it was last used. When none of them helps any more, new
        # ones are found from what is left.
        # Where A has growing modes so does what is left, up to the end of the number range.
        with np.errstate(over="ignore", invalid="ignore"):
            exponential = Exponential(self.drift)
            self._follow(exponential, within, most, _STRETCHES)
            if exponential.is_wavelike and attempts > 1:
                # Of a few slow modes one set of shifts takes care; what decays slowly everywhere takes its time.
                self._run(within, most, 1)
                self._follow(exponential, within, most, _MOST_STRETCHES)
            self._run(within, most, attempts - 1 if exponential.is_wavelike else attempts)

    def _follow(self, exponential: Exponential, within: float, most: int, stretches: float) -> None:
        before, left = self.residual, 0.0
        while exponential.is_wavelike and before > within >= self.leaked and self.steps < most and left < stretches:
            past = followed(
                exponential, self.left, self.weights, both=self.both, probes=self.probes, outward=self.outward
            )
            self.steps += 1
            self.squares += past.squares
            self.cross += past.cross
            self.images += past.images
            self.leaked += past.leaked
            self.left = past.left
            after = self.residual
            # So many more of these, if they go on as this one did.
            left = log(after / within) / log(before / after) if within < after < before < np.inf else np.inf
            before = after

    def _run(self, within: float, most: int, attempts: float) -> None:
        shifted = Shifted(self.drift)
        gains: dict[complex, float] = {}
        before = self.residual
        round_start, round_steps, failed = before, 0, -1
        while before > within >= self.leaked and self.steps < most and np.isfinite(before):
            if not gains or (round_steps >= _PATIENCE and before > round_start / 2):
                failed += 1
                if failed >= attempts:
                    return
                shifts = shifts_for(self.drift, self._loudest(), lambda vector: shifted.solve(0j, vector))
                gains = dict.fromkeys(shifts, 0.0)
                round_start, round_steps = before, 0
            shift = min(gains, key=lambda one: gains[one])
            try:
                solved = shifted.solve(shift, self.left)
            except RuntimeError:  # A + p is singular: -p is an eigenvalue of A, a growing one
                return
            self._step(shift, solved)
            after = self.residual
            share = 1 if shift.imag == 0 else 2
            # Forgotten little by little, so that a shift whose turn has passed comes to it again.
            gains = {one: gain * 0.9 for one, gain in gains.items()}
            gains[shift] = (after / before) ** (1 / share) if before else 0.0
            before = after
            round_steps += 1
            if before <= round_start / 2:
                round_start, round_steps, failed = before, 0, 0

    def _loudest(self) -> Real:
        lengths = np.linalg.norm(self.left, axis=0)
        return self.left[:, int(np.argmax(lengths))]

    def _step(self, shift: complex, solved: Any) -> None:
        self.steps += 1
        if shift.imag == 0:
            self._add(solved, -2 * shift.real)
            self.left = self.left - 2 * shift.real * solved
            return
        ratio = shift.real / shift.imag
        real = solved.real + ratio * solved.imag
        self._add(real, -4 * shift.real)
        self._add(np.ascontiguousarray(solved.imag), -4 * shift.real * (1 + ratio**2))
        self.left = self.left - 4 * shift.real * real

    def _add(self, columns: Real, factor: float) -> None:
        """Add factor V s V^T to the solution."""
        squares, cross = products(columns, self.weights, self.both)
        self.squares += factor * squares
        self.cross += factor * cross
        self.images += (columns * (factor * self.weights)) @ (columns.T @ self.probes)
        if self.outward.shape[0]:
            out = np.linalg.norm(self.outward @ columns) * np.linalg.norm(columns * self.weights)
            self.leaked += factor * float(out)
