"""The claims beyond the Gaussian in docs/threshold.md are the audit's: no verdict is typed in. A minute's work."""

from __future__ import annotations

from pathlib import Path

from leyden.paper import audit_beyond

PAGE = (Path(__file__).parents[2] / "docs" / "threshold.md").read_text(encoding="utf-8")


def test_the_table_of_the_page_is_the_audit() -> None:
    findings = audit_beyond()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in PAGE.splitlines() if line[:3] == "| C"]
    told = {name: (statement, verdict) for name, statement, _, verdict, _ in rows}
    assert told == {name: (found.statement, found.verdict) for name, found in findings.items()}
