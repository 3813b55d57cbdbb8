#!/usr/bin/env bash
# hvplot 0.12.2 with HoloViews 1.23.2: `.hvplot()` of a map over a drive in geometric steps takes an Image, whose rows are
# all of one height, and goes on after a warning: rows stand at other drives than their own, and the axis of a positive
# drive begins below zero. `.hvplot.quadmesh()` of the same map has each row at its drive.
# Seen: drives 0.01, 0.02, 0.04, 0.08: rows of 0.02333 from -0.00167 on, so that 0.02 lies in the row of 0.01 and 0.04 in
# that of 0.02; quadmesh: 0.005, 0.015, 0.03, 0.06 are the lower edges
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check hvplot==0.12.2 holoviews==1.23.2 bokeh==3.9.2 \
  xarray==2026.9.0 numpy==2.4.6
venv/bin/python - <<'PY'
import holoviews
import hvplot.xarray
import numpy as np
import xarray as xr

holoviews.extension("bokeh")
drive, damping = np.array([0.01, 0.02, 0.04, 0.08]), np.array([0.1, 0.2, 0.3])
energy = xr.DataArray(np.outer(drive, damping), {"drive": drive, "damping": damping}, ("drive", "damping"), "energy")

picture = energy.hvplot()
image = holoviews.render(picture).renderers[0].data_source.data
low, height = float(image["y"][0]), float(image["dh"][0]) / len(drive)
rows = np.floor((drive - low) / height).astype(int).tolist()
mesh = holoviews.render(energy.hvplot.quadmesh()).renderers[0].data_source.data
edges = sorted(set(np.round(mesh["bottom"], 6).tolist()))
print(type(picture).__name__, "lowest edge", low, "rows of", height, "drives lie in rows", rows, "quadmesh", edges)
assert type(picture).__name__ == "Image" and low < 0
assert rows == [0, 0, 1, 3]
assert edges == [0.005, 0.015, 0.03, 0.06]
PY
