"""How far a sweep is, told after each block."""

from __future__ import annotations

import time
from typing import Any

import numpy as np

from leyden.runner import Progress, with_progress
from leyden.runner.evaluate import Outcome
from leyden.runner.job import Report


def test_progress() -> None:
    told: list[Progress] = []

    def reports() -> Any:
        for number in range(4):
            time.sleep(0.01)
            failure = Outcome({}, failed=number % 2)
            yield Report({"a": slice(10 * number, 10 * number + 10)}, failure)

    passed = with_progress(reports(), told.append, blocks=6, done=2, points=60, measured=20)
    assert len(list(passed)) == 4
    assert [(each.done, each.measured, each.failed) for each in told] == [
        (3, 30, 0),
        (4, 40, 1),
        (5, 50, 1),
        (6, 60, 2),
    ]
    assert [each.remaining > 0 for each in told] == [True, True, True, False]
    np.testing.assert_allclose(told[0].remaining, 30 / told[0].rate)
    assert 0 < told[0].rate <= 10 / 0.01


def test_progress_may_be_ignored() -> None:
    report = Report({"a": slice(0, 1)}, Outcome({}))
    assert list(with_progress(iter([report]), None, blocks=1, done=0, points=1, measured=0)) == [report]
