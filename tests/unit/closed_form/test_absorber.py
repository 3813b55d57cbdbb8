"""Amplitudes of the mode with its absorber: where the series ends, and how it scales."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from leyden.closed_form.absorber import absorber_amplitudes
from leyden.errors import ConvergenceError

REST = {
    "one_photon_drive": 0.0,
    "two_photon_drive": 0.0,
    "damping": 1.0,
    "kerr": 0.0,
    "two_photon_loss": 0.0,
    "detuning": 0.0,
}


def amplitudes(**rates: Any) -> np.ndarray:
    found = absorber_amplitudes(**(REST | rates))
    assert found is not None
    return found


def test_of_a_linear_mode_they_are_those_of_a_coherent_state() -> None:
    """alpha = -i F/v, and the sum of mode and absorber holds sqrt2 alpha."""
    found = amplitudes(one_photon_drive=0.3 + 0.2j, detuning=0.7)
    alpha = np.sqrt(2) * -1j * (0.3 + 0.2j) / (0.5 + 0.7j)
    n = np.arange(len(found))
    factorials = np.cumprod(np.maximum(n, 1.0))
    expected = np.exp(-(abs(alpha) ** 2) / 2) * alpha**n / np.sqrt(factorials)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-15)


def test_without_a_drive_there_is_the_vacuum() -> None:
    assert amplitudes(kerr=1.0)[0] == 1.0
    assert np.linalg.norm(amplitudes(kerr=1.0)[1:]) == 0.0


@pytest.mark.parametrize("drive", [0.25, 0.3, 1e150])
def test_a_linear_mode_has_none_from_its_threshold_on(drive: float) -> None:
    assert absorber_amplitudes(**(REST | {"two_photon_drive": drive})) is None


def test_only_ratios_of_rates_matter_down_to_the_end_of_the_number_range() -> None:
    rates = {"two_photon_drive": 0.3, "damping": 1.0, "kerr": 0.2, "detuning": -0.3}
    wanted = amplitudes(**rates)
    for unit in (2.0**-1000, 2.0**1000):
        np.testing.assert_array_equal(amplitudes(**{name: value * unit for name, value in rates.items()}), wanted)


def test_a_deep_valley_between_two_hills_is_crossed() -> None:
    """From the vacuum down by more than 1e-300 and up again: the Kerr term tunes the mode in at 2 |Delta|/K quanta."""
    found = np.abs(amplitudes(two_photon_drive=4.0, kerr=0.01, detuning=-20.0)) ** 2
    assert found[1000] < 1e-300
    assert np.argmax(found) > 3000
    assert found.sum() == pytest.approx(1.0, rel=1e-13)


def test_a_hill_too_low_to_climb_is_not_looked_for() -> None:
    assert len(amplitudes(two_photon_drive=0.2, kerr=1e-9, detuning=-1e3)) < 100


def test_too_many_quanta_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("leyden.closed_form.absorber._MOST", 2000)
    with pytest.raises(ConvergenceError, match="within 2000 terms, but does not: that many quanta"):
        absorber_amplitudes(**(REST | {"two_photon_drive": 1.0, "kerr": 1e-3}))
    with pytest.raises(ConvergenceError, match="must end within"):
        absorber_amplitudes(**(REST | {"two_photon_drive": 1e300, "kerr": 1e-300, "damping": 1e-300}))
