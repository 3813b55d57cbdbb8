"""What the number 1 is, in words: by CODATA's constants, and nothing where nothing is known."""

from __future__ import annotations

import builtins
from math import pi
from typing import Any

import pytest
from scipy.constants import e, h

import leyden as ly
from leyden.quantities import ENERGY, FREQUENCY_ENERGY
from leyden.units.unit_words import fitting, unit_words, units_told


def network(rate_unit: str = "", frequency_unit: str = "", frequency: float = 1.0) -> ly.Network:
    modes = [ly.Mode("m", frequency)]
    return ly.Network(modes, [ly.LocalBath("m", 1.0)], "m", "m", rate_unit=rate_unit, frequency_unit=frequency_unit)


def test_the_numbers_are_those_of_codata() -> None:
    """A rate of 1 MHz is 2 pi 10^6 /s, and a quantum of 7 GHz has the energy h * 7 GHz."""
    time, joules = 1 / (2 * pi * 1e6), h * 7e9
    assert units_told(network("1 MHz", "7 GHz"), ENERGY) == (
        f"In lab units: rate unit = {2 * pi * 1e6:.4g} rad/s (1 MHz); 1/rate unit = {time * 1e9:.4g} ns; "
        f"hbar omega_0 = {joules / e * 1e6:.4g} ueV ({joules:.4g} J); "
        f"hbar omega_0 * rate unit = {joules / time * 1e18:.4g} aW."
    )
    assert f"{time * 1e9:.4g} {joules / e * 1e6:.4g} {joules / time * 1e18:.4g}" == "159.2 28.95 29.14"


def test_radians_and_energies_are_told_as_what_they_are() -> None:
    told = units_told(network("5e3 rad/s", "20 ueV"), ENERGY)
    assert "rate unit = 5000 rad/s (5e3 rad/s); 1/rate unit = 200 us; hbar omega_0 = 20 ueV" in told


def test_results_carry_what_devices_do() -> None:
    device = network("1 MHz", "7 GHz")
    assert units_told(ly.steady_state(device), ENERGY) == units_told(device, ENERGY) != ""


def test_without_a_frequency_unit_frequencies_have_the_rate_unit() -> None:
    told = units_told(network("1 MHz", frequency=5000.0), FREQUENCY_ENERGY)
    assert f"hbar * frequency unit = {h * 1e6 / e * 1e9:.4g} neV" in told
    assert units_told(network("1 MHz"), ENERGY).endswith("hbar omega_0 is unknown without a frequency unit.")


@pytest.mark.parametrize("rate_unit", ["", "MHz", "1 s"])
def test_where_nothing_is_known_nothing_is_said(rate_unit: str) -> None:
    assert units_told(network(rate_unit), ENERGY) == ""


def test_pint_is_asked_for_where_there_is_a_unit_and_missing_it_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    real = builtins.__import__

    def without(name: str, *rest: Any, **more: Any) -> Any:
        if name == "pint":
            asked.append(name)
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    assert units_told(network(), ENERGY) == ""
    assert asked == []
    assert units_told(network("1 MHz", "7 GHz"), ENERGY) == ""
    assert asked != []


@pytest.mark.parametrize(("size", "words"), [(1.0, "159.155 ns"), (500.0, "79.5775 us"), (1e8, "15.9155 s")])
def test_a_unit_leaves_few_digits_and_reads_back(size: float, words: str) -> None:
    lab = ly.units.Lab("1 MHz")
    found = fitting(lab, "time", size)
    assert f"{found.magnitude:.6g} {unit_words(found)}" == words
    assert lab.time(found.magnitude, unit_words(found)) == pytest.approx(size, rel=1e-14)
