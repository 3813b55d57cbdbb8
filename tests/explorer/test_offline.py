"""The page in one file: the numbers of leyden in it, nothing that is fetched, names as text, and clear refusals."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.explorer.asked import DeviceAsked
from leyden.explorer.offline import MOST_FRAMES, offline_page
from leyden.model.catalog import DEVICES, reference_device
from leyden.model.files import device_text
from leyden.portrait import Portrait

PAIR = DeviceAsked(catalog="two_photon_battery")
AXES = {"drive": [0.05, 0.1, 0.2], "battery_damping": [0.1, 0.3]}


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1], parse_constant=pytest.fail)


@pytest.fixture(scope="module")
def page() -> str:
    return offline_page(PAIR, AXES)


def test_frames_are_those_of_leyden(page: str) -> None:
    data = data_of(page)
    assert [axis["values"] for axis in data["axes"]] == list(AXES.values())
    assert len(data["frames"]) == 6
    frame = data["frames"][1 * 2 + 1]
    device = reference_device("two_photon_battery", drive=0.1, battery_damping=0.3)
    run = ly.charge(device, data["times"])
    np.testing.assert_allclose(frame["curves"]["ergotropy"], run.ergotropy, rtol=5.1e-5, atol=1e-12)
    assert frame["steady"]["ergotropy"] == pytest.approx(float(ly.steady_state(device).ergotropy), rel=1e-9)
    above = data["frames"][2 * 2]
    assert above["condition"] == "unstable"
    assert above["steady"]["ergotropy"] is None
    assert above["critical"] == pytest.approx(0.15)


def test_wigner_functions_are_there_to_a_percent(page: str) -> None:
    found = data_of(page)["frames"][0]["wigner"]
    steps = np.frombuffer(base64.b64decode(found["bytes"]), dtype=np.int8).reshape(41, 41)
    values = found["top"] * steps / 127
    x, p = np.linspace(*found["ends"][:2], 41), np.linspace(*found["ends"][2:], 41)
    assert np.sum(values) * (x[1] - x[0]) * (p[1] - p[0]) == pytest.approx(1, abs=0.02)


def test_nothing_is_fetched(page: str) -> None:
    outer = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert re.findall(r"(?:src|href)\s*=", outer) == []
    assert "url(" not in outer
    assert "@import" not in outer
    own = page[page.rindex('id="data"') :]
    assert re.findall(r"fetch\(|XMLHttpRequest|import\(|https?://", own) == []


def test_names_are_text() -> None:
    name = "</script><b>"
    device = ly.Network(
        [ly.Mode(name), ly.Mode("b")],
        [ly.TwoPhotonDrive(name, 0.1), ly.LocalBath(name, rate=1.0), ly.LocalBath("b", rate=0.5)],
        charger=name,
        battery="b",
        name="<i>odd</i>",
    )
    address = f"TwoPhotonDrive({name}).amplitude"
    text = offline_page(DeviceAsked(text=device_text(device)), {address: [0.05, 0.1]})
    assert "<i>odd" not in text
    assert text.count("</script>") == 3
    assert data_of(text)["name"] == "<i>odd</i>"


@pytest.mark.parametrize("name", [name for name in DEVICES if "level" not in name and "cummings" not in name])
def test_every_device_has_axes_of_its_own(name: str) -> None:
    from leyden.explorer.offline import _axes

    network = reference_device(name)
    axes = _axes(DeviceAsked(catalog=name), network)
    assert len(axes) == 2
    for values in axes.values():
        assert values == sorted(values)
        assert values[0] > 0


def run(*words: str, status: int = 0) -> str:
    ran = CliRunner().invoke(app, ["explore", *words], env={"COLUMNS": "80"}, catch_exceptions=False)
    assert ran.exit_code == status
    return ran.stderr


def test_the_command_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    told = run("ring", "--export", str(path), "--over", "flux=0:3:3", "--set", "modes=3")
    assert told.splitlines()[-1] == f"wrote {path}"
    # Where stderr is no terminal, the first and the last device at least.
    assert "exporting: devices (1 of 3 done)\nexporting: devices (3 of 3 done)\nexporting: done in " in told
    assert len(data_of(path.read_text(encoding="utf-8"))["frames"]) == 3


def test_a_file_without_a_name_is_called_as_it_is(tmp_path: Path) -> None:
    source = tmp_path / "my_pair.toml"
    text = device_text(reference_device("two_photon_battery"))
    source.write_text(text.replace('name = "two_photon_battery"\n', ""), encoding="utf-8")
    path = tmp_path / "page.html"
    address = "TwoPhotonDrive(charger).amplitude"
    run(str(source), "--export", str(path), "--over", f"{address}=0.05:0.1:2")
    text = path.read_text(encoding="utf-8")
    assert data_of(text)["name"] == "my_pair"
    assert "<title>my_pair - leyden</title>" in text


def test_axes_have_the_units_of_the_device_and_zeros_at_one_height(browser: BrowserContext, tmp_path: Path) -> None:
    device = reference_device("reciprocal_battery")
    lab = ly.Network(
        [ly.Mode(mode, frequency=5.0) for mode in device.mode_names],
        device.elements,
        charger=device.charger,
        battery=device.batteries[0],
    )
    asked = DeviceAsked(text=device_text(lab))
    text = offline_page(asked, {"LocalBath(battery).rate": [0.05, 0.1]})
    units = data_of(text)["units"]
    assert units["stored_energy"] == Portrait(lab).unit("stored_energy")
    assert units["charging_power"] == Portrait(lab).unit("charging_power")
    # Of a battery that begins charged the power is negative: here it is made so, in the frames themselves.
    data = data_of(text)
    for frame in data["frames"]:
        frame["curves"]["charging_power"] = [value - 0.002 for value in frame["curves"]["charging_power"]]
    before, begin, rest = text.partition('id="data">')
    file = tmp_path / "page.html"
    file.write_text(before + begin + json.dumps(data) + rest[rest.index("</script>") :], encoding="utf-8")
    page = browser.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("#curves .ytitle")
    shown = page.evaluate("""() => {
        const { yaxis, yaxis2 } = document.getElementById("curves").layout;
        return [yaxis.range, yaxis2.range, yaxis.title.text, yaxis2.title.text];
    }""")
    page.close()
    (low, high), (under, over), energy, power = shown
    assert low / high == pytest.approx(under / over, abs=1e-12)
    assert over > 0
    assert under < 0
    assert energy.startswith("energy (")
    assert power.startswith("power (")
    assert power != "power ()"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("--export", "page.txt"), "must end in .html"),
        (("--over", "drive=0:1:3"), "must go with --export"),
        (("--export", "p.html", "--over", f"drive=0:1:{MOST_FRAMES + 1}"), f"at most {MOST_FRAMES}"),
        (("--export", "p.html", "--over", "nothing=0:1:3"), "nothing"),
        (("--export", "nowhere/p.html"), "--export"),
    ],
)
def test_what_is_wrong_is_told_and_nothing_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    monkeypatch.chdir(tmp_path)
    assert told in run("two_photon_battery", *words, status=2)
    assert list(tmp_path.iterdir()) == []
