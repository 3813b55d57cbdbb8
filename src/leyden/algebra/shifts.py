"""Shifts of the ADI iteration, found from the drift itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra.krylov import Krylov
from leyden.algebra.sparse_graph import components

__all__ = ["rates_near", "shifts_for", "small_spectra"]

# A shift p wipes out what decays at the rates near -p. Where no modes act on each other in turn, the rates are those of
# the single modes, exactly; elsewhere Arnoldi's method finds the fastest of them, and, backwards, the slowest.
#
# T. Penzl, SIAM J. Sci. Comput. 21, 1401 (1999), for the choice among the rates found.

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Ritz values from steps forwards and backwards, and real candidates beside them.
_FORWARDS, _BACKWARDS = 30, 20
_REAL_CANDIDATES = 24
# Costs in solutions of one real system, as measured on chains and lattices.
_REAL_FACTORS, _COMPLEX_FACTORS, _COMPLEX_SOLUTION = 20.0, 60.0, 2.5
# Natural logarithm of the decay that is wanted, and the least that a shift leaves of any rate: drifts are not normal.
_DECAY, _LEAST_LEFT = 15.0, 1e-2
# Rates closer than this, relative to the largest, are one.
_ALIKE = 1e-3


def small_spectra(drift: Any) -> tuple[Complex, bool]:
    """Eigenvalues of quadratures that act on no others in turn, or on one other, and whether there are any others."""
    count, labels = components(drift)
    sizes = np.bincount(labels, minlength=count)[labels]
    diagonal = drift.diagonal().astype(np.complex128)
    entries = drift.tocoo()
    # Those that act on each other do so in both directions: two entries for each couple.
    mutual = (labels[entries.row] == labels[entries.col]) & (entries.row != entries.col) & (sizes[entries.row] == 2)
    order = np.argsort(labels[entries.row[mutual]], kind="stable")
    forth, back = entries.data[mutual][order].reshape(-1, 2).T
    first, second = diagonal[entries.row[mutual][order]].reshape(-1, 2).T
    middle, root = (first + second) / 2, np.sqrt((first - second) ** 2 / 4 + forth * back)
    return np.concatenate([diagonal[sizes == 1], middle + root, middle - root]), bool(np.any(sizes > 2))


def _ritz(apply: Callable[[Real], Real], start: Real, steps: int) -> Complex:
    """Eigenvalues of an operator as they are seen from a vector."""
    space = Krylov(apply, start, steps)
    space.extend(steps)
    return space.ritz().values


def rates_near(drift: Any, start: Real, solve: Callable[[Real], Real]) -> Complex:
    """Estimates of the fastest and the slowest eigenvalues of the drift that a disturbance excites."""
    if len(start) < 3:
        return np.linalg.eigvals(drift.toarray()).astype(np.complex128)
    try:
        with np.errstate(all="ignore"):
            slow = 1 / _ritz(solve, start, _BACKWARDS)
    except (RuntimeError, ValueError):  # A is singular, exactly or nearly so: nothing is seen backwards
        slow = np.zeros(0, dtype=np.complex128)
    return np.concatenate([_ritz(lambda vector: drift @ vector, start, _FORWARDS), slow[np.isfinite(slow)]])


def _unlike(rates: Complex) -> Complex:
    """One of each group of neighbours, with positive imaginary part, decaying."""
    rates = -np.abs(rates.real) + 1j * np.abs(rates.imag)
    rates = rates[np.isfinite(rates) & (rates.real < 0)]
    # Nearly real ones are real: a real factorisation is a quarter of the work of a complex one.
    rates = np.where(rates.imag < _ALIKE * np.abs(rates), rates.real + 0j, rates)
    kept: list[complex] = []
    for rate in rates[np.argsort(np.abs(rates))]:
        if all(abs(rate - other) > _ALIKE * abs(rate) for other in kept):
            kept.append(complex(rate))
    return np.asarray(kept, dtype=np.complex128)


def _reduction(rates: Complex, shift: complex) -> Real:
    """|(rate - p)(rate - p*)| / |(rate + p)(rate + p*)|, by how much a shift and its conjugate leave each rate."""
    pair = np.abs((rates - shift) / (rates + np.conj(shift)))
    return pair if shift.imag == 0 else pair * np.abs((rates - np.conj(shift)) / (rates + shift))


def _taken(rates: Complex, candidates: Complex, count: int) -> list[complex]:
    """Penzl's choice: each next shift leaves least of the rate that those before it leave most of."""
    table = np.stack([_reduction(rates, complex(shift)) for shift in candidates])
    shifts = [int(np.argmin(table.max(axis=1)))]
    left = table[shifts[0]]
    while len(shifts) < count and left.max() > 0:
        worst = int(np.argmax(left))
        shifts.append(int(np.argmin(table[:, worst])))
        left = left * table[shifts[-1]]
    return [complex(candidates[place]) for place in dict.fromkeys(shifts)]


def _cost(rates: Complex, shifts: list[complex]) -> float:
    """Cost of a solution with these shifts in turn, in solutions of one real system, as the rates let expect."""
    left = sum(np.log(np.maximum(_reduction(rates, shift), _LEAST_LEFT)) for shift in shifts)
    decay = -float(np.max(left))
    if decay <= 0:
        return float("inf")
    is_real = [shift.imag == 0 for shift in shifts]
    preparation = sum(_REAL_FACTORS if real else _COMPLEX_FACTORS for real in is_real)
    return preparation + _DECAY / decay * sum(1.0 if real else _COMPLEX_SOLUTION for real in is_real)


def _chosen(rates: Complex) -> list[complex]:
    """The cheapest of some sets of shifts: real ones take more steps, but each of these is a fraction of the work."""
    sizes = np.abs(rates)
    real = -np.geomspace(sizes.min(), sizes.max(), _REAL_CANDIDATES) + 0j
    own = rates.real[rates.imag == 0] + 0j
    candidates = np.concatenate([own, real]).astype(np.complex128)
    options = [_taken(rates, candidates, count) for count in (1, 2, 3, 4, 6)]
    options += [_taken(rates, rates, count) for count in (2, 4, 8, 12)]
    return min(options, key=lambda shifts: _cost(rates, shifts))


def shifts_for(drift: Any, start: Real, solve: Callable[[Real], Real]) -> list[complex]:
    """Shifts for a drift and a disturbance; a complex one stands for itself and its conjugate."""
    exact, is_larger = small_spectra(drift)
    digits = 12 - int(np.ceil(np.log10(max(float(np.max(np.abs(exact), initial=0.0)), 1e-300))))
    rates = np.unique(np.round(exact, digits)) if digits < 300 else exact
    if is_larger:
        rates = np.concatenate([rates, rates_near(drift, start, solve)])
    candidates = _unlike(rates)
    if not len(candidates):
        return [complex(-1.0)]
    return _chosen(candidates)
