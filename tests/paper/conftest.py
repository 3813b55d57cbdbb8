"""Shared by the tests of the paper: one audit."""

from __future__ import annotations

import pytest

from leyden.paper.claims import Finding, audit


@pytest.fixture(scope="session")
def findings() -> dict[str, Finding]:
    """The audit of all claims, once: it is the same for whoever asks, and its findings are frozen."""
    return audit()
