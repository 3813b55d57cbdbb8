"""Until when the phases of a device are more than rounding.

A mode that turns at a rate w has the phase w t, known to 1e-16 of itself. Once that is a good part of a turn, and the
mode has not decayed before, what it does is noise.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import bounded_spectra
from leyden.arrays import Array, is_concrete
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError

__all__ = ["known_until", "refuse_noise"]

# The largest phase that is taken for known, to about a tenth of a radian.
_LARGEST = 1e15
# Entries of the drift are sums of coefficients, of which few are on one mode: not more than so much of the largest.
_TERMS = 8


def known_until(equations: MomentEquations, last: float) -> NDArray[np.float64] | None:
    """Times (...) until which the phases of each device mean something; None if there is none up to `last`."""
    if _TERMS * equations.largest * last <= _LARGEST:
        return None
    drift: Array = equations.drift
    if not is_concrete(drift):
        return None
    numbers = equations.of_numbers()
    drift, rounding = numbers.drift, numbers.drift_rounding
    size = drift.shape[-1]
    rounding = np.broadcast_to(rounding, drift.shape).reshape(-1, size, size)
    found = bounded_spectra(drift.reshape(-1, size, size), rounding)
    turning, decay = np.abs(found.values.imag), np.maximum(-found.values.real, 0.0)
    # A mode of no decay turns for ever; one that decays does so for the time 1/decay.
    fastest = np.max(np.where(turning > _LARGEST * decay, turning, 0.0), axis=-1, initial=0.0)
    # 1e15 over the rate of the fastest mode that turns so far before it decays.
    until = np.divide(_LARGEST, fastest, out=np.full_like(fastest, np.inf), where=fastest > _LARGEST / last)
    return until.reshape(drift.shape[:-2]) if np.isfinite(until).any() else None


def refuse_noise(name: str, equations: MomentEquations, times: NDArray[np.float64]) -> None:
    """Refuse times at which the phases of a single device are not known any more."""
    last = float(times[-1])
    until = known_until(equations, last)
    if until is not None:
        raise ParameterError.of(
            "times",
            f"end by {float(until):.2g}, until when the phases of {name!r} are known",
            last,
            "Its modes turn by more than 1e15 before they decay, and 1e-16 of a phase is rounding: detune them less.",
        )
