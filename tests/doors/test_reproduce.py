"""`reproduce`: a folder with everything in it, whole or not at all, and a report that stands on its own."""

from __future__ import annotations

import base64
import hashlib
import importlib
import json
import os
import re
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from matplotlib.figure import Figure
from PIL import Image

import leyden as ly
from leyden import paper
from leyden.paper import Finding
from leyden.paper.figures import FIGURES, PaperFigure
from leyden.plots import style

LETTERS = {2: "abcdef", 3: "abcd", 4: "abcd", 5: "ab", 6: "abcd"}
PANELS = [f"figure-{number}{letter}" for number, letters in LETTERS.items() for letter in letters]
DRAWINGS = [f"figure-{number}.{ending}" for number in range(1, 7) for ending in ("png", "pdf")]
FILES = {*DRAWINGS, *(f"{name}.nc" for name in PANELS), "claims.json", "report.html"}
VERDICTS = ("holds", "holds in part", "fails", "not checkable")


def findings() -> dict[str, Finding]:
    """Thirty findings with every verdict and some traps for the page: markup, long lists, nested values."""
    found: dict[str, Finding] = {}
    for number in range(1, 31):
        found[f"C{number}"] = Finding(
            f"C{number}",
            f"Fig. {number % 6}",
            f"E_B <grows> & kappa_a^2 shrinks, claim {number}.",
            VERDICTS[number % 3] if number < 30 else "not checkable",
            f"Criterion: the step is below 1e-{number}. Found: 0e+00 at most (eps < 0.1). Why: because.",
            {"largest_ratio": 0.1 + 0.2, "eps/eps_c": [float(k) for k in range(40)], "nested": {"E_B": [True, None]}},
            {"damping": "0.001 to 2", "steps": 3},
        )
    return found


def audit(*, progress: Any = None) -> dict[str, Finding]:
    if progress is not None:
        progress("C1")
    return findings()


module = importlib.import_module("leyden.paper.reproduce")


def figures() -> tuple[PaperFigure, ...]:
    """All figures; 2 to 4 with a quick drawing: they take long, are made as 5 is, and have a test of their layout."""
    return tuple(replace(figure, draw=quick_drawing) if figure.number in (2, 3, 4) else figure for figure in FIGURES)


def quick_drawing(panels: Any, arrangement: str) -> Figure:
    figure = style.sheet(7.0 if arrangement == "page" else 3.375, 1.0)
    for place, data in enumerate(panels.values()):
        figure.add_axes((place / len(panels), 0.0, 1 / len(panels), 1.0)).plot(data[data.attrs["shows"]].values.T)
    return figure


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Any, ...]]]:
    """One run with few pixels and the made-up findings; what it wrote and said."""
    said: list[tuple[Any, ...]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(style._SETTINGS, "savefig.dpi", 40)
        patch.setattr("leyden.paper.claims.audit", audit)
        patch.setattr("leyden.paper.figures.FIGURES", figures())
        out = tmp_path_factory.mktemp("reproduction") / "deep" / "er"
        report = paper.reproduce(out, progress=lambda *parts: said.append(parts))
    assert report == out / "report.html"
    return out, said


def test_all_files_are_there_and_no_other(run) -> None:
    assert {path.name for path in run[0].iterdir()} == FILES


def test_progress_is_told_before_each_step(run) -> None:
    assert run[1] == [*(("figure", number) for number in range(1, 7)), ("C1",), ("report",)]


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_open(run, name: str) -> None:
    path = run[0] / name
    if name.endswith("png"):
        with Image.open(path) as image:
            image.load()
            assert image.width == round((3.375 if name == "figure-1.png" else 7.0) * 40)
            # Not blank: more than white and grey.
            assert len(image.convert("RGB").getcolors(100000)) > 50
    else:
        content = path.read_bytes()
        assert content.startswith(b"%PDF")
        assert content.rstrip().endswith(b"%%EOF")


def test_maps_alone_hold_pixels_in_pdf(run) -> None:
    contents = {name: (run[0] / name).read_bytes() for name in DRAWINGS if name.endswith("pdf")}
    assert [name for name, content in contents.items() if b"/Subtype /Image" in content] == ["figure-6.pdf"]


@pytest.mark.parametrize("name", PANELS)
def test_data_open_with_provenance(run, name: str) -> None:
    with xr.open_dataset(run[0] / f"{name}.nc", engine="h5netcdf") as data:
        data.load()
        assert data.attrs["title"].startswith(f"Figure {name[7]}({name[8]}): ")
        assert data.attrs["version"] == ly.__version__
        assert data[data.attrs["shows"]].dtype == float
        assert "ours" in data.attrs["parameters_note"]
        assert json.loads(data.attrs["parameters"])["initial_state"] == "vacuum"


def test_data_keep_numbers_labels_and_flags(run) -> None:
    with xr.open_dataset(run[0] / "figure-6c.nc", engine="h5netcdf") as data:
        assert data["is_stable"].dtype == bool
        assert data["damping_ratio"].attrs["symbol"] == r"\eta"
        here = data["stored_energy"].sel(damping_ratio=2.0, weight_ratio=1.0, method="nearest")
        device = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.2, battery_damping=0.1)
        assert float(here) == pytest.approx(float(ly.steady_state(device)["stored_energy"]), rel=1e-11)


