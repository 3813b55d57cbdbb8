"""The table of claims: identifier, place, statement, and the function that computes its case."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from leyden.paper.evidence.bench import Bench
from leyden.paper.evidence.finding import Case, Finding, finding_of

__all__ = ["CLAIMS", "Claim", "claim"]


@dataclass(frozen=True)
class Claim:
    """A row of the table."""

    name: str  # identifier, "C1" to "C30"
    where: str  # place in the paper
    statement: str  # the claim in one sentence, in our words
    compute: Callable[[Bench], Case]  # takes a Bench and returns the Case

    def examine(self, bench: Bench) -> Finding:
        """Compute the claim's case and judge it."""
        return finding_of(self.name, self.where, self.statement, self.compute(bench))


CLAIMS: dict[str, Claim] = {}


def claim(name: str, where: str, statement: str) -> Callable[[Callable[[Bench], Case]], Callable[[Bench], Case]]:
    """Enter a function into the table of claims."""

    def enter(compute: Callable[[Bench], Case]) -> Callable[[Bench], Case]:
        if name in CLAIMS:
            raise ValueError(f"claim {name} is entered twice")
        CLAIMS[name] = Claim(name, where, statement, compute)
        return compute

    return enter
