"""`sweep`: a whole study, in memory or in a store, in one sitting or in several."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, prod
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.numeric import whole_number
from leyden.quantities import QUANTITIES
from leyden.runner import (
    Axis,
    Blocks,
    Crew,
    Failure,
    Job,
    Points,
    Progress,
    Recipe,
    Report,
    Sampling,
    Status,
    Store,
    Template,
    combine,
    crew,
    described,
    differences,
    failure_attributes,
    paced,
    tasks_of,
    template_of,
)
from leyden.study.devices import Builder, builder_of
from leyden.study.identity import value_words
from leyden.study.measures import Measure, measure_of, work, working_bytes
from leyden.text import shortened
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["sweep"]

# A block is written at once: results of so many bytes, in so many operations or nearly, at most so many points, and so
# many blocks at least. It is measured in batches that fit a working memory.
_BLOCK_BYTES = 2**27
_BLOCK_WORK = 10**10
_LARGEST_BLOCK = 2**20
_LEAST_BLOCKS = 32
_BATCH_BYTES = 2**29
# What writing a block takes, for nine variables on a disk of its own, and how many of them are worth a word.
_BLOCK_SECONDS = 0.05
_MANY_BLOCKS = 1000
# Results that are kept in memory.
_MEMORY_BYTES = 2**32


def sweep(
    build: Any,
    axes: Mapping[str, Any],
    *,
    measure: Any = "steady_state",
    store: str | os.PathLike[str] | None = None,
    sampling: Sampling = "grid",
    points: int | None = None,
    seed: int = 0,
    fixed: Mapping[str, Any] | None = None,
    times: Any = None,
    scheduler: str | None = None,
    workers: int = 1,
    resume: bool = False,
    block: int | None = None,
    progress: Callable[[Progress], object] | None = None,
) -> xr.Dataset:
    """Measure a device over a whole range of its parameters.

    Parameters
    ----------
    build : str, callable or Network
        A name of the catalog, whose other parameters are those of `leyden devices NAME`; a function that takes
        parameters by name, as labelled arrays, and returns a Network; or a Network, whose parameters are called as the
        record that holds them, for example `TwoPhotonDrive(charger).amplitude`.
    axes : mapping of str to sequence, array or Range
        Values of each parameter that varies; a complex axis NAME becomes the coordinates `NAME_real` and
        `NAME_imaginary` over the dim NAME.
    measure : str or callable
        "steady_state", "charge" (with `times`), or a function of the network that returns a Dataset over the dims of
        its parameters, and perhaps more.
    store : str, path or None
        Zarr store to write to, block by block; None keeps everything in memory.
    sampling : str
        "grid" (every combination, one dim for each axis), "zip" (axes of equal length side by side, along the dim
        `point`), or "latin_hypercube" or "sobol" (`points` samples between the ends of the axes, along `point`).
    points : int or None
        Number of samples.
    seed : int
        Of the samples.
    fixed : mapping or None
        Parameters that are the same everywhere.
    times : array or None
        Of the charging curves, in units of 1/rate.
    scheduler : str or None
        Address of a Dask scheduler that computes the blocks; the store must be on a file system that its workers see.
    workers : int
        Processes that compute the blocks; 1 computes here.
    resume : bool
        Whether to go on with an unfinished store. Where there is none yet, one is begun.
    block : int or None
        Largest number of points that are computed and written at once; by default what fits about 512 MiB of working
        memory in each process, and at least 32 blocks. To write a block takes some 0.05 s beside its computation:
        where blocks are many and small, a warning says what that comes to.
    progress : callable or None
        Takes a `leyden.study.Progress` after each block.

    Returns
    -------
    xarray.Dataset
        Over the sweep's dims first, in the order of the axes; variables and attributes as the measure gives them.
        Points at which building or measuring raised are NaN; attributes `failed_points` and `failures` (JSON) tell
        which and why. From a store, values are read where they are looked at.

    Raises
    ------
    ParameterError
        If axes do not go together or name unknown parameters, if no point works, if the scheduler does not answer, if
        the store is not leyden's, holds another study or an unfinished one while `resume` is False, or if the results
        outgrow memory or disk.
    LeydenError
        If the disk runs full, the scheduler is lost, or blocks kill their workers. Finished blocks are kept.

    Notes
    -----
    A store that is finished is opened, and nothing is computed. One that was left unfinished, however its processes
    ended, is finished with `resume=True`, and then holds the same bits as if nothing had happened: blocks are computed
    whole, with one linear algebra thread, wherever they are computed. Other processors and other releases of NumPy may
    differ in the last bits.

    References
    ----------
    McKay, Beckman and Conover (1979) for Latin hypercubes, Sobol (1967) and Owen (1998) for scrambled Sobol points.

    Examples
    --------
    The critical drive is a quarter of the charger's decay rate 0.1 + 1/2:

    >>> from leyden.study import sweep
    >>> found = sweep("two_photon_battery", {"drive": [0.1, 0.2], "charger_damping": [0.1, 0.5]})
    >>> found.is_stable.values.tolist()
    [[True, True], [False, True]]
    """
    builder = builder_of(build)
    attributes = {name: quantity.attributes() for name, quantity in QUANTITIES.items()}
    grid = combine(axes, sampling, points=points, seed=seed, attributes=attributes)
    given = dict(fixed or {})
    builder.refuse_names(axes, given)
    block = None if block is None else whole_number("block", block, 1)
    plan = _Plan(builder, measure_of(measure, times), grid, given, block, progress)
    if store is not None:
        place = Store.at(store)
        status = plan.status(place, resume)
        if status is not None and status.is_complete:
            return place.open()
        with crew(workers, scheduler) as hands:
            return plan.in_store(place, status, hands)
    if resume:
        raise ParameterError.of("store", "be given to resume from", store)
    with crew(workers, scheduler) as hands:
        return plan.in_memory(hands)


@dataclass(frozen=True, eq=False)
class _Plan:
    """A sweep whose arguments are in order."""

    builder: Builder
    measured: Measure
    grid: Points
    fixed: Mapping[str, Any]
    block: int | None
    progress: Callable[[Progress], object] | None

    @property
    def recipe(self) -> Recipe:
        return Recipe(self.builder.call, self.measured.run, self.fixed)

    def words(self) -> dict[str, str]:
        """What makes the study this one."""
        parameters = {f"fixed {name}": value_words(value) for name, value in sorted(self.fixed.items())}
        return {
            "device": self.builder.words,
            **self.measured.words,
            **parameters,
            **described(self.grid),
            "leyden": __version__,
        }

    def blocks(self, template: Template, where: Mapping[str, Axis], least: int) -> Blocks:
        """A division that depends on the study alone, and not on who computes it."""
        largest = self.block
        if largest is None:
            fitting = _BLOCK_BYTES // template.point_bytes
            soon_done = _BLOCK_WORK // work(self.recipe.device(where))
            largest = max(1, min(fitting, soon_done, _LARGEST_BLOCK, ceil(self.grid.count / least)))
        return Blocks.of(self.grid.sizes, largest)

    def advise(self, blocks: Blocks, usual: Blocks) -> None:
        """Warn of blocks so small that writing them takes longer than most measures do."""
        if blocks.count < _MANY_BLOCKS or blocks.count < 2 * usual.count:
            return
        minutes = blocks.count * _BLOCK_SECONDS / 60
        warnings.warn(
            f"Argument `block` makes {blocks.count} blocks of at most {prod(blocks.chunks.values())} points. To write "
            f"one takes some {_BLOCK_SECONDS:.2g} s beside its computation, {minutes:.2g} min of one process in all; "
            f"without `block` there are {usual.count}.",
            # From here over `in_store` and `sweep` to whoever calls it.
            stacklevel=4,
        )

    def batch(self, where: Mapping[str, Axis]) -> int:
        """How many points are measured at once."""
        return max(1, _BATCH_BYTES // working_bytes(self.recipe.device(where), self.measured.times))

    def reports(self, job: Job, blocks: Blocks, done: Collection[int], measured: int, hands: Crew) -> Iterator[Report]:
        """Compute the blocks that are not done yet."""
        missing = (number for number in range(blocks.count) if number not in done)
        found = hands.run(job, tasks_of(self.grid, blocks, missing))
        totals = {"blocks": blocks.count, "done": len(done), "points": self.grid.count, "measured": measured}
        return paced(found, self.progress, **totals)

    def in_memory(self, hands: Crew) -> xr.Dataset:
        """One batch where it fits, blocks where it does not or others are to help."""
        template, where = template_of(self.recipe, self.grid)
        needed = self.grid.count * template.point_bytes
        if needed > _MEMORY_BYTES:
            found = f"{needed / 2**30:.1f} GiB"
            raise ParameterError.of(
                "store", f"be a Zarr store for results above {_MEMORY_BYTES / 2**30:.0f} GiB", found
            )
        blocks = self.blocks(template, where, 1 if hands.is_alone else _LEAST_BLOCKS)
        job = Job(self.recipe, template, None, self.batch(where))
        hands.refuse_unsendable(job)
        values = template.empty(self.grid.sizes)
        failures: list[Failure] = []
        failed = 0
        for report in self.reports(job, blocks, (), 0, hands):
            outcome = report.outcome
            for name, form in template.variables.items():
                values[name][tuple(report.place.get(dim, slice(None)) for dim in form.dims)] = outcome.values[name]
            failures += outcome.failures
            failed += outcome.failed
        return template.dataset(values, self.grid).assign_attrs(failure_attributes(failed, failures))

    def in_store(self, store: Store, status: Status | None, hands: Crew) -> xr.Dataset:
        """Begin a store, or go on with it."""
        template, where = template_of(self.recipe, self.grid)
        job = Job(self.recipe, template, store, self.batch(where))
        hands.refuse_unsendable(job)
        if status is None:
            blocks = self.blocks(template, where, _LEAST_BLOCKS)
            self.advise(blocks, replace(self, block=None).blocks(template, where, _LEAST_BLOCKS))
            store.refuse_full_disk(template, self.grid.count)
            holding = store.begun(self.words(), self.grid, blocks, template)
        else:
            blocks, holding = store.ledger.read().blocks, store.ledger.held()
        damaged = () if status is None else status.damaged
        with holding:
            store.mend(self.grid, template)
            # Another sweep may have gone on with it, until it was held.
            now = store.status(thorough=False)
            sound = now.sound - set(damaged)
            store.refuse_full_disk(template, self.grid.count - now.measured)
            measured = sum(blocks.points_in(number) for number in sound)
            for _ in self.reports(job, blocks, sound, measured, hands):
                pass
            store.tidy()
        return store.open()

    def status(self, store: Store, resume: bool) -> Status | None:
        """How far a store is, None for a new one; refused if it holds another study, or an unfinished one."""
        if store.is_new:
            store.refuse_unmakeable()
            return None
        contents = store.ledger.read()
        changed = differences(contents.study, self.words())
        if changed:
            more = f" (and {len(changed) - 3} more)" if len(changed) > 3 else ""
            raise ParameterError(
                f"Argument `store` must hold this study, but {shortened(store.path.name)} holds another: "
                f"{'; '.join(changed[:3])}{more}. Name another folder, or ask for what was asked then.",
                name="store",
                value=str(store.path),
                allowed="hold this study",
            )
        blocks = contents.blocks
        if self.block is not None and Blocks.of(self.grid.sizes, self.block) != blocks:
            raise ParameterError.of("block", f"be left out: the store has blocks of {dict(blocks.chunks)}", self.block)
        # Who resumes wants what is damaged to be found; who opens a large store, to look at some of it.
        status = store.status(thorough=resume)
        if not (resume or status.is_complete or status.is_untouched):
            state = f"{status.words} in {store.path.name!r}"
            raise ParameterError.of("resume", f"be True to go on with an unfinished store ({state})", resume)
        return status
