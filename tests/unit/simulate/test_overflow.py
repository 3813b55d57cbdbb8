"""Curves that leave the number range: when, to two digits, and whose fault it is."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly


def pair(**parameters) -> ly.Network:
    return ly.catalog.two_photon_battery(charger_damping=0.1, battery_damping=0.1, **parameters)


def test_the_time_is_told_to_two_digits(refuses) -> None:
    """E grows as e^{2 (2 eps - Lambda/2) t} with Lambda = 0.6: ln(1.8e308)/(2 (10 - 0.3)) = 36.6, and 3549 at 0.2."""
    for times in (np.linspace(0, 100, 11), [0.0, 1.0, 30.0, 1e3], [1e3], [1e300]):
        error = refuses(
            "times", lambda times=times: ly.charge(pair(drive=5.0), times), "end by 36, before the unstable"
        )
        assert error.value == times[-1]
    for end in (4e3, 1e6, 1e200):
        refuses("times", lambda end=end: ly.charge(pair(drive=0.2), [0, end]), "end by 3500,")
    chain = ly.catalog.cascade(3, drive=5.0, damping=0.1)
    refuses(
        "times", lambda: ly.charge(chain, np.linspace(0, 100, 11)), "end by 36, before the unstable device 'cascade'"
    )
    large = ly.catalog.cascade(160, drive=5.0, damping=0.1)
    refuses("times", lambda: ly.charge(large, [0.0, 100.0]), "end by 36,")
    slow = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 1e-9)], "a", "a")
    expected = 709.78 / 4e-9
    error = refuses("times", lambda: ly.charge(slow, [0, 1e12]), "end by ")
    assert float(str(error).split("end by ")[1].split(",")[0]) == pytest.approx(expected, rel=0.05)


def test_a_start_out_of_range_is_the_starts_fault(refuses) -> None:
    hottest = ly.states.coherent([1e155, 1.0])
    error = refuses("initial", lambda: ly.charge(pair(drive=0.1), [0.0, 0.1], initial=hottest), "the number range")
    assert error.value == pytest.approx(2**0.5 * 1e155)


def test_a_stable_device_is_not_called_unstable(refuses) -> None:
    """Strongly detuned and driven just below (Lambda^2/4 + Delta^2)^(1/2)/2, a mode turns on a long ellipse."""
    elements = [ly.LocalBath("a", 2.0), ly.TwoPhotonDrive("a", 14.0)]
    device = ly.Network([ly.Mode("a", detuning=30.0)], elements, "a", "a")
    assert ly.stability(device).is_stable
    # |alpha|^2 = 2.5e307 to begin with, and 29 times as much a quarter of a turn later, on one of the two diagonals.
    messages: list[str] = []
    for angle in (-0.25, 0.25):
        start = ly.states.coherent([5e153 * np.exp(1j * np.pi * angle)])
        try:
            ly.charge(device, np.linspace(0, 1, 41), initial=start)
        except ly.ParameterError as error:
            messages.append(str(error))
    assert messages
    assert all("before the energies of 'network' outgrow the number range" in message for message in messages)
