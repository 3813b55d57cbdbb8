"""Colours of pages: letters stand out from what is behind them, in light and in dark, as WCAG 2 asks."""

from __future__ import annotations

import re

import pytest

from leyden.page import render

PAGE = render("leyden.page", "page.html.jinja", title="colours")
PARTS = PAGE.split("@media (prefers-color-scheme")[:2]
LIGHT, DARK = (dict(re.findall(r"--([\w-]+): (#\w{6});", part)) for part in PARTS)


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_measure_is_the_known_one() -> None:
    assert contrast("#ffffff", "#000000") == pytest.approx(21.0)
    # The lightest grey that passes on white.
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_letters_stand_out(colours: dict[str, str]) -> None:
    for kind in ("holds", "part", "fails", "open"):
        assert contrast(colours[kind], colours[f"{kind}-wash"]) >= 4.5, kind
    for name in ("ink", "soft", "accent"):
        assert min(contrast(colours[name], colours[behind]) for behind in ("page", "card")) >= 4.5, name
