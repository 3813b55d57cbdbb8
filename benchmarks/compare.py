"""The common procedure: every contender in a process of its own, and turns for those that are quick enough.

A contender that is missing, fails or runs out of memory is a line in the table, not the end of the run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Any

from benchmarks.case import Case, Contender, Result
from benchmarks.measure import ROOT, Timing, version_of

PROGRAM = ("-m", "benchmarks.worker")
# Contenders take turns, so that a busy minute of the machine meets all of them.
ROUNDS, QUICK_ROUNDS = 8, 2
TURN = 0.25
# A contender whose first run takes more than this many seconds of the processor is not run again.
LONG, QUICK_LONG = 10.0, 1.0
# A contender that has said nothing for so many seconds is stopped.
PATIENCE = 300.0


class WorkerError(Exception):
    """A contender's process ended before its answer."""


@dataclass
class Worker:
    """The process of one contender, and what it has said."""

    process: subprocess.Popen[str]
    complaints: IO[str]
    first: dict[str, Any] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    was_stopped: bool = False

    @classmethod
    def start(cls, program: tuple[str, ...], case: str, place: int, quick: bool) -> Worker:
        command = [sys.executable, *program, case, str(place), *(("--quick",) if quick else ())]
        # Open as long as the process: a pipe that nobody reads would fill up and stop it.
        complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=complaints, text=True)
        return cls(process, complaints)

    def answer(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        clock = threading.Timer(PATIENCE, self.stop)
        clock.start()
        line = self.process.stdout.readline()
        clock.cancel()
        if line:
            return json.loads(line)
        status = self.process.wait()
        if self.was_stopped:
            raise WorkerError(f"stopped after {PATIENCE:.0f} s")
        self.complaints.seek(0)
        lines = [line.strip() for line in self.complaints.read().splitlines() if line.strip()]
        raise WorkerError(lines[-1] if lines and status > 0 else f"its process ended with status {status}")

    def stop(self) -> None:
        self.was_stopped = True
        self.process.kill()

    def turn(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{TURN}\n")
        self.process.stdin.flush()
        said = self.answer()
        self.seconds += said["seconds"]
        self.processor.append(said["processor"])

    def end(self) -> None:
        self.process.communicate()
        self.complaints.close()


def _result(contender: Contender, worker: Worker) -> Result:
    first = worker.first
    repeated = bool(worker.seconds)
    timing = Timing.of(worker.seconds if repeated else [first["first"]]).shared_by(contender.share)
    return Result(
        contender.name,
        timing,
        first["error"],
        first["memory"],
        contender.target,
        first["remark"],
        contender.how,
        contender.size,
        (min(worker.processor) if repeated else first["processor"]) / contender.share,
        contender.rivals,
    )


def _nothing(contender: Contender, note: str) -> Result:
    return Result(contender.name, None, note=note, how=contender.how, size=contender.size)


def _group(program: tuple[str, ...], case: str, quick: bool, places: list[tuple[int, Contender]]) -> list[Result]:
    """Contenders of one size, in turns."""
    found: dict[int, Result] = {}
    workers: dict[int, Worker] = {}
    for place, contender in places:
        if contender.needs and version_of(contender.needs) is None:
            found[place] = _nothing(contender, f"{contender.needs} is not installed")
            continue
        worker = Worker.start(program, case, place, quick)
        try:
            worker.first = worker.answer()
        except WorkerError as error:
            found[place] = _nothing(contender, f"failed: {error}")
            worker.end()
            continue
        if worker.first["processor"] < (QUICK_LONG if quick else LONG) or contender.compiles:
            workers[place] = worker
        else:
            found[place] = _result(contender, worker)
            worker.end()
    contenders = dict(places)
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for place, worker in list(workers.items()):
            try:
                worker.turn()
            except WorkerError as error:
                found[place] = _nothing(contenders[place], f"failed: {error}")
                workers.pop(place).end()
    for place, worker in workers.items():
        worker.end()
        found[place] = _result(contenders[place], worker)
    return [found[place] for place, _ in places]


def compared(case: Case, quick: bool, program: tuple[str, ...] = PROGRAM) -> list[Result]:
    """Time, memory and error of each contender of a case."""
    assert case.contenders is not None
    places = list(enumerate(case.contenders(quick)))
    groups = groupby(places, key=lambda pair: pair[1].size)
    return [result for _, group in groups for result in _group(program, case.name, quick, list(group))]


def results_of(case: Case, quick: bool) -> list[Result]:
    """Results of a case, by its own procedure where it has one."""
    if case.run is None:
        return compared(case, quick)
    try:
        return case.run(quick)
    except (RuntimeError, OSError, ImportError) as error:
        return [Result(case.name, None, note=f"failed: {str(error).strip().splitlines()[-1]}")]
