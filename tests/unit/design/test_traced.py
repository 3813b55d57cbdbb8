"""Derivatives through JAX, against differences and the closed form; and what is said where there are none."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.design import traced

PAIR = ly.catalog.two_photon_battery
BOUNDS = {"drive": (0.02, 0.1), "charger_damping": ly.Range(0.1, 1.0, spacing="log")}


def test_both_ways_find_the_same() -> None:
    """Slopes at a corner of the bounds; dE/d eps is that of Eq. (14), 36.09375 for dampings of 0.1."""
    found = [
        ly.optimize(PAIR, BOUNDS, "stored_energy", fixed={"battery_damping": 0.1}, starts=1, gradient=way).dataset
        for way in ("jax", "differences")
    ]
    for one in found:
        assert float(one.sensitivity.sel(parameter="drive")) == pytest.approx(36.09375, rel=1e-9)
    np.testing.assert_allclose(found[0].sensitivity, found[1].sensitivity, rtol=1e-9)
    assert found[0].attrs["gradient_reason"] == "asked for"


def test_peaks_have_the_slope_at_their_time() -> None:
    """At the peak the curve is flat in time: what its value changes by is what it would change by at that moment."""
    given = {"fixed": {"battery_damping": 0.1}, "times": np.linspace(0, 40, 201), "starts": 1}
    found = [
        ly.optimize(PAIR, BOUNDS, "charging_power", gradient=way, **given).dataset for way in ("jax", "differences")
    ]
    np.testing.assert_allclose(found[0].sensitivity, found[1].sensitivity, rtol=1e-7)


def test_without_jax_differences_do(monkeypatch: pytest.MonkeyPatch, refuses) -> None:
    monkeypatch.setattr(traced, "is_there", lambda: False)
    refuses(
        "gradient",
        lambda: ly.optimize(PAIR, BOUNDS, "ergotropy", fixed={"battery_damping": 0.1}, starts=1, gradient="jax"),
        "JAX is not installed",
    )


def test_what_cannot_be_traced_says_so(refuses) -> None:
    def build(drive, charger_damping):
        return PAIR(drive=float(drive), charger_damping=charger_damping, battery_damping=0.1)

    refuses("gradient", lambda: ly.optimize(build, BOUNDS, "ergotropy", gradient="jax"), "cannot be traced")
    refuses(
        "gradient",
        lambda: ly.optimize(PAIR, BOUNDS, "spectral_abscissa", fixed={"battery_damping": 0.1}, gradient="jax"),
        "spectrum",
    )
