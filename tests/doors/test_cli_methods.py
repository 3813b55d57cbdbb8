"""`--method` and `--option` of `leyden charge` and `leyden steady`, and that text and JSON say the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.fock import transient

PAPER = ly.catalog.reference_device("two_photon_battery")
BENT = replace(PAPER, elements=(*PAPER.elements, ly.Kerr("charger", 0.5)))
# A single mode, of which every method tells something within milliseconds.
LONE = ly.Network([ly.Mode("a")], [ly.OnePhotonDrive("a", 0.1), ly.LocalBath("a", 1.0)], charger="a", battery="a")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ly.write_device(BENT, "bent.toml")
    ly.write_device(LONE, "lone.toml")


def leyden(*words: str, status: int = 0) -> str:
    """What a command prints, on one line; on stderr where it fails."""
    ran = CliRunner().invoke(app, list(words), env={"COLUMNS": "100", "NO_COLOR": "1"}, catch_exceptions=False)
    assert ran.exit_code == status, ran.stderr
    return " ".join((ran.stderr if status else ran.stdout).split())


def answer(*words: str) -> dict[str, Any]:
    return json.loads(leyden(*words, "--json"))


# Which method.


@pytest.mark.parametrize("method", ["dense", "low_rank", "sparse", "fock", "mean_field", "mean-field"])
def test_a_method_that_is_insisted_on_answers(method: str) -> None:
    """A driven damped mode is coherent: (2 eps/kappa)^2 quanta, whoever is asked."""
    name = {"sparse": "low_rank"}.get(method, method.replace("-", "_"))
    for command in ("steady", "charge"):
        found = answer(command, "lone.toml", "--method", method)
        assert found["method"] == name
        assert found["steady"]["stored_energy"] == pytest.approx(0.04, rel=1e-6)
    # The drift is the device's, whatever the method: E = 0.04 (1 - e^{-t/2})^2 lacks 1 % at -2 ln(1 - 0.99^(1/2)).
    assert found["settling_time"] == pytest.approx(-2 * np.log(1 - np.sqrt(0.99)), rel=1e-6)
    assert found["peak"]["charging_power"]["value"] == pytest.approx(0.01, rel=1e-5)
    printed = leyden("steady", "lone.toml", "--method", method)
    assert (f"method {name}" in printed) == (name in ("fock", "mean_field"))


def test_options_reach_the_method() -> None:
    words = ("lone.toml", "--method", "truncated_wigner", "--option", "trajectories=400", "--option", "seed=7")
    asked = ly.TruncatedWigner(trajectories=400, seed=7)
    found, steady = answer("steady", *words), ly.steady_state(LONE, method=asked)
    assert found["stored_energy"] == float(steady.stored_energy)
    assert found["steady"]["stored_energy_error"] == float(steady.stored_energy_error)
    run = answer("charge", *words, "--until", "3", "--points", "4")
    expected = ly.charge(LONE, [0.0, 1.0, 2.0, 3.0], method=asked)
    assert run["stored_energy"] == expected.stored_energy.values.tolist()
    assert run["about"]["seed"] == 7
    # A peak of estimates would be the one with the largest error.
    assert set(run["peak"].values()) == {None}
    assert "peaks: the largest of many estimates that scatter is none" in leyden("steady", *words)


def test_the_whole_state_behind_a_core_is_told_when_asked_for() -> None:
    words = ("steady", "bent.toml", "--method", "one_way", "--option", "whole_state=")
    assert answer(*words[:-1], words[-1] + "no")["ergotropy"] is None
    assert answer(*words[:-1], words[-1] + "yes")["ergotropy"] == float(
        ly.steady_state(BENT, whole_state=True).ergotropy
    )


def test_a_tolerance_of_a_run_is_heeded() -> None:
    kick = ly.pulse.gaussian(0.2, 2.0, 0.5)
    ly.write_device(LONE.replace(**{"OnePhotonDrive(a).amplitude": kick}), "kick.toml")
    words = ("charge", "kick.toml", "--points", "5", "--method", "dense", "--option")
    assert answer(*words, "tolerance=1e-4")["about"]["tolerance"] == 1e-4


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["--method", "fok"], "`--method` must be one of low_rank, dense, one_way, fock, truncated_wigner, mean_field"),
        (["--method", "fok"], "but is 'fok'. Did you mean 'fock'?"),
        (["--method", "Wigner"], "Did you mean 'truncated_wigner'?"),
        (["--method", "low_rank"], "`--method` must take more than moments here, because moments do not close under"),
        (["--method", "low_rank"], "but is 'low_rank'. Leave it out, or use --method fock."),
        (["--option", "seed=1"], "`--option` must go with a --method, but is 'seed=1'"),
        (["--method", "fock", "--option", "seed=1"], "`--option` must be left out: fock has none here"),
        (["--method", "truncated_wigner", "--option", "sed=1"], "but is 'sed'. Did you mean 'seed'?"),
        (["--method", "truncated_wigner", "--option", "seed"], "must have the form NAME=VALUE, but is 'seed'"),
        (["--method", "truncated_wigner", "--option", "seed=-1"], "`--option seed` must be a whole number"),
        (["--method", "truncated_wigner", "--option", "seed=1", "--option", "seed=2"], "must name each parameter once"),
        (["--method", "one_way", "--option", "whole_state=maybe"], "`--option whole_state` must be yes or no"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_line(words: list[str], complaint: str) -> None:
    assert complaint in leyden("steady", "bent.toml", *words, status=2)


def test_options_are_those_of_the_question() -> None:
    method = ("--method", "one_way", "--option")
    said = "must be one of tolerance, which one_way has here, but is 'whole_state'"
    assert said in leyden("charge", "bent.toml", *method, "whole_state=yes", status=2)
    assert "`--option tolerance` must be a number from" in leyden(
        "charge", "bent.toml", *method, "tolerance=2", status=2
    )


def test_the_nearest_name_is_told_in_python_as_well() -> None:
    with pytest.raises(ly.ParameterError, match=r"but is 'fok'\. Did you mean 'fock'\?"):
        ly.steady_state(LONE, method="fok")


# Text and JSON.


def test_the_linear_part_of_what_is_not_gaussian_is_told() -> None:
    found = answer("steady", "bent.toml")
    linear = ly.stability(BENT)
    assert found["linear_part"]["is_stable"] is bool(linear.is_stable)
    assert found["linear_part"]["spectral_abscissa"] == float(linear.spectral_abscissa)
    assert "Kerr(charger)" in found["linear_part"]["about"]
    assert answer("steady", "two_photon_battery")["linear_part"] is None


def test_whatever_the_text_says_to_be_missing_the_json_does_too() -> None:
    dephased = replace(PAPER, elements=(*PAPER.elements, ly.Dephasing("battery", 0.1)))
    ly.write_device(dephased, "dephased.toml")
    found, printed = answer("steady", "dephased.toml"), leyden("steady", "dephased.toml")
    assert found["ergotropy"] is None
    assert found["left_out"] == {"not_gaussian": ly.steady_state(dephased).attrs["not_gaussian"]}
    assert f"left out {found['left_out']['not_gaussian']}" in printed
    found, printed = answer("charge", "bent.toml", "--until", "1"), leyden("charge", "bent.toml", "--until", "1")
    assert found["ergotropy"][1] is None
    assert f"left out {found['left_out']['whole_state']}" in printed


def test_what_depends_on_the_start_is_said_in_both() -> None:
    """Two-photon loss keeps the parity of the vacuum."""
    device = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.5), ly.TwoPhotonLoss("a", 1.0)], "a", "a")
    ly.write_device(device, "parity.toml")
    found = answer("steady", "parity.toml")
    assert "start in the vacuum" in found["about"]["conserved"]
    assert f"note conserved: {found['about']['conserved']}" in leyden("steady", "parity.toml")


def test_a_run_that_takes_minutes_is_no_part_of_a_steady_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transient, "_LONG", 0.0)
    ly.write_device(ly.Network([ly.Mode("a")], [*LONE.elements, ly.Kerr("a", 1.0)], "a", "a"), "kerr.toml")
    found, printed = answer("steady", "kerr.toml"), leyden("steady", "kerr.toml")
    assert found["steady"]["stored_energy"] > 0
    assert set(found["peak"].values()) == {None}
    assert found["left_out"]["peak"] == "they take minutes, and `leyden charge` tells them"
    assert "left out peaks: they take minutes, and `leyden charge` tells them" in printed
    assert "Peaks between" not in printed


def test_a_run_is_told_where_a_steady_state_does_not_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of early times, when there are few quanta, there is something to tell."""
    from leyden.fock import method

    def refuse(*_: Any, **__: Any) -> Any:
        raise ly.TruncationError("Argument `network` must fit.", population=1.0, cutoff=(2,))

    monkeypatch.setattr(method, "settled", refuse)
    ly.write_device(ly.Network([ly.Mode("a")], [*LONE.elements, ly.Kerr("a", 1.0)], "a", "a"), "kerr.toml")
    found = answer("charge", "kerr.toml", "--until", "1", "--points", "3")
    assert found["steady"] is None
    assert found["left_out"]["steady"] == "Argument `network` must fit."
    assert found["stored_energy"][-1] > 0
    assert "left out steady state: Argument `network` must fit." in leyden("charge", "kerr.toml", "--until", "1")
    assert "must fit" in leyden("steady", "kerr.toml", status=2)


def test_how_far_was_looked_is_told_in_both() -> None:
    found, printed = answer("steady", "two_photon_battery"), leyden("steady", "two_photon_battery")
    assert f"Peaks between 0 and {found['peak_until']:g};" in printed
    assert found["settling_until"] == found["peak_until"]


def test_thresholds_that_are_not_told_have_a_reason() -> None:
    device = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0)], "a", "a")
    twice = replace(device, elements=(*device.elements, ly.TwoPhotonDrive("a", 0.05)))
    ly.write_device(twice, "twice.toml")
    reason = answer("steady", "twice.toml")["left_out"]["threshold"]
    assert reason == "several two-photon drives on a: none of them alone"
    assert reason in leyden("steady", "twice.toml")
