"""Stability: a steady state exists if and only if every eigenvalue of the drift has a negative real part."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import Spectra, bounded_spectra, definiteness, is_directed, on_host, spectral_disc, where_needed
from leyden.arrays import Array, is_concrete, namespace_of, to_numpy
from leyden.equations.moments import MomentEquations
from leyden.equations.rounding import without_rounding
from leyden.equations.second_moments import moments_abscissa, moments_generator

__all__ = ["Stability", "drift_decays", "is_decaying", "is_stable", "spectral_abscissa", "stability_of"]

# Lyapunov's theorem decides only where the pivots of D and V are this far from zero, relative to their size. The least
# eigenvalue of D, which has to be larger than what rounding leaves of the equation, may be the square of that below it:
# of rates more unlike than this the spectrum and its bound are asked.
_CLEAR_DIFFUSION = 1e-6
_CLEAR_COVARIANCE = 1e-8
# What is left of the equation, for each row, relative to |A| |V|: elimination is checked to 1e-14.
_CLEAR_RESIDUAL = 4e-14
# What rounding may leave of an eigenvalue of the matrix that moves second moments, relative to its largest entry.
_MOMENTS_ROUNDING = 1e-13
# Rows up to which the bound for matrices of any kind may be narrow enough to tell growth from decay.
_FEW_ROWS = 12


def spectral_abscissa(spectrum: Array) -> Array:
    """Largest real part of the eigenvalues (..., n), negative if a steady state exists (Xu and Ren, Eq. 8)."""
    xp = namespace_of(spectrum)
    return xp.max(xp.real(spectrum), axis=-1)


class Stability(NamedTuple):
    """What the spectrum of a drift says."""

    eigenvalues: NDArray[np.complex128]  # (..., 2N), complex, in no particular order
    abscissa: NDArray[np.float64]  # (...), largest real part
    error: NDArray[np.float64]  # (...), bound of the abscissa's error, in the rate unit; infinite where none is known
    is_stable: NDArray[np.bool_]  # (...), whether the abscissa is negative beyond its error


def stability_of(drift: NDArray[np.float64], rounding: NDArray[np.float64] | None = None) -> Stability:
    """Spectrum of a drift (..., 2N, 2N) with entries within some rounding, and whether all of it decays, for sure."""
    # The error is a bound that holds, however far from normal the drift is. Every verdict of the package is this one,
    # or agrees with it by a proof: the sign of what is reported is never that of rounding.
    found = _spectra(drift, rounding, is_sign_enough=False)
    shape = drift.shape[:-2]
    with np.errstate(invalid="ignore"):
        error = np.fmax(found.upper - found.abscissa, found.abscissa - found.lower)
    return Stability(
        found.values.reshape(drift.shape[:-1]),
        found.abscissa.reshape(shape),
        error.reshape(shape),
        (found.upper < 0).reshape(shape),
    )


def _spectra(drift: NDArray[np.float64], rounding: NDArray[np.float64] | None, *, is_sign_enough: bool) -> Spectra:
    size = drift.shape[-1]
    if rounding is not None:
        rounding = np.broadcast_to(rounding, drift.shape)
        drift = without_rounding(drift, rounding)
        rounding = rounding.reshape(-1, size, size)
    return bounded_spectra(drift.reshape(-1, size, size), rounding, is_sign_enough=is_sign_enough)


def drift_decays(drift: NDArray[np.float64], rounding: NDArray[np.float64] | None = None) -> NDArray[np.bool_]:
    """The verdict of `stability_of` alone, cheaper."""
    return (_spectra(drift, rounding, is_sign_enough=True).upper < 0).reshape(drift.shape[:-2])


def is_decaying(equations: MomentEquations) -> Array:
    """Whether each device of a batch has a steady state, from its drift alone: the verdict of `stability_of`."""
    if equations.is_turned:
        return _moments_settle(equations)
    drift = equations.drift
    if not is_concrete(drift):
        return on_host(drift_decays, drift, _like(equations.drift_rounding, drift), axes=2)
    numbers = equations if isinstance(drift, np.ndarray) else equations.of_numbers()
    if numbers.shape == () and (clear := _clearly_decaying(numbers)) is not None:
        found = np.asarray(clear)
    else:
        found = drift_decays(numbers.drift, numbers.drift_rounding)
    return namespace_of(drift).asarray(found)


def _moments_settle(equations: MomentEquations) -> NDArray[np.bool_]:
    """Whether second moments settle, by more than rounding of the matrix that moves them."""
    largest = np.max(np.abs(moments_generator(equations)), axis=(-2, -1))
    return np.asarray(moments_abscissa(equations) < -_MOMENTS_ROUNDING * largest)


def _like(rounding: Array, drift: Array) -> Array:
    xp = namespace_of(drift)
    return xp.broadcast_to(xp.asarray(rounding), drift.shape)


def _clearly_decaying(equations: MomentEquations) -> bool | None:
    """The verdict on a single device where wide bounds are enough for it, else None."""
    drift = equations.drift
    if len(drift) <= _FEW_ROWS:
        found = spectral_disc(drift, equations.largest_rounding)
    else:
        bound = np.broadcast_to(equations.largest_rounding, drift.shape)
        judged = bounded_spectra(drift[None], bound[None], is_sign_enough=True)
        found = float(judged.lower[0]), float(judged.upper[0])
    if found[1] < 0:
        return True
    return False if found[0] > 0 else None


def _is_single_stable(
    equations: MomentEquations, pivot: float, largest: float, noise: float, loudest: float
) -> NDArray[np.bool_]:
    """The same criteria for one device, whose numbers are quicker one by one."""
    drift = equations.drift
    left = _CLEAR_RESIDUAL * len(drift) * largest * max(float(drift.max()), -float(drift.min()))
    if noise > _CLEAR_DIFFUSION * loudest and abs(pivot) > _CLEAR_COVARIANCE * largest and noise > left:
        return np.asarray(pivot > 0)
    return np.asarray(is_decaying(equations))


def is_stable(equations: MomentEquations, covariance: Array) -> Array:
    """Whether each device of a batch has a steady state, with the help of its covariance from the Lyapunov equation."""
    # Lyapunov's theorem: if D > 0, A is stable exactly if V > 0. That is many times cheaper than a spectrum, and a
    # proof where D is larger than what rounding leaves of the equation. Where D or V is not clearly definite the
    # spectrum decides, see `stability_of`; of traced arrays, too.
    is_single = not equations.shape and isinstance(covariance, np.ndarray) and covariance.ndim == 2
    # Where the spectrum stands on the diagonal it is cheaper than two eliminations.
    if is_single and len(covariance) > _FEW_ROWS and is_directed(equations.drift):
        return np.asarray(is_decaying(equations))
    diffusion = equations.diffusion
    xp = namespace_of(diffusion, covariance)
    # A batch of NumPy's is judged without its drift being put together.
    is_traced = xp is not np and not (is_concrete(equations.drift) and is_concrete(covariance))
    pivot, largest = definiteness(covariance, is_traced)
    noise, loudest = definiteness(diffusion, is_traced) if is_traced else equations.noise
    if is_single and diffusion.ndim == 2:
        return _is_single_stable(equations, float(pivot), float(largest), float(noise), float(loudest))
    # The residual is some units of rounding of |A| |V|; the largest rate of all members is good enough for most.
    left = _CLEAR_RESIDUAL * covariance.shape[-1] * largest * equations.fastest
    clear = (noise > _CLEAR_DIFFUSION * loudest) & (xp.abs(pivot) > _CLEAR_COVARIANCE * largest) & (noise > left)
    stable = clear & (pivot > 0)
    if is_traced:
        return where_needed(clear, stable, lambda: xp.broadcast_to(is_decaying(equations), clear.shape))
    unclear = ~to_numpy(clear)
    if not unclear.any():
        return stable
    if not equations.shape:
        return xp.asarray(is_decaying(equations.of_numbers()))
    # A coherent drive varies along axes of which neither drift nor covariance knows.
    unclear = np.broadcast_to(unclear, equations.shape)
    verdict = np.broadcast_to(to_numpy(stable), equations.shape).copy()
    verdict[unclear] = is_decaying(equations.of_numbers(unclear))
    return xp.asarray(verdict)
