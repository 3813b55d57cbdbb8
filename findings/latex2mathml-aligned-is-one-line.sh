#!/usr/bin/env bash
# latex2mathml 3.81.1: the environment `align*` becomes a table. `aligned`, which stands inside other formulas (SymPy and
# notebooks write it), is taken for nothing, without a word: the marks "&" are printed and all lines run into one. A text
# keeps the backslash of its marks: \text{a\_b} is a\_b, where LaTeX and KaTeX write a_b.
# Seen: two lines: align* 2 rows, no "&"; aligned no table, two "&"; and "a\_b"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check latex2mathml==3.81.1
venv/bin/python - <<'PY'
import re

from latex2mathml.converter import convert


def seen(latex):
    found = convert(latex).replace("&#x0003D;", "=").replace("&amp;", "&")
    return found.count("<mtr>"), re.sub("<[^>]*>", "", found)


lines = "a &= b \\\\ c &= d"
star = seen(rf"\begin{{align*}}{lines}\end{{align*}}")
inner = seen(rf"\begin{{aligned}}{lines}\end{{aligned}}")
text = seen(r"\text{a\_b}")[1]
print("align*", star, "aligned", inner, "text", text)
assert star == (2, "a=bc=d")
assert inner[0] == 0 and inner[1].count("&") == 2
assert text == r"a\_b"
PY
