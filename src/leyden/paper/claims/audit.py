"""All claims, one after the other."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Callable, Iterable

import leyden as ly
from leyden.paper.claims.register import CLAIMS, Claim
from leyden.paper.evidence.bench import Bench
from leyden.paper.evidence.finding import Finding

__all__ = ["audit"]


def table_of_claims() -> dict[str, Claim]:
    """All claims by name, C1 first: importing a file of this folder enters its rows."""
    package = sys.modules[__name__.rpartition(".")[0]]
    for group in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{group.name}")
    return dict(sorted(CLAIMS.items(), key=lambda row: int(row[0][1:])))


def audit(
    *, progress: Callable[[str, int, int], None] | None = None, claims: Iterable[str] | None = None
) -> dict[str, Finding]:
    """Audit of the paper's claims: a verdict on each, computed, with its evidence."""
    table = table_of_claims()
    known = list(table)
    wanted = set(known) if claims is None else set(claims)
    unknown = sorted(wanted - set(known))
    if unknown:
        raise ly.ParameterError.of("claims", f"hold identifiers {known[0]} to {known[-1]}", unknown[0])
    bench = Bench()
    chosen = [name for name in known if name in wanted]
    findings: dict[str, Finding] = {}
    for done, name in enumerate(chosen):
        if progress is not None:
            progress(name, done, len(chosen))
        findings[name] = table[name].examine(bench)
    return findings
