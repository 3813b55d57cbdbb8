"""LaTeX of leyden's own making as MathML, which browsers draw by themselves: no script, no font from elsewhere."""

from __future__ import annotations

import html
import re
from functools import lru_cache

__all__ = ["mathml_of"]

# A text as `model.latex.latex_text` writes it, or a letter that stands upright.
_TEXT = re.compile(r"\\text\{((?:\\[a-z]+ |\\.|[^\\{}])*)\}|\\mathrm\{([A-Za-z]+)\}")
_MARK = re.compile(r"\\(textbackslash|textasciitilde|textasciicircum) |\\(.)")
_MARKS = {"textbackslash": "\\", "textasciitilde": "~", "textasciicircum": "^"}
_ALIGNED = re.compile(r"\\begin\{aligned\}\n?(.*?)\n?\\end\{aligned\}", re.DOTALL)
_CELLS = re.compile(r"(?<!\\)&")
# Letters for private use stand for texts while the rest is converted.
_FIRST, _LAST = 0xE000, 0xF8FF
_HELD = re.compile(f"<mtext>([{chr(_FIRST)}-{chr(_LAST)}])</mtext>")


@lru_cache(maxsize=64)
def mathml_of(latex: str) -> str | None:
    """An equation, or the lines of an aligned one, as one `math` element; None where latex2mathml is not installed."""
    try:
        from latex2mathml.converter import convert
    except ImportError:
        return None
    texts: list[str] = []

    def hold(match: re.Match[str]) -> str:
        """Names of modes are anybody's: the converter, which takes them for LaTeX, does not get to see them."""
        # One letter for each text; whatever exceeds them is left out, as no page shows so many.
        if len(texts) > _LAST - _FIRST:
            return ""
        words = match[2] or _MARK.sub(lambda mark: _MARKS.get(mark[1] or "", mark[2] or ""), match[1])
        texts.append(words)
        return f"\\text{{{chr(_FIRST + len(texts) - 1)}}}"

    def put_back(match: re.Match[str]) -> str:
        return f"<mtext>{html.escape(texts[ord(match[1]) - _FIRST])}</mtext>"

    def inner(words: str) -> str:
        """What stands inside the `math` element of a piece."""
        whole = convert(words) if words.strip() else ""
        return _HELD.sub(put_back, whole[whole.find(">") + 1 : whole.rfind("</math>")])

    held = _TEXT.sub(hold, latex)
    aligned = _ALIGNED.fullmatch(held.strip())
    if aligned is None:
        return f'<math display="block">{inner(held)}</math>'
    rows = [_CELLS.split(line) for line in aligned[1].split(" \\\\\n")]
    # The converter knows no `aligned`; and of the ways to align a column, browsers differ in which they heed.
    sides = [(side, f'class="{side}" columnalign="{side}" style="text-align: {side}"') for side in ("right", "left")]
    body = "".join(
        f"<mtr>{''.join(f'<mtd {look}>{inner(cell)}</mtd>' for cell, (_, look) in zip(row, sides, strict=False))}</mtr>"
        for row in rows
    )
    return f'<math display="block"><mtable displaystyle="true">{body}</mtable></math>'
