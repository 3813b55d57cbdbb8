"""The tools of the audit: reading curves, operator algebra, exact polynomials and their Galois groups."""

from __future__ import annotations

import math
import random
import warnings
from fractions import Fraction

import numpy as np
import pytest
import sympy as sp
import xarray as xr

import leyden as ly
from leyden.paper.evidence.curves import changes, course, named
from leyden.paper.evidence.energy_maps import READINGS
from leyden.paper.evidence.hierarchy import Hierarchy, adjoint, degree_of, pairings, times
from leyden.paper.evidence.polynomials import derivative, exact, without_factors_of
from leyden.paper.evidence.radicals import _is_power, factor_degrees, radicals
from leyden.paper.evidence.stationarity import stationary_energy, stationary_ergotropy
from leyden.paper.times import peak_time, settling_time

TIME = np.geomspace(0.01, 100.0, 400)


def over_time(values: np.ndarray) -> xr.DataArray:
    return xr.DataArray(values, {"instant": TIME}, ("instant",))


# Curves.


@pytest.mark.parametrize(
    ("curve", "expected"),
    [
        (1 - np.exp(-TIME), 1),
        (np.exp(-TIME), -1),
        (TIME * np.exp(-TIME), 2),
        (1 + (TIME - 3) ** 2, -2),
        (2 + np.sin(TIME[:260]), 2),
        (np.ones(400), 0),
        (1 + 1e-12 * np.cos(TIME), 0),
    ],
)
def test_course(curve: np.ndarray, expected: int) -> None:
    values = xr.DataArray(curve, dims="instant")
    assert int(course(values)) == expected


def test_course_of_a_batch_keeps_labels() -> None:
    rate = xr.DataArray([-1.0, 1.0], {"rate": [-1.0, 1.0]}, ("rate",))
    found = course(np.exp(rate * over_time(TIME / 100)))
    assert found.sel(rate=1.0) == 1
    assert found.sel(rate=-1.0) == -1


def test_longer_courses_count_their_stretches() -> None:
    assert int(course(xr.DataArray([1.0, 2.0, 1.0, 3.0, 2.0], dims="instant"))) == 4
    assert int(course(xr.DataArray([2.0, 1.0, 2.0, 1.0], dims="instant"))) == -3


def test_changes_are_relative_and_labelled_by_the_first() -> None:
    values = xr.DataArray([1.0, 2.0, 1.0, 0.0, 0.0], {"x": [0.0, 1.0, 2.0, 3.0, 4.0]}, ("x",))
    found = changes(values, "x")
    np.testing.assert_array_equal(found, [0.5, -0.5, -1.0, np.nan])
    assert found.x.values.tolist() == [0.0, 1.0, 2.0, 3.0]


def test_settling_time_of_an_exponential() -> None:
    """|1 - e^{-rt} - 1| = 1 % at t = ln 100 / r; a cubic over steps of h = 0.11/r is off by 9/384 h^4/r = 3e-6/r."""
    rate = xr.DataArray([0.5, 2.0], {"rate": [0.5, 2.0]}, ("rate",))
    time = over_time(TIME)
    found = settling_time(1 - np.exp(-rate * time), xr.ones_like(rate), time)
    np.testing.assert_allclose(found, math.log(100) / rate, rtol=1e-6)


def test_settling_time_is_the_last_entry() -> None:
    """A curve that passes its final value comes back later: 1 + 2 e^{-t} cos t enters 5 % for good near t = 3."""
    time = over_time(TIME)
    found = float(settling_time(1 + 2 * np.exp(-time) * np.cos(time), xr.DataArray(1.0), time, band=0.05))
    fine = np.linspace(0, 20, 200001)
    outside = fine[np.abs(2 * np.exp(-fine) * np.cos(fine)) > 0.05]
    assert found == pytest.approx(outside[-1], rel=5e-3)


def test_peak_time() -> None:
    """t^3 e^{-rt} peaks at 3/r; the parabola is off by the square of the step, 2.3 %, times a third derivative."""
    rate = xr.DataArray([0.5, 2.0], {"rate": [0.5, 2.0]}, ("rate",))
    time = over_time(TIME)
    np.testing.assert_allclose(peak_time(time**3 * np.exp(-rate * time), time), 3 / rate, rtol=2e-4)


def test_peak_at_an_end_is_that_end() -> None:
    time = over_time(TIME)
    assert float(peak_time(np.exp(-time), time)) == pytest.approx(TIME[0])
    assert float(peak_time(1 - np.exp(-time / 100), time)) == pytest.approx(TIME[-1])


