"""Grids of decimals: each point is the double of the number that a person would type."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest

import leyden as ly
from leyden.runner import Range
from leyden.runner.decimals import equal_ratios, equal_steps


@pytest.mark.parametrize("places", [1, 2, 3, 5])
@pytest.mark.parametrize(("first", "last"), [(0, 10), (-7, 13), (100, 125), (5, -5)])
def test_steps_are_the_decimals_that_one_types(places: int, first: int, last: int) -> None:
    """From first/10^places by steps of 10^-places; in words, and read by Python."""
    count = abs(last - first) + 1
    typed = [float(f"{number}e-{places}") for number in np.linspace(first, last, count).round().astype(int)]
    found = equal_steps(float(f"{first}e-{places}"), float(f"{last}e-{places}"), count)
    assert found.tolist() == typed


def test_a_point_is_found_by_its_label() -> None:
    """Ten of a hundred points were those beside it."""
    found = ly.sweep("two_photon_battery", {"drive": Range(0, 1, 101)}, fixed={"charger_damping": 5.0})
    for hundredths in range(101):
        assert found.drive.sel(drive=float(f"{hundredths}e-2")).size == 1
    missed = [place for place, value in enumerate(np.linspace(0, 1, 101)) if value != float(f"{place}e-2")]
    assert 35 in missed
    assert len(missed) == 10


@pytest.mark.parametrize(
    ("start", "stop"), [(0.1, 0.7), (0.0, 2 * np.pi), (1 / 3, 1e17), (-1e-300, 1e300), (5e-324, 1.7e308), (-0.1, 0.2)]
)
def test_steps_are_rounded_once(start: float, stop: float) -> None:
    """Against fractions of the printed ends, also where whole numbers outgrow double precision."""
    first, last = Fraction(Decimal(repr(start))), Fraction(Decimal(repr(stop)))
    found = equal_steps(start, stop, 38)
    assert found.tolist() == [float(first + (last - first) * place / 37) for place in range(38)]
    assert (found[0], found[-1]) == (start, stop)


@pytest.mark.parametrize(
    ("start", "stop", "points", "typed"),
    [
        (1e-4, 10.0, 6, [1e-4, 1e-3, 1e-2, 0.1, 1.0, 10.0]),
        (10.0, 1e-3, 5, [10.0, 1.0, 0.1, 0.01, 1e-3]),
        (1.0, 1024.0, 11, [2.0**place for place in range(11)]),
        (0.3, 0.0003, 4, [0.3, 0.03, 0.003, 0.0003]),
        (1e-300, 1e300, 601, [float(f"1e{place}") for place in range(-300, 301)]),
        (0.2, 1.25, 3, [0.2, 0.5, 1.25]),
        (0.7, 0.7, 3, [0.7] * 3),
    ],
)
def test_ratios_are_exact_where_points_are_decimals(start: float, stop: float, points: int, typed: list[float]) -> None:
    assert equal_ratios(start, stop, points).tolist() == typed


def test_ratios_between_decimals_are_those_of_logarithms() -> None:
    """Every tenth of 31 points is a power of ten; the others are within a few roundings of the exact ones."""
    found = equal_ratios(0.001, 1.0, 31)
    assert found[::10].tolist() == [0.001, 0.01, 0.1, 1.0]
    with localcontext() as context:
        context.prec = 40
        exact = [float(Decimal(10) ** (Decimal(place) / 10 - 3)) for place in range(31)]
    np.testing.assert_allclose(found, exact, rtol=1e-15)
    assert (np.diff(found) > 0).all()


@pytest.mark.parametrize("points", [1, 2])
def test_few_points(points: int) -> None:
    assert equal_steps(0.3, 0.9, points).tolist() == [0.3, 0.9][:points]
    assert equal_ratios(0.3, 0.9, points).tolist() == [0.3, 0.9][:points]


def test_long_axes() -> None:
    found = equal_steps(0.0, 1.0, 1_000_001)
    assert [found[place] for place in (1, 350_000, 999_999, 1_000_000)] == [1e-6, 0.35, 0.999999, 1.0]
