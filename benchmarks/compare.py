"""The common procedure: every contender in a process of its own, and turns for those that are quick enough.

A contender that is missing, fails or runs out of memory is a line in the table, not the end of the run.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import IO, Any

from benchmarks.case import Case, Contender, Result
from benchmarks.measure import ROOT, Timing, version_of
from benchmarks.settings import ALLOWED, PLAIN, Setting

PROGRAM = ("-m", "benchmarks.worker")
OURS = "leyden"
# Bytes below which a ratio of memory is that of the allocator's moods.
_LEAST_MEMORY = 8 * 2**20
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
    def start(cls, program: tuple[str, ...], case: str, place: int, quick: bool, setting: Setting) -> Worker:
        command = [sys.executable, *program, case, str(place), *(("--quick",) if quick else ())]
        # Open as long as the process: a pipe that nobody reads would fill up and stop it.
        complaints = tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace")  # noqa: SIM115
        pipe = subprocess.PIPE
        environment = setting.environment()
        process = subprocess.Popen(
            command, cwd=ROOT, stdin=pipe, stdout=pipe, stderr=complaints, text=True, env=environment
        )
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


# A contender's place in its case, and a setting of its process.
Entry = tuple[int, Contender, Setting]


def _result(contender: Contender, setting: Setting, worker: Worker) -> Result:
    first = worker.first
    repeated = bool(worker.seconds)
    timing = Timing.of(worker.seconds if repeated else [first["first"]]).shared_by(contender.share)
    return Result(
        setting.labelled(contender.name),
        timing,
        first["error"],
        first["memory"],
        contender.target if setting == PLAIN else None,
        first["remark"] if setting == PLAIN else "",
        contender.how,
        contender.size,
        (min(worker.processor) if repeated else first["processor"]) / contender.share,
        contender.rivals,
        setting.name,
    )


def _nothing(contender: Contender, setting: Setting, note: str) -> Result:
    name = setting.labelled(contender.name)
    return Result(name, None, note=note, how=contender.how, size=contender.size, setting=setting.name)


def _group(program: tuple[str, ...], case: str, quick: bool, entries: list[Entry]) -> list[Result]:
    """Contenders of one size, in turns."""
    found: dict[int, Result] = {}
    workers: dict[int, Worker] = {}
    for at, (place, contender, setting) in enumerate(entries):
        if contender.needs and version_of(contender.needs) is None:
            found[at] = _nothing(contender, setting, f"{contender.needs} is not installed")
            continue
        worker = Worker.start(program, case, place, quick, setting)
        try:
            worker.first = worker.answer()
        except WorkerError as error:
            found[at] = _nothing(contender, setting, f"failed: {error}")
            worker.end()
            continue
        if worker.first["processor"] < (QUICK_LONG if quick else LONG) or contender.compiles:
            workers[at] = worker
        else:
            found[at] = _result(contender, setting, worker)
            worker.end()
    for _ in range(QUICK_ROUNDS if quick else ROUNDS):
        for at, worker in list(workers.items()):
            try:
                worker.turn()
            except WorkerError as error:
                found[at] = _nothing(*entries[at][1:], f"failed: {error}")
                workers.pop(at).end()
    for at, worker in workers.items():
        worker.end()
        found[at] = _result(*entries[at][1:], worker)
    return [found[at] for at in range(len(entries))]


def compared(
    case: Case,
    quick: bool,
    program: tuple[str, ...] = PROGRAM,
    settings: Sequence[Setting] = (PLAIN,),
    *,
    is_alone: bool = False,
) -> list[Result]:
    """Time, memory and error of each contender of a case, or of ours alone; of ours, under every setting."""
    assert case.contenders is not None
    entries = [
        (place, contender, setting)
        for place, contender in enumerate(case.contenders(quick))
        for setting in (settings if contender.name.startswith(OURS) else () if is_alone else (PLAIN,))
    ]
    groups = groupby(entries, key=lambda entry: entry[1].size)
    return [result for _, group in groups for result in _group(program, case.name, quick, list(group))]


def results_of(
    case: Case, quick: bool, settings: Sequence[Setting] = (PLAIN,), *, is_alone: bool = False
) -> list[Result]:
    """Results of a case, by its own procedure where it has one."""
    if case.run is None:
        return compared(case, quick, settings=settings, is_alone=is_alone)
    try:
        return case.run(quick, settings)
    except (RuntimeError, OSError, ImportError) as error:
        return [Result(case.name, None, note=f"failed: {str(error).strip().splitlines()[-1]}")]


def against(results: Sequence[Result], settings: Sequence[Setting]) -> list[str]:
    """What became of our own lines since an earlier commit, in words: time and memory now over those before."""
    lines: list[str] = []
    measured = {(result.contender, result.size): result for result in results if result.timing}
    for setting in settings:
        for (name, size), before in measured.items():
            if not setting.commit or before.setting != setting.name:
                continue
            plain = name.removesuffix(f"; {setting.name}")
            now = measured.get((setting.before.labelled(plain), size))
            if now is None or now.timing is None or before.timing is None:
                continue
            ratios = [("time", now.timing.best / before.timing.best)]
            if now.memory is not None and before.memory is not None and before.memory > _LEAST_MEMORY:
                ratios.append(("memory", now.memory / before.memory))
            told = ", ".join(f"{ratio:.2f} of the {what}" for what, ratio in ratios)
            verdict = "met" if all(ratio <= ALLOWED for _, ratio in ratios) else f"ABOVE {ALLOWED}"
            of_size = f"{size:,} " if size else ""
            lines.append(f"{of_size}{setting.before.labelled(plain)}: {told} {setting.commit} took; {verdict}")
    return lines
