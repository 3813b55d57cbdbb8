"""Words on axes: from the attributes, from the table of quantities, from the name, in this order."""

from __future__ import annotations

import pytest
import xarray as xr

from leyden import quantities
from leyden.plots import attributes_of, axis_label
from leyden.plots.labels import number, symbol_of, typeset_unit
from leyden.quantities import ENERGY, FREQUENCY_ENERGY, QUANTITIES, TIME


@pytest.mark.parametrize(
    ("name", "as_in_the_paper", "by_itself"),
    [
        ("stored_energy", r"$E_B/\omega_0$", r"$E_B$ ($\hbar\omega_0$)"),
        ("ergotropy", r"$W/\omega_0$", r"$W$ ($\hbar\omega_0$)"),
        ("charging_power", r"$P/(\omega_0\Gamma)$", r"$P$ ($\hbar\omega_0\,\times$ rate unit)"),
        ("time", r"$\Gamma t$", "$t$ (1/rate unit)"),
        ("damping", r"$\kappa/\Gamma$", r"$\kappa$ (rate unit)"),
        ("utilization_ratio", "$R$", "$R$"),
        ("phase", r"$\theta$", r"$\theta$ (rad)"),
        ("entropy", "$S_B$", "$S_B$"),
        ("energy_variance", r"$\mathrm{Var}\,H_B/\omega_0^2$", r"$\mathrm{Var}\,H_B$ ($(\hbar\omega_0)^2$)"),
    ],
)
def test_labels_of_quantities(name: str, as_in_the_paper: str, by_itself: str) -> None:
    attributes = QUANTITIES[name].attributes()
    assert axis_label(attributes, rate=r"\Gamma") == as_in_the_paper
    assert axis_label(attributes) == by_itself


def test_own_attributes_come_first() -> None:
    values = xr.DataArray([1.0], dims="x", name="stored_energy", attrs={"symbol": "E"})
    assert axis_label(attributes_of(values)) == "$E$"
    assert axis_label(attributes_of(values.assign_attrs(units=ENERGY))) == r"$E$ ($\hbar\omega_0$)"


@pytest.mark.parametrize("name", ["stored_energy", "charging_power"])
def test_no_unit_of_an_energy_is_made_up(name: str) -> None:
    """Arithmetic may lose attributes; whether the frequencies were 1, the name alone does not say."""
    assert "units" not in attributes_of(xr.DataArray([1.0], dims="x", name=name))
    assert attributes_of(xr.DataArray([1.0], dims="x", name="damping"))["units"] == "rate unit"


@pytest.mark.parametrize(
    ("name", "with_a_rate", "by_itself"),
    [
        ("stored_energy", r"$E_B$ ($\hbar\,\times$ frequency unit)", r"$E_B$ ($\hbar\,\times$ frequency unit)"),
        (
            "charging_power",
            r"$P/\Gamma$ ($\hbar\,\times$ frequency unit)",
            r"$P$ ($\hbar\,\times$ frequency unit $\times$ rate unit)",
        ),
        ("utilization_ratio", "$R$", "$R$"),
        ("frequency", r"$\omega_0$ (frequency unit)", r"$\omega_0$ (frequency unit)"),
    ],
)
def test_energies_of_other_frequencies(name: str, with_a_rate: str, by_itself: str) -> None:
    attributes = quantities.attributes_of(name, FREQUENCY_ENERGY)
    assert axis_label(attributes, rate=r"\Gamma") == with_a_rate
    assert axis_label(attributes) == by_itself


def test_an_unknown_name_stands_for_itself() -> None:
    values = xr.DataArray([1.0], dims="x", name="pump_current")
    assert axis_label(attributes_of(values)) == "pump current"
    assert axis_label(attributes_of(values.assign_attrs(units="mA")), rate=r"\Gamma") == "pump current (mA)"
    assert symbol_of({}) == ""


def test_units() -> None:
    assert (typeset_unit(ENERGY), typeset_unit(TIME), typeset_unit("mA")) == (r"$\hbar\omega_0$", "1/rate unit", "mA")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (1.0, "1"),
        (0.05, "0.05"),
        (2e-4, "0.0002"),
        (123456.0, r"$1.23456\times10^{5}$"),
        (1e-5, "$10^{-5}$"),
        (-3e-7, r"$-3\times10^{-7}$"),
        (0.1 + 0.2, "0.3"),
    ],
)
def test_numbers(value: float, text: str) -> None:
    assert number(value) == text
