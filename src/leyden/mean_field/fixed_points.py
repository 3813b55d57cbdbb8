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

# In natural units: how far alpha and the conjugate of alpha* may be apart, and how far two points that are one.
_PHYSICAL, _SAME = 1e-7, 1e-6
# Share of the fastest rate below which a Jacobian is taken for singular.
_SINGULAR = 1e-9
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
        own, sizes = polished(field.at(member), points[is_finite])
        own = own[sizes <= _SAME * (1 + np.linalg.norm(own, axis=-1))]
        own = _different(own)
        apart = np.linalg.norm(own[:, :half] - own[:, half:].conj(), axis=-1)
        physical = own[apart <= _PHYSICAL * (1 + np.linalg.norm(own, axis=-1))]
        found.append((own, (physical[:, :half] + physical[:, half:].conj()) / 2))
    return found


def _different(points: Complex) -> Complex:
    kept: list[Complex] = []
    for one in points:
        if all(np.linalg.norm(one - other) > _SAME * (1 + np.linalg.norm(one)) for other in kept):
            kept.append(one)
    return np.asarray(kept, dtype=np.complex128).reshape(-1, points.shape[-1])


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
            both = tuple(_different(np.concatenate(pair)) for pair in zip(mine, other, strict=True))
            if not len(mine[1]) == len(other[1]) == len(both[1]):
                left.append(member)
            found[member] = (both[0], both[1])
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
        bool(np.min(singular) <= _PHYSICAL),
        int(np.sum(signs)),
    )
