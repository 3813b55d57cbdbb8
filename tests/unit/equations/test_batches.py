"""Large batches: parts change nothing, and cost no more memory than their result."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest

import leyden as ly
from leyden import dense, memory, states

DRIVE, DAMPING = np.linspace(0.01, 0.2, 3), np.linspace(0.1, 0.5, 5)[:, None]
TIMES = np.linspace(0.0, 3.0, 4)


def equations(kind: str) -> ly.MomentEquations:
    if kind == "two-photon":  # some of them above threshold
        device = ly.catalog.two_photon_battery(drive=DRIVE, charger_damping=DAMPING, battery_damping=0.2)
    else:  # the drive is in the forcing alone
        device = ly.catalog.one_photon_battery(drive=DRIVE, charger_damping=DAMPING, battery_damping=0.2)
    return ly.moment_equations(device)


@pytest.mark.parametrize("most", [1, 2, 7])
@pytest.mark.parametrize("kind", ["two-photon", "one-photon"])
def test_parts_change_nothing(monkeypatch: pytest.MonkeyPatch, kind: str, most: int) -> None:
    whole = equations(kind)
    starts = [states.vacuum(2), states.thermal(np.full((2, 1, 1, 2), 0.3))]
    expected = dense.steady_state(whole)
    curves = [dense.propagate(whole, start, TIMES) for start in starts]
    monkeypatch.setattr(memory, "_MEMBERS", most)
    monkeypatch.setattr(memory, "_POINTS", most * len(TIMES))
    found = dense.steady_state(whole)
    np.testing.assert_array_equal(found[1], np.broadcast_to(expected[1], (5, 3)))
    pairs = [(found[0], expected[0])]
    pairs += [(dense.propagate(whole, start, TIMES), curve) for start, curve in zip(starts, curves, strict=True)]
    for state, other in pairs:
        for part, value in ((state.mean, other.mean), (state.excess, other.excess)):
            np.testing.assert_allclose(part, np.broadcast_to(value, part.shape), rtol=1e-11, atol=1e-14)


def test_parts_of_a_batch_are_views() -> None:
    start = states.thermal(np.ones((3, 5, 2)))
    block = (slice(1, 2), slice(None))
    assert start.at(block).shape == (1, 5)
    assert np.shares_memory(start.at(block).excess, start.excess)
    everything = (slice(None), slice(None))
    assert start.at(everything) is start
    whole = equations("two-photon")
    assert whole.at(everything) is whole
    assert whole.at(block).shape == (1, 3)
    np.testing.assert_array_equal(whole.at(block).drift, whole.drift[1:2])


@pytest.mark.parametrize("shape", [(50_000,), (50, 1000)], ids=str)
def test_states_need_little_more_memory_than_they_are(shape: tuple[int, ...]) -> None:
    """The whole batch at once, with a linear system of 11 unknowns for each member, would take ten times that."""
    rates = np.linspace(0.1, 1.0, 50_000).reshape(shape)
    many = ly.moment_equations(ly.catalog.two_photon_battery(drive=0.02, charger_damping=rates, battery_damping=0.3))
    dense.steady_state(many)
    tracemalloc.start()
    try:
        found, _ = dense.steady_state(many)
        _, peak = tracemalloc.get_traced_memory()
        result = found.excess.nbytes + found.mean.nbytes
        assert peak < 4 * result
        del found
        tracemalloc.reset_peak()
        curve = dense.propagate(many, states.vacuum(2), np.linspace(0.0, 1.0, 6))
        _, peak = tracemalloc.get_traced_memory()
        assert peak < 2.5 * (curve.excess.nbytes + curve.mean.nbytes)
    finally:
        tracemalloc.stop()
    # Each entry of all members lies together: what reads one of them reads numbers side by side.
    assert curve.excess[..., 0, 0].strides[-1] == curve.excess.itemsize
