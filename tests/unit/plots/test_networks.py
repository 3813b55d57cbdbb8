"""Networks in matplotlib: the same marks as in SVG, into given axes or a figure of their own."""

from __future__ import annotations

import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle

import leyden as ly
from leyden.model.catalog import DEVICES, reference_device
from leyden.plots import network


@pytest.mark.parametrize("name", DEVICES)
def test_every_device_of_the_catalog_is_drawn(name: str) -> None:
    device = reference_device(name)
    axes = network(device)
    words = [text.get_text() for text in axes.texts]
    assert set(device.mode_names) <= set(words)
    assert len([patch for patch in axes.patches if isinstance(patch, Circle)]) >= 2 * len(device.mode_names)


def test_axes_that_are_given_come_back() -> None:
    figure = Figure((6.0, 3.0))
    axes = figure.subplots(1, 2)
    assert network(reference_device("cascade"), ax=axes[1]) is axes[1]
    assert not axes[0].patches


def test_dollars_in_names_are_no_mathematics(tmp_path) -> None:
    device = ly.Network([ly.Mode("$x_")], [ly.LocalBath("$x_", 1.0)], charger="$x_", battery="$x_")
    axes = network(device)
    assert axes.figure is not None
    axes.figure.savefig(tmp_path / "a.png")
    assert "$x_" in [text.get_text() for text in axes.texts]


def test_no_drawing_is_wider_than_a_page() -> None:
    for device in (reference_device("two_photon_battery"), ly.catalog.cascade(40, drive=0.1, damping=0.1)):
        figure = network(device).figure
        assert figure is not None
        assert 1.0 < figure.get_figwidth() <= 7.0 + 1e-9
