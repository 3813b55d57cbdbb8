"""The claims that are tried again beyond the Gaussian, each with the function that computes its case there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.evidence.finding import Case

__all__ = ["TRIALS", "Trial", "trial"]

Compute = Callable[[Anharmonic], Case]


@dataclass(frozen=True)
class Trial:
    """A claim of the paper, tried on anharmonic devices."""

    name: str  # identifier of the claim, whose words are those of `paper.claims`
    compute: Compute


TRIALS: dict[str, Trial] = {}


def trial(name: str) -> Callable[[Compute], Compute]:
    """Enter a function into the table."""

    def enter(compute: Compute) -> Compute:
        if name in TRIALS:
            raise ValueError(f"claim {name} is tried twice")
        TRIALS[name] = Trial(name, compute)
        return compute

    return enter
