"""The paper's formulas follow from its master equation, and the closed forms evaluate them.

The scripts in docs/derivations derive each formula by computer algebra. Here the results are set against the formulas
typed in by hand, symbol by symbol, and against `leyden.closed_form` with 60 digits and more.
"""

from __future__ import annotations

import importlib.util
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import mpmath as mp
import numpy as np
import pytest
import sympy as sp

from leyden import closed_form

SCRIPT = Path(__file__).parents[2] / "docs" / "derivations" / "derive.py"
HALF = sp.Rational(1, 2)


@pytest.fixture(scope="module")
def derive() -> Iterator[ModuleType]:
    spec = importlib.util.spec_from_file_location("derive", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(SCRIPT.parent))
        spec.loader.exec_module(module)
        yield module


@pytest.fixture(scope="module")
def moments(derive: ModuleType) -> ModuleType:
    return derive.moment_equations


@pytest.fixture(scope="module")
def solutions(derive: ModuleType) -> ModuleType:
    return derive.solutions


def is_zero(expression: Any) -> bool:
    """Over one denominator nothing is left."""
    return sp.factor(sp.powsimp(sp.expand(sp.sympify(expression).rewrite(sp.exp)))) == 0


# Normal order itself: the algebra under everything.


def test_algebra_against_truncated_matrices(derive: ModuleType) -> None:
    """Products of normal-ordered operators act on low Fock states as products of matrices do."""
    levels = 9
    lower = np.diag(np.sqrt(np.arange(1, levels)), 1)
    one = np.eye(levels)
    ladder = [np.kron(lower.T, one), np.kron(lower, one), np.kron(one, lower.T), np.kron(one, lower)]

    def matrix(operator: Any) -> np.ndarray:
        total = np.zeros((levels**2, levels**2), complex)
        for powers, coefficient in operator.terms.items():
            product = np.eye(levels**2)
            for factor, power in zip(ladder, powers, strict=True):
                product = product @ np.linalg.matrix_power(factor, power)
            total += complex(coefficient) * product
        return total

    # Raised by at most three, the lowest five levels of each mode never see the cutoff.
    low = np.array([i * levels + j for i, j in itertools.product(range(5), repeat=2)])
    monomial = derive.moment_equations.monomial
    x, y = monomial(1, 2, 0, 1) + monomial(0, 0, 1, 1) * sp.I, monomial(2, 0, 2, 1) + monomial(0, 1, 0, 0) * 3
    np.testing.assert_allclose(matrix(x * y)[:, low], (matrix(x) @ matrix(y))[:, low], atol=1e-12)
    np.testing.assert_allclose(matrix(x.dagger()), matrix(x).conj().T, atol=1e-12)


# Equations (5), (6): the moments of the master equation.


def expected_moments(m: ModuleType) -> dict[tuple[int, ...], dict[tuple[int, ...], Any]]:
    """Right-hand sides, by (powers of a^dag, a, b^dag, b); F feeds back, T transports."""
    i, star = sp.I, sp.conjugate
    pull, push = 2 * i * m.eps * sp.exp(-i * m.theta), 2 * i * m.eps * sp.exp(i * m.theta)
    total_a = m.kappa_a + m.Gamma * m.p_a * star(m.p_a)
    total_b = m.kappa_b + m.Gamma * m.p_b * star(m.p_b)
    F = i * star(m.J) + m.Gamma * star(m.p_a) * m.p_b / 2
    T = i * m.J + m.Gamma * m.p_a * star(m.p_b) / 2
    F_star = -i * m.J + m.Gamma * m.p_a * star(m.p_b) / 2
    T_star = -i * star(m.J) + m.Gamma * star(m.p_a) * m.p_b / 2
    mean = (total_a + total_b) / 2
    a, a_dag, b = (0, 1, 0, 0), (1, 0, 0, 0), (0, 0, 0, 1)
    n_a, n_b, a_dag_b, a_b_dag = (1, 1, 0, 0), (0, 0, 1, 1), (1, 0, 0, 1), (0, 1, 1, 0)
    a2, a2_dag, b2, ab, one = (0, 2, 0, 0), (2, 0, 0, 0), (0, 0, 0, 2), (0, 1, 0, 1), (0, 0, 0, 0)
    return {
        a: {a: -i * m.Delta - total_a / 2, b: -F, a_dag: -pull},
        b: {b: -i * m.Delta - total_b / 2, a: -T},
        n_a: {n_a: -total_a, a_dag_b: -F, a_b_dag: -F_star, a2: push, a2_dag: -pull},
        n_b: {n_b: -total_b, a_b_dag: -T, a_dag_b: -T_star},
        a_dag_b: {a_dag_b: -mean, n_b: -F_star, n_a: -T, ab: push},
        a2: {a2: -2 * i * m.Delta - total_a, ab: -2 * F, n_a: -2 * pull, one: -pull},
        b2: {b2: -2 * i * m.Delta - total_b, ab: -2 * T},
        ab: {ab: -2 * i * m.Delta - mean, b2: -F, a2: -T, a_dag_b: -pull},
    }


