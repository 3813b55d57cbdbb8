"""`leyden charge` and `leyden steady` of devices whose moments do not close: by other methods, without their drift."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app


def cavity(*elements: ly.Element, levels: int | None = None) -> ly.Network:
    return ly.Network([ly.Mode("a", levels=levels)], elements, charger="a", battery="a")


BENT = cavity(ly.TwoPhotonDrive("a", 0.1), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0))
CELL = cavity(ly.OnePhotonDrive("a", 0.2), ly.LocalBath("a", 0.5), levels=2)
PARITY = cavity(ly.TwoPhotonDrive("a", 0.5), ly.TwoPhotonLoss("a", 1.0))


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name, network in {"bent": BENT, "cell": CELL, "parity": PARITY}.items():
        ly.write_device(network, f"{name}.toml")


def leyden(*words: str, status: int = 0) -> tuple[str, str]:
    ran = CliRunner().invoke(app, list(words), env={"COLUMNS": "100", "NO_COLOR": "1"}, catch_exceptions=False)
    assert ran.exit_code == status, ran.stderr
    return ran.stdout, ran.stderr


def test_steady_is_the_steady_state_of_a_bent_mode_and_of_a_cell() -> None:
    found = json.loads(leyden("steady", "bent.toml", "--json")[0])
    steady = ly.steady_state(BENT)
    assert found["stored_energy"] == pytest.approx(float(steady.stored_energy), rel=1e-9)
    assert found["steady"]["ergotropy"] == pytest.approx(float(steady.ergotropy), rel=1e-9)
    assert (found["stability"], found["threshold"], found["transport"]) == (None, {}, {})
    assert set(found["left_out"].values()) == {"moments do not close under Kerr(a)"}
    # Two levels saturate: 4 eps^2/(kappa^2 + 8 eps^2) of Bloch's equations.
    cell = json.loads(leyden("steady", "cell.toml", "--json")[0])
    assert cell["stored_energy"] == pytest.approx(4 * 0.04 / (0.25 + 8 * 0.04), rel=1e-9)


def test_charge_gives_the_run_and_its_peaks_whatever_its_points() -> None:
    leyden("charge", "parity.toml", "--until", "5", "--points", "6", "--out", "run.nc", "--plot", "run.png")
    found = json.loads(leyden("charge", "parity.toml", "--until", "5", "--points", "6", "--json")[0])
    run = ly.charge(PARITY, np.linspace(0.0, 5.0, 6))
    np.testing.assert_allclose(found["stored_energy"], run.stored_energy, rtol=1e-8)
    np.testing.assert_allclose(xr.load_dataset("run.nc").stored_energy, run.stored_energy, rtol=1e-8)
    # It settles from below, at tanh 1, which six points do not tell.
    assert found["peak"]["stored_energy"]["at"] == "end"
    assert found["peak"]["stored_energy"]["value"] == pytest.approx(float(run.stored_energy[-1]), rel=1e-8)
    assert found["steady"]["stored_energy"] == pytest.approx(np.tanh(1.0), rel=1e-8)
    assert json.loads(leyden("steady", "parity.toml", "--json")[0])["stored_energy"] == pytest.approx(np.tanh(1.0))


def test_what_nothing_damps_has_a_run_and_no_steady_state() -> None:
    free = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", 0.3), ly.Kerr("a", 1.0)], charger="a", battery="a")
    ly.write_device(free, "free.toml")
    assert json.loads(leyden("charge", "free.toml", "--until", "5", "--points", "6", "--json")[0])["steady"] is None
    assert "one steady state" in leyden("steady", "free.toml", status=3)[1]


def test_tables_say_what_computed_them_and_what_they_leave_out() -> None:
    printed, _ = leyden("charge", "bent.toml", "--until", "3")
    assert "method     fock" in printed
    assert "left out   threshold, transport, settling: moments do not close under Kerr(a)" in printed
    rate = float(ly.stability(BENT).spectral_abscissa)
    assert f"stability  of the linear part alone: stable; largest rate of growth {rate:.5g}" in printed
    pulsed = BENT.replace(**{"TwoPhotonDrive(a).amplitude": ly.pulse.gaussian(0.2, 2.0, 0.5)})
    ly.write_device(pulsed, "pulsed.toml")
    printed, _ = leyden("charge", "pulsed.toml")
    assert "left out  steady state, stability, threshold, transport: TwoPhotonDrive(a).amplitude changes" in printed


def test_no_peak_of_a_share_is_above_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """The polynomial between times knows of no bound, and of two samples of one it comes above."""
    from leyden.portrait import Portrait

    portrait = Portrait(BENT, until=1.0, points=5)
    curve = np.array([0.9, 1.0, 1.0, 0.9, 0.8])
    run = dict.fromkeys(("stored_energy", "purity"), curve)
    monkeypatch.setattr(Portrait, "_sampled", (np.linspace(0.0, 1.0, 5), run))
    (column,) = portrait.columns
    assert portrait.peak(column, "stored_energy").value > 1
    assert portrait.peak(column, "purity").value == 1
