"""Blocks on a real Dask cluster of two processes: the same bits, whoever dies; and schedulers that are none."""

from __future__ import annotations

import importlib
import logging
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import xarray as xr

import leyden as ly
from leyden.errors import LeydenError, ParameterError
from leyden.runner import Job, Recipe, executor_of, payload, tasks_of
from leyden.runner import cluster as clusters

distributed = pytest.importorskip("distributed")


@pytest.fixture(scope="module")
def cluster(toy: ModuleType) -> Iterator[Any]:
    """Two workers of one thread each, in processes of their own; they find the toy on the path of this one."""
    with distributed.LocalCluster(2, threads_per_worker=1, processes=True, dashboard_address=":0") as found:
        yield found


def reports(case: Any, address: str) -> list[Any]:
    with executor_of(scheduler=address) as executor:
        return list(executor.run(case.job, tasks_of(case.points, case.blocks, range(case.blocks.count))))


def test_a_worker_that_dies_costs_nothing(study, tmp_path: Path, cluster: Any) -> None:
    """The same bits as in one process, although a worker was killed in the middle of a block."""
    here = study(tmp_path / "here.zarr", 5).create()
    for task in tasks_of(here.points, here.blocks, range(here.blocks.count)):
        here.job.compute(task)
    case = study(tmp_path / "there.zarr", 5, grave=str(tmp_path / "grave")).create()
    assert len(reports(case, cluster.scheduler_address)) == case.blocks.count
    assert (tmp_path / "grave").exists()
    xr.testing.assert_identical(case.store.open(), here.store.open())


def test_results_come_back_without_a_store(study, cluster: Any) -> None:
    case = study(None, 5)
    found = reports(case, cluster.scheduler_address)
    expected = case.expected()
    for report in found:
        part = expected.isel(report.place)
        assert report.outcome.values["powers"].tolist() == part["powers"].values.tolist()
    assert sum(report.points for report in found) == 30


def test_a_deadly_block_does_not_stop_the_others(
    study, tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a second chance, which would take long: the block itself, and perhaps what stood behind it, is named."""
    monkeypatch.setattr(cluster.scheduler, "allowed_failures", 0)
    case = study(tmp_path / "s.zarr", 5, grave=str(tmp_path / "grave"), always=True).create()
    with pytest.raises(LeydenError, match="blocks killed theirs again and again"):
        reports(case, cluster.scheduler_address)
    assert 3 not in case.store.ledger.done()
    assert case.store.ledger.done() >= {0, 1}


def test_few_blocks_are_with_the_scheduler(study, cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many there are: twice the cluster's threads, or a handful."""
    asked: list[int] = []
    case = study(None, 1)

    def numbers() -> Iterator[int]:
        for number in range(case.blocks.count):
            asked.append(number)
            yield number

    with executor_of(scheduler=cluster.scheduler_address) as executor:
        reports = executor.run(case.job, tasks_of(case.points, case.blocks, numbers()))
        next(reports)
        assert len(asked) <= 10
        assert len(list(reports)) == 29


def test_what_cannot_be_sent_is_refused(study) -> None:
    """Dask sends what was typed in, but no lock."""
    case, lock = study(), threading.Lock()
    clusters.Cluster("tcp://x:1", None).refuse_unsendable(Job(Recipe(lambda **_: 0, len, {}), case.template, None))
    with pytest.raises(ParameterError, match=r"must be importable by other processes, .*cannot pickle"):
        clusters.Cluster("tcp://x:1", None).refuse_unsendable(
            Job(Recipe(case.recipe.build, len, {"a": lock}), case.template, None)
        )


def test_workers_that_lack_a_module_are_told_of(study, cluster: Any, tmp_path: Path) -> None:
    """A function of a module that only this process can import."""
    (tmp_path / "leyden_elsewhere.py").write_text("def build(**found):\n    return found\n", encoding="utf-8")
    case = study()
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(tmp_path))
        module = importlib.import_module("leyden_elsewhere")
        job = Job(Recipe(module.build, case.recipe.measure, {}), case.template, None)
        with (
            executor_of(scheduler=cluster.scheduler_address) as executor,
            pytest.raises(LeydenError, match=r"No module named 'leyden_elsewhere'\. Install leyden and the modules"),
        ):
            list(executor.run(job, tasks_of(case.points, case.blocks, [0])))


@pytest.mark.parametrize("job", [b"nonsense", b"cleyden.runner.job\nNobody\n."])
def test_what_a_worker_cannot_unpack_is_an_import_error(job: bytes) -> None:
    with pytest.raises(ImportError):
        payload.compute(ly.__version__, job, b"")