def test_named_stands_first() -> None:
    found = named("quantity", {"a": over_time(TIME), "b": xr.DataArray(1.0)})
    assert found.dims == ("quantity", "instant")
    assert float(found.sel(quantity="b", instant=TIME[3])) == 1.0


# Operator algebra.

A, RAISED = {((0, 1),): 1.0}, {((1, 0),): 1.0}


def test_commutator_and_adjoint() -> None:
    assert times(A, RAISED) == {((1, 1),): 1.0, ((0, 0),): 1.0}
    assert times(RAISED, A) == {((1, 1),): 1.0}
    number = times(RAISED, A)
    # n^2 = a^dag^2 a^2 + a^dag a
    assert times(number, number) == {((2, 2),): 1.0, ((1, 1),): 1.0}
    assert adjoint({((2, 1), (0, 3)): 2j}) == {((1, 2), (3, 0)): -2j}
    assert degree_of(((2, 1), (0, 3))) == 6


def test_hierarchy_of_a_damped_driven_mode() -> None:
    """One-photon drive eps on a mode with loss rate 2: <a> = -i eps (1 - e^{-t}), coherent at all times."""
    elements = [ly.LocalBath("a", 2.0), ly.OnePhotonDrive("a", 0.3)]
    mode = Hierarchy(ly.Network([ly.Mode("a")], elements, charger="a", battery="a"))
    assert mode.raises_degree_by == 0
    moments = mode.moments(0.7)
    amplitude = -0.3j * (1 - math.exp(-0.7))
    for m in range(3):
        for n in range(3):
            assert moments[((m, n),)] == pytest.approx(np.conj(amplitude) ** m * amplitude**n, abs=1e-14)


def test_hierarchy_of_a_decaying_photon_number() -> None:
    """From |2>, <n> = 2 e^{-kt} and <a^dag^2 a^2> = 2 e^{-2kt}; a warm bath adds n (1 - e^{-kt})."""
    network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.5, 0.25)], charger="a", battery="a")
    moments = Hierarchy(network).moments(1.2, {((1, 1),): 2.0, ((2, 2),): 2.0})
    left = math.exp(-0.6)
    thermal = 0.25 * (1 - left)
    assert moments[((1, 1),)] == pytest.approx(2 * left + thermal, rel=1e-13)
    assert moments[((2, 2),)] == pytest.approx(2 * left**2 + 4 * 2 * left * thermal + 2 * thermal**2, rel=1e-13)


def test_pairings() -> None:
    """<a^dag^2 a^2> = |<a^2>|^2 + 2 <n>^2, and across modes <a^dag a b^dag b> = nm + |<a^dag b>|^2 + |<ab>|^2."""
    square = {((1, 1),): 3.0, ((0, 2),): 2j, ((2, 0),): -2j}
    assert pairings(((2, 2),), square) == pytest.approx(4 + 18)
    two = {
        ((1, 1), (0, 0)): 2.0,
        ((0, 0), (1, 1)): 5.0,
        ((1, 0), (0, 1)): 1j,
        ((0, 1), (1, 0)): -1j,
        ((1, 0), (1, 0)): 3.0,
        ((0, 1), (0, 1)): 3.0,
    }
    assert pairings(((1, 1), (1, 1)), two) == pytest.approx(10 + 1 + 9)


# Polynomials and radicals.


