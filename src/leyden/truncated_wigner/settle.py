"""Trajectories until nothing changes any more: a steady state, and how it was told from what is on its way."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError
from leyden.truncated_wigner.ensemble import MOMENTS, Ensemble, check_finite, moments_of, quanta_of
from leyden.truncated_wigner.equations import Equations, driven_drift
from leyden.truncated_wigner.pilot import fastest_rate, first_step
from leyden.truncated_wigner.runs import MOST_STEPS, REMEDY, Course, Job, chosen_step, pairs_of, steps_of
from leyden.truncated_wigner.walk import Stepper

__all__ = ["Rest", "rest"]

Real = NDArray[np.float64]

# Snapshots of each half of a window, standard errors that its halves may be apart, and windows that are tried: of few
# trajectories, and of all.
_SNAPSHOTS, _APART, _WINDOWS, _LAST = 24, 4.0, 12, 4
# How often a step is taken a quarter as long where trajectories leave the number range, which may be the step's doing.
_RETRIES = 3
# Independent trajectories that the snapshots of one are taken for.
_WORTH = 4.0
# Longest first window, in units of the fastest rate: of slow baths, and of what drives slow down.
_SLOW, _DRIVEN = 4e5, 100.0
# Quanta beyond which, and beyond the start by as much, nothing holds a device.
_FAR = 1e12


@dataclass(frozen=True)
class Rest:
    """The same where a device has come to rest."""

    course: Course
    settled: float  # time after which it was measured
    window: float  # and for how long
    apart: float  # its halves, in standard errors


@dataclass(frozen=True)
class _Window:
    """Sums over the snapshots of both halves of a stretch of time."""

    halves: list[Real]  # (groups, N, 7) each
    members: NDArray[np.int64]

    @property
    def apart(self) -> float:
        """Largest distance of second moments in the halves, in standard errors; moments that stay do not count."""
        means = [half[..., 2:6] / (_SNAPSHOTS * self.members[:, None, None]) for half in self.halves]
        change = means[1] - means[0]
        groups = len(self.members)
        error = np.std(change, axis=0, ddof=1) / np.sqrt(groups)
        return float(np.max(np.abs(np.mean(change, axis=0)) / np.where(error > 0, error, np.inf), initial=0.0))

    @property
    def quanta(self) -> Real:
        """Mean |alpha|^2 of each mode in the second half."""
        total = np.sum(self.halves[1], axis=0) / (_SNAPSHOTS * np.sum(self.members))
        return (total[:, 2] + total[:, 3]) / 2


def _window(job: Job, ensemble: Ensemble, stepper: Stepper, steps: int, *, is_last: bool = False) -> _Window:
    """All trajectories on, through twice so many stretches of so many steps, with a snapshot behind each."""
    halves = [np.zeros((ensemble.groups, stepper.equations.modes, MOMENTS)) for _ in range(2)]
    for first, walk in ensemble.walks(is_kept=True):
        for place in range(2 * _SNAPSHOTS):
            with np.errstate(all="ignore"):
                walk.run(stepper, steps)
                found = moments_of(stepper, walk.r, with_rates=False)
            ensemble.add(halves[place // _SNAPSHOTS], first, found.transpose(1, 0, 2))
            if is_last and job.look is not None:
                job.look(ensemble, place, first, walk)
        check_finite(walk.r, None, REMEDY)
        if is_last:
            job.tell("measuring", first + ensemble.size)
    return _Window(halves, ensemble.members)


def _lengths(equations: Equations) -> float:
    """A time in which something happens, to begin with."""
    fastest = fastest_rate(equations)
    if not fastest:
        return 1.0

    def slowest(drift: Real) -> float:
        real = np.abs(np.linalg.eigvals(drift).real)
        return float(np.min(real, where=real > 1e-9 * fastest, initial=fastest))

    # What drives slow down, near a threshold, is as slow as that only where nothing else is there.
    most = _SLOW if equations.is_linear else _DRIVEN
    of_all = min(4 / slowest(equations.drift), most / fastest)
    return max(of_all, min(4 / slowest(equations.drift - driven_drift(equations)), _SLOW / fastest))


def _settle(job: Job) -> tuple[float, float, Ensemble]:
    """Some trajectories on their way, until nothing changes: step, time taken, and where they are."""
    equations, settings = job.equations, job.settings
    length, step = _lengths(equations), first_step(equations, _lengths(equations))
    if settings.step is not None:
        step = settings.step
    now = 0.0
    ensemble = Ensemble(equations, job.start, pairs_of(settings), settings.seed, 2)
    for trial in range(_WINDOWS):
        steps = steps_of(length / (2 * _SNAPSHOTS), step)
        if 2 * _SNAPSHOTS * steps > MOST_STEPS:
            break
        stepper = Stepper(ensemble.equations, length / (2 * _SNAPSHOTS * steps))
        try:
            found = _window(job, ensemble, stepper, steps)
        except ConvergenceError:
            if settings.step is not None or trial > _RETRIES or equations.is_linear:
                raise
            step, now = step / 4, 0.0
            ensemble = Ensemble(equations, job.start, pairs_of(settings), settings.seed, 2)
            continue
        now += length
        job.tell("settling", 0)
        if found.apart <= _APART and trial:
            return step, now, ensemble
        if np.max(found.quanta) > _FAR * (1 + float(np.sum(job.start[0] ** 2))):
            break
        if equations.turning.any():
            ensemble.equations = equations.linearised(found.quanta)
        length *= 2 if trial else 1
    raise _unsettled(now)


def _unsettled(now: float) -> ConvergenceError:
    return ConvergenceError(
        f"Argument `network` must settle, but its trajectories still change after a time of {now:.4g}. Damp more, or "
        "add what holds them, as Kerr or two-photon loss, or follow them with `charge`.",
        residual=float("inf"),
        tolerance=_APART,
    )


def rest(job: Job) -> Rest:
    """Sums over trajectories and snapshots where a device has come to rest."""
    settings = job.settings
    _, settled, pilots = _settle(job)
    there = np.concatenate([walk.r for _, walk in pilots.walks(is_kept=True)], axis=1)

    def begin(count: int, _generator: np.random.Generator) -> Real:
        return there[:, :count]

    quanta = np.mean(quanta_of(there), axis=-1)
    # Snapshots of one trajectory are worth some independent ones.
    near, step, found = chosen_step(
        job, settled / 2, begin, is_worked=False, trajectories=_WORTH * settings.trajectories, quanta=quanta
    )
    ensemble = Ensemble(near, job.start, settings.trajectories, settings.seed, 0)
    length, now = settled / 2, 0.0
    steps = steps_of(settled, step)
    stepper = Stepper(near, settled / steps)
    for first, walk in ensemble.walks(is_kept=True):
        with np.errstate(all="ignore"):
            walk.run(stepper, steps)
        check_finite(walk.r, settled, REMEDY)
        job.tell("settling", first + ensemble.size)
    now += settled
    for _ in range(_LAST):
        steps = steps_of(length / (2 * _SNAPSHOTS), step)
        stepper = Stepper(near, length / (2 * _SNAPSHOTS * steps))
        window = _window(job, ensemble, stepper, steps, is_last=True)
        if window.apart <= _APART:
            _, walk = next(ensemble.walks(is_kept=True))
            job.validity.look_at(stepper, walk.r)
            sums = (window.halves[0] + window.halves[1])[:, None]
            return Rest(
                Course(sums, 2 * _SNAPSHOTS * ensemble.members, None, stepper.duration, found),
                now,
                length,
                window.apart,
            )
        now, length = now + length, 2 * length
    raise _unsettled(now)
