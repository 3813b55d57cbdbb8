"""Figures that belong to pyplot's list are closed after each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def closed_figures() -> Iterator[None]:
    """Pyplot warns of more than twenty open figures."""
    yield
    from matplotlib import pyplot

    pyplot.close("all")
