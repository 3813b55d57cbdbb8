"""The steady state of an anharmonic mode as one pure state: of the mode and of a mirror that absorbs all it emits."""

from __future__ import annotations

from math import isfinite, sqrt

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError

__all__ = ["absorber_amplitudes"]

# Let the mode feed, one way, a second one that absorbs whatever it emits. The pair settles in a pure state that holds
# quanta in the sum (a + c)/sqrt2 alone, sum_n beta_n |n>, and the steady state of the mode is what tracing over c
# leaves. With u = eta + i K and v = kappa/2 + i Delta, the condition that the pair is dark is a recurrence,
#
#     (v + n u/2) beta_(n+1) = -i sqrt(2/(n+1)) F beta_n - 2i eps sqrt(n/(n+1)) beta_(n-1).
#
# It is that of the moments of the complex P function, b_n = sqrt(n!/2^n) beta_n, which other forms of the solution sum.
# Probabilities |beta_n|^2 are positive: with one drive alone nothing cancels at any strength.

# Terms at most: a few seconds.
_MOST = 4_000_000
# What is left out of the sum of all |beta_n|^2, relative to it.
_TAIL = 1e-34
# Pairs of amplitudes outside of these are scaled by a power of 2.
_TINY, _HUGE, _STEP = 2.0**-200, 2.0**200, 400


def absorber_amplitudes(
    *,
    one_photon_drive: complex,
    two_photon_drive: complex,
    damping: float,
    kerr: float,
    two_photon_loss: float,
    detuning: float,
) -> NDArray[np.complex128] | None:
    """Amplitudes beta_n of the sum of mode and absorber, normalized; None where there is no steady state."""
    # In units of the damping nothing leaves the number range before the answer does.
    single, pairs = complex(one_photon_drive) / damping, complex(two_photon_drive) / damping
    slope, start = complex(two_photon_loss, kerr) / damping / 2, complex(0.5, detuning / damping)
    if not slope and 2 * abs(pairs) >= abs(start):
        return None
    # |v + n u/2| falls until here, and to this.
    valley = -(start * slope.conjugate()).real / abs(slope) ** 2 if slope else 0.0
    lowest = abs((start * slope.conjugate()).imag) / abs(slope) if slope else 0.0
    one, two = abs(single), 2 * abs(pairs)
    before, now, scale = 0j, 1 + 0j, 0
    found, scales, total, n = [now], [0], 1.0, 0
    while n < _MOST:
        driven = sqrt(2 / (n + 1)) * single * now + 2 * sqrt(n / (n + 1)) * pairs * before
        before, now, n = now, -1j * driven / (start + n * slope), n + 1
        size = max(abs(now), abs(before))
        if not isfinite(size):
            break
        found.append(now)
        scales.append(scale)
        total += abs(now) ** 2
        # No later step makes more of the larger of two amplitudes.
        growth = (sqrt(2 / (n + 1)) * one + two) / (abs(start + n * slope) if n > valley else lowest)
        if not size or (growth < 1 and size**2 < _TAIL * total * (1 - growth)):
            return _normalized(found, scales)
        if not _TINY < size < _HUGE:
            power = -_STEP if size >= _HUGE else _STEP
            factor = 2.0**power
            before, now, total, scale = before * factor, now * factor, total * factor * factor, scale - power
    raise ConvergenceError(
        f"The series of an anharmonic mode must end within {_MOST} terms, but does not: that many quanta, or so close "
        "a threshold. Drive it less, or raise `kerr` or `two_photon_loss`.",
        residual=1.0,
        tolerance=_TAIL,
    )


def _normalized(found: list[complex], scales: list[int]) -> NDArray[np.complex128]:
    """Amplitudes with their powers of 2 put back, those far below the largest as zero."""
    powers = np.asarray(scales)
    real, imaginary = np.asarray(found, dtype=np.complex128).view(np.float64).reshape(-1, 2).T
    largest = powers[(real != 0) | (imaginary != 0)].max()
    shift = np.maximum(powers - largest, -2000)
    amplitudes = np.ldexp(real, shift) + 1j * np.ldexp(imaginary, shift)
    return amplitudes / np.linalg.norm(amplitudes)
