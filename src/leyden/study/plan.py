"""A sweep whose arguments are in order: how it is cut, and computed in memory or in a store."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from math import ceil, prod
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.runner import (
    Blocks,
    Executor,
    Failure,
    Job,
    Points,
    Progress,
    Recipe,
    Report,
    Status,
    Store,
    Template,
    failure_attributes,
    tasks_of,
    template_of,
    with_progress,
)
from leyden.runner.division import along
from leyden.study.devices import Builder
from leyden.study.identity import axes_words, differences, value_words
from leyden.study.measures import Measure, work, working_bytes
from leyden.study.origin import origin
from leyden.text import shortened
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Plan"]

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


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep whose arguments are in order."""

    builder: Builder
    measured: Measure
    grid: Points
    fixed: Mapping[str, Any]
    block: int | None
    progress: Callable[[Progress], object] | None

    @property
    def recipe(self) -> Recipe:
        """What to do at every point."""
        return Recipe(self.builder.call, self.measured.run, self.fixed)

    def template(self) -> tuple[Template, Points]:
        """Form of the results, with where they come from, and the first point that works."""
        template, trial = template_of(self.recipe, self.grid)
        attributes = {**template.attributes, **origin(self.builder, self.recipe, trial)}
        return replace(template, attributes=attributes), trial

    def words(self) -> dict[str, str]:
        """What makes the study this one."""
        parameters = {f"fixed {name}": value_words(value) for name, value in sorted(self.fixed.items())}
        return {
            "device": self.builder.words,
            **self.measured.words,
            **parameters,
            **axes_words(self.grid),
            "leyden": __version__,
        }

    def blocks(self, template: Template, trial: Points, least: int) -> Blocks:
        """A division that depends on the study alone, and not on who computes it."""
        largest = self.block
        if largest is None:
            fitting = _BLOCK_BYTES // template.point_bytes
            soon_done = _BLOCK_WORK // work(self.recipe.device(trial))
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

    def batch(self, trial: Points) -> int:
        """How many points are measured at once."""
        times, is_even = self.measured.times, self.measured.is_even
        return max(1, _BATCH_BYTES // working_bytes(self.recipe.device(trial), times, is_even=is_even))

    def reports(
        self, executor: Executor, job: Job, blocks: Blocks, done: Collection[int], measured: int
    ) -> Iterator[Report]:
        """Compute the blocks that are not done yet."""
        missing = (number for number in range(blocks.count) if number not in done)
        reports = executor.run(job, tasks_of(self.grid, blocks, missing))
        totals = {"blocks": blocks.count, "done": len(done), "points": self.grid.count, "measured": measured}
        return with_progress(reports, self.progress, **totals)

    def in_memory(self, executor: Executor) -> xr.Dataset:
        """One batch where it fits, blocks where it does not or others are to help."""
        template, trial = self.template()
        needed = self.grid.count * template.point_bytes
        if needed > _MEMORY_BYTES:
            allowed = f"be a Zarr store for results above {_MEMORY_BYTES / 2**30:.0f} GiB"
            raise ParameterError.of("store", allowed, f"{needed / 2**30:.1f} GiB")
        blocks = self.blocks(template, trial, 1 if executor.is_alone else _LEAST_BLOCKS)
        job = Job(self.recipe, template, None, self.batch(trial))
        executor.refuse_unsendable(job)
        values = template.empty(self.grid.sizes)
        failures: list[Failure] = []
        failed = 0
        for report in self.reports(executor, job, blocks, (), 0):
            outcome = report.outcome
            for name, form in template.variables.items():
                values[name][along(report.place, form.dims)] = outcome.values[name]
            failures += outcome.failures
            failed += outcome.failed
        return template.dataset(values, self.grid).assign_attrs(failure_attributes(failed, failures))

    def in_store(self, store: Store, status: Status | None, executor: Executor) -> xr.Dataset:
        """Begin a store, or go on with it."""
        template, trial = self.template()
        job = Job(self.recipe, template, store, self.batch(trial))
        executor.refuse_unsendable(job)
        if status is None:
            blocks = self.blocks(template, trial, _LEAST_BLOCKS)
            self.advise(blocks, replace(self, block=None).blocks(template, trial, _LEAST_BLOCKS))
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
            for _ in self.reports(executor, job, blocks, sound, measured):
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
            remedy = "Go on with it, or name another store."
            raise ParameterError.of("resume", f"be set where a store is unfinished ({state})", resume, remedy)
        return status
