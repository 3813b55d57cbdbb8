"""Blocks here and in a pool: the same bits wherever they are computed, and nothing lost when a worker dies."""

from __future__ import annotations

import errno
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import xarray as xr
from threadpoolctl import threadpool_info

from leyden.errors import LeydenError, ParameterError
from leyden.runner import Job, Recipe, executor_of, tasks_of
from leyden.runner import pool as pools
from leyden.runner.evaluate import Outcome
from leyden.runner.executor import Here
from leyden.runner.job import Report, Task
from leyden.runner.pool import Pool, _Queue, refuse_given_up


def run(job: Job, tasks: Iterator[Task], **how: Any) -> Iterator[Report]:
    """Reports of an executor that is started for them alone."""
    with executor_of(**how) as executor:
        yield from executor.run(job, tasks)


def compute(study: Any, numbers: Any = None, **how: Any) -> xr.Dataset:
    """Results of a study without a store, put together."""
    values = study.template.empty(study.points.sizes)
    numbers = range(study.blocks.count) if numbers is None else numbers
    for report in run(study.job, tasks_of(study.points, study.blocks, numbers), **how):
        for name, form in study.template.variables.items():
            values[name][tuple(report.place.get(dim, slice(None)) for dim in form.dims)] = report.outcome.values[name]
    return study.template.dataset(values, study.points)


def test_here(study) -> None:
    xr.testing.assert_equal(compute(study()), study().expected())


def test_a_pool_gives_the_same_bits(study) -> None:
    found, here = compute(study(), workers=2), compute(study())
    xr.testing.assert_identical(found, here)
    assert "OPENBLAS_NUM_THREADS" not in os.environ or os.environ["OPENBLAS_NUM_THREADS"] != ""


