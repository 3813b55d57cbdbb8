"""How many trajectories, from which random numbers, in which steps: what a user may say of the method."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from leyden.errors import ParameterError
from leyden.numeric import whole_number
from leyden.records import Record

__all__ = ["TrajectoryProgress", "TruncatedWigner"]

# Groups of trajectories whose scatter gives the error bars, two trajectories each at least.
_FEWEST = 80
_MOST = 10**9


@dataclass(frozen=True)
class TrajectoryProgress:
    """How far a run of trajectories is.

    Parameters
    ----------
    stage : str
        "step" while the step is chosen, "settling" on the way to a steady state, "measuring" afterwards.
    done, total : int
        Trajectories that have finished this stage, and all of them.
    """

    stage: str
    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class TruncatedWigner(Record):
    """Truncated Wigner trajectories as a method, for `method=` of `charge`, `steady_state` and sweeps.

    Parameters
    ----------
    trajectories : int
        How many, from 80 on. Statistical errors fall with the root of their number; with a hundred times as many an
        error bar is a tenth.
    seed : int
        Of the random numbers, not negative. The same seed gives the same numbers.
    step : float or None
        Time step, in units of 1/rate. By default it is chosen such that its error is at most about a quarter of the
        statistical one. Devices without products of more than two ladder operators need none: their steps are exact.
    progress : callable or None
        Called with a `TrajectoryProgress` whenever some trajectories are done.

    Raises
    ------
    ParameterError
        If a number is out of its range.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.TruncatedWigner(trajectories=400, seed=7)
    TruncatedWigner(trajectories=400, seed=7, step=None)
    """

    trajectories: int = 10_000
    seed: int = 0
    step: float | None = None
    progress: Callable[[TrajectoryProgress], object] | None = field(default=None, repr=False, compare=False)

    method_name: ClassVar[str] = "truncated_wigner"

    def __post_init__(self) -> None:
        whole_number("trajectories", self.trajectories, _FEWEST, _MOST)
        whole_number("seed", self.seed, 0)
        if self.step is None:
            return
        if isinstance(self.step, bool) or not isinstance(self.step, (int, float)) or not 0 < self.step < float("inf"):
            allowed = "be a positive number, or None to choose it by its error"
            raise ParameterError.of("step", allowed, self.step)
