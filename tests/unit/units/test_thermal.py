"""Temperatures and occupations, joules and quanta: exact values, limits, and there and back."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pint
import pytest
import scipy.constants
import xarray as xr

import leyden as ly

# h f / k at 5 GHz, in kelvin.
WARM = scipy.constants.h * 5e9 / scipy.constants.k


@pytest.mark.parametrize("ratio", [1e-15, 1e-8, 1e-3, 1.0, 30.0, 700.0])
def test_occupation_against_many_digits(ratio: float) -> None:
    """Relative error: that of the exponent, whose rounding weighs as much as it is large."""
    with mpmath.workdps(50):
        exact = float(1 / mpmath.expm1(mpmath.mpf(ratio)))
    found = ly.units.occupation(pint.Quantity(WARM / ratio, "K"), "5 GHz")
    assert found == pytest.approx(exact, rel=1e-15 * max(4.0, 4 * ratio))


def test_a_hot_bath_keeps_its_half_quantum() -> None:
    """k T/h f - 1/2 + h f/12 k T: exp(x) - 1, subtracted, would leave the half with three digits."""
    found = ly.units.occupation(pint.Quantity(1e6 * WARM, "K"), "5 GHz")
    assert found - 1e6 == pytest.approx(-0.5 + 1e-6 / 12, abs=2e-9)


def test_a_cold_bath_is_empty_without_a_warning() -> None:
    assert ly.units.occupation("0 K", "5 GHz") == 0.0
    assert ly.units.occupation("1 nK", "5 GHz") == 0.0


def test_radians_are_no_cycles() -> None:
    turned = f"{2 * np.pi * 5e9!r} rad/s"
    assert ly.units.occupation("50 mK", turned) == pytest.approx(ly.units.occupation("50 mK", "5 GHz"), rel=1e-14)
    assert ly.units.occupation("50 mK", "5e9 rad/s") > 3 * ly.units.occupation("50 mK", "5 GHz")


@pytest.mark.parametrize("occupation", [0.0, 1e-300, 1e-3, 0.5, 7.0, 1e15])
def test_there_and_back(occupation: float) -> None:
    kelvin = ly.units.temperature(occupation, "5 GHz")
    assert kelvin.units == pint.Unit("K")
    # The rounding of ln n, up to 691 here, comes back in n.
    assert ly.units.occupation(kelvin, "5 GHz") == pytest.approx(occupation, rel=1e-12)


def test_arrays_and_labels() -> None:
    several = pint.Quantity(np.array([10.0, 50.0]), "mK")
    found = ly.units.occupation(several, "5 GHz")
    assert found.tolist() == [ly.units.occupation("10 mK", "5 GHz"), ly.units.occupation("50 mK", "5 GHz")]
    labelled = xr.DataArray([10.0, 50.0], {"bath": ["a", "b"]}, ["bath"], attrs={"units": "mK"})
    again = ly.units.occupation(labelled, "5 GHz")
    assert again.sel(bath="b").item() == found[1]
    back = ly.units.temperature(again, "5 GHz")
    assert back.data.to("mK").magnitude == pytest.approx([10.0, 50.0], rel=1e-13)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: ly.units.occupation("-1 mK", "5 GHz"), "temperature"),
        (lambda: ly.units.occupation("50 mHz", "5 GHz"), "temperature"),
        (lambda: ly.units.occupation(0.05, "5 GHz"), "temperature"),
        (lambda: ly.units.occupation("1e999 K", "5 GHz"), "temperature"),
        (lambda: ly.units.occupation("50 mK", "0 GHz"), "frequency"),
        (lambda: ly.units.occupation("50 mK", "5e9 1/s"), "frequency"),
        (lambda: ly.units.temperature(-0.1, "5 GHz"), "occupation"),
        (lambda: ly.units.energy(-1.0, "5 GHz"), "quanta"),
        (lambda: ly.units.energy("1", "5 GHz"), "quanta"),
        (lambda: ly.units.quanta("1 W", "5 GHz"), "energy"),
    ],
)
def test_what_is_refused(refuses, call: Any, name: str) -> None:
    refuses(name, call)


def test_quanta_and_joules() -> None:
    """An energy is h f n: in rad/s it is hbar omega n, and pint's own conversion would be off by 2 pi."""
    joules = ly.units.energy([1.0, 2.0], "5 GHz")
    assert joules.to("J").magnitude == pytest.approx(scipy.constants.h * 5e9 * np.array([1, 2]), rel=1e-15)
    assert ly.units.energy(1, "1 rad/s").magnitude == pytest.approx(scipy.constants.hbar, rel=1e-15)
    assert ly.units.quanta(joules, "5 GHz").tolist() == [1.0, 2.0]
    assert ly.units.quanta("1 eV", "5 GHz") == pytest.approx(scipy.constants.e / scipy.constants.h / 5e9, rel=1e-14)
