"""Amplitudes in time: closed forms, and where they settle."""

from __future__ import annotations

import numpy as np
import pytest

import leyden as ly
from leyden.mean_field.field import drive_field, field_of
from leyden.mean_field.motion import free_phases, run, settle


def lone(*elements: ly.Element, detuning: float = 0.0) -> ly.Network:
    return ly.Network([ly.Mode("a", detuning=detuning)], elements, charger="a", battery="a")


def test_pairs_are_lost_at_an_algebraic_rate() -> None:
    """d n/dt = -2 eta n^2, so n = n_0/(1 + 2 eta n_0 t); a Kerr term turns the phase alone."""
    network = lone(ly.TwoPhotonLoss("a", 0.3), ly.Kerr("a", 0.7))
    times = np.array([0.0, 0.5, 2.0, 10.0])
    found, work = run(field_of(network), drive_field(network), np.ones(1), np.array([2.0 + 0j]), times)
    np.testing.assert_allclose(np.abs(found[:, 0]) ** 2, 4 / (1 + 2.4 * times), rtol=1e-9)
    assert not work.any()


def test_a_run_that_would_not_end() -> None:
    """Gain feeds a pump, which turns the faster the larger it is: ever shorter steps."""
    network = ly.Network(
        [ly.Mode("a"), ly.Mode("b")],
        [ly.ThreeWaveMixing("a", "b", 1.0), ly.Gain("b", 200.0)],
        charger="a",
        battery="b",
    )
    start = np.array([1e3 + 0j, 1e3])
    with pytest.raises(ly.ConvergenceError, match="they change too fast"):
        run(field_of(network), drive_field(network), np.ones(2), start, np.array([50.0]))


FATES = {
    "settles": (lone(ly.Kerr("a", 0.5), ly.TwoPhotonDrive("a", 1.0), ly.LocalBath("a", 1.0)), "settles", np.sqrt(15.0)),
    "circle": (lone(ly.Gain("a", 1.0), ly.TwoPhotonLoss("a", 0.4)), "settles", 1.25),
    "goes round": (lone(ly.Gain("a", 1.0), ly.TwoPhotonLoss("a", 0.4), detuning=1.0), "moves", 1.25),
    "grows": (lone(ly.TwoPhotonDrive("a", 1.0), ly.LocalBath("a", 1.0)), "grows", None),
}


@pytest.mark.parametrize("name", FATES)
def test_where_amplitudes_go(name: str) -> None:
    network, fate, quanta = FATES[name]
    found = settle(field_of(network), np.array([1e-3 + 1e-3j]))
    assert found.fate == fate
    if quanta is not None:
        assert np.abs(found.amplitudes[0]) ** 2 == pytest.approx(quanta, rel=1e-4 if fate == "moves" else 1e-10)


def test_phases_that_nothing_fixes() -> None:
    assert free_phases(field_of(FATES["circle"][0])) == 1
    assert free_phases(field_of(FATES["grows"][0])) == 0
    pair = [ly.Mode("a"), ly.Mode("b")]
    baths = [ly.LocalBath("a", 1.0), ly.LocalBath("b", 1.0)]
    for elements, free in (
        ([], 2),
        ([ly.CoherentCoupling("a", "b", 1.0)], 1),
        ([ly.ParametricCoupling("a", "b", 1.0)], 1),
        ([ly.ThreeWaveMixing("a", "b", 1.0)], 1),
        ([ly.ThreeWaveMixing("a", "b", 1.0), ly.OnePhotonDrive("a", 1.0)], 0),
    ):
        network = ly.Network(pair, [*baths, *elements], charger="a", battery="b")
        assert free_phases(field_of(network)) == free, elements
