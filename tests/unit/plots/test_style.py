"""The look: colours that stay apart, settings that come and go, files that are the same every time."""

from __future__ import annotations

import io
import threading

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.colors import to_rgb
from PIL import Image

from leyden.plots import DOUBLE_COLUMN, QUALITATIVE, SINGLE_COLUMN, publication, sequence, sheet

# Machado, Oliveira and Fernandes (2009): what a full deuteranope and a full protanope see, in linear sRGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]]
)
PROTANOPIA = np.array(
    [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
)


def linear(colour: str) -> np.ndarray:
    """sRGB to light intensities."""
    values = np.array(to_rgb(colour))
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def lightness(light: np.ndarray) -> float:
    """CIE lightness L*, 0 to 100."""
    luminance = float(light @ [0.2126, 0.7152, 0.0722])
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


@pytest.mark.parametrize("palette", ["viridis", "plasma"])
@pytest.mark.parametrize("sight", [np.eye(3), DEUTERANOPIA, PROTANOPIA], ids=["full", "deuteranopia", "protanopia"])
def test_neighbours_of_a_family_differ_in_lightness(palette: str, sight: np.ndarray) -> None:
    """Some just noticeable differences (one is about 1), for each kind of sight; so also on a grey print."""
    levels = [lightness(np.clip(sight @ linear(colour), 0, 1)) for colour in sequence(5, palette)]
    assert np.diff(levels).min() > 5


@pytest.mark.parametrize("palette", ["viridis", "plasma"])
def test_the_lightest_curve_shows_on_white(palette: str) -> None:
    assert max(lightness(linear(colour)) for colour in sequence(5, palette)) < 82


@pytest.mark.parametrize("count", [0, 1, 2, 7])
def test_a_family_of_any_size(count: int) -> None:
    assert len(set(sequence(count))) == count


def test_named_colours_differ() -> None:
    assert len(set(QUALITATIVE.values())) == len(QUALITATIVE)


def test_settings_come_and_go() -> None:
    before = dict(mpl.rcParams)
    with publication():
        assert mpl.rcParams["pdf.fonttype"] == 42
        assert mpl.rcParams["font.family"] == ["STIXGeneral"]
    assert dict(mpl.rcParams) == before


def test_settings_go_after_an_error() -> None:
    before = dict(mpl.rcParams)
    with pytest.raises(RuntimeError), publication():
        raise RuntimeError
    assert dict(mpl.rcParams) == before


def test_threads_take_turns() -> None:
    """matplotlib's settings are global: without turns, the thread that leaves first takes them from the other one."""
    before = dict(mpl.rcParams)
    first_is_in, second_tried = threading.Event(), threading.Event()
    seen: list[float] = []

    def first() -> None:
        with publication():
            first_is_in.set()
            second_tried.wait(0.2)
            seen.append(mpl.rcParams["savefig.dpi"])

    def second() -> None:
        first_is_in.wait(5)
        with publication():
            seen.append(len(seen))
        second_tried.set()

    threads = [threading.Thread(target=work) for work in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    # The second one came in only after the first had looked and left.
    assert seen == [300, 1]
    assert dict(mpl.rcParams) == before


def test_publication_nests() -> None:
    with publication(), publication():
        assert mpl.rcParams["pdf.fonttype"] == 42


def saved(**options: str) -> bytes:
    figure = sheet(1.0, 0.5)
    figure.add_axes((0.3, 0.3, 0.6, 0.6)).plot([1.0, 2.0])
    target = io.BytesIO()
    figure.savefig(target, **options)
    return target.getvalue()


def test_a_sheet_has_print_resolution() -> None:
    with Image.open(io.BytesIO(saved(format="png"))) as image:
        assert image.size == (300, 150)


@pytest.mark.parametrize("ending", ["png", "pdf", "svg"])
def test_files_repeat_byte_for_byte(ending: str, monkeypatch: pytest.MonkeyPatch) -> None:
    first = saved(format=ending)
    # A clock that matplotlib would write into the file.
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "86400")
    assert saved(format=ending) == first


def test_the_suffix_chooses_the_format(tmp_path) -> None:
    figure = sheet(1.0, 0.5)
    figure.savefig(tmp_path / "drawing.pdf")
    figure.savefig(str(tmp_path / "drawing.svg"))
    assert (tmp_path / "drawing.pdf").read_bytes().startswith(b"%PDF")
    assert b"CreationDate" not in (tmp_path / "drawing.pdf").read_bytes()
    assert b"<dc:date>" not in (tmp_path / "drawing.svg").read_bytes()


def test_text_in_a_pdf_stays_text() -> None:
    assert b"/FontFile2" in saved(format="pdf")
    assert b"/Type3" not in saved(format="pdf")


def test_svg_needs_no_font() -> None:
    text = saved(format="svg").decode()
    assert "<text" not in text
    assert "font-family" not in text


def test_a_constrained_sheet_is_laid_out() -> None:
    assert sheet(2.0, 1.0, layout="constrained").get_layout_engine() is not None
    assert sheet(2.0, 1.0).get_layout_engine() is None


def test_the_columns_are_those_of_a_journal() -> None:
    """8.6 cm and 17.8 cm."""
    assert (pytest.approx(8.6, abs=0.03), pytest.approx(17.8, abs=0.03)) == (SINGLE_COLUMN * 2.54, DOUBLE_COLUMN * 2.54)
