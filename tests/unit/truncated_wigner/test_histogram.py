"""Quadrature histograms: the Wigner functions of Gaussian states, within their error bars, and bad grids."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.plots import draw_wigner
from leyden.truncated_wigner import quadrature_histogram

GRID = np.linspace(-5.0, 5.0, 26)
FEW = ly.TruncatedWigner(trajectories=4000, seed=4)


def device(*elements: ly.Element) -> ly.Network:
    return ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0), ly.CoherentCoupling("a", "b", 0.3), *elements],
        charger="a",
        battery="b",
    )


@pytest.mark.parametrize("time", [None, 2.0])
def test_of_a_gaussian_device_it_is_the_wigner_function(time: float | None) -> None:
    driven = device(ly.TwoPhotonDrive("a", 0.2), ly.OnePhotonDrive("a", 0.8))
    found = quadrature_histogram(driven, "a", GRID, GRID, time=time, method=FEW)
    state = ly.evolve(driven, [60.0 if time is None else time])[0]
    exact = ly.states.wigner(state, GRID, GRID, mode=0)
    assert found.wigner.dims == ("x", "p")
    counted = found.wigner > 0.02
    pulls = ((found.wigner - exact) / found.wigner_error).where(counted)
    # Cells of 0.4 blur the peak by some percent; the rest is scatter.
    assert float(np.abs(found.wigner - exact).max()) < 0.04
    assert float(np.sqrt((pulls**2).mean())) < 2.5
    assert float(found.wigner.sum()) * 0.4**2 == pytest.approx(1 - found.attrs["outside"])


def test_it_can_be_drawn() -> None:
    found = quadrature_histogram(device(ly.Kerr("a", 0.1)), "b", GRID, GRID[::2], time=0.5, method=FEW)
    figure, axes = plt.subplots()
    bar = draw_wigner(figure, axes, found.wigner)
    assert "W" in bar.ax.get_ylabel()
    plt.close(figure)
    assert "standard error" in found.wigner_error.attrs["description"]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"x": [0.0, 1.0, 3.0]}, "`x` must be two or more increasing numbers"),
        ({"p": [1.0]}, "`p` must be two or more increasing numbers"),
        ({"mode": "c"}, "c"),
        ({"method": "truncated_wigner"}, "`method` must be a TruncatedWigner record"),
        ({"initial": ly.states.vacuum(2)}, "`initial` must be left out without a `time`"),
        ({"network": device(ly.Kerr("a", xr.DataArray([0.1, 0.2], dims="k")))}, "be a single device"),
    ],
)
def test_bad_arguments(given: dict[str, Any], words: str) -> None:
    arguments = {"network": device(), "mode": "a", "x": GRID, "p": GRID, **given}
    with pytest.raises(ly.LeydenError, match=words):
        quadrature_histogram(**arguments)
