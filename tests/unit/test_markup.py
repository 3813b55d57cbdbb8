"""Tables for notebooks: everything escaped, numbers short, whatever a value is."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from leyden.markup import html_table, number_words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1.0, "1"),
        (2 / 3, "0.666667"),
        (1e-12, "1e-12"),
        (0.5 - 0.25j, "0.5-0.25j"),
        (float("nan"), "nan"),
        (np.float64(0.1), "0.1"),
        (np.ones((2, 3)), "array of shape (2, 3)"),
        (xr.DataArray([1.0, 2.0], dims="drive"), "over drive: 2"),
        (None, "None"),
    ],
)
def test_numbers_in_words(value: object, words: str) -> None:
    assert number_words(value) == words


def test_a_table_is_escaped() -> None:
    table = html_table("a < b", ("x & y",), [("<i>", "1")])
    rows = "<tr><th>x &amp; y</th></tr><tr><th>&lt;i&gt;</th><td>1</td></tr>"
    assert table == f"<table><caption>a &lt; b</caption>{rows}</table>"
