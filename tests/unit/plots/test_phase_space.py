"""Wigner functions on the page: values at their places, colours symmetric about zero, what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from matplotlib.collections import QuadMesh
from matplotlib.figure import Figure

import leyden as ly
from leyden import plots

X, P = np.linspace(-3.0, 3.0, 31), np.linspace(-2.0, 2.0, 21)
ONE = ly.states.wigner(np.diag([0.0, 1.0]), X, P)


@pytest.mark.parametrize("order", [("x", "p"), ("p", "x")])
def test_x_runs_across_and_zero_is_in_the_middle(order: tuple[str, str]) -> None:
    figure = Figure()
    axes = figure.add_subplot()
    bar = plots.draw_wigner(figure, axes, ONE.transpose(*order))
    (mesh,) = [artist for artist in axes.collections if isinstance(artist, QuadMesh)]
    np.testing.assert_array_equal(np.asarray(mesh.get_array()).reshape(len(P), len(X)), ONE.values.T)
    low, high = mesh.get_clim()
    assert -low == high == pytest.approx(1 / np.pi)
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("$x$", "$p$")
    assert axes.get_aspect() == 1.0
    assert bar.ax.get_ylabel() == "$W(x, p)$"
    ticks = bar.get_ticks()
    np.testing.assert_allclose(ticks, -ticks[::-1], atol=1e-12)


def test_the_bar_is_as_tall_as_the_axes() -> None:
    figure = Figure()
    axes = figure.add_subplot()
    bar = plots.draw_wigner(figure, axes, ONE)
    figure.canvas.draw()
    assert bar.ax.get_window_extent().height == pytest.approx(axes.get_window_extent().height)


def test_frames_of_a_movie_have_one_scale() -> None:
    figure = Figure()
    axes = figure.add_subplot()
    for part in (1.0, 0.1):
        axes.clear()
        assert plots.wigner(part * ONE, limit=0.5, ax=axes) is axes
        assert axes.collections[0].get_clim() == (-0.5, 0.5)
        assert len(axes.child_axes) == 1
    with pytest.raises(ly.ParameterError, match="`limit` must be positive"):
        plots.wigner(ONE, limit=0.0, ax=axes)


def test_what_cannot_be_drawn() -> None:
    figure = Figure()
    axes = figure.add_subplot()
    with pytest.raises(ly.ParameterError, match="`values` must have the dims 'x' and 'p'"):
        plots.draw_wigner(figure, axes, ONE.isel(x=0))
    with pytest.raises(ly.ParameterError, match="at least one finite value"):
        plots.draw_wigner(figure, axes, ONE * np.nan)