def test_a_worker_without_leyden_says_so() -> None:
    """What it is sent can be unpacked without leyden, so that the lack of it is an error and no silence."""
    code = "import pickle, sys; sys.modules['leyden'] = None; pickle.loads(sys.stdin.buffer.read())('1', b'', b'')"
    sent = clusters._pickled(clusters._sent())
    found = subprocess.run([sys.executable, "-c", code], input=sent, capture_output=True, check=False)
    assert found.returncode == 1
    assert found.stderr.splitlines()[-1].startswith(b"ModuleNotFoundError: ")


def test_workers_have_the_same_release() -> None:
    with pytest.raises(ImportError, match=rf"it has leyden {ly.__version__}, and not 99\.0"):
        payload.compute("99.0", b"", b"")


def test_a_cluster_without_workers_is_given_up(study, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_WITHOUT_WORKERS", 0.5)
    monkeypatch.setattr(clusters, "_LOOK_EVERY", 0.2)
    scheduler = {"cls": distributed.Scheduler, "options": {"port": 0, "dashboard_address": ":0", "host": "127.0.0.1"}}
    with (
        distributed.SpecCluster(scheduler=scheduler) as empty,
        pytest.raises(LeydenError, match=r"was lost: it has had no worker for 0 s\. Finished blocks are kept"),
    ):
        reports(study(), empty.scheduler_address)


def test_a_scheduler_that_is_lost(study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that finds nobody any more; a real scheduler takes Dask's own client ten seconds to miss."""
    monkeypatch.setattr(clusters, "connected", lambda _: nullcontext(Deaf()))
    with pytest.raises(LeydenError, match=r"but 'tcp://x:1' was lost: it does not answer any more\."):
        reports(study(), "tcp://x:1")


class Deaf:
    """A client whose scheduler has gone."""

    def nthreads(self, **_: object) -> None:
        raise TimeoutError


def test_a_scheduler_that_says_nothing(study, refuses, monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts, and is silent: Dask's own client would wait for ever."""
    monkeypatch.setattr(clusters, "_ANSWER_WITHIN", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        refuses("scheduler", lambda: reports(study(), address), "(no answer within 1 s)", address)


@pytest.mark.parametrize("address", ["nonsense", "tcp://127.0.0.1:1", "pigeon://post:1"])
def test_addresses_that_are_none(study, refuses, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(clusters, "_ANSWER_WITHIN", 0.5)
    refuses("scheduler", lambda: reports(study(), address), "a Dask scheduler that answers (")


def test_dask_may_be_missing(study, refuses, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    refuses(
        "scheduler",
        lambda: reports(study(), "tcp://x:1"),
        '-m pip install "zarr>=3.1.4" "dask>=2024.8" "distributed>=2024.8"',
    )


def test_dask_may_be_silenced(monkeypatch: pytest.MonkeyPatch) -> None:
    """After it has set the levels of its loggers itself, which it does when it is imported."""
    loggers = {
        name: logging.getLogger(name) for name in ("distributed.client", "distributed.core", "tornado.application")
    }
    for logger in loggers.values():
        monkeypatch.setattr(logger, "level", logging.INFO)
    imported: list[str] = []
    monkeypatch.setattr(clusters, "import_module", imported.append)
    clusters.silence()
    assert imported == ["distributed"]
    assert not any(logger.isEnabledFor(logging.ERROR) for logger in loggers.values())


class Finished:
    """A future that is done, or whose worker has died since."""

    status = "finished"

    def __init__(self, report: Any = None) -> None:
        self.report = report

    def result(self, timeout: float) -> Any:
        if self.report is None:
            raise TimeoutError
        return self.report

    def add_done_callback(self, callback: Any) -> None:
        self.report = "again"
        callback(self)

    def release(self) -> None:
        """Nothing to release."""


class Stuck:
    """A client that cannot fetch everything together, because one worker has died."""

    def gather(self, futures: list[Any]) -> Any:
        raise TimeoutError

    def nthreads(self, **_: object) -> dict[str, int]:
        return {"worker": 1}


def test_reports_are_fetched_one_by_one_where_a_worker_has_died(study) -> None:
    """None is lost, and none comes twice."""
    case = study()
    queue = clusters._Queue(Stuck(), case.job, iter(()))
    for future in (Finished("first"), Finished(), Finished("third")):
        queue.in_flight[future] = None  # type: ignore[assignment]
        queue.finished.put(future)
    assert list(queue.reports()) == ["first", "third", "again"]
