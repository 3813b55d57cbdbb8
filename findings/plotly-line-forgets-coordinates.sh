#!/usr/bin/env bash
# plotly 7.1.0: `plotly.express.imshow` takes the coordinates, names and units of a DataArray of xarray 2026.9.0.
# `plotly.express.line` takes the same DataArray as a bare matrix, without a word: times become 0, 1, 2, ..., curves are
# called 0, 1, ..., axes "index" and "value".
# Seen: times 0, 5, 10 of an energy: imshow 0, 5, 10 and "energy [J]"; line 0, 1, 2 and "value"
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check plotly==7.1.0 xarray==2026.9.0 numpy==2.4.6
venv/bin/python - <<'PY'
import plotly.express as px
import xarray as xr

energy = xr.DataArray(
    [[0.0, 0.1], [0.5, 0.6], [0.7, 0.9]],
    {"time": [0.0, 5.0, 10.0], "mode": ["a", "b"]},
    ("time", "mode"),
    "energy",
    {"long_name": "energy", "units": "J"},
)
picture, lines = px.imshow(energy), px.line(energy)
title = picture.layout.coloraxis.colorbar.title.text
print("imshow", picture.data[0].y, title, "line", lines.data[0].x, [one.name for one in lines.data])
print("axes of line", lines.layout.xaxis.title.text, lines.layout.yaxis.title.text)
assert list(picture.data[0].y) == [0.0, 5.0, 10.0] and title == "energy [J]"
assert list(lines.data[0].x) == [0, 1, 2] and [one.name for one in lines.data] == ["0", "1"]
assert (lines.layout.xaxis.title.text, lines.layout.yaxis.title.text) == ("index", "value")
PY
