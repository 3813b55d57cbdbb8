"""All trials, one after the other."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable

import leyden as ly
from leyden.paper.beyond.anharmonic import Anharmonic
from leyden.paper.beyond.register import TRIALS, Trial
from leyden.paper.claims.audit import table_of_claims
from leyden.paper.evidence.finding import Finding, finding_of

__all__ = ["audit_beyond", "examined", "table_of_trials"]


def table_of_trials() -> dict[str, Trial]:
    """All trials by the claim's name: importing a file of this folder enters its rows."""
    package = sys.modules[__name__.rpartition(".")[0]]
    for group in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{group.name}")
    return dict(sorted(TRIALS.items(), key=lambda row: int(row[0][1:])))


def examined(tried: Trial, devices: Anharmonic) -> Finding:
    """The verdict on a claim, in the paper's words as ours have them, on these devices."""
    claim = table_of_claims()[tried.name]
    return finding_of(claim.name, claim.where, claim.statement, tried.compute(devices))


def audit_beyond(
    *, progress: Callable[[str, int, int], None] | None = None, claims: Iterable[str] | None = None
) -> dict[str, Finding]:
    """Verdicts on those claims of the paper that can be tried with an anharmonic charger, with their evidence."""
    table = table_of_trials()
    wanted = set(table) if claims is None else set(claims)
    if unknown := sorted(wanted - set(table)):
        raise ly.ParameterError.of("claims", f"hold some of {', '.join(table)}", unknown[0])
    devices = Anharmonic()
    chosen = [name for name in table if name in wanted]
    findings: dict[str, Finding] = {}
    for done, name in enumerate(chosen):
        if progress is not None:
            progress(name, done, len(chosen))
        findings[name] = examined(table[name], devices)
    return findings