def test_first_and_second_moments(moments: ModuleType) -> None:
    derived = moments.first_moments() | moments.second_moments()
    expected = expected_moments(moments)
    assert derived.keys() == expected.keys()
    for powers, change in derived.items():
        assert change.terms.keys() == expected[powers].keys()
        for term, coefficient in expected[powers].items():
            assert is_zero(change[term] - coefficient), (powers, term)


def test_covariance_equation_is_made_of_the_same_moments(moments: ModuleType) -> None:
    """A and D in numbers, from the complex moments: dV/dt = A V + V A^T + D in another basis."""
    values = {
        moments.Delta: 0.3, moments.theta: 0.7, moments.eps: 0.2, moments.kappa_a: 0.11, moments.kappa_b: 0.23,
        moments.Gamma: 0.9, moments.J: 0.4 - 0.6j, moments.p_a: 0.5 + 0.1j, moments.p_b: -0.2 + 0.8j,
    }  # fmt: skip
    quadrature = moments.quadrature_moments()
    drift = np.array(quadrature.drift.subs(values).evalf().tolist(), complex)
    diffusion = np.array(quadrature.diffusion.subs(values).evalf().tolist(), complex)
    assert np.abs(drift.imag).max() < 1e-15
    first = [sp.simplify(x) for x in (moments.FEEDBACK, moments.TRANSPORT)]
    F, T = (complex(x.subs(values)) for x in first)
    total_a, total_b = 0.11 + 0.9 * 0.26, 0.23 + 0.9 * 0.68
    pull = 2j * 0.2 * np.exp(-0.7j)
    # In (a, a^dag, b, b^dag), then to quadratures.
    complex_drift = np.array(
        [
            [-0.3j - total_a / 2, -pull, -F, 0],
            [-np.conj(pull), 0.3j - total_a / 2, 0, -np.conj(F)],
            [-T, 0, -0.3j - total_b / 2, 0],
            [0, -np.conj(T), 0, 0.3j - total_b / 2],
        ]
    )
    to_quadratures = np.kron(np.eye(2), np.array([[1, 1], [-1j, 1j]]) / np.sqrt(2))
    expected = to_quadratures @ complex_drift @ np.linalg.inv(to_quadratures)
    np.testing.assert_allclose(drift, expected, atol=1e-14)
    # Vacuum noise of each jump, half its Hermitian form c c^dag in quadratures of the jump c.r.
    root = np.sqrt(0.5)
    rows = [np.array([1, 1j, 0, 0]) * root, np.array([0, 0, 1, 1j]) * root]
    jumps = [(0.11, rows[0]), (0.23, rows[1]), (0.9, (0.5 + 0.1j) * rows[0] + (-0.2 + 0.8j) * rows[1])]
    form = np.kron(np.eye(2), np.array([[0, 1], [-1, 0]]))
    noise = sum(rate * np.real(np.outer(row, row.conj())) for rate, row in jumps)
    np.testing.assert_allclose(diffusion.real, form @ noise @ form.T, atol=1e-14)