def test_a_block_that_kills_every_worker_does_not_stop_the_others(
    study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pool is replaced each time; the block goes alone in the end, and is named."""
    monkeypatch.setattr(pools, "_DEATHS_TO_BE_ALONE", 1)
    monkeypatch.setattr(pools, "_DEATHS_TO_GIVE_UP", 2)
    case = study(tmp_path / "s.zarr", 5, grave=str(tmp_path / "grave"), always=True).create()
    assert case.blocks.count == 6
    with pytest.raises(LeydenError, match=r"1 blocks killed theirs again and again, .* block 3 at \{'a': \(3.0, 3.0\)"):
        list(run(case.job, tasks_of(case.points, case.blocks, range(6)), workers=2))
    assert case.store.ledger.done() == {0, 1, 2, 4, 5}
    found = case.store.open()
    xr.testing.assert_equal(found.drop_sel(a=3.0), case.expected().drop_sel(a=3.0))


def test_an_error_in_a_worker_ends_the_run_at_once(study, tmp_path: Path) -> None:
    """A store that is gone: the first block that cannot be written stops all workers, the waiting ones too."""
    case = study(tmp_path / "s.zarr", 1, gate=None)
    with pytest.raises(ParameterError, match="every worker sees"):
        list(run(case.job, tasks_of(case.points, case.blocks, range(30)), workers=2))


def test_leaving_early_ends_the_workers(study, tmp_path: Path) -> None:
    """Blocks that would wait for ever end when nobody wants their results any more: else this would not come back."""
    gate = tmp_path / "gate"
    case = study(None, 5, gate=str(gate))
    reports = run(case.job, tasks_of(case.points, case.blocks, range(6)), workers=2)
    threading.Timer(1.0, gate.touch).start()
    next(reports)
    gate.unlink()
    reports.close()  # type: ignore[attr-defined]


def test_what_cannot_be_sent_is_refused(study, refuses) -> None:
    case = study()
    job = Job(Recipe(lambda **found: found, case.recipe.measure, {}), case.template, None)
    Here().refuse_unsendable(job)
    with pytest.raises(ParameterError, match=r"must be importable by other processes, .* but one of them is not"):
        Pool(2, None).refuse_unsendable(job)


def test_what_was_typed_in_is_refused(study, monkeypatch: pytest.MonkeyPatch) -> None:
    case = study()
    monkeypatch.setitem(sys.modules, "__main__", SimpleNamespace(__spec__=None))
    monkeypatch.setattr(case.recipe.build, "__module__", "__main__")
    with pytest.raises(ParameterError, match="it was typed in"):
        Pool(2, None).refuse_unsendable(case.job)


def test_a_pool_that_never_lives_is_given_up(study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The toy's module is gone when the workers look for it."""
    monkeypatch.setattr(pools, "_MOST_BROKEN_POOLS", 1)
    case = study()
    monkeypatch.setattr("sys.path", [entry for entry in sys.path if "modules" not in entry])
    with pytest.raises(LeydenError, match=r"if __name__ == \"__main__\":"):
        list(run(case.job, tasks_of(case.points, case.blocks, range(8)), workers=2))


@pytest.mark.parametrize("workers", [0, -1, 1.0, True, "2"])
def test_workers_are_checked(study, refuses, workers: Any) -> None:
    refuses("workers", lambda: list(run(study().job, iter(()), workers=workers)))


def test_a_scheduler_has_its_own_workers(study, refuses) -> None:
    refuses("workers", lambda: list(run(study().job, iter(()), workers=2, scheduler="tcp://127.0.0.1:1")))


def test_nothing_to_do(study) -> None:
    assert list(run(study().job, iter(()), workers=2)) == []


def test_stored_results_are_computed_with_one_thread(study, tmp_path: Path) -> None:
    seen = []

    def measure(device: Any) -> Any:
        seen.append(max((pool["num_threads"] for pool in threadpool_info()), default=1))
        return case.recipe.measure(device)

    case = study(tmp_path / "s.zarr").create()
    job = Job(Recipe(case.recipe.build, measure, {}), case.template, case.store)
    list(run(job, tasks_of(case.points, case.blocks, [0])))
    assert seen == [1]


def test_a_machine_without_memory_stops_the_run(study) -> None:
    case = study()

    def build(**_: Any) -> None:
        raise MemoryError

    job = Job(Recipe(build, case.recipe.measure, {}), case.template, None)
    with pytest.raises(LeydenError, match=r"must fit the machine, but block 1 at .* ended in MemoryError"):
        list(run(job, tasks_of(case.points, case.blocks, [1])))


def test_a_machine_without_disk_stops_the_run(study) -> None:
    case = study()

    def build(**_: Any) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    job = Job(Recipe(build, case.recipe.measure, {}), case.template, None)
    with pytest.raises(LeydenError, match="No space left on device"):
        list(run(job, tasks_of(case.points, case.blocks, [1])))


def test_tasks_are_made_as_they_are_asked_for(study) -> None:
    """However many blocks there are, few tasks exist at once, and each carries its own points alone."""
    case, asked = study(), []

    def numbers() -> Any:
        for number in range(case.blocks.count):
            asked.append(number)
            yield number

    reports = run(case.job, tasks_of(case.points, case.blocks, numbers()), workers=1)
    next(reports)
    assert asked == [0]
    task = next(tasks_of(case.points, case.blocks, [case.blocks.count - 1]))
    assert task.points.axes["a"].values.tolist() == [5.0]
    assert task.ends["a"] == (5.0, 5.0)


def test_the_queue_takes_few_tasks_ahead(study) -> None:
    case, asked = study(None, 1), []

    def numbers() -> Any:
        for number in range(case.blocks.count):
            asked.append(number)
            yield number

    class Pool:
        def submit(self, function: Any, job: Any, task: Any) -> Any:
            from concurrent.futures import Future

            future: Any = Future()
            future.set_result(Report(task.place, Outcome({})))
            return future

    queue = _Queue(case.job, tasks_of(case.points, case.blocks, numbers()))
    reports = queue.run(Pool(), 4)  # type: ignore[arg-type]
    next(reports)
    assert len(asked) == 4
    assert len(list(reports)) == 29
    assert queue.is_empty


def test_nothing_given_up_is_no_error() -> None:
    refuse_given_up([])
