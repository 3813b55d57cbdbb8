"""What a Dask worker does with the bytes that it is sent."""

from __future__ import annotations

from functools import lru_cache
from pickle import UnpicklingError, loads

from leyden.runner.job import Job, Report
from leyden.version import __version__

__all__ = ["compute"]


def compute(version: str, job: bytes, task: bytes) -> Report:
    """Compute a block, on a worker."""
    if version != __version__:
        raise ImportError(f"it has leyden {__version__}, and not {version}")
    return _unpacked(job).compute(loads(task))


@lru_cache(maxsize=1)
def _unpacked(job: bytes) -> Job:
    try:
        return loads(job)
    except (AttributeError, UnpicklingError) as error:
        raise ImportError(str(error)) from error
