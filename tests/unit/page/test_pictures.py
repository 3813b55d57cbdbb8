"""Pictures that a page holds."""

from __future__ import annotations

import base64
import io
import xml.etree.ElementTree as ET

from leyden.page import svg_of
from leyden.plots import style


def test_svg_for_the_page_is_a_drawing() -> None:
    figure = style.sheet(1.0, 1.0)
    figure.text(0.5, 0.5, "word")
    assert ET.parse(io.BytesIO(base64.b64decode(svg_of(figure)))).getroot().get("width") == "72pt"
