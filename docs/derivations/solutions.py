"""From the moment equations of the directed device to the paper's closed formulas: Eqs. (12) to (16) and (19).

Each step is a function that returns its symbolic result; equation numbers are those of Xu and Ren, arXiv:2511.12118.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import sympy as sp
from boson_algebra import IDENTITY, Operator, b, b_dag, vanishes
from moment_equations import Gamma, eps, excess_source, kappa_a, kappa_b, principal_moments, w_a, w_b

# Halved totals l_j = Lambda_j/2, transport rate g, gain of a quadrature s = +-2 eps, time.
la, lb, l, g, t, Lambda = sp.symbols("l_a l_b l g t Lambda", positive=True)  # noqa: E741 - the paper's letter
Lambda_a, Lambda_b = sp.symbols("Lambda_a Lambda_b", positive=True)
s = sp.Symbol("s", real=True)
V_plus, V_minus = sp.symbols("V_+ V_-", positive=True)

HALF = sp.Rational(1, 2)
EQUAL_RATES = {la: l, lb: l}
TOTALS = {la: Lambda_a / 2, lb: Lambda_b / 2}


class Chain(NamedTuple):
    """One quadrature of charger and battery: dY/dt = A Y + Y A^T + S for the excess Y = V - 1/2, A lower triangular."""

    drift: sp.Matrix
    source: sp.Matrix


class Excess(NamedTuple):
    """Excess variance of charger and battery in the quadrature s."""

    charger: sp.Expr
    battery: sp.Expr


@cache
def chain() -> Chain:
    """The directed two-photon device, cut down to what its formulas need: A = [[s - l_a, 0], [-g, -l_b]], S_aa = s.

    Both quadratures give the same chain, with s = 2 eps and s = -2 eps.
    """
    moments = principal_moments()
    source = excess_source(moments)
    rates = {kappa_a: 2 * la - Gamma * w_a**2, kappa_b: 2 * lb - Gamma * w_b**2}

    def reduced(matrix: sp.Matrix, rows: list[int], gain: sp.Expr) -> sp.Matrix:
        block = matrix.extract(rows, rows).subs(rates).subs(Gamma, g / (w_a * w_b)).subs(eps, gain / 2)
        return block.applyfunc(sp.expand)

    amplified, squeezed = (
        [reduced(m, rows, gain) for m in (moments.drift, source)] for rows, gain in (([0, 2], s), ([1, 3], -s))
    )
    assert amplified == squeezed, "one chain for both quadratures"
    for matrix in (moments.drift, source):
        assert matrix.extract([0, 2], [1, 3]).is_zero_matrix, "the quadratures decouple"
        assert matrix.extract([1, 3], [0, 2]).is_zero_matrix, "the quadratures decouple"
    return Chain(*amplified)


Exponentials = dict[sp.Expr, sp.Expr]


def _relaxation(rate: sp.Expr, source: Exponentials) -> Exponentials:
    """Solve y' = -rate y + sum_k c_k e^{-k t} from y(0) = 0; a sum of exponentials is the table {k: c_k}."""
    solution: Exponentials = {}
    for k, c in source.items():
        share = c / (rate - k)
        solution[k] = solution.get(k, sp.Integer(0)) + share
        solution[rate] = solution.get(rate, sp.Integer(0)) - share
    return solution


def _sum(exponentials: Exponentials) -> sp.Expr:
    return sum((c * sp.exp(-sp.expand(k) * t) for k, c in exponentials.items()), sp.Integer(0))


@cache
def transient_excess() -> Excess:
    """Eq. (7), (12) before rates are set equal: y_s(t) and x_s(t), from the vacuum at t = 0."""
    A, S = chain()
    charger = _relaxation(sp.expand(-2 * A[0, 0]), {sp.Integer(0): S[0, 0]})
    cross = _relaxation(sp.expand(-A.trace()), {k: A[1, 0] * c for k, c in charger.items()})
    battery = _relaxation(sp.expand(-2 * A[1, 1]), {k: 2 * A[1, 0] * c for k, c in cross.items()})
    Y = sp.Matrix([[_sum(charger), _sum(cross)], [_sum(cross), _sum(battery)]])
    assert all(vanishes(entry) for entry in sp.diff(Y, t) - A * Y - Y * A.T - S), "it solves the equations"
    return Excess(Y[0, 0], Y[1, 1])


def transient_variance() -> sp.Expr:
    """Eq. (12): V_s(t) at equal rates."""
    return HALF + transient_excess().battery.subs(EQUAL_RATES)


def battery_operators() -> dict[str, Operator]:
    """b^dag b and b^2 by the battery's quadratures, b = (X + i P)/sqrt2: the operator identities behind Eq. (13).

    Both differences must be the zero operator: b^dag b - (X^2 + P^2 - 1)/2 and b^2 - (X^2 - P^2 + i (X P + P X))/2.
    """
    X, P = (b + b_dag) * (1 / sp.sqrt(2)), (b - b_dag) * (-sp.I / sp.sqrt(2))
    one = Operator({IDENTITY: sp.Integer(1)})
    return {
        "number": b_dag * b - (X * X + P * P - one) * HALF,
        "anomalous": b * b - (X * X - P * P + (X * P + P * X) * sp.I) * HALF,
    }


