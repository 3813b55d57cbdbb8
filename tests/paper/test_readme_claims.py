"""The claims table of README.md is the audit's: no verdict is typed in."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
HEADING = "\n## Does the paper hold?\n"


def section() -> str:
    return README.split(HEADING, maxsplit=1)[1].split("\n## ", maxsplit=1)[0]


def rows(findings: Any) -> list[str]:
    """The table's lines, as README.md should have them."""
    return [f"| {name} | {found.where} | {found.statement} | {found.verdict} |" for name, found in findings.items()]


def summary(findings: Any) -> str:
    """The counts in one sentence."""
    counts = Counter(found.verdict for found in findings.values())
    words = {"holds": "hold", "holds in part": "hold in part", "fails": "fail", "not checkable": "not checkable"}
    parts = [f"{counts[verdict]} {word}" for verdict, word in words.items() if counts[verdict]]
    return f"Of {len(findings)} claims, {', '.join(parts)}."


def test_table_is_the_audit(findings: Any) -> None:
    found = [line for line in section().splitlines() if line.startswith("| C")]
    assert found == rows(findings), "README.md should say:\n" + "\n".join(rows(findings))


def test_counts_are_those_of_the_audit(findings: Any) -> None:
    assert summary(findings) in " ".join(section().split())
