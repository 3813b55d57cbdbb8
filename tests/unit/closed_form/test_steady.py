"""The steady state, Eqs. (14) and (19), against the paper's formulas with 200 digits."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest

from leyden import closed_form
from leyden.closed_form import (
    DirectedDevice,
    steady_anomalous_average,
    steady_battery_excess,
    steady_battery_variances,
    steady_charger_energy,
    steady_ergotropy,
    steady_passive_energy,
    steady_stored_energy,
    steady_utilization_ratio,
)

ENERGIES = [steady_stored_energy, steady_ergotropy, steady_passive_energy, steady_charger_energy]
EXACT = [steady_stored_energy, steady_ergotropy, steady_charger_energy, steady_anomalous_average]


@pytest.mark.parametrize("quantity", [*EXACT, steady_utilization_ratio])
def test_quantity(quantity: Callable, worst_error: Callable[..., float], kind: str) -> None:
    # Some twenty roundings: no exponential stands here. Where there is no steady state, NaN.
    assert worst_error(quantity, quantity.__name__, kind) < 3e-15


def test_passive_energy(worst_error: Callable[..., float], points: Callable, kind: str) -> None:
    # How well the rates fix it: a nearly pure battery has Lambda_b << Lambda_a.
    conditioning = 1 + 2 * (points(kind).charger / points(kind).battery).max()
    assert worst_error(steady_passive_energy, "steady_passive_energy", kind) < conditioning * 3e-15


def test_excess_and_variances(worst_error: Callable[..., float], kind: str) -> None:
    for side in ("amplified", "squeezed"):
        assert (
            worst_error(lambda d, s=side: getattr(steady_battery_excess(d), s), f"steady_excess_{side}", kind) < 3e-15
        )
        variance = worst_error(
            lambda d, s=side: getattr(steady_battery_variances(d), s), f"steady_variance_{side}", kind
        )
        assert variance < 3e-14


def test_equation_14(device: Callable[..., DirectedDevice]) -> None:
    """The paper's symmetric formulas in exact fractions."""
    rate, g, eps = Fraction(2), Fraction(1), Fraction(3, 8)
    outer, inner = rate**2 - 16 * eps**2, rate**2 - 4 * eps**2
    symmetric = device(drive=float(eps))
    energy, anomalous = 24 * g**2 * eps**2 / (outer * inner), 4 * g**2 * eps * (rate**2 + 8 * eps**2) / rate
    assert steady_stored_energy(symmetric) == pytest.approx(float(energy), rel=1e-15)
    assert steady_anomalous_average(symmetric) == pytest.approx(float(anomalous / (outer * inner)), rel=1e-15)
    assert steady_charger_energy(symmetric) == pytest.approx(float(8 * eps**2 / outer), rel=1e-15)


@pytest.mark.parametrize(
    "name", ["stored_energy", "ergotropy", "passive_energy", "utilization_ratio", "charger_energy"]
)
@pytest.mark.parametrize("battery_damping", [0.7, 2.0, 5.0])
def test_it_is_where_charging_ends(device: Callable[..., DirectedDevice], name: str, battery_damping: float) -> None:
    ending = device(drive=0.4, total_battery_damping=battery_damping)
    late, steady = getattr(closed_form, name), getattr(closed_form, f"steady_{name}")
    # e^{-0.4 * 200} is left of the transient.
    assert late(ending, 200.0) == pytest.approx(steady(ending), rel=1e-14)


def test_no_steady_state_is_nan_in_a_batch(device: Callable[..., DirectedDevice]) -> None:
    batch = device(drive=[0.0, 0.49, 0.5, 0.51])
    for quantity in [*ENERGIES, steady_anomalous_average, steady_utilization_ratio]:
        assert np.isnan(quantity(batch)).tolist() == [False, False, True, True]
    assert np.isnan(steady_battery_excess(batch).amplified).tolist() == [False, False, True, True]
    assert np.isnan(steady_battery_variances(batch).squeezed).tolist() == [False, False, True, True]


def test_undamped_modes_never_settle(device: Callable[..., DirectedDevice]) -> None:
    for idle in (
        device(total_battery_damping=0.0, transport_rate=0.0),
        device(drive=0.0, total_charger_damping=0.0, transport_rate=0.0),
    ):
        for quantity in [*ENERGIES, steady_utilization_ratio]:
            assert np.isnan(quantity(idle))


def test_undriven(device: Callable[..., DirectedDevice]) -> None:
    for quantity in ENERGIES:
        assert quantity(device(drive=0.0)) == 0.0
    assert steady_utilization_ratio(device(drive=0.0)) == pytest.approx(1 / 6, rel=1e-15)