def merits() -> dict[str, sp.Expr]:
    """Eqs. (9) to (11), (13) for a battery at rest with the principal variances V_+, V_-, in omega_0.

    The passive state of a Gaussian state is thermal, with its symplectic eigenvalue sqrt(det V) as variance.
    """
    energy = (V_plus + V_minus - 1) / 2
    passive = sp.sqrt(V_plus * V_minus) - HALF
    return {
        "stored_energy": energy,
        "anomalous_average": (V_plus - V_minus) / 2,
        "passive_energy": passive,
        "ergotropy": sp.factor(sp.expand(energy - passive)),
    }


def both_quadratures(expression: sp.Expr) -> tuple[sp.Expr, sp.Expr]:
    """An expression in s at s = +2 eps and at s = -2 eps."""
    return expression.subs(s, 2 * eps), expression.subs(s, -2 * eps)


def stored_energy() -> sp.Expr:
    """Eq. (13): E_B(t)/omega_0, for unequal rates."""
    amplified, squeezed = both_quadratures(transient_excess().battery)
    return (amplified + squeezed) / 2


def anomalous_average() -> sp.Expr:
    """Eq. (13): |<b^2>|(t), for unequal rates."""
    amplified, squeezed = both_quadratures(transient_excess().battery)
    return (amplified - squeezed) / 2


def charging_power() -> sp.Expr:
    """dE_B/dt at equal rates."""
    return sp.diff(stored_energy().subs(EQUAL_RATES), t)


def charger_energy() -> sp.Expr:
    """E_A(t)/omega_0, for any rates."""
    amplified, squeezed = both_quadratures(transient_excess().charger)
    return (amplified + squeezed) / 2


def drive_work() -> sp.Expr:
    """int_0^t P_in du in omega_0, P_in = 2 eps (V_+ - V_-) of the charger being the drive's part of dE_A/dt."""
    gain = 2 * (la - s)
    charger = s / gain * (t - (1 - sp.exp(-sp.expand(gain) * t)) / gain)
    assert vanishes(sp.diff(charger, t) - transient_excess().charger), "it integrates y_s"
    amplified, squeezed = both_quadratures(charger)
    return 2 * eps * (amplified - squeezed)


@cache
def steady_excess() -> Excess:
    """Eq. (19): y_s and x_s of the steady state, from A Y + Y A^T + S = 0."""
    A, S = chain()
    y, c, x = sp.symbols("y c x")
    Y = sp.Matrix([[y, c], [c, x]])
    (solution,) = sp.solve(list(A * Y + Y * A.T + S), [y, c, x], dict=True)
    return Excess(sp.factor(solution[y]), sp.factor(solution[x]))


def steady_stored_energy() -> sp.Expr:
    """Eqs. (14), (19): steady E_B/omega_0 in totals, for unequal rates."""
    amplified, squeezed = both_quadratures(steady_excess().battery.subs(TOTALS))
    return sp.factor((amplified + squeezed) / 2)


def steady_anomalous_average() -> sp.Expr:
    """Eqs. (14), (19): steady |<b^2>| in totals, for unequal rates."""
    amplified, squeezed = both_quadratures(steady_excess().battery.subs(TOTALS))
    return sp.factor((amplified - squeezed) / 2)


def steady_charger_energy() -> sp.Expr:
    """Eq. (14): steady E_A/omega_0 in totals."""
    amplified, squeezed = both_quadratures(steady_excess().charger.subs(TOTALS))
    return sp.factor((amplified + squeezed) / 2)


@cache
def one_photon_energy() -> sp.Expr:
    """Eq. (16): E_1(t)/omega_0 = |<b>|^2, for unequal rates.

    The drive only displaces: the excess source vanishes, the battery's noise stays the vacuum's, and W_1 = E_1.
    """
    moments = principal_moments(1)
    assert excess_source(moments).is_zero_matrix, "a one-photon drive leaves the noise at the vacuum's"
    assert moments.forcing[1:, 0].is_zero_matrix, "only X_a is pushed"
    charger = _relaxation(la, {sp.Integer(0): moments.forcing[0]})
    battery = _sum(_relaxation(lb, {k: -g * c for k, c in charger.items()}))
    return battery**2 / 2


def one_photon_energy_at_equal_rates() -> sp.Expr:
    """Eq. (16): the limit of equal rates."""
    return sp.simplify(sp.limit(one_photon_energy().subs(la, l), lb, l).subs(l, Lambda / 2))


def gain_ratio() -> sp.Expr:
    """Eq. (16): (W_2/W_1)/(E_2/E_1). With W_1 = E_1 the one-photon device leaves it, and W_2/E_2 remains."""
    W_2, E_2, E_1 = sp.symbols("W_2 E_2 E_1", positive=True)
    W_1 = E_1
    return sp.simplify((W_2 / W_1) / (E_2 / E_1))
