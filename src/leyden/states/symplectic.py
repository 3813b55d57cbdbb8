"""How mixed a covariance is: the thermal quanta n_k = nu_k - 1/2 of its symplectic eigenvalues, from its excess.

Quanta of a cold state are lost next to 1/2, so nothing here is computed as nu - 1/2 unless nu is large. Of a squeezed
mode n (n + 1) = det V - 1/4 is a difference of numbers as large as the square of its larger variance, each known to its
rounding only: what is smaller than that rounding is zero, and where not even nu itself is known it is said to be lost.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import eigenvalues
from leyden.algebra.graph import connected_parts
from leyden.arrays import Array, complex_of, held, is_concrete, namespace_of, to_numpy
from leyden.conventions import VACUUM_VARIANCE, quadratures_of, symplectic_form

__all__ = ["entropy_of", "quanta_of_mode", "quanta_of_modes", "quanta_of_own"]

# Roundings by which the entries of a strongly squeezed covariance are off: measured up to 8 after a propagation.
_ROUNDINGS = 16 * 2.0**-53
# Trace of one mode's covariance above which it counts as strong.
_STRONG = 4.0
# Relative error of det V from which sqrt(det V) is lost: a hundredth of itself.
_LOST = 0.02
# Largest excess of several modes that are judged by what they have above the vacuum.
_WEAK = 0.25
# Quanta without which a mode has no entropy.
_NEXT_TO_NOTHING = 1e-307


def quanta_of_mode(excess: Array, mode: int, *, is_signed: bool = False) -> tuple[Array, Array]:
    """Thermal quanta sqrt(det V) - 1/2 of one mode, 0 below the rounding of V, and where sqrt(det V) itself is lost."""
    x, p = 2 * mode, 2 * mode + 1
    return _quanta(excess[..., x, x], excess[..., p, p], excess[..., x, p], is_signed=is_signed)


def quanta_of_own(number: Array, half: Array, cross: Array) -> tuple[Array, Array]:
    """The same from <a^dag a>, Re <a^2> and Im <a^2> about the mean, known with digits of their own."""
    return _quanta(number + half, number - half, cross, is_signed=False, number=number)


def _quanta(xx: Array, pp: Array, cross: Array, *, is_signed: bool, number: Array | None = None) -> tuple[Array, Array]:
    xp = namespace_of(xx)
    one = xp.ones_like(xx)
    # All products are divided by the trace of V: they would leave the number range long before V does.
    scale = held(xp.maximum(1 + xx + pp, one))
    above = ((xx + pp) / 2 if number is None else number) / scale + (xx * (pp / scale) - cross * (cross / scale))
    # As a sum of quanta and squeezing each variance is as far off as the larger of the two.
    size = None if number is None else xp.maximum(xp.abs(held(xx)), xp.abs(held(pp)))
    rounding, root_scale = _rounding(held(xx), held(pp), held(cross), scale, size), xp.sqrt(scale)
    vacuum = VACUUM_VARIANCE**2 / scale
    known = held(above)
    is_lost = rounding > _LOST * xp.maximum(known + vacuum, vacuum)
    is_none = known <= xp.where(scale > _STRONG, rounding, 0 * one)
    if is_signed:
        is_none = is_none & (known >= -rounding)
        is_positive = (held(xx) >= -VACUUM_VARIANCE) & (held(pp) >= -VACUUM_VARIANCE) & (known >= -vacuum)
        above = xp.where(is_positive, above, -vacuum)
    # The value is corrected, the derivative is not: at a pure state it is that of the quanta that may come. A product,
    # since a branch not taken would stop the NaN of what is lost, too.
    above = (above - xp.where(is_none, known, 0 * one)) * xp.where(is_none & is_lost, 0 * one, one)
    return above * (scale / (root_scale * xp.sqrt(vacuum + above) + VACUUM_VARIANCE)), is_lost


def _rounding(xx: Array, pp: Array, cross: Array, scale: Array, size: Array | None) -> Array:
    """Error of det V/scale from errors of some roundings in each entry of S, or of a given size in xx and pp."""
    xp = namespace_of(xx)
    wide, narrow = (xp.abs(xx), xp.abs(pp)) if size is None else (size, size)
    first = wide * (xp.abs(VACUUM_VARIANCE + pp) / scale) + narrow * (xp.abs(VACUUM_VARIANCE + xx) / scale)
    return _ROUNDINGS * (first + 2 * xp.abs(cross) * (xp.abs(cross) / scale))


def quanta_of_modes(excess: Array, *, is_signed: bool = False) -> tuple[Array, Array]:
    """Thermal quanta nu_k - 1/2 of all normal modes, shape (..., N), ascending, and where one of them is lost."""
    # Signed, they are negative where V is, beyond rounding, no covariance of a state.
    xp = namespace_of(excess)
    modes = excess.shape[-1] // 2
    found: list[Array] = []
    lost: list[Array] = []
    for group in _uncorrelated(excess):
        if len(group) == 1:
            quanta, is_lost = quanta_of_mode(excess, group[0], is_signed=is_signed)
            quanta = quanta[..., None]
        else:
            place = xp.asarray(quadratures_of(group))
            part = excess if len(group) == modes else xp.take(xp.take(excess, place, axis=-2), place, axis=-1)
            quanta, is_lost = _quanta_together(part)
            if not is_signed:
                negative = xp.minimum(held(quanta), 0 * held(quanta))
                quanta = quanta - negative
        found.append(quanta)
        lost.append(is_lost)
    if len(found) == 1:
        return found[0], lost[0]
    return xp.sort(xp.concat(found, axis=-1), axis=-1), xp.any(xp.stack(lost, axis=-1), axis=-1)


def _uncorrelated(excess: Array) -> list[list[int]]:
    """Groups of modes without correlations between them; one group of all where JAX does not say."""
    modes = excess.shape[-1] // 2
    if modes == 1 or not is_concrete(excess):
        return [list(range(modes))]
    known = to_numpy(excess)
    if np.any(np.diagonal(known, axis1=-2, axis2=-1) <= -VACUUM_VARIANCE):
        return [list(range(modes))]  # no state: what its spectrum is takes all of it
    blocks = (known != 0).reshape(-1, modes, 2, modes, 2).any(axis=(0, 2, 4))
    return [part.tolist() for part in connected_parts(blocks | np.eye(modes, dtype=np.bool_), "weak")]


@lru_cache(maxsize=16)
def _form(modes: int) -> NDArray[np.float64]:
    return symplectic_form(modes)


def _quanta_together(excess: Array) -> tuple[Array, Array]:
    """Thermal quanta of correlated modes."""
    xp = namespace_of(excess)
    size = excess.shape[-1]
    identity, omega = xp.eye(size, dtype=xp.float64), xp.asarray(_form(size // 2))
    covariance = excess + VACUUM_VARIANCE * identity
    is_definite = _is_definite(covariance)
    # Members that have no factor are worked on as the vacuum, and judged apart.
    good = xp.where(is_definite[..., None, None], excess, 0 * excess)
    lower = xp.linalg.cholesky(good + VACUUM_VARIANCE * identity)
    form = lower.mT @ (omega @ lower)
    form = complex_of(xp.zeros_like(form), form)
    largest = xp.max(xp.abs(held(good)), axis=(-2, -1))
    is_weak = (largest <= _WEAK)[..., None]
    # n (n + 1) are the eigenvalues of L^T (V^-1/4 - 1/2 + 1/2 - ...) L: the vacuum drops out before it is rounded.
    weak = xp.where(is_weak[..., None], good, 0 * good)
    factor = xp.where(is_weak[..., None], lower, lower * 0 + identity)
    inner = xp.linalg.solve(identity + 2 * weak, weak) - omega @ weak @ omega
    inner = factor.mT @ ((inner + inner.mT) / 2) @ factor
    pairs = xp.linalg.eigvalsh(inner)
    above = (pairs[..., ::2] + pairs[..., 1::2]) / 2
    known = held(above)
    above = above - xp.where((known < 0) & (known > -_ROUNDINGS * size * largest[..., None]), known, 0 * known)
    root = xp.sqrt(xp.maximum(VACUUM_VARIANCE**2 + above, 0 * above))
    cold = above / (root + VACUUM_VARIANCE)
    hot = xp.linalg.eigvalsh(form)[..., size // 2 :] - VACUUM_VARIANCE
    rounding = _rounding_together(held(form), held(lower), largest)
    known = held(hot)
    is_lost = (rounding > _LOST / 2 * xp.abs(known + VACUUM_VARIANCE)) & ~is_weak
    is_none = xp.abs(known) <= rounding
    hot = (hot - xp.where(is_none, known, 0 * known)) * xp.astype(~(is_none & is_lost), xp.float64)
    return _without_factor(xp.where(is_weak, cold, hot), xp.any(is_lost, axis=-1), covariance, is_definite)


def _is_definite(covariance: Array) -> Array:
    """Whether a covariance is positive definite; NaN passes, and makes NaN."""
    xp = namespace_of(covariance)
    covariance = held(covariance)
    if not is_concrete(covariance):
        return ~xp.any(xp.isnan(xp.linalg.cholesky(covariance)), axis=(-2, -1)) | xp.any(
            xp.isnan(covariance), axis=(-2, -1)
        )
    known = to_numpy(covariance)
    is_missing = np.isnan(known).any(axis=(-2, -1))
    lowest = np.linalg.eigvalsh(np.where(np.isnan(known), np.eye(known.shape[-1]), known))[..., 0]
    return xp.asarray((lowest > 0) | is_missing)


def _rounding_together(form: Array, lower: Array, largest: Array) -> Array:
    """Errors of symplectic eigenvalues: |dV| |w|^2 with w the normal modes L^-T x, scaled to nu |L^-T x|^2."""
    xp = namespace_of(form, lower)
    half = form.shape[-1] // 2
    values, vectors = xp.linalg.eigh(form)
    transposed = complex_of(lower.mT, 0 * lower.mT)
    modes = xp.linalg.solve(transposed, vectors[..., half:])
    return _ROUNDINGS * largest[..., None] * values[..., half:] * xp.sum(xp.abs(modes) ** 2, axis=-2)


def _without_factor(quanta: Array, is_lost: Array, covariance: Array, is_definite: Array) -> tuple[Array, Array]:
    """The same where V has no Cholesky factor: lost in rounding, or no covariance of a state."""
    xp = namespace_of(quanta)
    if not is_concrete(is_definite):
        return xp.where(is_definite[..., None], quanta, 0 * quanta), is_lost | ~is_definite
    bad = ~to_numpy(is_definite)
    if not bad.any():
        return quanta, is_lost
    found, lost, known = np.array(to_numpy(held(quanta))), np.array(to_numpy(is_lost)), to_numpy(held(covariance))[bad]
    spectrum = np.sort(np.abs(eigenvalues(_form(found.shape[-1]) @ known)), axis=-1)[..., ::2]
    size = np.max(np.abs(known), axis=(-2, -1))
    is_rounding = np.linalg.eigvalsh(known)[..., 0] > -_ROUNDINGS * known.shape[-1] * size
    found[bad] = spectrum - VACUUM_VARIANCE
    found[bad] = np.where(is_rounding[..., None], np.maximum(found[bad], 0.0), found[bad])
    lost[bad] = True
    return xp.asarray(found), xp.asarray(lost)


def entropy_of(quanta: Array) -> Array:
    """Entropy of a thermal mode, (n + 1) ln(n + 1) - n ln n, in nats."""
    # As ln(1 + n) + n ln(1 + 1/n), where nothing is subtracted.
    xp = namespace_of(quanta)
    if xp is np:
        # Nothing is lost where 1/n is bounded: n ln(1/n) is below the number range there.
        return np.log1p(quanta) + quanta * np.log1p(1 / np.maximum(quanta, _NEXT_TO_NOTHING))
    one = xp.ones_like(quanta)
    is_some = quanta > 0
    safe = xp.where(is_some, quanta, one)
    is_cold = safe < 1
    cold, hot = xp.where(is_cold, safe, one), xp.where(is_cold, one, safe)
    rest = xp.where(is_cold, cold * (xp.log1p(cold) - xp.log(cold)), hot * xp.log1p(1 / hot))
    # Where there is none the value is 0, but not the derivative: that of the root is infinite, too.
    nothing = xp.sqrt(xp.where(is_some, one, xp.where(quanta == 0, quanta, 0 * quanta)))
    return xp.log1p(quanta) + xp.where(is_some, rest, nothing)
