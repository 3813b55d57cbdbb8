"""`leyden audit` and `leyden reproduce`: does the paper hold?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from leyden.cli.charge import Json
from leyden.errors import ParameterError

__all__ = ["audit", "reproduce"]

_STYLES = {"holds": "green", "holds in part": "yellow", "fails": "bold red", "not checkable": "dim"}
_FIELDS = ("verdict", "evidence", "where", "statement", "numbers", "parameters")


def audit(
    claims: Annotated[
        list[str] | None, typer.Argument(metavar="[CLAIM]...", help="Claims to check, as C15; all of them by default.")
    ] = None,
    *,
    beyond: Annotated[
        bool, typer.Option("--beyond", help="Those claims that can be tried with an anharmonic charger, tried so.")
    ] = False,
    json: Json = False,
) -> None:
    """Check the claims of the paper (C1 to C30): a verdict on each, computed, with its evidence.

    Verdicts: holds, holds in part, fails, not checkable.
    """
    from leyden import paper
    from leyden.cli.progress import on_stderr

    chosen = [name.upper() for name in claims] if claims else None
    try:
        with on_stderr("auditing the claims") as progress:
            findings = (paper.audit_beyond if beyond else paper.audit)(progress=progress, claims=chosen)
    except ParameterError as error:
        raise error.about("CLAIM") from None
    if json:
        from leyden.cli.answers import print_json

        print_json({claim: {name: getattr(one, name) for name in _FIELDS} for claim, one in findings.items()})
    else:
        _print(findings)


def _print(findings: Any) -> None:
    from collections import Counter

    from rich.text import Text

    from leyden.cli.tables import ruled, stdout

    console = stdout()
    table = ruled()
    table.show_lines = True
    table.add_column("claim", no_wrap=True, style="bold")
    table.add_column("verdict", max_width=8)
    table.add_column("statement and evidence", ratio=1)
    for claim, finding in findings.items():
        verdict = Text(finding.verdict, style=_STYLES.get(finding.verdict, ""))
        words = Text.assemble((finding.statement, "bold"), (f" [{finding.where}]", "dim"), "\n", finding.evidence)
        table.add_row(claim, verdict, words)
    console.print(table)
    counts = Counter(str(finding.verdict) for finding in findings.values())
    console.print(", ".join(f"{verdict}: {count}" for verdict, count in counts.most_common()))


def reproduce(
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Folder to write into; made if missing.")] = Path(
        "reproduction"
    ),
) -> None:
    """Reproduce the paper: figures 2 to 6 (PNG and PDF), their data (netCDF), claims.json, and report.html.

    Takes about half a minute.
    """
    from leyden import paper
    from leyden.cli.answers import out_told
    from leyden.cli.progress import on_stderr

    with out_told(), on_stderr("reproducing the paper") as progress:
        report = paper.reproduce(out, progress=progress)
    print(report)
