"""Templates: whatever a value holds is text on the page, and a value that is left out is a mistake."""

from __future__ import annotations

import pytest
from jinja2 import UndefinedError

from leyden.page import render, versions
from leyden.version import __version__


def test_a_page_is_whole_and_escaped() -> None:
    page = render("leyden.page", "page.html.jinja", title="<b>a & b</b>")
    assert page.startswith("<!DOCTYPE html>")
    assert "<h1>&lt;b&gt;a &amp; b&lt;/b&gt;</h1>" in page
    assert f"Made by leyden {__version__}" in page


def test_what_is_left_out_is_a_mistake() -> None:
    with pytest.raises(UndefinedError, match="title"):
        render("leyden.page", "page.html.jinja")


def test_versions_are_those_in_use() -> None:
    import numpy as np

    assert dict(versions())["numpy"] == np.__version__
