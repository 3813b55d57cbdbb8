"""Elements of one's own, from public names alone: found by sweeps, files, workers, drawings and messages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import leyden as ly
from leyden import words
from leyden.errors import ParameterError
from leyden.model.elements import KINDS, Mode
from leyden.model.elements.record import layout_of
from leyden.model.files import device_record, device_text, parse_device
from leyden.plots import draw_schematic
from leyden.study import read_study


@dataclass(frozen=True)
class Force(ly.Element):
    """A force on position, H = f (a + a^dag)."""

    mode: str
    force: Any = words.parameter("real", may_change=True)
    is_off: bool = False

    def hamiltonian(self) -> tuple[words.HamiltonianTerm, ...]:
        """f a^dag, with its adjoint."""
        force = 0.0 * self.force if self.is_off else self.force
        return (words.HamiltonianTerm(force, (words.create(self.mode),)),)


@dataclass(frozen=True)
class Leak(ly.Element):
    """Loss of a superposition."""

    shares: Any = words.by_mode("complex")
    rate: Any = words.parameter("nonnegative", default=0.1)

    def jumps(self) -> tuple[words.Jump, ...]:
        """Loss."""
        return (words.Jump(self.rate, tuple(self.shares.values()), tuple(map(words.annihilate, self.shares))),)


OWN = [Force, Leak]
# |<a>| = f/(kappa/2), of both damped at kappa = 2.
DEVICE = ly.Network(
    [ly.Mode("a"), ly.Mode("b")],
    [Force("a", 0.5), Leak({"a": 1.0, "b": 0.1j}, 0.0), ly.LocalBath("a", 2.0), ly.LocalBath("b", 2.0)],
    charger="b",
    battery="a",
)
ADDRESS = "Force(a).force"


@pytest.mark.parametrize("workers", [1, 2])
def test_own_numbers_are_swept(workers: int) -> None:
    found = ly.sweep(DEVICE, {ADDRESS: [0.1, 0.5]}, workers=workers)
    np.testing.assert_allclose(found.stored_energy, [0.01, 0.25], rtol=1e-12)


def test_own_numbers_may_be_pulses() -> None:
    """A constant force from time 0 to 1: |<a>| = f (1 - e^{-1})."""
    pulsed = DEVICE.replace(**{ADDRESS: ly.pulse.square(0.5, 0.0, 1.0)})
    energy = ly.charge(pulsed, [0.0, 1.0]).stored_energy[-1]
    assert float(energy) == pytest.approx((0.5 * (1 - np.exp(-1.0))) ** 2, rel=1e-9)
    assert parse_device(device_text(pulsed, OWN), elements=OWN) == pulsed


def test_files_hold_them_for_whoever_has_the_class(tmp_path: Path) -> None:
    path = tmp_path / "own.toml"
    ly.write_device(DEVICE, path, elements=OWN)
    assert ly.read_device(path, elements=OWN) == DEVICE
    assert ly.read_device(path.read_text(), elements=tuple(OWN)).elements == DEVICE.elements
    text = path.read_text()
    assert '# A force on position, H = f (a + a^dag).\n[[elements]]\nkind = "force"\nmode = "a"\nforce = 0.5' in text
    with pytest.raises(ParameterError, match=r"`elements\[0\].kind` must be one of .* One of your own is read by"):
        ly.read_device(path)
    with pytest.raises(ParameterError, match=r"`elements\[1\].shares.c` must name a mode of the device in Leak"):
        parse_device(text.replace("b = { re", "c = { re"), elements=OWN)
    with pytest.raises(ParameterError, match=r"but is 'Leak\(a, b\)'. Give the class, elements=\[Leak\]."):
        ly.write_device(DEVICE, path, elements=[Force])
    assert path.read_text() == text


def test_a_study_file_may_have_a_device_of_them(tmp_path: Path) -> None:
    ly.write_device(DEVICE, tmp_path / "own.toml", elements=OWN)
    (tmp_path / "study.toml").write_text(f'device = "own.toml"\n[axes."{ADDRESS}"]\nvalues = [0.1, 0.5]\n')
    study = read_study(tmp_path / "study.toml", elements=OWN)
    np.testing.assert_allclose(ly.sweep(**study.arguments()).stored_energy, [0.01, 0.25], rtol=1e-12)


def test_a_result_says_that_it_does_not_carry_them() -> None:
    assert 'left_out = ["Force(a)", "Leak(a, b)"]' in device_record(DEVICE)


def test_a_drawing_has_their_names() -> None:
    drawn = {text.get_text() for text in draw_schematic(DEVICE.replace(**{"Leak(a, b).rate": 0.1})).axes[0].texts}
    assert drawn


def test_messages_name_them() -> None:
    with pytest.raises(ParameterError, match=r"Did you mean 'Force\(a\).force'"):
        DEVICE.replace(**{"Force(a).forse": 1.0})
    with pytest.raises(ParameterError, match="`force` must be a finite real number"):
        Force("a", np.nan)


@dataclass(frozen=True)
class LocalBath(ly.Element):
    """Of the same name as one that there is."""

    mode: str


class Undecorated(ly.Element):
    """No dataclass of its own."""


@dataclass(frozen=True)
class Odd(ly.Element):
    """With a field that no file can hold."""

    mode: str
    shape: tuple[int, ...] = ()


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (int, "hold classes of elements"),
        (Mode, "hold classes of elements"),
        (Force("a", 1.0), "hold classes of elements"),
        (Undecorated, "hold classes of elements, frozen dataclasses"),
        (LocalBath, "hold classes with names of their own, but is 'local_bath'"),
        (Odd, "have fields that files hold: .* but is 'Odd.shape'"),
    ],
)
def test_what_is_no_class_of_an_element_is_refused(kind: Any, expected: str, tmp_path: Path) -> None:
    for call in (
        lambda: ly.read_device("a = 1\n", elements=[kind]),
        lambda: ly.write_device(DEVICE, tmp_path / "x.toml", elements=[kind]),
    ):
        with pytest.raises(ParameterError, match=f"`elements` must {expected}"):
            call()


def test_there_are_no_other_rules() -> None:
    for field in (words.parameter, words.by_mode):
        with pytest.raises(ParameterError, match=r"`rule` must be one of real, .*Did you mean 'complex'"):
            field("komplex")


def test_the_page_lists_every_element_with_its_parameters() -> None:
    page = Path(__file__).parents[3].joinpath("docs", "elements.md").read_text(encoding="utf-8")
    first, second = page.split("What each does to energies")
    for kind in (Mode, *KINDS.values()):
        row = next(line for line in first.splitlines() if line.startswith(f"| `{kind.__name__}` |"))
        layout = layout_of(kind)
        named = set(re.findall(r"`(\w+)`", row.split(" | ")[2]))
        if "the same with" not in row:
            assert named == {*layout.modes, *layout.numbers, *layout.by_mode, *layout.others}, kind
        assert kind is Mode or f"`{kind.__name__}`" in second
    for name in words.__all__:
        assert f"`{name}" in page