def test_claims_are_json(run) -> None:
    found = json.loads((run[0] / "claims.json").read_text(encoding="utf-8"))
    assert list(found) == [f"C{number}" for number in range(1, 31)]
    for name, entry in found.items():
        assert {"verdict", "evidence"} <= set(entry)
        assert entry == {key: value for key, value in vars(findings()[name]).items() if key != "claim"}


# The report.


@pytest.fixture(scope="module")
def text(run) -> str:
    return (run[0] / "report.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str, page_of: Any) -> Any:
    return page_of(text)


def test_the_page_is_well_formed(text: str, page: Any) -> None:
    assert text.startswith("<!DOCTYPE html>")
    assert page.faults == []
    assert page.open == []
    assert page.of("html") == [{"lang": "en"}]


def test_ids_are_unique_and_links_lead_somewhere(page: Any) -> None:
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    inner = {attributes["href"] for attributes in page.of("a") if str(attributes["href"]).startswith("#")}
    assert {str(target).removeprefix("#") for target in inner} <= set(ids)
    labels = {attributes["for"] for attributes in page.of("label")}
    assert labels == {attributes["id"] for attributes in page.of("input")}


def test_the_page_asks_for_nothing_outside(text: str, page: Any) -> None:
    """No script, style sheet, font or picture from elsewhere; a link to the paper is for clicking."""
    assert not page.of("script") + page.of("link") + page.of("iframe")
    for _, attributes in page.elements:
        for name in ("src", "srcset", "poster", "data"):
            assert str(attributes.get(name, "data:")).startswith("data:")
    assert not re.search(r"url\(|@import", text)
    assert {str(entry["href"]) for entry in page.of("a") if str(entry["href"])[0] != "#"} == {
        "https://arxiv.org/abs/2511.12118"
    }


def test_pictures_are_whole_and_described(page: Any) -> None:
    images = page.of("img")
    assert len(images) == 6
    assert all(len(str(image["alt"])) > 100 for image in images)
    assert len(page.of("source")) == 5
    for address in [*(image["src"] for image in images), *(source["srcset"] for source in page.of("source"))]:
        picture = base64.b64decode(str(address).removeprefix("data:image/svg+xml;base64,"), validate=True)
        root = ET.fromstring(picture)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        # Self-contained as well: references within the drawing, or pixels of a map.
        references = re.findall(rb'href="(.)([^"]{0,10})', picture)
        assert all(first == b"#" or rest.startswith(b"ata:image") for first, rest in references)


def test_narrow_screens_get_a_drawing_of_their_own(page: Any) -> None:
    assert {source["media"] for source in page.of("source")} == {"(max-width: 640px)"}
    assert {source["srcset"] for source in page.of("source")}.isdisjoint({image["src"] for image in page.of("img")})


def test_every_claim_is_on_the_page(page: Any) -> None:
    rows = {attributes["id"]: attributes["class"] for attributes in page.of("tr") if "id" in attributes}
    kinds = {"holds": "holds", "holds in part": "part", "fails": "fails", "not checkable": "open"}
    assert rows == {name: kinds[finding.verdict] for name, finding in findings().items()}
    words = " ".join(page.words)
    assert words.count("claim 7.") == 1
    assert len(page.of("details")) == 30


def test_what_fails_is_named_first(page: Any) -> None:
    failing = [f"#{name}" for name, finding in findings().items() if finding.verdict == "fails"]
    assert [link["href"] for link in page.of("a") if str(link["href"]).startswith("#C")] == failing


def test_the_tally_adds_up(text: str) -> None:
    counts = {words: int(count) for count, words in re.findall(r"<b>(\d+)</b> ([a-z ]+)</li>", text)}
    verdicts = [finding.verdict for finding in findings().values()]
    assert counts == {verdict: verdicts.count(verdict) for verdict in VERDICTS}


def test_evidence_is_set_in_paragraphs(text: str) -> None:
    assert "<p><b>Criterion:</b> the step is below 10<sup>-7</sup>.</p>" in text
    assert "<p><b>Found:</b> 0 at most (ε &lt; 0.1).</p>" in text
    assert "<dt>largest ratio</dt><dd>0.3</dd>" in text
    assert "<dt>ε/ε<sub>c</sub></dt><dd>0, 1, 2, 3, 4, 5, …, 35, 36, 37, 38, 39</dd>" in text
    assert "<dt>nested</dt><dd>E<sub>B</sub>: yes, none</dd>" in text
    assert "<dt>damping</dt><dd>0.001 to 2</dd>" in text
    assert "&lt;grows&gt; &amp;" in text


def test_parameters_and_versions_are_told(text: str, page: Any) -> None:
    words = " ".join(" ".join(page.words).split())
    assert "0.01, 0.05, 0.1, 0.15, 0.2 at ε = 0.05; else 0.1" in words
    assert "0.15 at κ = 0.1" in words
    for name in ("Python", "numpy", "scipy", "xarray", "matplotlib"):
        assert re.search(rf"{name}\s\d+\.\d+", words)
    assert f"Made by leyden {ly.__version__}" in words
    assert words.count("parameters are ours") >= 2
    assert words.count("Parameters are ours.") == 5
    for name in PANELS:
        assert f"<code>{name}.nc</code>" in text


def test_the_example_on_the_page_runs(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    (block,) = [block for block in re.findall(r"<pre[^>]*>(.*?)</pre>", text, re.S) if "import" in block]
    exec(compile(block, "report.html", "exec"), {})
    printed = capsys.readouterr().out
    # The steady value 24 g^2 eps^2/[(Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)] = 0.015/(0.32 * 0.35), at t = 40.
    assert float(printed.split()[-1].strip("]")) == pytest.approx(0.015 / (0.32 * 0.35), rel=1e-3)


# Bad input, interruptions, repetition.


@pytest.fixture
def idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be computed."""

    def fail(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("computed before the folder was checked")

    monkeypatch.setattr(module, "_write_figure", fail)
    monkeypatch.setattr("leyden.paper.claims.audit", fail)


@pytest.mark.usefixtures("idle")
def test_a_file_is_no_folder(tmp_path: Path, refuses) -> None:
    (tmp_path / "taken").write_text("mine")
    refuses("out", lambda: paper.reproduce(tmp_path / "taken"), "taken")
    refuses("out", lambda: paper.reproduce(tmp_path / "taken" / "below"), "taken")
    assert (tmp_path / "taken").read_text() == "mine"


@pytest.mark.usefixtures("idle")
def test_a_name_that_no_folder_can_have(refuses) -> None:
    refuses("out", lambda: paper.reproduce("null\0byte"))
    refuses("out", lambda: paper.reproduce("long" * 1000), "long")


@pytest.mark.usefixtures("idle")
@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_leave_to_write(tmp_path: Path, refuses) -> None:
    tmp_path.chmod(0o500)
    refuses("out", lambda: paper.reproduce(tmp_path))


@pytest.mark.usefixtures("idle")
def test_a_report_that_cannot_be_replaced(tmp_path: Path, refuses) -> None:
    (tmp_path / "report.html").mkdir()
    refuses("out", lambda: paper.reproduce(tmp_path), "that is a folder")


def test_interrupted_in_the_audit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was finished is whole; the rest is not there under any name."""

    def interrupted(**_options: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(style._SETTINGS, "savefig.dpi", 20)
    monkeypatch.setattr("leyden.paper.figures.FIGURES", FIGURES[4:5])
    monkeypatch.setattr("leyden.paper.claims.audit", interrupted)
    with pytest.raises(KeyboardInterrupt):
        paper.reproduce(tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {
        "figure-5.png",
        "figure-5.pdf",
        "figure-5a.nc",
        "figure-5b.nc",
    }


@pytest.mark.parametrize("ending", ["png", "pdf", "nc"])
def test_interrupted_while_a_file_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str) -> None:
    """The old file of that name stays as it was."""
    name = f"figure-5a.{ending}" if ending == "nc" else f"figure-5.{ending}"
    (tmp_path / name).write_text("the old one")
    save, write = Path.write_bytes, xr.Dataset.to_netcdf

    def stop(target: Any) -> None:
        if str(target).endswith(ending):
            Path(target).write_text("half of the new o")
            raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", lambda self, data: (stop(self), save(self, data)))
    monkeypatch.setattr(xr.Dataset, "to_netcdf", lambda self, *a, **k: (stop(a[0]), write(self, *a, **k)))
    monkeypatch.setitem(style._SETTINGS, "savefig.dpi", 20)
    with pytest.raises(KeyboardInterrupt):
        module._write_figure(tmp_path, FIGURES[4])
    assert (tmp_path / name).read_text() == "the old one"
    assert not [path for path in tmp_path.iterdir() if "part" in path.name]


def test_a_second_run_writes_the_same_bytes(run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(style._SETTINGS, "savefig.dpi", 40)
    again = module._write_figure(tmp_path, FIGURES[4])
    for path in tmp_path.iterdir():
        assert digest(path) == digest(run[0] / path.name), path.name
    assert again.page in (run[0] / "report.html").read_text(encoding="utf-8")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
