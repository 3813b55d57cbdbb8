"""Amplitudes in time, and where they settle."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError
from leyden.mean_field.fixed_points import growth_rates, polished
from leyden.mean_field.polynomials import Polynomials

__all__ = ["Settled", "free_phases", "run", "settle"]

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

# Relative error of a step in time, and that of one on the way to where amplitudes settle, which Newton ends.
_STEP, _ROUGH = 1e-11, 1e-7
# Newton's step, relative to the amplitudes, from which a fixed point is reached.
_REACHED = 1e-5
# Share of the fastest rate that counts as none.
_NONE = 1e-9
_MOST_STEPS, _BETWEEN = 3000, 10
# Longest step on the way to where amplitudes settle, in units of the fastest rate.
_LONGEST = 1e6
# Steps of a run, if all were as short as one of them, that are too many.
_TOO_MANY, _FIRST = 3e6, 100
# Amplitudes, relative to the push, beyond which nothing holds them.
_FAR = 1e12


@dataclass(frozen=True)
class Settled:
    """Where amplitudes went."""

    amplitudes: Complex  # (N,)
    growth: float  # largest real part of the Jacobian's eigenvalues there
    fate: str  # "settles", "grows" or "moves"


def _whole(amplitudes: Complex) -> Complex:
    return np.concatenate([amplitudes, amplitudes.conj()], axis=-1)


def _packed(amplitudes: Complex) -> Real:
    return np.concatenate([amplitudes.real, amplitudes.imag], axis=-1)


def _unpacked(values: Any) -> Complex:
    half = len(values) // 2
    return values[:half] + 1j * values[half:]


def run(field: Polynomials, drives: Polynomials, frequencies: Real, start: Complex, times: Real) -> tuple[Any, Any]:
    """Amplitudes (times, N) and the work of the drives (times,)."""
    from scipy.integrate import DOP853

    modes = len(start)

    def rate(_time: float, values: Any) -> Any:
        amplitudes = _unpacked(values[:-1])
        point = _whole(amplitudes)
        pull = drives(point)[:modes]
        power = 2 * np.sum(frequencies * (amplitudes.conj() * pull).real)
        return np.append(_packed(field(point)[:modes]), power)

    first = np.append(_packed(start), 0.0)
    found = np.tile(first, (len(times), 1))
    if times[-1] > 0:
        size = float(np.max(np.abs(start), initial=0.0))
        walk: Any = DOP853(rate, 0.0, first, float(times[-1]), rtol=_STEP, atol=1e-14 * (1 + size))
        taken = 0
        while walk.status == "running":
            taken += 1
            with np.errstate(over="ignore", invalid="ignore"):
                walk.step()
            _check(walk, taken)
            inside = (times > walk.t_old) & (times <= walk.t)
            if inside.any():
                found[inside] = walk.dense_output()(times[inside]).T
    return found[:, :modes] + 1j * found[:, modes : 2 * modes], found[:, -1]


def _check(walk: Any, taken: int) -> None:
    """Refuse a run that would not come to its end; the first steps, from nothing, may be as short as they like."""
    is_short = taken > _FIRST and walk.step_size * _TOO_MANY < walk.t_bound and walk.status == "running"
    if walk.status == "failed" or not np.all(np.isfinite(walk.y)) or is_short:
        raise ConvergenceError(
            f"Argument `times` must end where amplitudes can be followed to, but at {walk.t:.6g} they change too fast: "
            "they grow without end, or rates are too unlike. Ask for earlier times, or damp more.",
            residual=float("inf"),
            tolerance=_STEP,
        )


def free_phases(field: Polynomials) -> int:
    """How many phases nothing fixes: ways to turn all amplitudes that leave the equations as they are."""
    modes = field.variables // 2
    own = field.targets < modes
    charges = np.zeros((int(np.count_nonzero(own)), modes))
    for row, (target, factors) in enumerate(zip(field.targets[own], field.factors[own], strict=True)):
        charges[row, target] -= 1
        for one in factors[factors > 0]:
            charges[row, (one - 1) % modes] += 1 if one <= modes else -1
    return modes - (int(np.linalg.matrix_rank(charges)) if len(charges) else 0)


def _longest_step(field: Polynomials, amplitudes: Complex) -> float:
    """Steps resolve whatever grows, which an implicit method would else damp, and are not without bound."""
    eigenvalues = growth_rates(field, amplitudes)
    fastest, growth = float(np.max(np.abs(eigenvalues))), float(np.max(eigenvalues.real))
    return 1 / max(2 * growth, fastest / _LONGEST, np.finfo(float).tiny)


def settle(field: Polynomials, start: Complex) -> Settled:
    """Where amplitudes go from a start, if they come to rest."""
    from scipy.integrate import Radau

    modes = len(start)
    # Real parts and imaginary parts by amplitudes and their conjugates, and back.
    one, back = np.eye(modes), np.array([[0.5, 0.5], [-0.5j, 0.5j]])
    forth = np.kron(np.array([[1, 1j], [1, -1j]]), one)

    def rate(_time: float, values: Any) -> Any:
        return _packed(field(_whole(_unpacked(values)))[:modes])

    def slope(_time: float, values: Any) -> Any:
        return (np.kron(back, one) @ field.jacobian(_whole(_unpacked(values))) @ forth).real

    push = float(np.max(np.abs(start)))
    end = _MOST_STEPS * _LONGEST * _longest_step(field, start)  # beyond what steps come to
    walk: Any = Radau(rate, 0.0, _packed(start), end, rtol=_ROUGH, atol=_ROUGH * push, jac=slope)
    growth, is_free = np.inf, free_phases(field) > 0
    for step in range(_MOST_STEPS):
        with np.errstate(all="ignore"), warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of singular matrices on the way to infinity
            walk.max_step = _longest_step(field, _unpacked(walk.y))
            walk.step()
        now = _unpacked(walk.y)
        size = float(np.max(np.abs(now)))
        if walk.status != "running" or not size < _FAR * max(push, 1.0):
            return Settled(now, growth, "grows")
        if step % _BETWEEN:
            continue
        found, _ = polished(field, _whole(now)[None])
        rest = found[0, :modes]
        if np.max(np.abs(rest - now)) > _REACHED * (size + push) or not np.all(np.isfinite(rest)):
            continue
        eigenvalues = growth_rates(field, rest)
        growth, fastest = float(np.max(eigenvalues.real)), float(np.max(np.abs(eigenvalues)))
        if growth < -_NONE * fastest or (is_free and growth <= _NONE * fastest):
            return Settled(rest, growth, "settles")
    return Settled(_unpacked(walk.y), growth, "moves")
