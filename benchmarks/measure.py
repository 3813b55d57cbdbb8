"""How things are measured: best and median time, peak memory, the largest error, the machine."""

from __future__ import annotations

import ctypes
import importlib.metadata
import json
import os
import platform
import re
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
PACKAGES = ("leyden", "numpy", "scipy", "xarray", "qutip", "gaussian-open-systems", "dynamiqs", "jax", "slycot")


@dataclass(frozen=True)
class Timing:
    """Times of repeated runs of one piece of work, in seconds: the best is the work, the median the machine's day."""

    best: float
    median: float
    runs: int = 1

    @classmethod
    def of(cls, seconds: list[float]) -> Timing:
        return cls(min(seconds), statistics.median(seconds), len(seconds))

    def shared_by(self, count: int) -> Timing:
        """Time of one of `count` equal parts of the work."""
        return Timing(self.best / count, self.median / count, self.runs)


def clocked(work: Callable[[], Any]) -> float:
    """Seconds that one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def largest_error(found: Any, exact: Any) -> float:
    """Largest deviation, relative to the largest exact value, over all merits."""
    pairs = zip(found, exact, strict=True)
    return max(float(np.max(np.abs(np.asarray(one) - other)) / np.max(np.abs(other))) for one, other in pairs)


# Memory. On Linux, /proc tells it of this process alone; what `getrusage` calls the peak includes that of the parent
# before it started this program.


def _status(field: str, process: int | str = "self") -> float | None:
    try:
        text = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return None
    found = re.search(rf"^{field}:\s+(\d+) kB", text, re.M)
    return float(found[1]) * 1024 if found else None


def resident_memory(process: int) -> float | None:
    """Bytes that another process holds; None where nobody knows."""
    return _status("VmRSS", process)


def _peak_so_far() -> float | None:
    found = _status("VmHWM")
    if found is not None:
        return found
    try:
        import resource
    except ImportError:
        return None
    unit = 1 if sys.platform == "darwin" else 1024
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit)


def _forget_peak() -> None:
    """Give freed memory back to the system and count the peak from here, where the system can do that."""
    try:
        ctypes.CDLL(None).malloc_trim(0)
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except (OSError, AttributeError, TypeError):
        return


def extra_memory(work: Callable[[], Any]) -> float | None:
    """Bytes that this process held at most during the work, beyond those before it; None where nobody knows."""
    _forget_peak()
    before = _status("VmRSS") or _peak_so_far()
    work()
    peak = _peak_so_far()
    return None if before is None or peak is None else max(0.0, peak - before)


# Other interpreters.


def python(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run a fresh interpreter from the root of the repository."""
    command = [sys.executable, *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=environment)


def answer_of(*arguments: str, environment: dict[str, str] | None = None) -> dict[str, Any]:
    """The JSON object that a fresh interpreter prints last."""
    run = python(*arguments, environment=environment)
    if run.returncode:
        raise RuntimeError(f"python {' '.join(arguments)} failed:\n{run.stderr}")
    return json.loads(run.stdout.splitlines()[-1])


def version_of(package: str) -> str | None:
    """Installed version, None where it is not installed."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return None


# The machine.


def _processor() -> str:
    try:
        found = re.search(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo").read_text(encoding="utf-8"), re.M)
    except OSError:
        found = None
    return found[1].strip() if found else platform.processor() or platform.machine()


def _memory() -> float | None:
    try:
        return float(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    except (AttributeError, ValueError, OSError):
        return None


def machine() -> dict[str, Any]:
    """The machine in general words: never its name."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory": _memory(),
        "threads": os.environ["OPENBLAS_NUM_THREADS"],
        "python": platform.python_version(),
        "packages": {name: version for name in PACKAGES if (version := version_of(name))},
    }
