"""`leyden report`: a page that stands on its own, true to the library, whole or not at all, of every device."""

from __future__ import annotations

import dataclasses
import hashlib
import importlib
import re
import shlex
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import xarray as xr
from PIL import Image
from typer.testing import CliRunner

import leyden as ly
from leyden.cli import app
from leyden.plots import style
from leyden.report import write_report

pictures = importlib.import_module("leyden.page.pictures")

RATES = {"charger_damping": 0.1, "battery_damping": 0.1}
PICTURES = {"device", "charging", "ratios", "energy", "wigner", "spectra", "threshold"}


def run(words: str, status: int = 0) -> Any:
    found = CliRunner(env={"COLUMNS": "80"}).invoke(app, ["report", *shlex.split(words)], catch_exceptions=False)
    assert found.exit_code == status, found.output
    return found


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    folder = tmp_path_factory.mktemp("report") / "of mine"
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(style._SETTINGS, "savefig.dpi", 40)
        return folder, run(f"two_photon_battery --set drive=0.1 --out '{folder}'")


@pytest.fixture(scope="module")
def text(made: tuple[Path, Any]) -> str:
    return (made[0] / "report.html").read_text(encoding="utf-8")


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pictures are drawn, but not written out, which takes most of the time."""
    monkeypatch.setattr(pictures, "drawn", lambda figure, form: b"a picture")


def words_of(page: Any) -> str:
    return " ".join(" ".join(page.words).split())


def test_all_files_are_there_and_no_other(made: tuple[Path, Any]) -> None:
    folder, ran = made
    drawn = {f"{stem}.{ending}" for stem in PICTURES for ending in ("png", "pdf")}
    assert {path.name for path in folder.iterdir()} == drawn | {"report.html", "device.toml", "charge.nc", "steady.nc"}
    assert ran.stdout == f"{folder / 'report.html'}\n"
    assert "reporting: charging from the vacuum" in ran.stderr
    for stem in PICTURES:
        with Image.open(folder / f"{stem}.png") as picture:
            assert len(set(picture.convert("L").get_flattened_data())) > 10


def test_the_page_is_well_formed_and_asks_for_nothing_outside(text: str, page_of: Any) -> None:
    page = page_of(text)
    assert text.startswith("<!DOCTYPE html>")
    assert (page.faults, page.open) == ([], [])
    assert not page.of("script") + page.of("link") + page.of("iframe")
    for _, attributes in page.elements:
        for name in ("src", "srcset"):
            assert str(attributes.get(name, "data:")).startswith("data:")
    assert not re.search(r"url\(|@import", text)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(link["href"]).removeprefix("#") for link in page.of("a")} <= set(ids)
    assert len(page.of("img")) == len(PICTURES)
    assert all(len(str(image["alt"])) > 40 for image in page.of("img"))


def test_verdicts_stand_with_criteria_and_numbers(text: str, page_of: Any) -> None:
    words = words_of(page_of(text))
    assert "two-photon drive 0.1 on charger is 66.67 % of the critical 0.15, margin 0.05" in words
    assert "one way: charger -> battery" in words
    assert words.count("Criterion:") == 8
    verdicts = re.findall(r'<span class="badge (\w+)">([^<]+)</span>', text)
    assert verdicts[:3] == [("holds", "stable"), ("holds", "below"), ("holds", "one way")]
    # Two ways, two laws, and the uncertainty relation.
    assert verdicts[4:] == [("holds", "holds")] * 4
    # 0.06/(0.2 * 0.32), in the table and on a card.
    assert "0.9375" in words
    assert "<b>0.9375</b> steady stored energy" in text


def test_equations_are_drawn_by_the_browser(text: str) -> None:
    pytest.importorskip("latex2mathml")
    assert '<math display="block">' in text
    assert "\\mathcal{L}" in text  # and to copy


def test_the_data_are_those_of_the_library(made: tuple[Path, Any]) -> None:
    folder, _ = made
    device = ly.read_device(folder / "device.toml")
    assert device == ly.catalog.two_photon_battery(drive=0.1, **RATES)
    charged, steady = xr.load_dataset(folder / "charge.nc"), xr.load_dataset(folder / "steady.nc")
    expected = ly.charge(device, charged["time"].values)
    for name in ("stored_energy", "ergotropy", "charging_power"):
        np.testing.assert_allclose(charged[name], expected[name], rtol=1e-12, atol=1e-15)
    assert float(steady["stored_energy"]) == pytest.approx(0.9375, rel=1e-12)


def test_what_the_page_says_to_type_works(
    made: tuple[Path, Any], text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, program, _ = re.findall(r'<pre tabindex="0">([^<]*)</pre>', text)[-3:]
    assert command == "leyden report two_photon_battery --set drive=0.1"
    monkeypatch.chdir(made[0])
    exec(program.replace("&#34;", '"'), {})
    assert "stored_energy" in capsys.readouterr().out


def test_a_second_run_writes_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(style._SETTINGS, "savefig.dpi", 40)
    device = ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=0.5)
    digests = []
    for _ in range(2):
        write_report(device, tmp_path / "one")
        files = sorted((tmp_path / "one").iterdir())
        digests.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files})
    assert digests[0] == digests[1]


def kerr() -> ly.Network:
    pair = ly.catalog.two_photon_battery(drive=0.05, **RATES)
    return dataclasses.replace(pair, elements=[*pair.elements, ly.Kerr("charger", 0.5)], name="kerr")


def dephased() -> ly.Network:
    elements = [ly.OnePhotonDrive("a", 0.2), ly.Dephasing("a", 0.1), ly.LocalBath("a", 0.1)]
    return ly.Network([ly.Mode("a")], elements, "a", "a", name="dephased")


def above() -> ly.Network:
    return dataclasses.replace(ly.catalog.two_photon_battery(drive=0.3, **RATES), name="<b>above</b> & beyond")


def pulsed() -> ly.Network:
    kick = ly.pulse.gaussian(0.25, centre=5.0, width=1.0)
    return ly.catalog.two_photon_battery(drive=kick, **RATES)


DEVICES: dict[str, tuple[Any, list[str]]] = {
    "above the threshold": (above, ["unstable", "above", "Energies grow without bound"]),
    "at the threshold": (lambda: ly.catalog.two_photon_battery(drive=0.15, **RATES), ["marginal", "at it"]),
    "near the threshold": (lambda: ly.catalog.two_photon_battery(drive=0.149, **RATES), ["within 5 % of its thr"]),
    "pulsed": (pulsed, ["Nothing is said of a steady state", "0.25 * gaussian(centre=5, width=1)"]),
    "many batteries": (lambda: ly.catalog.cascade(5, drive=0.05, damping=0.1), ["Each battery, steady", "m4", "total"]),
    "both ways": (
        lambda: ly.catalog.two_photon_battery(drive=0.1, coupling=-0.24j, **RATES),
        ["partial", "does not show that transport runs one way"],
    ),
    "large": (lambda: ly.catalog.cascade(150, drive=0.1, damping=0.1), ["150 of Mode in all", "Told of devices of up"]),
    "beyond the Gaussian": (kerr, ["one_way", "moments do not close under Kerr(charger)", "For these the device must"]),
    "of few levels": (
        lambda: ly.catalog.few_level_battery(drive=0.3, charger_damping=0.8, coupling=0.5),
        ["Populations"],
    ),
    "dephased": (dephased, ["output spectra:", "Wigner functions:"]),
    "in lab units": (
        lambda: dataclasses.replace(
            ly.catalog.one_photon_battery(drive=0.1, **RATES), rate_unit="MHz", frequency_unit="GHz"
        ),
        ["Here the rate unit is MHz, the frequency unit is GHz."],
    ),
    "in lab units that are known": (
        lambda: dataclasses.replace(
            ly.catalog.one_photon_battery(drive=0.1, **RATES), rate_unit="1 MHz", frequency_unit="7 GHz"
        ),
        ["Here the rate unit is 1 MHz, the frequency unit is 7 GHz.", "(1 MHz); 1/rate unit = 159.2 ns;", "28.95 ueV"],
    ),
    "alone": (lambda: ly.Network([ly.Mode("m")], [], "m", "m"), ["marginal", "0 elements"]),
}


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("kind", DEVICES)
def test_every_kind_of_device_has_a_page(tmp_path: Path, page_of: Any, kind: str) -> None:
    build, expected = DEVICES[kind]
    network = build()
    page = page_of(write_report(network, tmp_path).read_text(encoding="utf-8"))
    assert (page.faults, page.open) == ([], [])
    words = words_of(page)
    for part in (*expected, network.name, "Have it again"):
        assert part in words
    assert "nan" not in words.split()
    assert (tmp_path / "steady.nc").exists() == ("Steady values" in words)
    assert ly.read_device(tmp_path / "device.toml").mode_names == network.mode_names


@pytest.mark.usefixtures("quick")
def test_more_than_two_modes_are_drawn_in_the_colours_of_the_page(tmp_path: Path) -> None:
    text = write_report(ly.catalog.cascade(3, drive=0.05, damping=0.1), tmp_path).read_text(encoding="utf-8")
    drawing = (tmp_path / "device.svg").read_text(encoding="utf-8")
    assert drawing in text
    titles = [element.text for element in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}title")]
    assert [str(title).partition(":")[0] for title in titles[:2]] == ["m0 to m1", "m1 to m2"]
    # Its letters have the colour of the page's, dark or light.
    assert 'fill="currentColor"' in drawing


@pytest.mark.usefixtures("quick")
def test_a_device_file_is_known_by_its_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    ly.write_device(ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=0.5), "secret name.toml")
    assert run("'secret name.toml' --until 7").stdout == "report/report.html\n"
    text = Path("report/report.html").read_text(encoding="utf-8")
    assert "leyden report device.toml --until 7</pre>" in text
    assert "secret" not in text
    assert "np.linspace(0, 7.0, 401)" in text


@pytest.mark.usefixtures("quick")
def test_an_interrupted_report_leaves_nothing_by_halves(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    device = ly.catalog.squeezed_bath_battery(damping=1.0, squeezing=0.5)
    (tmp_path / "charging.png").write_text("the old one")
    write = Path.write_bytes

    def interrupted(path: Path, content: bytes) -> int:
        if path.suffix == ".png":
            write(path, content[:3])
            raise KeyboardInterrupt
        return write(path, content)

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_report(device, tmp_path)
    assert (tmp_path / "charging.png").read_text() == "the old one"
    first = {"device.toml", "charge.nc", "steady.nc", "device.svg"}
    assert {path.name for path in tmp_path.iterdir()} == {"charging.png", *first}


def test_what_cannot_be_is_refused_before_anything_is_computed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refuses: Any
) -> None:
    monkeypatch.setattr("leyden.simulate.charging.charged", lambda *_: pytest.fail("computed in vain"))
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "report.html").mkdir(parents=True)
    device = ly.catalog.two_photon_battery(drive=0.1, **RATES)
    refuses("out", lambda: write_report(device, tmp_path / "file"), "be a folder that can be written")
    refuses("out", lambda: write_report(device, tmp_path / "folder"), "that is a folder")
    refuses("out", lambda: write_report(device, tmp_path / "mine.html"), "in which the page is called report.html")
    refuses("out", lambda: write_report(device, "a\0b"), "be a folder that can be written")
    batch = ly.catalog.two_photon_battery(drive=[0.1, 0.2], **RATES)
    refuses("network", lambda: write_report(batch, tmp_path / "new"), "TwoPhotonDrive(charger).amplitude")
    assert not (tmp_path / "new").exists()
    said = run(f"no_such_device --out '{tmp_path / 'new'}'", 2)
    assert said.stderr.startswith("Error: Argument `DEVICE` must be")
    assert run(f"two_photon_battery --out '{tmp_path / 'file'}'", 2).stderr.startswith("Error: Argument `--out` must")
