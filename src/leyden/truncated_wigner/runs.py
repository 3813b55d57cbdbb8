"""Ensembles along given times, in steps that are judged before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ConvergenceError
from leyden.truncated_wigner.ensemble import MOMENTS, Ensemble, Start, check_finite, moments_of, unit_size
from leyden.truncated_wigner.equations import Equations
from leyden.truncated_wigner.pilot import Judged, Pairs, exact, first_step, judged, next_step
from leyden.truncated_wigner.settings import TrajectoryProgress, TruncatedWigner
from leyden.truncated_wigner.validity import Validity
from leyden.truncated_wigner.walk import Stepper, Walk

__all__ = ["MOST_STEPS", "Course", "Job", "Look", "chosen_step", "course", "needed_bytes", "pairs_of", "steps_of"]

Real = NDArray[np.float64]
Look = Callable[[Ensemble, int, int, Walk], None]
"""Looks at a unit: where it belongs, which snapshot that is, its first trajectory, and itself."""

# Pairs that a step is judged by: a share of all trajectories, and no less than so many; times at which they are looked
# at, and steps that are tried.
_PAIRS, _FEWEST, _MARKS, _TRIALS = 16, 512, 6, 9
MOST_STEPS = 500_000
"""Steps of a run beyond which they are too many."""
REMEDY = 'Ask for earlier times, damp more, or take a shorter `step`; a few modes may suit method="fock".'


@dataclass(frozen=True, eq=False)
class Job:
    """What is to be followed, from where, how, and who looks on."""

    equations: Equations
    start: Start
    settings: TruncatedWigner
    validity: Validity
    look: Look | None = None

    def tell(self, stage: str, done: int) -> None:
        """Report progress, where that is wanted."""
        settings = self.settings
        if settings.progress is not None:
            settings.progress(TrajectoryProgress(stage, min(done, settings.trajectories), settings.trajectories))


@dataclass(frozen=True, eq=False)
class Course:
    """Sums over groups of trajectories along times."""

    sums: Real  # (groups, times, N, 7)
    members: NDArray[np.int64]  # (groups,)
    work: Real | None  # (groups, times)
    step: float
    judged: Judged


def steps_of(duration: float, step: float) -> int:
    """Number of steps of a stretch of time, none longer than `step`."""
    return max(1, int(np.ceil(duration / step - 1e-9))) if duration > 0 else 0


class _Steppers(dict[float, Stepper]):
    """Steppers by their lengths."""

    def __init__(self, equations: Equations) -> None:
        super().__init__()
        self.equations = equations

    def of(self, duration: float) -> Stepper:
        key = float(f"{duration:.13g}")
        if key not in self:
            self[key] = Stepper(self.equations, key)
        return self[key]


def pairs_of(settings: TruncatedWigner) -> int:
    """How many trajectories go ahead of all."""
    return min(settings.trajectories, max(_FEWEST, settings.trajectories // _PAIRS))


def chosen_step(
    job: Job,
    duration: float,
    begin: Callable[[int, np.random.Generator], Real],
    *,
    is_worked: bool,
    trajectories: float,
    quanta: Real | None = None,
) -> tuple[Equations, float, Judged]:
    """A step whose error is small beside the statistical one, or the error of the given one."""
    equations, settings = job.equations, job.settings
    if equations.is_linear and not (is_worked and equations.drives.targets.size):
        return equations, duration, exact(equations.modes, duration)
    turns = bool(equations.turning.any())
    given = settings.step
    step = first_step(equations, duration) if given is None else min(given, duration)
    marks = duration / _MARKS
    now = equations if quanta is None else equations.linearised(quanta)
    is_known = quanta is not None or not turns
    found: Judged | None = None
    for trial in range(_TRIALS):
        # The same random numbers each time: what differs is the step.
        generator = np.random.Generator(np.random.SFC64(np.random.SeedSequence(settings.seed, spawn_key=(1,))))
        pairs = Pairs(now, begin(pairs_of(settings), generator), generator)
        seen: list[tuple[Real, Real]] = []
        with np.errstate(all="ignore"):
            for _ in range(_MARKS):
                pairs.run(marks, step, is_worked=is_worked)
                seen.append(pairs.compared())
        taken = marks / (2 * max(1, int(np.ceil(marks / (2 * step) - 1e-9))))
        found = judged(taken, seen, trajectories).after(found)
        job.tell("step", (trial + 1) * settings.trajectories // _TRIALS)
        if not found.is_finite and given is None:
            step = next_step(found)
            continue
        is_last = given is not None or found.is_enough
        if turns and found.is_finite and (not is_known or not is_last):
            now = equations.linearised(found.quanta)
        if is_last and is_known:
            break
        if is_known:
            step = next_step(found)
        is_known = True
    assert found is not None
    if duration / step > MOST_STEPS:
        raise ConvergenceError(
            f"Argument `network` must be followed in at most {MOST_STEPS:,} steps, but steps of {step:.3g} would take "
            f"{duration / step:.3g}: its rates are too unlike. {REMEDY}",
            residual=duration / step,
            tolerance=float(MOST_STEPS),
        )
    return now, step, found


def course(job: Job, times: Real) -> Course:
    """Sums along times, in steps chosen for them."""
    equations, settings, (mean, root) = job.equations, job.settings, job.start
    with_work = bool(equations.drives.targets.size)

    def begin(count: int, generator: np.random.Generator) -> Real:
        return mean[:, None] + root @ generator.standard_normal((len(mean), count))

    last = float(times[-1])
    if last > 0:
        equations, step, found = chosen_step(job, last, begin, is_worked=with_work, trajectories=settings.trajectories)
    else:
        step, found = 1.0, exact(equations.modes, 1.0)
    ensemble = Ensemble(equations, job.start, settings.trajectories, settings.seed, 0)
    sums = np.zeros((ensemble.groups, len(times), equations.modes, MOMENTS))
    work = np.zeros((ensemble.groups, len(times))) if with_work else None
    steppers = _Steppers(equations)
    looked_at = set(np.linspace(0, len(times) - 1, 9).round().astype(int).tolist())
    observer = steppers.of(min(step, last) if last > 0 else 1.0)
    for first, walk in ensemble.walks():
        now, done = 0.0, np.zeros(walk.r.shape[1])
        for place, time in enumerate(times.tolist()):
            if count := steps_of(time - now, step):
                stepper = steppers.of((time - now) / count)
                with np.errstate(all="ignore"):
                    done = done + walk.run(stepper, count, is_worked=with_work)
                check_finite(walk.r, time, REMEDY)
            now = time
            found_here = moments_of(observer, walk.r, with_rates=True)
            ensemble.add(sums[:, place], first, found_here.transpose(1, 0, 2))
            if work is not None:
                ensemble.add(work[:, place], first, done)
            if job.look is not None:
                job.look(ensemble, place, first, walk)
            if not first and place in looked_at:
                job.validity.look_at(observer, walk.r)
        job.tell("measuring", first + ensemble.size)
    return Course(sums, ensemble.members, work, step, found)


def needed_bytes(modes: int, times: int, trajectories: int, *, is_kept: bool) -> int:
    """About the memory that a run takes: trajectories that are kept, and sums with what is made of them."""
    kept = 2 * 4 * modes * (trajectories if is_kept else unit_size(modes))
    sums = 40 * max(times, 1) * modes * (MOMENTS + 40)
    return 8 * (kept + sums)
