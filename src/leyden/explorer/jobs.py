"""Long answers: asked for by number, with progress, ended when nobody waits for them any more."""

from __future__ import annotations

import multiprocessing
import secrets
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic
from typing import Any

from leyden.errors import ParameterError
from leyden.explorer.worker import work

__all__ = ["LONGEST", "MOST_WAITING", "Jobs"]

LONGEST = 120.0
"""Seconds that an answer may take."""
MOST_WAITING = 16
"""Answers under way and waiting for their turn."""

_WORKERS, _KEPT = 2, 32
# Seconds after which an answer that nobody asks for is given up, and between two looks.
_PATIENCE, _LOOK = 15.0, 0.5


@dataclass
class Job:
    """One question, and what became of it."""

    kind: str
    question: str
    asked_at: float
    state: str = "waiting"  # "running", "done", "failed", "cancelled"
    since: float = 0.0
    progress: float | None = None
    answer: Any = None

    @property
    def is_open(self) -> bool:
        """Whether an answer is still to come."""
        return self.state in ("waiting", "running")


class _Worker:
    """A process that answers one question at a time."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=work, args=(other,), daemon=True)
        self.process.start()
        other.close()
        self.job: Job | None = None

    def take(self, job: Job) -> None:
        self.job, job.state, job.since = job, "running", monotonic()
        self.pipe.send((job.kind, job.question))

    def listen(self) -> None:
        """Hear what is said of the question, without waiting."""
        job = self.job
        try:
            while job is not None and self.pipe.poll():
                state, found = self.pipe.recv()
                if state == "running":
                    job.progress = found
                    continue
                job.state, job.answer, self.job, job = state, found, None, None
        except (EOFError, OSError):
            if job is not None:
                words = "the process that computed this has ended; it may have been too large for this machine"
                job.state, job.answer = "failed", {"message": words, "field": None, "kind": "MemoryError"}
            self.job = None

    def end(self) -> None:
        self.process.kill()
        self.process.join(timeout=5)
        with suppress(OSError):
            self.pipe.close()


class Jobs:
    """All long answers of a server."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._workers: list[_Worker] = []
        self._is_closed = threading.Event()
        self._watch: threading.Thread | None = None

    def submit(self, kind: str, question: str) -> tuple[str, Job]:
        """A job for a question; one that was asked before is not computed again."""
        with self._lock:
            for name, job in self._jobs.items():
                if (job.kind, job.question) == (kind, question) and job.state in ("waiting", "running", "done"):
                    job.asked_at = monotonic()
                    return name, job
            if sum(job.is_open for job in self._jobs.values()) >= MOST_WAITING:
                remedy = "Wait until one is done, or cancel one."
                allowed = f"be among {MOST_WAITING} long answers at a time"
                raise ParameterError.of("device", allowed, "one more", remedy)
            name, job = secrets.token_hex(8), Job(kind, question, monotonic())
            self._jobs[name] = job
            self._go_on()
            if self._watch is None:
                self._watch = threading.Thread(target=self._watched, daemon=True)
                self._watch.start()
            return name, job

    def look(self, name: str) -> Job | None:
        """What became of a job; None where there is none of that name."""
        with self._lock:
            self._go_on()
            job = self._jobs.get(name)
            if job is not None:
                job.asked_at = monotonic()
            return job

    def cancel(self, name: str) -> bool:
        """End a job; whether there was one of that name."""
        with self._lock:
            job = self._jobs.get(name)
            if job is not None and job.is_open:
                self._stop(job, "cancelled", None)
                self._go_on()
            return job is not None

    def close(self) -> None:
        """End all."""
        self._is_closed.set()
        with self._lock:
            for worker in self._workers:
                worker.end()
            self._workers.clear()

    def _stop(self, job: Job, state: str, answer: Any) -> None:
        job.state, job.answer = state, answer
        for worker in [one for one in self._workers if one.job is job]:
            worker.end()
            self._workers.remove(worker)

    def _go_on(self) -> None:
        """Hear from all workers, give up what nobody waits for, and hand out what waits."""
        for worker in self._workers:
            worker.listen()
        self._workers = [worker for worker in self._workers if worker.process.is_alive()]
        now = monotonic()
        for job in [one for one in self._jobs.values() if one.is_open]:
            if now - job.asked_at > _PATIENCE:
                self._stop(job, "cancelled", None)
            elif job.state == "running" and now - job.since > LONGEST:
                words = f"this takes more than {LONGEST:g} s, the most that the explorer computes; Python has no limit"
                self._stop(job, "failed", {"message": words, "field": None, "kind": "TooLong"})
        for job in [one for one in self._jobs.values() if one.state == "waiting"]:
            idle = next((worker for worker in self._workers if worker.job is None), None)
            if idle is None:
                if len(self._workers) >= _WORKERS:
                    break
                idle = _Worker()
                self._workers.append(idle)
            idle.take(job)
        closed = [name for name, job in self._jobs.items() if not job.is_open]
        for name in closed[: max(len(self._jobs) - _KEPT, 0)]:
            del self._jobs[name]

    def _watched(self) -> None:
        """Look after jobs whose page went away."""
        while not self._is_closed.wait(_LOOK):
            with self._lock:
                if any(job.is_open for job in self._jobs.values()):
                    self._go_on()
