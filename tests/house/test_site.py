"""The site's reference names all that is public, and every public class and verb there shows an example."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest

import leyden as ly

ROOT = Path(__file__).parents[2]
REFERENCE = (ROOT / "docs" / "api.rst").read_text(encoding="utf-8")
GALLERY = sorted((ROOT / "docs" / "gallery").glob("*/*.py"))
MODULES = sorted(name for name in ly.__all__ if inspect.ismodule(getattr(ly, name)))


def listed(section: str) -> set[str]:
    """The names in the tables below the line that sets a module, up to the next such line."""
    found = REFERENCE.split(f".. currentmodule:: {section}\n", 1)[1].split(".. currentmodule::")[0]
    return set(re.findall(r"^   (\w+)$", found, re.M))


def test_reference_names_what_the_front_door_hands_out() -> None:
    wanted = {name for name in ly.__all__ if callable(getattr(ly, name))} - {"Parameter"}  # an alias, for type hints
    assert listed("leyden") == wanted


@pytest.mark.parametrize("name", MODULES)
def test_reference_names_what_modules_hand_out(name: str) -> None:
    module = getattr(ly, name)
    # A state stands in the table of the front door.
    entries = getattr(module, "__all__", [entry for entry in dir(module) if not entry.startswith("_")])
    wanted = {entry for entry in entries if callable(getattr(module, entry))} - {"GaussianState"}
    assert listed(f"leyden.{name}") == wanted


@pytest.mark.parametrize("name", sorted(listed("leyden")))
def test_public_names_show_an_example(name: str) -> None:
    """`test_docstrings.py` runs the examples."""
    thing = getattr(ly, name)
    own = thing.__dict__.get("__doc__") if inspect.isclass(thing) else thing.__doc__
    assert ">>> " in (own or "")


@pytest.mark.parametrize("path", GALLERY, ids=lambda path: path.stem)
def test_scripts_of_the_gallery_check_a_number(path: Path) -> None:
    """`make docs` runs them, where a check that fails ends the build."""
    text = path.read_text(encoding="utf-8")
    assert "assert " in text
    assert "Checked: " in text
    assert "plt." in text or "ly.plots." in text


def test_there_are_examples_enough() -> None:
    assert len(GALLERY) >= 15
