"""Progress of a search: told to a function, or as a line on standard error."""

from __future__ import annotations

import io
import sys

import pytest

import leyden as ly
from leyden.design import Progress

BOUNDS = {"shared_rate": (0.01, 3.0)}
FIXED = {"drive": 0.1, "charger_damping": 0.1, "battery_damping": 0.1}


def search(progress):
    return ly.optimize(
        "one_photon_battery", {"shared_rate": (0.01, 3.0)}, "ergotropy", fixed=FIXED, starts=2, progress=progress
    )


def test_a_function_hears_of_every_local_search() -> None:
    heard: list[Progress] = []
    best = search(heard.append)
    assert {told.started for told in heard} >= {1, 2}
    assert heard[-1].starts == 2
    assert heard[-1].best == pytest.approx(best.merit, rel=1e-6)
    counts = [told.evaluations for told in heard]
    assert counts == sorted(counts)
    assert counts[-1] <= best.dataset.attrs["evaluations"] <= heard[-1].budget


def test_lines_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    search(True)
    out, err = capsys.readouterr()
    assert out == ""
    assert "optimize: search 2 of 2" in err
    assert all(line.startswith("optimize: ") for line in err.splitlines())


def test_a_terminal_gets_one_line_that_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    search(True)
    assert "\n" not in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("stream", [None, "closed"])
def test_a_stream_that_is_gone_ends_no_search(monkeypatch: pytest.MonkeyPatch, stream: str | None) -> None:
    gone = io.StringIO()
    gone.close()
    monkeypatch.setattr(sys, "stderr", None if stream is None else gone)
    assert search(True).is_converged
