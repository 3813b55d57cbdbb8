"""How far a sweep is, told as its blocks are done."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from leyden.runner.job import Report

__all__ = ["Progress", "with_progress"]


@dataclass(frozen=True)
class Progress:
    """How far a sweep is.

    Parameters
    ----------
    blocks, done : int
        Number of blocks in all, and finished, earlier sittings included.
    points, measured : int
        Number of points in all, and of those in finished blocks.
    failed : int
        Points that failed in this sitting.
    rate : float
        Points a second, in this sitting.
    remaining : float
        Seconds left at this rate.
    """

    blocks: int
    done: int
    points: int
    measured: int
    failed: int
    rate: float
    remaining: float


def with_progress(
    reports: Iterator[Report],
    progress: Callable[[Progress], object] | None,
    *,
    blocks: int,
    done: int,
    points: int,
    measured: int,
) -> Iterator[Report]:
    """Pass reports on, and tell how far the sweep is after each."""
    started, already, failed = time.monotonic(), measured, 0
    for report in reports:
        done, measured, failed = done + 1, measured + report.points, failed + report.outcome.failed
        yield report
        if progress is not None:
            rate = (measured - already) / max(time.monotonic() - started, 1e-9)
            progress(Progress(blocks, done, points, measured, failed, rate, (points - measured) / rate))
