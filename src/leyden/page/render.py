"""A page from its template: HTML that asks for nothing outside itself."""

from __future__ import annotations

import platform
from importlib.metadata import version
from typing import Any

import jinja2

from leyden.page.evidence import entries, paragraphs
from leyden.page.typeset import science
from leyden.version import __version__

__all__ = ["render", "versions"]

_PACKAGES = ("numpy", "scipy", "xarray", "matplotlib")


def render(room: str, template: str, **values: Any) -> str:
    """A template of a room, which may extend `page.html.jinja` and draw `plate`s, with these values in it."""
    environment: Any = jinja2.Environment(
        loader=jinja2.ChoiceLoader([jinja2.PackageLoader(room), jinja2.PackageLoader("leyden.page")]),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters.update(science=science, paragraphs=paragraphs, entries=entries)
    return environment.get_template(template).render(version=__version__, versions=versions(), **values)


def versions() -> list[tuple[str, str]]:
    """What a page was computed with."""
    return [("Python", platform.python_version()), *((name, version(name)) for name in _PACKAGES)]
