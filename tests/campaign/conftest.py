"""Shared by the campaign: how much is tried, from which random numbers, and what every answer must be."""

from __future__ import annotations

import os
import resource
import signal
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType
from typing import Any

import numpy as np
import pytest

from leyden.errors import LeydenError

# One answer, in seconds: far more than any takes, since the machine may have other work, and far less than a hang.
LONGEST = 30
# The most memory that the whole campaign may take, in MiB.
LARGEST = 1500


class Judge:
    """Keeps count of the answers; each must be a value or one LeydenError of one short line."""

    def __init__(self) -> None:
        self.good = self.refused = 0

    def answer(self, call: Callable[[], Any], case: object) -> Any:
        """The value, or None for a refusal; fails with the case for anything else."""
        try:
            with _in_time():
                found = call()
        except LeydenError as error:
            message = str(error)
            assert message.isprintable(), f"{case}\ngives {message!r}"
            assert 0 < len(message) <= 300, f"{case}\ngives {message!r}"
            self.refused += 1
            return None
        except BaseException as error:
            raise AssertionError(f"{case}\nends in {type(error).__name__}: {str(error)[:500]}") from error
        assert found is not None, case
        self.good += 1
        return found


@contextmanager
def _in_time() -> Generator[None]:
    def stop(_number: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"no answer within {LONGEST} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def judge() -> Generator[Judge]:
    """A judge; at the end there must have been answers, and memory must have stayed small."""
    found = Judge()
    yield found
    print(f"{found.good} answers, {found.refused} refusals")
    assert found.good, "everything was refused: the campaign tests nothing"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < LARGEST * 1024


@pytest.fixture(scope="session")
def size() -> int:
    """How many files are tried; other parts scale with it."""
    return int(os.environ.get("CAMPAIGN_SIZE", "100000"))


@pytest.fixture(scope="session")
def seed() -> int:
    """Of all random numbers."""
    return int(os.environ.get("CAMPAIGN_SEED", "1"))


@pytest.fixture
def random(seed: int) -> np.random.Generator:
    """Random numbers; another seed is another campaign."""
    return np.random.default_rng(seed)