def test_polynomial_arithmetic() -> None:
    """Fractions stay fractions: no operation goes through floats."""
    third = exact(Fraction(1, 3), 1)
    for found, expected in (
        (exact(1, 2) + exact(1, -2), [2]),
        (3 * exact(1, 2), [3, 6]),
        (exact(1, 1) * exact(-1, 1), [-1, 0, 1]),
        (exact(1, 1) * exact(0), [0]),
        (derivative(exact(5, 3, 2)), [3, 4]),
        (derivative(exact(5)), [0]),
        (third**2, [Fraction(1, 9), Fraction(2, 3), 1]),
        (third * exact(7, 0, 1) // exact(7, 0, 1), [Fraction(1, 3), 1]),
        ((third * exact(7, 0, 1) + 5) % exact(7, 0, 1), [5]),
    ):
        assert found.coef.tolist() == expected
        assert all(isinstance(coefficient, Fraction) for coefficient in found.coef)


def test_shared_factors_are_divided_out_wholly() -> None:
    """(x - 1)^3 (x + 2) without the factors of (x - 1)(x + 5)."""
    x1, x2, x5 = exact(-1, 1), exact(2, 1), exact(5, 1)
    left = without_factors_of(x1**3 * x2, x1 * x5)
    assert (left.coef / left.coef[-1]).tolist() == x2.coef.tolist()
    assert without_factors_of(x2, x5) == x2


@pytest.mark.parametrize("degree", [2, 5, 8, 11])
def test_factor_degrees_against_sympy(degree: int) -> None:
    x, draw = sp.symbols("x"), random.Random(degree)
    for _ in range(4):
        coefficients = [draw.randint(-20, 20) for _ in range(degree)] + [draw.randint(1, 9)]
        for p in (5, 7, 13, 101):
            found = factor_degrees(exact(*coefficients), p)
            if coefficients[-1] % p == 0:
                assert found is None
                continue
            with warnings.catch_warnings():
                # SymPy deprecates a comparison that it makes itself.
                warnings.simplefilter("ignore")
                factors = sp.factor_list(sp.Poly(coefficients[::-1], x).as_expr(), modulus=p)[1]
            repeated = any(multiplicity > 1 for _, multiplicity in factors)
            expected = None if repeated else tuple(sorted(int(sp.degree(factor, x)) for factor, _ in factors))
            assert found == expected


@pytest.mark.parametrize(
    ("coefficients", "decided", "exist"),
    [
        ((1, 1, 0, 0, 1), True, True),  # any quartic
        ((-1, -1, 0, 0, 0, 1), True, False),  # x^5 - x - 1, the textbook's S_5
        ((1, -1, 0, 0, 0, 0, 0, 0, 0, 1), True, False),  # x^9 - x + 1
        ((-2, 0, 0, 0, 0, 1), False, False),  # x^5 - 2: solvable, and never shown otherwise
        ((12, -5, 0, 0, 0, 1), False, False),  # x^5 - 5x + 12: dihedral
        ((-2, 0, 0, 0, 0, 0, 1), False, False),  # x^6 - 2
        ((-2, 0, 0, 0, 0, 0, 0, 0, 1), False, False),  # x^8 - 2
        ((1, 1, 1, 1, 1, 1, 1), False, False),  # the seventh roots of one
        ((1, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1), True, False),  # x^11 - x + 1
    ],
)
def test_radicals(coefficients: tuple[int, ...], decided: bool, exist: bool) -> None:
    found = radicals(exact(*coefficients))
    assert (found.is_decided, found.exist) == (decided, exist)
    assert found.degree == len(coefficients) - 1
    assert ("cycle" in found.witness) == (decided and not exist)


@pytest.mark.parametrize(
    ("number", "points", "expected"),
    [
        (1, 8, True),
        (4, 8, True),
        (3, 8, False),
        (6, 8, False),
        (3, 9, True),
        (1, 6, False),
        (2, 7, False),
        (7, 49, True),
    ],
)
def test_fixed_points_of_affine_maps(number: int, points: int, expected: bool) -> None:
    """Affine maps on p^d points fix a power of p of them; on six points, no prime power, there are none."""
    assert _is_power(number, points) == expected


def test_a_reducible_polynomial_is_not_called_unsolvable() -> None:
    """(x^2 - 2)(x^7 - x - 1): a 7-cycle of one factor must not speak for the whole."""
    whole = exact(-2, 0, 1) * exact(-1, -1, 0, 0, 0, 0, 0, 1)
    assert not radicals(whole).is_decided


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("charger_damping", "battery_damping"), [(Fraction(30), 20), (Fraction(6), 2)])
def test_stationarity_against_sympy(reading: str, charger_damping: Fraction, battery_damping: int) -> None:
    """The polynomials are the numerators of dE_B/dy and of V_- V_+'^2 - V_+ V_-'^2, up to a constant."""
    y = sp.symbols("y")
    gamma, kappa = 20, sp.Rational(charger_damping.numerator, charger_damping.denominator)
    charger = kappa + gamma * y
    battery = sp.Integer(battery_damping) + gamma * ((1 - y) if reading == READINGS[0] else 1)
    squared = gamma**2 * y * ((1 - y) if reading == READINGS[0] else 1)
    # Eq. (19) as physics has it: la = Lambda_a/2, lb = Lambda_b/2, eps = 1.
    la, lb = charger / 2, battery / 2
    plus, minus = (
        sp.Rational(1, 2) + sign * 2 * squared / (2 * lb * (la - sign * 2) * (la + lb - sign * 2)) for sign in (1, -1)
    )
    energy = sp.numer(sp.cancel(sp.diff((plus + minus - 1) / 2, y)))
    work = sp.numer(sp.cancel(minus * sp.diff(plus, y) ** 2 - plus * sp.diff(minus, y) ** 2))
    for expected, found in (
        (energy, stationary_energy(charger_damping, battery_damping, reading)),
        (work, stationary_ergotropy(charger_damping, battery_damping, reading)),
    ):
        ours = sp.Poly([sp.Rational(c.numerator, c.denominator) for c in reversed(found.coef)], y)
        assert ours.monic() == sp.Poly(expected, y).monic()
