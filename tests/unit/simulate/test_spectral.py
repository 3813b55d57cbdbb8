"""Frequencies and devices that have no answer at them: one clear line each."""

from __future__ import annotations

from typing import Any

import jax.numpy as jnp
import numpy as np
import pytest

import leyden as ly
from leyden import memory
from leyden.simulate.spectral import checked_frequencies

DEVICE = ly.catalog.two_photon_battery(drive=0.05, charger_damping=0.1, battery_damping=0.1)
FUNCTIONS = [ly.response, ly.spectrum]


def test_frequencies_of_either_sign_and_single_ones() -> None:
    assert checked_frequencies([-1, 0, 2]).tolist() == [-1.0, 0.0, 2.0]
    assert checked_frequencies(0.5).tolist() == [0.5]


@pytest.mark.parametrize("function", FUNCTIONS)
@pytest.mark.parametrize(
    ("frequencies", "words"),
    [
        ([0.0, 1.0, 1.0], "increase, but is \\[1.0, 1.0\\]"),
        ([1.0, 0.0], "increase"),
        ([0.0, np.inf], "be finite, but is inf"),
        ([0.0, np.nan], "be finite, but is nan"),
        ([], "at least one"),
        ([[0.0, 1.0]], "one-dimensional"),
        ([1j], "real numbers"),
        ("fast", "a sequence of numbers"),
    ],
)
def test_bad_frequencies(function: Any, frequencies: Any, words: str) -> None:
    with pytest.raises(ly.ParameterError, match=words):
        function(DEVICE, frequencies)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_does_not_settle_has_no_answer(function: Any) -> None:
    wild = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    with pytest.raises(ly.UnstableError, match=r"critical amplitude 0\.15"):
        function(wild, [0.0])
    still = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.0)], "a", "a")
    with pytest.raises(ly.UnstableError, match="0, not negative"):
        function(still, [0.0])


@pytest.mark.parametrize("function", FUNCTIONS)
def test_memory_is_asked_for_first(function: Any, monkeypatch: pytest.MonkeyPatch, refuses: Any) -> None:
    monkeypatch.setattr(memory, "free_bytes", lambda: 2.0**28)
    wide = ly.catalog.cascade(300, drive=0.1, damping=0.1)
    refuses("network", lambda: function(wide, np.linspace(0, 1, 1000)), "1000 frequencies", "0.2 GiB are free")


@pytest.mark.parametrize("function", FUNCTIONS)
def test_dims_that_are_taken_are_refused(function: Any, refuses: Any) -> None:
    import xarray as xr

    drive = xr.DataArray([0.01, 0.02], dims="frequency")
    device = ly.catalog.two_photon_battery(drive=drive, charger_damping=0.1, battery_damping=0.1)
    refuses("network", lambda: function(device, [0.0]), "frequency", "Rename the dim")


def test_traced_frequencies_are_refused() -> None:
    import jax

    with pytest.raises(ly.ParameterError, match="concrete numbers"):
        jax.jit(lambda omega: ly.response(DEVICE, omega).transfer.data)(jnp.zeros(2))
