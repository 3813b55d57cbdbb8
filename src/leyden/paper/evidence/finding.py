"""What the audit says about one claim, and how it comes to say it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leyden.paper.evidence.judging import Check, Verdict, described_grid, judge

__all__ = ["Case", "Finding", "finding_of"]


@dataclass(frozen=True)
class Finding:
    """One audited claim: the verdict and the evidence that it followed from."""

    claim: str  # identifier, "C1" to "C30"
    where: str  # place in the paper
    statement: str  # the claim in one sentence, in our words
    verdict: Verdict  # "holds", "holds in part", "fails" or "not checkable"
    # A paragraph that a referee can check: criterion, numbers, range, and the reason where it is understood.
    evidence: str
    numbers: dict[str, Any]  # the quantities behind the verdict, by name; plain Python values
    parameters: dict[str, Any]  # what was tried; plain Python values


@dataclass(frozen=True)
class Case:
    """What a claim's function computes. It has no room for a verdict: that is `judge`'s."""

    checks: tuple[Check, ...]  # the claim's statements over their grids
    criterion: str  # what is counted as true, in words
    # The numbers found, in sentences: a template whose fields are the keys of `numbers`, so that nothing is quoted that
    # is not on record.
    found: str
    why: str = ""  # the physics, where it is understood, in a sentence
    numbers: Mapping[str, Any] = field(default_factory=dict[str, Any])  # the quantities behind the checks
    # Parameters that were not varied; an entry under the name of a dim replaces what the checks' grids say of it.
    fixed: Mapping[str, Any] = field(default_factory=dict[str, Any])


def _python(value: Any) -> Any:
    """Arrays as lists, array numbers as Python numbers, throughout."""
    if hasattr(value, "dims"):
        value = value.values
    if isinstance(value, np.ndarray):
        value = value.tolist()
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, (list, tuple)):
        return [_python(entry) for entry in value]
    if isinstance(value, Mapping):
        return {str(key): _python(entry) for key, entry in value.items()}
    return value


def _finite(value: Any) -> Any:
    """What JSON can hold: numbers that are not finite become None."""
    if isinstance(value, list):
        return [_finite(entry) for entry in value]
    if isinstance(value, dict):
        return {key: _finite(entry) for key, entry in value.items()}
    return None if isinstance(value, float) and not np.isfinite(value) else value


def finding_of(claim: str, where: str, statement: str, case: Case) -> Finding:
    """Judge a case."""
    ruling = judge(*case.checks)
    numbers = _python(case.numbers)
    sentences = [f"Criterion: {case.criterion}", f"Found: {case.found.format(**numbers)}", ruling.range]
    if case.why:
        sentences.append(f"Why: {case.why}")
    counts = {"points_true": ruling.holding, "points_judged": ruling.judged, "points_apart": ruling.apart}
    tried = described_grid([check.holds for check in case.checks])
    return Finding(
        claim,
        where,
        statement,
        ruling.verdict,
        # "0e+00" is how a rounding error of exactly zero prints.
        " ".join(sentences).replace("e+00", ""),
        _finite({**numbers, **counts}),
        _finite(_python({**tried, **case.fixed})),
    )