# Claim C2 and the coupling.


def test_feedback_is_the_only_back_action(moments: ModuleType) -> None:
    for m, n in itertools.product(range(4), repeat=2):
        if 0 < m + n <= 4:
            operator = moments.monomial(m, n, 0, 0)
            back = moments.back_action(operator)
            assert (back - moments.predicted_back_action(operator)).is_zero()
            assert back.degree() >= 1
            assert back.substitute(moments.NONRECIPROCAL).is_zero()


def test_nonreciprocal_coupling(moments: ModuleType) -> None:
    mu = moments.p_a * sp.conjugate(moments.p_b)
    expected = -sp.I * mu * moments.Gamma / 2
    assert is_zero(moments.nonreciprocal_coupling() - expected)
    assert is_zero(moments.FEEDBACK.subs(moments.J, expected))
    assert is_zero(moments.TRANSPORT.subs(moments.J, expected) - moments.Gamma * mu)
    # The opposite sign turns the direction round: nothing reaches the battery.
    assert is_zero(moments.TRANSPORT.subs(moments.J, -expected))
    assert not is_zero(moments.FEEDBACK.subs(moments.J, -expected))


# Equation (8).


def test_directed_threshold(moments: ModuleType) -> None:
    Lambda_a, Lambda_b, Delta, eps = moments.Lambda_a, moments.Lambda_b, moments.Delta, moments.eps
    root = sp.sqrt(4 * eps**2 - Delta**2)
    expected = {-Lambda_a / 2 + root, -Lambda_a / 2 - root, -Lambda_b / 2 + sp.I * Delta, -Lambda_b / 2 - sp.I * Delta}
    assert {sp.expand(value) for value in moments.directed_eigenvalues()} == {sp.expand(value) for value in expected}
    critical = moments.directed_critical_drive()
    assert is_zero(critical - HALF * sp.sqrt(Lambda_a**2 / 4 + Delta**2))
    assert is_zero(critical.subs(Delta, 0) - Lambda_a / 4)
    evaluate = sp.lambdify([Lambda_a, Delta], critical, "mpmath")
    for charger, detuning in np.random.default_rng(0).uniform([0, -3], [4, 3], (20, 2)).tolist():
        found = closed_form.directed_critical_drive(total_charger_damping=charger, detuning=detuning)
        assert found == pytest.approx(float(evaluate(mp.mpf(charger), mp.mpf(detuning))), rel=1e-15)


def test_reciprocal_threshold(moments: ModuleType) -> None:
    kappa_a, kappa_b, G, eps = moments.kappa_a, moments.kappa_b, moments.G, moments.eps
    for polynomial, sign in zip(moments.reciprocal_characteristic_polynomials(), (1, -1), strict=True):
        one, total, product = polynomial.all_coeffs()
        assert one == 1
        assert is_zero(total - ((kappa_a + kappa_b) / 2 - sign * 2 * eps))
        assert is_zero(product - ((kappa_a / 2 - sign * 2 * eps) * kappa_b / 2 + G**2))
    evaluate = sp.lambdify([kappa_a, kappa_b, G], moments.reciprocal_critical_drives(), "mpmath")
    for rates in (10 ** np.random.default_rng(1).uniform(-2, 1, (20, 3))).tolist():
        names = ("charger_damping", "battery_damping", "coupling")
        found = closed_form.reciprocal_critical_drive(**dict(zip(names, rates, strict=True)))
        assert found == pytest.approx(float(min(evaluate(*map(mp.mpf, rates)))), rel=1e-15)


# Equations (7), (12), (13).


def test_chain(solutions: ModuleType) -> None:
    A, S = solutions.chain()
    assert sp.Matrix([[solutions.s - solutions.la, 0], [-solutions.g, -solutions.lb]]) == A
    assert sp.Matrix([[solutions.s, 0], [0, 0]]) == S


