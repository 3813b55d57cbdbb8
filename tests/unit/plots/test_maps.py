"""Maps: values at their places, round contours, a bar that names them, regions without a value."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import QuadMesh
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import Figure

from leyden.plots import draw_map, mark_missing
from leyden.plots.labels import number
from leyden.quantities import ENERGY

X, Y = np.linspace(1.0, 5.0, 41), np.linspace(0.0, 2.0, 21)
DIMS = {"across": "damping_ratio", "up": "weight_ratio"}


def surface(heights: np.ndarray, name: str = "ergotropy") -> xr.DataArray:
    """A variable over damping_ratio (x) and weight_ratio (y), from heights[x, y]."""
    return xr.DataArray(heights, {"damping_ratio": X, "weight_ratio": Y}, tuple(DIMS.values()), name, {"units": ENERGY})


PLANE = X[:, None] + 0 * Y
PEAK = np.exp(-((X[:, None] - 3) ** 2) * 3 - (Y - 1) ** 2)
POLE = 1 / ((X[:, None] - 1) ** 2 + Y**2 + 1e-6)


def drawn(values: xr.DataArray) -> tuple[Figure, object, QuadMesh]:
    figure = Figure()
    axes = figure.add_subplot()
    bar = draw_map(figure, axes, values, rate=r"\Gamma", **DIMS)
    (mesh,) = [artist for artist in axes.collections if isinstance(artist, QuadMesh)]
    return figure, bar, mesh


@pytest.mark.parametrize("order", [("damping_ratio", "weight_ratio"), ("weight_ratio", "damping_ratio")])
def test_values_stand_at_their_places(order: tuple[str, str]) -> None:
    """Rows of the mesh run upwards, columns across, whatever the order of the dims."""
    _, _, mesh = drawn(surface(PEAK).transpose(*order))
    np.testing.assert_array_equal(np.asarray(mesh.get_array()).reshape(len(Y), len(X)), PEAK.T)
    corners = mesh.get_coordinates()
    centres = (corners[:-1, :-1] + corners[1:, 1:]) / 2
    np.testing.assert_allclose(centres[0, :, 0], X, atol=1e-12)
    np.testing.assert_allclose(centres[:, 0, 1], Y, atol=1e-12)


def test_the_mesh_is_the_only_part_in_pixels() -> None:
    figure, _, mesh = drawn(surface(PEAK))
    pixels = [artist for artist in figure.axes[0].collections if artist.get_rasterized()]
    assert pixels == [mesh]


def test_axes_and_bar_are_labelled() -> None:
    figure, bar, _ = drawn(surface(PLANE))
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == (r"$\eta$", r"$\xi$")
    assert bar.ax.get_ylabel() == r"$W/\omega_0$"


def test_small_ranges_are_spaced_evenly() -> None:
    _, bar, mesh = drawn(surface(PLANE))
    assert type(mesh.norm) is Normalize
    assert bar.extend == "neither"
    steps = np.diff(bar.get_ticks())
    np.testing.assert_allclose(steps, steps[0])


def test_wide_ranges_are_spaced_by_factors() -> None:
    _, bar, mesh = drawn(surface(PEAK))
    assert isinstance(mesh.norm, LogNorm)
    assert all(float(f"{tick:e}"[0]) in (1, 2, 5) for tick in bar.get_ticks())


def test_negative_values_are_spaced_evenly() -> None:
    _, _, mesh = drawn(surface(PEAK - 0.5))
    assert type(mesh.norm) is Normalize


def test_a_pole_does_not_take_all_colours() -> None:
    """The one point at 10^6 would leave the rest, up to 400, in a fraction of the range."""
    _, bar, mesh = drawn(surface(POLE))
    assert bar.extend == "max"
    assert mesh.norm.vmax < 1e3
    assert mesh.norm.vmin == POLE.min()


def test_the_bar_names_the_contours_in_its_range() -> None:
    figure, bar, _ = drawn(surface(PEAK))
    contours = figure.axes[0].collections[1]
    assert len(bar.get_ticks()) >= 4
    assert set(bar.get_ticks()) <= set(contours.levels)
    assert [label.get_text() for label in bar.ax.get_yticklabels()] == [number(tick) for tick in bar.get_ticks()]


def test_numbers_on_contours_keep_apart_and_inside() -> None:
    figure, _, _ = drawn(surface(PEAK))
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    places = np.array(
        [axes.transAxes.inverted().transform(text.get_window_extent().get_points()).mean(axis=0) for text in axes.texts]
    )
    assert len(places) >= 3
    assert ((places > 0.05) & (places < 0.95)).all()
    gaps = np.hypot(*(places[:, None] - places[None]).T)[np.triu_indices(len(places), 1)]
    assert gaps.min() > 0.1


def test_a_constant_map_has_no_contours() -> None:
    figure, bar, _ = drawn(surface(np.ones((len(X), len(Y)))))
    assert len(figure.axes[0].collections) == 1
    assert len(bar.get_ticks()) == 0


def test_contours_too_close_to_the_frame_get_no_number() -> None:
    """All of the relief lies in the last column of points."""
    edge = np.where(X[:, None] > 4.95, 1.0, 0.0) + 0 * Y
    figure, _, _ = drawn(surface(edge))
    assert len(figure.axes[0].collections) == 2
    assert len(figure.axes[0].texts) == 0


@pytest.mark.parametrize("side", ["left", "right", "bottom", "top"])
def test_a_contour_along_the_frame_has_its_number(side: str) -> None:
    """A number lies along its contour: it needs its height of room there, not its length."""
    across, up = (X - 1) / (X[-1] - 1), (Y - Y[0]) / (Y[-1] - Y[0])
    distance = {"left": across[:, None], "right": 1 - across[:, None], "bottom": up[None], "top": 1 - up[None]}[side]
    figure, _, _ = drawn(surface(10 ** (3.2 * (1 - distance) + 0 * PLANE)))
    FigureCanvasAgg(figure).draw()
    axes = figure.axes[0]
    # 10, 100 and 1000 lie at 0.69, 0.38 and 0.06 of the way.
    assert sorted(text.get_text() for text in axes.texts) == ["10", "100", "1000"]
    frame = axes.get_window_extent()
    for text in axes.texts:
        box = text.get_window_extent()
        assert frame.x0 < box.x0 < box.x1 < frame.x1
        assert frame.y0 < box.y0 < box.y1 < frame.y1


def test_missing_values_are_left_out() -> None:
    """NaN neither stretches the colours nor gets a cell."""
    holed = PLANE.copy()
    holed[:5] = np.nan
    _, _, mesh = drawn(surface(holed))
    assert mesh.norm.vmin == X[5]
    assert np.ma.getmaskarray(mesh.get_array()).sum() == 5 * len(Y)


@pytest.mark.parametrize("wrong", [lambda data: data[0], lambda data: data * np.nan])
def test_what_cannot_be_a_map_is_refused(wrong, refuses) -> None:
    figure = Figure()
    axes = figure.add_subplot()
    refuses("values", lambda: draw_map(figure, axes, wrong(surface(PLANE)), **DIMS))


def test_the_missing_region_ends_where_the_excess_changes_sign() -> None:
    """Excess 2.5 - x: the region is the strip from x = 1 to the line x = 2.5, between points of the grid."""
    axes = Figure().add_subplot()
    patch = mark_missing(axes, surface(2.52 - PLANE), label="no value", **DIMS)
    assert patch is not None
    assert (patch.get_label(), bool(patch.get_hatch())) == ("no value", True)
    region, edge = axes.collections
    assert region.hatches == ["//////"]
    reach = np.concatenate([path.vertices for path in region.get_paths()])
    assert (reach[:, 0].min(), reach[:, 0].max()) == (1.0, pytest.approx(2.52, abs=1e-12))
    line = np.concatenate([path.vertices for path in edge.get_paths()])
    np.testing.assert_allclose(line[:, 0], 2.52)


def test_nothing_is_marked_where_nothing_is_missing() -> None:
    axes = Figure().add_subplot()
    assert mark_missing(axes, surface(-PLANE), label="no value", **DIMS) is None
    assert len(axes.collections) == 0
