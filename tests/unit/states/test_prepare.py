"""Preparations: each state has the moments <a>, <a^dag a>, <a^2> of its definition."""

from __future__ import annotations

import cmath
import math

import array_api_strict
import numpy as np
import pytest

import leyden as ly
from leyden import states
from leyden.arrays import namespace_of

STRICT = namespace_of(array_api_strict.asarray(1.0))


def ladder(state: states.GaussianState, mode: int) -> tuple[complex, float, complex]:
    """<a>, <a^dag a> - |<a>|^2 and <a^2> - <a>^2."""
    place = slice(2 * mode, 2 * mode + 2)
    mean = np.asarray(state.mean)[..., place]
    (xx, xp), (_, pp) = np.asarray(state.excess)[..., place, place]
    return complex(*mean) / math.sqrt(2), (xx + pp) / 2, complex((xx - pp) / 2, xp)


@pytest.mark.parametrize("modes", [1, 2, np.int64(3)])
def test_vacuum_is_nothing(modes: int) -> None:
    state = states.vacuum(modes)
    assert state.modes == modes
    assert state.shape == ()
    assert not np.any(state.mean)
    assert not np.any(state.excess)
    np.testing.assert_array_equal(state.covariance, np.eye(2 * modes) / 2)


def test_thermal_has_its_occupations() -> None:
    state = states.thermal([0.0, 0.5, 3.0])
    np.testing.assert_array_equal(state.excess, np.diag([0, 0, 0.5, 0.5, 3, 3]))
    assert not np.any(state.mean)
    assert states.thermal(2).excess.shape == (2, 2)


def test_coherent_has_its_amplitudes() -> None:
    state = states.coherent([1 - 2j, 0.5])
    assert ladder(state, 0) == (pytest.approx(1 - 2j), 0.0, 0.0)
    assert ladder(state, 1)[0] == pytest.approx(0.5)
    assert not np.any(state.excess)
    # <x> = sqrt2 Re alpha, <p> = sqrt2 Im alpha
    np.testing.assert_allclose(state.mean, np.sqrt(2) * np.array([1, -2, 0.5, 0]), rtol=1e-15)
    assert ladder(states.coherent(2j), 0)[0] == pytest.approx(2j)


@pytest.mark.parametrize("phase", [0.0, 1.0, math.pi, -2.0])
@pytest.mark.parametrize("strength", [0.0, 1e-9, 0.3, 2.0])
def test_squeezed_has_its_moments(strength: float, phase: float) -> None:
    """<a^dag a> = sinh^2 r, <a^2> = -e^{i phase} sinh r cosh r, to a few roundings even where r is tiny."""
    state = states.squeezed([strength, 0.0], phase)
    mean, number, pair = ladder(state, 0)
    assert mean == 0
    rounding = 4e-16 * math.sinh(strength) * math.cosh(strength)
    assert number == pytest.approx(math.sinh(strength) ** 2, abs=rounding)
    assert pair == pytest.approx(-cmath.exp(1j * phase) * math.sinh(strength) * math.cosh(strength), abs=rounding)
    assert ladder(state, 1) == (0, 0, 0)


def test_squeezing_at_phase_zero_narrows_x() -> None:
    covariance = states.squeezed(0.5).covariance
    np.testing.assert_allclose(covariance, np.diag([math.exp(-1.0), math.exp(1.0)]) / 2, rtol=1e-15)


def test_products_stand_side_by_side() -> None:
    state = states.product(states.coherent(1j), states.squeezed([0.3, 0.4], [0.1, 0.2]), states.thermal(2.0))
    assert state.modes == 4
    np.testing.assert_array_equal(state.mean[:2], states.coherent(1j).mean)
    np.testing.assert_array_equal(state.excess[2:6, 2:6], states.squeezed([0.3, 0.4], [0.1, 0.2]).excess)
    np.testing.assert_array_equal(state.excess[6:, 6:], 2 * np.eye(2))
    rest = state.excess.copy()
    rest[2:6, 2:6] = rest[6:, 6:] = 0
    assert not np.any(rest)


@pytest.mark.parametrize(
    ("prepare", "values"),
    [
        (states.thermal, np.arange(12.0).reshape(2, 3, 2)),
        (states.coherent, np.arange(12.0).reshape(2, 3, 2) * (1 + 2j)),
        (states.squeezed, np.arange(12.0).reshape(2, 3, 2) / 10),
    ],
)
def test_batches_are_loops(prepare, values) -> None:
    batch = prepare(values)
    assert batch.shape == (2, 3)
    assert batch.modes == 2
    for index in np.ndindex(2, 3):
        np.testing.assert_array_equal(batch.mean[index], prepare(values[index]).mean)
        np.testing.assert_array_equal(batch.excess[index], prepare(values[index]).excess)


def test_strengths_and_phases_broadcast() -> None:
    batch = states.squeezed(np.array([[0.1], [0.2]])[:, None], np.array([0.3, 0.4, 0.5])[:, None])
    assert batch.shape == (2, 3)
    np.testing.assert_array_equal(batch.excess[1, 2], states.squeezed(0.2, 0.5).excess)


def test_products_of_batches_broadcast() -> None:
    covariances = np.eye(2) * np.array([0.5, 1.5, 2.5])[:, None, None]
    warm = states.GaussianState.from_moments(np.zeros(2), covariances)
    batch = states.product(states.thermal(np.ones((4, 1, 1))), warm, states.vacuum(1))
    assert batch.shape == (4, 3)
    assert batch.modes == 3
    np.testing.assert_array_equal(batch.excess[3, 2], np.diag([1, 1, 2, 2, 0, 0]))


