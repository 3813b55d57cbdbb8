"""The classical states of a device: all fixed points of its equations of motion, and which of them are stable."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError
from leyden.mean_field.homotopy import Ends, ends_of
from leyden.mean_field.polynomials import Polynomials

__all__ = ["FixedPoints", "degrees_of", "fixed_points", "growth_rates", "natural_size", "polished"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# In natural units: how far alpha and the conjugate of alpha* may be apart, how far two points that are one, and how far
# those that rounding makes of a zero of multiplicity 3 or 5, where the derivative is no larger than the last number.
_PHYSICAL, _SAME, _SCATTERED, _FLAT = 3e-5, 1e-6, 2e-3, 1e-8
# What is left of equations whose largest coefficients are 1.
_ROUNDING = 1e-12
# Share of the fastest rate below which a Jacobian is taken for singular.
_SINGULAR = 1e-9
# Smallest singular value, in natural units, of a zero that may be one of many.
_NO_SLOPE = 1e-7
_NEWTON = 40
# Members whose paths are followed at once.
_AT_ONCE = 256
# Random starts that are tried until two of them agree.
_SEEDS = (2, 3, 5, 7)


@dataclass(frozen=True, eq=False)
class FixedPoints:
    """Fixed points of one device, by increasing size."""

    amplitudes: Complex  # (points, N)
    growth: Real  # (points,), largest real part of the Jacobian's eigenvalues
    is_stable: NDArray[np.bool_]  # (points,)
    is_singular: bool  # whether some zero is not isolated, or a double one
    index: int  # sum over all points of the sign of the Jacobian's determinant: 1 where nothing comes from infinity


def degrees_of(field: Polynomials) -> list[tuple[int, int]]:
    """Degrees of each equation in the amplitudes and in their conjugates."""
    half = field.variables // 2
    return list(zip(field.degrees_in(0, half), field.degrees_in(half, 2 * half), strict=True))


def growth_rates(field: Polynomials, amplitudes: Complex) -> Complex:
    """Eigenvalues of the Jacobian at amplitudes (..., N), those of the real equations."""
    whole = np.concatenate([amplitudes, amplitudes.conj()], axis=-1)
    return np.asarray(np.linalg.eigvals(field.jacobian(whole)), dtype=np.complex128)


def _natural_units(field: Polynomials) -> tuple[Real, Polynomials]:
    """Sizes of amplitudes (members,), and the equations in those units, each divided by its largest coefficient."""
    size, degrees = np.abs(field.coefficients), field.degrees
    largest = [np.max(size, axis=-1, where=degrees == one, initial=0.0) for one in range(int(degrees.max()) + 1)]
    scale = np.zeros(size.shape[0])
    with np.errstate(divide="ignore", invalid="ignore"):
        for high in range(len(largest) - 1, 0, -1):
            # The highest degree that a member has bounds its amplitudes, as Fujiwara's bound does for one variable.
            bounds = [(largest[low] / largest[high]) ** (1 / (high - low)) for low in range(high)]
            scale = np.where((scale == 0) & (largest[high] > 0), np.max(bounds, axis=0), scale)
    scale = np.where(scale > 0, scale, 1.0)
    scaled = field.coefficients * scale[:, None] ** (degrees - 1)
    per = np.zeros((size.shape[0], field.count))
    for place in range(field.count):
        per[:, place] = np.max(np.abs(scaled), axis=-1, where=field.targets == place, initial=0.0)
    per = np.where(per > 0, per, 1.0)
    return scale, field.with_coefficients(scaled / per[:, field.targets])


def natural_size(field: Polynomials) -> float:
    """Size of the amplitudes of a single device, at most, by its coefficients."""
    return float(_natural_units(field.with_coefficients(field.coefficients[None]))[0][0]) if field.targets.size else 1.0


def polished(field: Polynomials, points: Complex) -> tuple[Complex, Real]:
    """Points (..., variables) after Newton's steps, each kept while it helps, and the size of the last one."""
    sizes = np.full(points.shape[:-1], np.inf)
    with np.errstate(all="ignore"):
        for _ in range(_NEWTON):
            # Of a double zero the matrix is singular, and its smallest solution is what halves the distance.
            step = (np.linalg.pinv(field.jacobian(points), rcond=1e-14) @ field(points)[..., None])[..., 0]
            size = np.linalg.norm(step, axis=-1)
            is_better = size < sizes
            if not is_better.any():
                break
            points = np.where(is_better[..., None], points - step, points)
            sizes = np.where(is_better, size, sizes)
    return points, sizes


