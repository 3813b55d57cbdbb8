"""`leyden audit` and `leyden reproduce`: what they print; what they compute is tested in tests/paper."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from typer.testing import CliRunner

import leyden.paper
from leyden.cli import app
from leyden.cli.progress import on_stderr

FINDINGS = {
    f"C{place}": SimpleNamespace(
        claim=f"C{place}",
        where="Fig. 2a",
        statement=f"Statement {place} on [bold] things.",
        verdict=verdict,
        evidence="Evidence that takes more than one line of eighty columns to print, as it will. " * 3,
        numbers={"ratio": 1.5, "none": float("nan"), "list": [1, 2]},
        parameters={"drive": 0.05},
    )
    for place, verdict in enumerate(["holds", "holds in part", "fails", "not checkable", "holds"], start=1)
}


@pytest.fixture
def paper(monkeypatch: pytest.MonkeyPatch) -> None:
    def audit(*, progress: Any = None, claims: Any = None) -> dict[str, Any]:
        chosen = {name: one for name, one in FINDINGS.items() if claims is None or name in claims}
        for place, name in enumerate(chosen):
            progress(name, place, len(chosen))
        return chosen

    def reproduce(out: Path, *, progress: Any = None) -> Path:
        progress("figure", 2)
        out.mkdir()
        (out / "report.html").write_text("report")
        return out / "report.html"

    def audit_beyond(*, progress: Any = None, claims: Any = None) -> dict[str, Any]:
        assert claims is None
        progress("C4", 0, 1)
        return {"C4": FINDINGS["C4"]}

    monkeypatch.setattr(leyden.paper, "audit", audit)
    monkeypatch.setattr(leyden.paper, "audit_beyond", audit_beyond)
    monkeypatch.setattr(leyden.paper, "reproduce", reproduce)


def leyden_command(*words: str, columns: int = 80) -> Any:
    found = CliRunner().invoke(app, list(words), env={"COLUMNS": str(columns), "NO_COLOR": "1"}, catch_exceptions=False)
    assert found.exit_code == 0
    return found


@pytest.mark.usefixtures("paper")
def test_audit_in_json() -> None:
    found = leyden_command("audit", "--json")
    answer = json.loads(found.stdout, parse_constant=pytest.fail)
    assert list(answer) == ["C1", "C2", "C3", "C4", "C5"]
    assert answer["C2"]["verdict"] == "holds in part"
    assert answer["C2"]["evidence"] == FINDINGS["C2"].evidence
    assert answer["C2"]["numbers"] == {"ratio": 1.5, "none": None, "list": [1, 2]}
    assert answer["C2"]["parameters"] == {"drive": 0.05}
    assert set(answer["C2"]) == {"verdict", "evidence", "where", "statement", "numbers", "parameters"}


@pytest.mark.usefixtures("paper")
def test_audit_beyond() -> None:
    found = leyden_command("audit", "--beyond", "--json")
    assert list(json.loads(found.stdout, parse_constant=pytest.fail)) == ["C4"]
    assert found.stderr.startswith("auditing the claims: C4 (0 of 1 done)")
    assert leyden_command("audit", "--beyond").stdout.rstrip().splitlines()[-1] == "not checkable: 1"


@pytest.mark.usefixtures("paper")
def test_audit_of_some_claims() -> None:
    found = leyden_command("audit", "C4", "c2", "--json")
    assert list(json.loads(found.stdout, parse_constant=pytest.fail)) == ["C2", "C4"]
    assert found.stderr.startswith("auditing the claims: C2 (0 of 2 done)")
    assert leyden_command("audit", "C4").stdout.rstrip().splitlines()[-1] == "not checkable: 1"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("C99", "Error: Argument `CLAIM` must hold identifiers C1 to C30, but is 'C99'."),
        ("C99 --beyond", "Error: Argument `CLAIM` must hold some of C"),
    ],
)
def test_audit_of_a_claim_that_there_is_not(words: str, told: str) -> None:
    found = CliRunner().invoke(app, ["audit", *words.split()], catch_exceptions=False)
    assert (found.exit_code, found.stdout) == (2, "")
    assert found.stderr.splitlines()[-1].startswith(told)


def test_audit_of_one_claim_of_the_paper() -> None:
    assert json.loads(leyden_command("audit", "C1", "--json").stdout)["C1"]["verdict"] == "holds"


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.usefixtures("paper")
def test_audit_as_a_table(columns: int) -> None:
    found = leyden_command("audit", columns=columns)
    assert max(map(len, found.stdout.splitlines())) <= columns
    words = " ".join(found.stdout.split())
    for place in range(1, 6):
        assert f"C{place}" in words
        assert f"Statement {place} on [bold] things." in words
    assert found.stdout.rstrip().splitlines()[-1] == "holds: 2, holds in part: 1, fails: 1, not checkable: 1"


@pytest.mark.usefixtures("paper")
def test_progress_goes_to_stderr() -> None:
    lines = leyden_command("audit", "--json").stderr.splitlines()
    assert lines[:2] == ["auditing the claims: C1 (0 of 5 done)", "auditing the claims: C2 (1 of 5 done)"]
    assert lines[-1].startswith("auditing the claims: done in ")


@pytest.mark.usefixtures("paper")
def test_reproduce_prints_the_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = leyden_command("reproduce")
    assert found.stdout.strip() == str(Path("reproduction", "report.html"))
    assert "reproducing the paper: figure 2\n" in found.stderr
    assert leyden_command("reproduce", "--out", "elsewhere").stdout.strip() == str(Path("elsewhere", "report.html"))


@pytest.mark.parametrize("out", ["file", "file/folder", "/proc/folder"])
def test_reproduce_refuses_a_hopeless_folder(out: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is computed: the real command, which would take half a minute otherwise."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    found = CliRunner().invoke(app, ["reproduce", "--out", out], catch_exceptions=False)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "out` must be a folder that can be written" in found.stderr.splitlines()[-1]
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_on_a_terminal_is_one_changing_line(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    for name in ("NO_COLOR", "TERM", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setattr(sys, "stderr", terminal)
    with on_stderr("at work") as progress:
        progress("step [a]", 1, 2)
    printed = terminal.getvalue()
    assert "\x1b[" in printed
    assert printed.rstrip().splitlines()[-1].strip().endswith(" s")
    assert "at work: step [a] (1 of 2 done)" in printed
    assert "\x1b[2K" in printed  # the line is taken away at the end


def test_progress_says_so_when_the_work_fails(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        with on_stderr("at work") as progress:
            progress("step")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert capsys.readouterr().err == "at work: step\n"