@pytest.mark.parametrize(
    "prepare",
    [
        states.thermal,
        states.coherent,
        lambda values: states.coherent(STRICT.astype(values, STRICT.complex128)),
        states.squeezed,
        lambda values: states.squeezed(values, [0.1, 0.2]),
        lambda values: states.squeezed([0.1, 0.2], values),
        lambda values: states.product(states.thermal(values), states.vacuum(1)),
        lambda values: states.thermal(STRICT.astype(values, STRICT.int64)),
    ],
)
def test_arrays_of_another_library_stay_there(prepare) -> None:
    state = prepare(STRICT.asarray([1.0, 2.0]))
    assert namespace_of(state.mean, state.excess) is STRICT
    assert namespace_of(state.mean) is namespace_of(state.excess) is STRICT


def test_integers_are_numbers() -> None:
    for prepare in (states.thermal, states.coherent, states.squeezed):
        np.testing.assert_array_equal(prepare([1, 2]).excess, prepare([1.0, 2.0]).excess)
        np.testing.assert_array_equal(prepare([1, 2]).mean, prepare([1.0, 2.0]).mean)


BAD = ["x", None, True, {}, [[1.0], [1.0, 2.0]], ["1"], np.nan, [0.0, np.inf], [], np.array([np.nan + 0j])]


@pytest.mark.parametrize("value", BAD, ids=repr)
@pytest.mark.parametrize(
    ("argument", "prepare"),
    [
        ("occupations", states.thermal),
        ("amplitudes", states.coherent),
        ("strengths", states.squeezed),
        ("phases", lambda value: states.squeezed([0.1, 0.2], value)),
    ],
)
def test_bad_numbers_are_refused(refuses, argument: str, prepare, value) -> None:
    refuses(argument, lambda: prepare(value))


def test_signs_and_complex_numbers_are_refused_where_they_make_no_sense(refuses) -> None:
    refuses("occupations", lambda: states.thermal([0.1, -0.1]), "not be negative")
    refuses("strengths", lambda: states.squeezed(-0.1), "not be negative")
    refuses("occupations", lambda: states.thermal(1j))
    refuses("strengths", lambda: states.squeezed(1j))
    refuses("phases", lambda: states.squeezed(0.1, 1j))
    refuses("phases", lambda: states.squeezed([0.1, 0.2], [0.1, 0.2, 0.3]), "(2,)", "(3,)")


@pytest.mark.parametrize("modes", [0, -1, 1.0, "2", None, True, [2]], ids=repr)
def test_vacuum_needs_a_number_of_modes(refuses, modes) -> None:
    refuses("modes", lambda: states.vacuum(modes), "at least 1")


def test_products_need_states_that_fit(refuses) -> None:
    refuses("states", states.product, "at least one")
    refuses("states", lambda: states.product(states.vacuum(1), "x"))
    refuses("states", lambda: states.product(states.thermal(np.ones((2, 1))), states.thermal(np.ones((3, 1)))), "(3,)")


@pytest.mark.parametrize(
    ("argument", "prepare", "given", "most"),
    [
        ("strengths", states.squeezed, 354.0, "at most 353"),
        ("strengths", states.squeezed, [400.0, 1.0], "400.0"),
        ("occupations", states.thermal, 1.7e308, "at most 1e+306"),
        ("amplitudes", states.coherent, 1e200j, "at most 1e+153"),
    ],
)
def test_states_beyond_the_number_range_are_refused(refuses, argument: str, prepare, given, most: str) -> None:
    refuses(argument, lambda: prepare(given), most)


def test_states_at_the_edge_of_the_number_range_can_be_charged() -> None:
    device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], "a", "a")
    for start in (states.squeezed(353.0, 0.3), states.thermal(1e306), states.coherent(1e153)):
        run = ly.charge(device, [0.0, 1.0], initial=start)
        assert run.stored_energy[1] == pytest.approx(float(run.stored_energy[0]) * math.exp(-1.0), rel=1e-12)


def test_two_mode_squeezed_vacuum() -> None:
    """Against a beam splitter on two squeezed modes, and by itself: pure, of sinh^2 r quanta in each mode."""
    r, phase = 0.7, 0.4
    pair = ly.states.two_mode_squeezed(r, phase)
    assert pair.modes == 2
    # (a + b)/sqrt2 and (a - b)/sqrt2 are squeezed the one way and the other.
    split = np.kron([[1, 1], [1, -1]], np.eye(2)) / np.sqrt(2)
    alone = ly.states.squeezed([r, r], [phase, phase + np.pi])
    np.testing.assert_allclose(pair.covariance, split.T @ alone.covariance @ split, atol=1e-14)
    assert float(ly.merit.energy(pair, 0)) == pytest.approx(np.sinh(r) ** 2, rel=1e-14)
    assert float(ly.merit.log_negativity(pair, [0], [1])) == pytest.approx(2 * r, rel=1e-12)
    batch = ly.states.two_mode_squeezed(np.array([0.1, r]), phase)
    assert batch.shape == (2,)
    np.testing.assert_allclose(batch.covariance[1], pair.covariance, atol=1e-15)


@pytest.mark.parametrize(
    ("strength", "phase"), [(-0.1, 0.0), (400.0, 0.0), (np.nan, 0.0), (0.1, np.inf), ([1, 2, 3], [1, 2])]
)
def test_two_mode_squeezing_that_is_refused(strength: object, phase: object) -> None:
    with pytest.raises(ly.ParameterError, match=r"`(strength|phase)` must"):
        ly.states.two_mode_squeezed(strength, phase)