def test_equation_12(solutions: ModuleType) -> None:
    l, g, s, t = solutions.l, solutions.g, solutions.s, solutions.t  # noqa: E741
    r, exp = l - s, sp.exp
    both = (exp(-(r + l) * t) - exp(-2 * l * t)) / s
    first = ((1 - exp(-2 * l * t)) / (2 * l) - both) / (r + l)
    second = ((exp(-2 * r * t) - exp(-2 * l * t)) / (2 * s) - both) / s
    assert is_zero(solutions.transient_variance() - (HALF + g**2 * s / r * (first - second)))


def test_equation_13(solutions: ModuleType) -> None:
    V, U = solutions.V_plus, solutions.V_minus
    merits = solutions.merits()
    assert is_zero(merits["stored_energy"] - (V + U - 1) / 2)
    assert is_zero(merits["anomalous_average"] - (V - U) / 2)
    assert is_zero(merits["passive_energy"] - (sp.sqrt(V * U) - HALF))
    assert is_zero(merits["ergotropy"] - (sp.sqrt(V) - sp.sqrt(U)) ** 2 / 2)
    assert all(identity.is_zero() for identity in solutions.battery_operators().values())


def test_power_is_positive(solutions: ModuleType) -> None:
    l, g, eps, t = solutions.l, solutions.g, solutions.eps, solutions.t  # noqa: E741
    positive = 2 * g**2 / eps * sp.exp(-2 * l * t) * sp.sinh(2 * eps * t) * sp.sinh(eps * t) ** 2
    assert positive.is_positive
    assert is_zero(solutions.charging_power() - positive)


def test_drive_power(moments: ModuleType) -> None:
    """2 eps (X^2 - P^2) of the charger, in the phase that amplifies X."""
    power = moments.drive_power().substitute({moments.theta: -sp.pi / 2})
    X = (moments.a + moments.a_dag) * (1 / sp.sqrt(2))
    P = (moments.a - moments.a_dag) * (-sp.I / sp.sqrt(2))
    assert (power - (X * X - P * P) * (2 * moments.eps)).is_zero()


# Equations (14), (19), (16).


def test_equation_19(solutions: ModuleType) -> None:
    la, lb, g, eps = solutions.la, solutions.lb, solutions.g, solutions.eps
    for sign, derived in zip((1, -1), solutions.both_quadratures(solutions.steady_excess().battery), strict=True):
        paper = sign * 2 * g**2 * eps / (2 * lb * (la - sign * 2 * eps) * (la + lb - sign * 2 * eps))
        assert is_zero(derived - paper)
    Lambda_a, Lambda_b = solutions.Lambda_a, solutions.Lambda_b
    energy = 32 * g**2 * eps**2 * (2 * Lambda_a + Lambda_b)
    energy /= Lambda_b * (Lambda_a**2 - 16 * eps**2) * ((Lambda_a + Lambda_b) ** 2 - 16 * eps**2)
    assert is_zero(solutions.steady_stored_energy() - energy)
    assert is_zero(solutions.steady_charger_energy() - 8 * eps**2 / (Lambda_a**2 - 16 * eps**2))


def test_equation_14(solutions: ModuleType) -> None:
    Lambda, g, eps = solutions.Lambda, solutions.g, solutions.eps
    same = {solutions.Lambda_a: Lambda, solutions.Lambda_b: Lambda}
    below = (Lambda**2 - 16 * eps**2) * (Lambda**2 - 4 * eps**2)
    assert is_zero(solutions.steady_stored_energy().subs(same) - 24 * g**2 * eps**2 / below)
    anomalous = 4 * g**2 * eps * (Lambda**2 + 8 * eps**2) / (Lambda * below)
    assert is_zero(solutions.steady_anomalous_average().subs(same) - anomalous)


def test_transient_ends_in_the_steady_state(derive: ModuleType) -> None:
    assert derive.is_late_limit()


