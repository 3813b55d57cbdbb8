"""What a device without a steady state is told: advice that fits it, in one line."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly


def refusal(*elements, modes: str = "ab") -> ly.UnstableError:
    network = ly.Network([ly.Mode(name) for name in modes], elements, modes[0], modes[-1])
    with pytest.raises(ly.UnstableError) as caught:
        ly.steady_state(network)
    message = str(caught.value)
    assert len(message) <= 300
    assert "\n" not in message
    assert caught.value.remedy in message
    assert message.endswith("Its transient can still be had with `charge`.")
    return caught.value


def test_no_two_photon_advice_without_such_a_drive() -> None:
    error = refusal(ly.OnePhotonDrive("a", 0.1), ly.SharedBath({"a": 1.0, "b": 1.0}, 1.0))
    assert error.remedy == "No bath sees the combination a - b: it is dark. Give one of these modes a bath of its own."
    assert error.threshold is None
    assert error.spectral_abscissa == pytest.approx(0.0, abs=1e-14)


def test_an_undamped_mode_comes_before_a_drive() -> None:
    error = refusal(ly.TwoPhotonDrive("a", 1.0), ly.LocalBath("a", 0.1))
    assert error.remedy == "Nothing damps mode 'b'. Damp it, or couple it to a damped mode."
    assert error.threshold == 0.0


def test_drives_are_named() -> None:
    baths = [ly.LocalBath(name, 1.0) for name in "ab"]
    assert "critical amplitude 0.25" in refusal(*baths, ly.TwoPhotonDrive("a", 1.0)).remedy
    both = [ly.TwoPhotonDrive(name, 1.0) for name in "ab"]
    assert refusal(*baths, *both).remedy == "Weaken the two-photon drives, or raise the damping."
    twice = [ly.TwoPhotonDrive("a", 0.2)] * 2
    assert refusal(*baths, *twice).remedy == "Weaken the two-photon drives, or raise the damping."


@pytest.mark.parametrize("method", ["dense", "sparse"])
def test_large_networks_get_the_same_advice(method: str) -> None:
    chain = ly.catalog.cascade(40, drive=0.1, damping=0.1)
    dark = ly.SharedBath({"x": 1.0, "y": 1.0}, 1.0)
    for modes, elements, words in (
        ("x", [], "Nothing damps mode 'x'."),
        ("xy", [dark], "No bath sees the combination x - y: it is dark."),
    ):
        network = ly.Network(
            [*chain.modes, *(ly.Mode(name) for name in modes)], [*chain.elements, *elements], "m0", "m1"
        )
        with pytest.raises(ly.UnstableError, match=words) as caught:
            ly.steady_state(network, method=method)
        assert caught.value.threshold == 0.0
    with pytest.raises(ly.UnstableError, match=r"critical amplitude 0\.15,"):
        ly.steady_state(ly.catalog.cascade(40, drive=0.2, damping=0.1), method=method)
    pumped = ly.Network(
        ly.Modes(40),
        [
            ly.Family(ly.LocalBath, range(40), rate=0.1),
            ly.Family(ly.TwoPhotonDrive, range(40), amplitude=np.linspace(0.1, 1, 40)),
        ],
        "m0",
        "m1",
    )
    with pytest.raises(ly.UnstableError, match="Weaken the two-photon drives, or raise the damping"):
        ly.steady_state(pumped, method=method)
