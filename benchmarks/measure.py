"""How things are measured: best and median time, peak memory of a process, the largest error."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
PACKAGES = ("leyden", "numpy", "scipy", "xarray", "qutip")
MOST = 500


@dataclass(frozen=True)
class Timing:
    """Times of repeated runs of one piece of work, in seconds: the best is the work, the median the machine's day."""

    best: float
    median: float

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        return cls(min(seconds), statistics.median(seconds))

    def shared_by(self, count: int) -> Timing:
        """Time of one of `count` equal parts of the work."""
        return Timing(self.best / count, self.median / count)


def clocked(work: Callable[[], Any]) -> float:
    """Seconds that one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def sampled(work: Callable[[], Any], budget: float) -> list[float]:
    """Seconds of each run of some work, again and again until the budget of seconds is spent."""
    seconds = [clocked(work)]
    while sum(seconds) < budget and len(seconds) < MOST:
        seconds.append(clocked(work))
    return seconds


def largest_error(found: Any, exact: Any) -> float:
    """Largest deviation, relative to the largest exact value, over all merits."""
    pairs = zip(found, exact, strict=True)
    return max(float(np.max(np.abs(one - other)) / np.max(np.abs(other))) for one, other in pairs)


def peak_memory() -> float | None:
    """Largest memory that this process has held so far, in bytes; None where the system does not say."""
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter from the root of the repository."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def answer_of(*arguments: str) -> dict[str, Any]:
    """The JSON object that a fresh interpreter prints last."""
    run = python(*arguments)
    if run.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


def machine() -> dict[str, Any]:
    """The machine in general words: never its name."""
    versions: dict[str, str] = {}
    for name in PACKAGES:
        try:
            versions[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "packages": versions,
    }
