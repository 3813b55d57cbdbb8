"""What the explorer answers is what leyden says, for every device of the catalog."""

from __future__ import annotations

import json
import math
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.model.catalog import DEVICES, reference_device

Asked = Callable[..., dict[str, Any]]
KICK = {"height": 0.2, "start": 1, "stop": 4}
QUICK = [name for name in DEVICES if name not in ("few_level_battery", "tavis_cummings_battery")]


@pytest.mark.parametrize("name", DEVICES)
def test_a_device_is_described(asked: Asked, name: str) -> None:
    found = asked("device", {"catalog": name})
    network = reference_device(name)
    assert (found["charger"], found["batteries"]) == (network.charger, list(network.batteries))
    for row in found["parameters"]:
        if row["kind"] == "real":
            assert row["low"] <= row["value"] <= row["high"]
            assert row["step"] > 0
    again = asked("device", {"text": found["toml"]})
    assert again["toml"] == found["toml"]
    assert found["equations"]["latex"] == network.to_latex()


@pytest.mark.parametrize("name", QUICK)
def test_curves_are_those_of_charge(asked: Asked, name: str) -> None:
    found = asked("answer", {"catalog": name}, detail="curves", times={"points": 41})
    curves = found["curves"]
    run = ly.charge(reference_device(name), np.asarray(curves["time"]))
    for quantity in ("stored_energy", "ergotropy", "charging_power"):
        values = curves[quantity]
        if isinstance(values, list) and values and isinstance(values[0], dict):
            whole = next(one["values"] for one in values if one["battery"] is None)
            np.testing.assert_allclose(whole, run[f"total_{quantity}"], rtol=1e-9, atol=1e-14)
        else:
            np.testing.assert_allclose(values, run[quantity], rtol=1e-9, atol=1e-14)


def test_steady_values_are_the_closed_form(asked: Asked) -> None:
    found = asked("answer", {"catalog": "two_photon_battery", "parameters": {"drive": 0.1}})
    row = next(row for row in found["steady"] if row["name"] == "stored_energy")
    assert math.isclose(row["steady"], 0.06 / (0.2 * 0.32), rel_tol=1e-12)  # Eq. (14)
    facts = {fact["key"]: fact for fact in found["facts"]}
    assert "0.15" in facts["threshold"]["value"]
    assert facts["transport"]["value"] == "one way: charger -> battery"
    assert (facts["transport"]["tone"], facts["stability"]["tone"]) == ("good", "good")
    assert "eigenvalue" in facts["stability"]["why"]
    assert sum(bar["flow"] for bar in found["balance"]) == pytest.approx(0, abs=1e-12)


def test_above_threshold_there_is_a_run_and_no_steady_state(asked: Asked) -> None:
    found = asked("answer", {"catalog": "two_photon_battery", "parameters": {"drive": 0.2}})
    assert found["condition"] == "unstable"
    assert found["balance"] is None
    assert {row["steady"] for row in found["steady"]} == {None}
    assert found["curves"]["stored_energy"][-1] > 1


def test_a_kerr_charger_goes_through_the_threshold(asked: Asked) -> None:
    parameters = {"drive": 0.2, "charger_kerr": 0.2, "charger_loss": 0.1}
    found = asked("answer", {"catalog": "two_photon_battery", "parameters": parameters}, times={"points": 41})
    row = next(row for row in found["steady"] if row["name"] == "stored_energy")
    device = reference_device("two_photon_battery", drive=0.2)
    whole = ly.Network(
        device.modes,
        [*device.elements, ly.Kerr("charger", strength=0.2), ly.TwoPhotonLoss("charger", rate=0.1)],
        charger="charger",
        battery="battery",
    )
    assert row["steady"] == pytest.approx(float(ly.steady_state(whole).stored_energy), rel=1e-6)


def test_a_map_is_a_batch_of_steady_states(asked: Asked) -> None:
    axes = {
        "x": {"parameter": "drive", "low": 0.01, "high": 0.3},
        "y": {"parameter": "battery_damping", "low": 0.05, "high": 0.5},
    }
    found = asked("map", {"catalog": "two_photon_battery"}, **axes, points=12, merit="stored_energy")
    for row, column in ((0, 0), (5, 3), (11, 4)):
        device = reference_device("two_photon_battery", drive=found["x"][column], battery_damping=found["y"][row])
        assert found["values"][row][column] == pytest.approx(float(ly.steady_state(device).stored_energy), rel=1e-9)
    assert found["values"][0][-1] is None
    # At the reference damping the threshold does not depend on what the battery loses.
    assert all(math.isclose(x, 0.15, rel_tol=0.05) for piece in found["threshold"] for x in piece[0])


@pytest.mark.parametrize(
    "parameters", [{}, {"drive": 0.2, "charger_kerr": 0.3}, {"coupling": {"re": 0.1, "im": -0.2}}], ids=str
)
def test_the_script_runs_and_says_the_same(asked: Asked, tmp_path: Path, parameters: dict[str, Any]) -> None:
    device = {"catalog": "two_photon_battery", "parameters": parameters}
    text = asked("device", device)["python"]
    answer = asked("answer", device, detail="curves")
    path = tmp_path / "script.py"
    path.write_text(text + "print('LAST', repr(float(run.stored_energy[-1])))\n")
    ran = subprocess.run([sys.executable, str(path)], capture_output=True, text=True, check=True)
    last = float(ran.stdout.split("LAST")[1])
    assert last == pytest.approx(answer["curves"]["stored_energy"][-1], rel=1e-6)


@pytest.mark.parametrize(
    "device",
    [
        {"catalog": "two_photon_battery", "parameters": {"drive": 0.07, "charger_damping": 0.2}},
        {"catalog": "two_photon_battery", "parameters": {"coupling": {"re": 0.1, "im": -0.2}}},
        {"catalog": "two_photon_battery", "parameters": {"drive": 0.2, "charger_kerr": 0.3}},
        {
            "catalog": "two_photon_battery",
            "pulses": {"drive": {"kind": "square", "numbers": {"height": 0.2, "start": 1, "stop": 4}}},
        },
        {"catalog": "random_directed_graph", "parameters": {"acyclic": True, "photons": 1, "modes": 5}},
        {"catalog": "random_directed_graph", "parameters": {"acyclic": False, "photons": 1, "modes": 5}},
        {"catalog": "cascade", "parameters": {"end": "matched", "modes": 3}},
        {"catalog": "ring", "parameters": {"flux": -1e-3, "detuning": -0.5}},
    ],
    ids=str,
)
def test_the_command_runs_and_says_the_same(
    asked: Asked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, device: dict[str, Any]
) -> None:
    monkeypatch.chdir(tmp_path)
    told = asked("device", device)
    (tmp_path / "device.toml").write_text(told["toml"], encoding="utf-8")
    program, *words = shlex.split(told["command"])
    assert program == "leyden"
    ran = CliRunner().invoke(app, [*words, "--json"], catch_exceptions=False)
    assert ran.exit_code == 0, ran.stderr
    found = json.loads(ran.stdout)
    answer = asked("answer", device, detail="curves", times={"until": found["time"][-1]})
    values = answer["curves"]["stored_energy"]
    if isinstance(values[0], dict):
        values = next(one["values"] for one in values if one["battery"] is None)
    name = "total_stored_energy" if "total_stored_energy" in found else "stored_energy"
    np.testing.assert_allclose(found[name], values, rtol=1e-6, atol=1e-12)