def _zeros(field: Polynomials, ends: Ends) -> list[tuple[Complex, Complex]]:
    """Of each member: all its different finite zeros, and the physical ones among them."""
    half, found = field.variables // 2, list[tuple[Complex, Complex]]()
    for member, (points, is_finite) in enumerate(zip(ends.points, ends.is_finite, strict=True)):
        one = field.at(member)
        own, sizes = polished(one, points[is_finite])
        own = _different(own[(sizes <= _SAME * (1 + np.linalg.norm(own, axis=-1))) | _is_zero(one, own)], one)
        apart = np.linalg.norm(own[:, :half] - own[:, half:].conj(), axis=-1)
        bound = np.where(_is_flat(one, own), _SCATTERED, _PHYSICAL)
        near = own[apart <= bound * (1 + np.linalg.norm(own, axis=-1))]
        # Of a multiple zero rounding leaves some digits: those who may be physical start again from what is.
        middle = (near[:, :half] + near[:, half:].conj()) / 2
        again, _ = polished(one, np.concatenate([middle, middle.conj()], axis=-1))
        found.append((own, _different(again[_is_zero(one, again)], one)[:, :half]))
    return found


def _is_zero(field: Polynomials, points: Complex) -> NDArray[np.bool_]:
    """Whether equations in natural units hold at points (points, variables) to rounding."""
    return np.linalg.norm(field(points), axis=-1) <= _ROUNDING * (1 + np.linalg.norm(points, axis=-1))


def _is_flat(field: Polynomials, points: Complex) -> NDArray[np.bool_]:
    """Whether the derivative all but vanishes along some direction."""
    if not len(points):
        return np.zeros(0, dtype=np.bool_)
    return np.linalg.svd(field.jacobian(points), compute_uv=False)[..., -1] <= _FLAT


def _different(points: Complex, field: Polynomials) -> Complex:
    """Points without those that are the same; of a multiple zero rounding makes several, which lie further apart."""
    reach = np.where(_is_flat(field, points), _SCATTERED, _SAME) * (1 + np.linalg.norm(points, axis=-1))
    kept: list[int] = []
    for place, one in enumerate(points):
        if all(np.linalg.norm(one - points[other]) > min(reach[place], reach[other]) for other in kept):
            kept.append(place)
    return points[kept]


def fixed_points(field: Polynomials) -> list[FixedPoints]:
    """All isolated fixed points of each member, from coefficients (members, terms)."""
    scale, scaled = _natural_units(field)
    found: list[FixedPoints] = []
    for first in range(0, len(scale), _AT_ONCE):
        chosen = slice(first, first + _AT_ONCE)
        zeros = _agreed(scaled.at(chosen))
        for member, (every, physical) in enumerate(zeros, start=first):
            found.append(_judged(field.at(member), scaled.at(member), float(scale[member]), every, physical))
    return found


def _agreed(scaled: Polynomials) -> list[tuple[Complex, Complex]]:
    """Zeros that two random starts agree on; those of members on which they do not, from more of them."""
    degrees = degrees_of(scaled)
    found = _zeros(scaled, ends_of(scaled, degrees, _SEEDS[0]))
    open_ones = np.arange(len(found))
    for seed in _SEEDS[1:]:
        part = scaled.at(open_ones)
        again = _zeros(part, ends_of(part, degrees, seed))
        left: list[int] = []
        for member, other in zip(open_ones.tolist(), again, strict=True):
            mine = found[member]
            one, half = scaled.at(member), scaled.variables // 2
            every = _different(np.concatenate([mine[0], other[0]]), one)
            joint = np.concatenate([mine[1], other[1]])
            both = _different(np.concatenate([joint, joint.conj()], axis=-1), one)[:, :half]
            if not len(mine[1]) == len(other[1]) == len(both):
                left.append(member)
            found[member] = (every, both)
        open_ones = np.asarray(left, dtype=np.intp)
        if not left:
            return found
    raise ConvergenceError(
        f"Argument `network` must have classical states that can be told apart, but {len(_SEEDS)} searches found "
        "unlike ones: some nearly coincide. Move a parameter away from where branches meet.",
        residual=float(len(open_ones)),
        tolerance=0.0,
    )


def _judged(field: Polynomials, scaled: Polynomials, scale: float, every: Complex, physical: Complex) -> FixedPoints:
    """Fixed points in quanta, sorted by energy and phase, with their stability."""
    singular = np.linalg.svd(scaled.jacobian(every), compute_uv=False) if len(every) else np.ones((1, 1))
    amplitudes = scale * physical
    eigenvalues = growth_rates(field, amplitudes)
    growth = np.max(eigenvalues.real, axis=-1, initial=-np.inf)
    fastest = np.max(np.abs(eigenvalues), axis=-1, initial=0.0)
    # Lexicographic on what rounding does not move: total quanta, then the phases.
    key = np.round(np.sum(np.abs(amplitudes) ** 2, axis=-1), 9)
    order = np.lexsort((*np.round(np.angle(amplitudes.T), 9)[::-1], key))
    signs = np.sign(np.prod(eigenvalues, axis=-1).real)
    return FixedPoints(
        amplitudes[order],
        growth[order],
        (growth < -_SINGULAR * fastest)[order],
        bool(np.min(singular) <= _NO_SLOPE),
        int(np.sum(signs)),
    )