def test_equation_16(solutions: ModuleType) -> None:
    Lambda, g, eps, t = solutions.Lambda, solutions.g, solutions.eps, solutions.t
    bracket = 1 - (1 + Lambda * t / 2) * sp.exp(-Lambda * t / 2)
    paper = 16 * g**2 * eps**2 / Lambda**4 * bracket**2
    assert is_zero(solutions.one_photon_energy_at_equal_rates() - paper)


# The closed forms evaluate what was derived.


def random_points(count: int) -> np.ndarray:
    """Columns: drive, Lambda_a, Lambda_b, g, time. Weak, middling, nearly critical and supercritical drives."""
    rng = np.random.default_rng(7)
    charger = rng.uniform(0.1, 3, count)
    battery = np.where(rng.random(count) < 0.5, charger, charger * 10 ** rng.uniform(-1, 1, count))
    fraction = rng.choice([1e-9, 1e-6, 0.3, 0.9, 0.9999, 1 - 1e-10, 1 + 1e-10, 1.01, 2.0], count)
    transport = rng.uniform(0.1, 0.99, count) * np.sqrt(charger * battery)
    return np.stack([fraction * charger / 4, charger, battery, transport, 10 ** rng.uniform(-3, 1, count) / charger])


@pytest.mark.parametrize(
    "name", ["stored_energy", "anomalous_average", "charger_energy", "drive_work", "one_photon_energy"]
)
def test_closed_form_evaluates_the_derivation(name: str, solutions: ModuleType) -> None:
    expression = getattr(solutions, name)()
    symbols = [solutions.eps, solutions.la, solutions.lb, solutions.g, solutions.t]
    check_against(getattr(closed_form, name), sp.lambdify(symbols, expression, "mpmath"))


def test_closed_form_power_evaluates_the_derivation(solutions: ModuleType) -> None:
    expression = sp.diff(solutions.stored_energy(), solutions.t)
    symbols = [solutions.eps, solutions.la, solutions.lb, solutions.g, solutions.t]
    check_against(closed_form.charging_power, sp.lambdify(symbols, expression, "mpmath"))


def test_closed_form_ergotropy_evaluates_the_derivation(solutions: ModuleType) -> None:
    excess = solutions.both_quadratures(solutions.transient_excess().battery)
    V, U = (HALF + x for x in excess)
    merits = solutions.merits()
    symbols = [solutions.eps, solutions.la, solutions.lb, solutions.g, solutions.t]
    for name in ("ergotropy", "passive_energy"):
        expression = merits[name].subs({solutions.V_plus: V, solutions.V_minus: U})
        check_against(getattr(closed_form, name), sp.lambdify(symbols, expression, "mpmath"))


def check_against(function: Callable[..., Any], derived: Callable[..., Any]) -> None:
    """Equal to 13 digits at every point; the derived sums of exponentials are cancelled with 150 digits."""
    drive, charger, battery, transport, time = points = random_points(120)
    device = closed_form.DirectedDevice(
        drive=drive, total_charger_damping=charger, total_battery_damping=battery, transport_rate=transport
    )
    for found, (eps, Lambda_a, Lambda_b, g, t) in zip(function(device, time), points.T.tolist(), strict=True):
        with mp.workdps(150):
            # A step of 1e-40 around meeting rates moves no digit.
            lb = mp.mpf(Lambda_b) / 2 * (1 + mp.mpf(10) ** -40)
            known = derived(mp.mpf(eps), mp.mpf(Lambda_a) / 2, lb, mp.mpf(g), mp.mpf(t))
            assert abs(float(mp.mpf(float(found)) / known - 1)) < 1e-13


def test_the_story_is_told(derive: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    derive.main()
    told = capsys.readouterr().out
    for heading in ("(5), (6)", "Closure", "Nonreciprocity", "(8)", "(12)", "(13)", "(14)", "(16)", "(19)"):
        assert f"\n{heading}  " in told
    assert "False" not in told
    assert told.count("True") == 4
