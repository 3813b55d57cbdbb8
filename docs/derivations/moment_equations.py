"""From the master equation to its moment equations: Eqs. (5), (6), the coupling without back-action, Eq. (8).

Each step is a function that returns its symbolic result; equation numbers are those of Xu and Ren, arXiv:2511.12118.
"""

from __future__ import annotations

from functools import cache
from itertools import combinations_with_replacement
from typing import NamedTuple

import sympy as sp
from boson_algebra import IDENTITY, Operator, Powers, a, a_dag, adjoint_master_equation, b, b_dag, monomial

HALF = sp.Rational(1, 2)

# The device: real rates, complex coupling and weights.
Delta, theta = sp.symbols("Delta theta", real=True)
eps, kappa_a, kappa_b, Gamma = sp.symbols("epsilon kappa_a kappa_b Gamma", positive=True)
J, p_a, p_b = sp.symbols("J p_a p_b", complex=True)
# The weights by modulus and phase, where principal directions are needed.
w_a, w_b = sp.symbols("w_a w_b", positive=True)
alpha, beta = sp.symbols("alpha beta", real=True)
# Totals, and the reciprocal device's coupling.
Lambda_a, Lambda_b, G = sp.symbols("Lambda_a Lambda_b G", positive=True)

FEEDBACK = sp.I * sp.conjugate(J) + Gamma * sp.conjugate(p_a) * p_b / 2
TRANSPORT = sp.I * J + Gamma * p_a * sp.conjugate(p_b) / 2
NONRECIPROCAL = {J: -sp.I * Gamma * p_a * sp.conjugate(p_b) / 2}
POLAR = {p_a: w_a * sp.exp(sp.I * alpha), p_b: w_b * sp.exp(sp.I * beta)}


def hamiltonian(photons: int = 2) -> Operator:
    """H of the device; `photons` is 2 for the two-photon drive, 1 for the reference device."""
    exchange = a * b_dag * J + a_dag * b * sp.conjugate(J)
    raising = a_dag * a_dag if photons == 2 else a_dag
    drive = raising * (eps * sp.exp(-sp.I * theta))
    return (a_dag * a + b_dag * b) * Delta + exchange + drive + drive.dagger()


def jumps() -> list[tuple[sp.Expr, Operator]]:
    """The three dissipators with their rates."""
    return [(kappa_a, a), (kappa_b, b), (Gamma, a * p_a + b * p_b)]


def rate_of_change(operator: Operator, photons: int = 2) -> Operator:
    """The operator whose mean is d<O>/dt."""
    return adjoint_master_equation(operator, hamiltonian(photons), jumps())


def first_moments() -> dict[Powers, Operator]:
    """Eq. (5): d<a>/dt and d<b>/dt, for any detuning, rates, weights and coupling."""
    return {powers: rate_of_change(monomial(*powers)) for powers in ((0, 1, 0, 0), (0, 0, 0, 1))}


def second_moments() -> dict[Powers, Operator]:
    """Eq. (6): the time derivatives of a^dag a, b^dag b, a^dag b, a^2, b^2 and a b."""
    quadratic = ((1, 1, 0, 0), (0, 0, 1, 1), (1, 0, 0, 1), (0, 2, 0, 0), (0, 0, 0, 2), (0, 1, 0, 1))
    return {powers: rate_of_change(monomial(*powers)) for powers in quadratic}


def back_action(operator: Operator) -> Operator:
    """What the battery does to an operator O of the charger: the part of dO/dt with b or b^dag in it."""
    terms = rate_of_change(operator).terms
    return Operator({powers: coefficient for powers, coefficient in terms.items() if powers[2:] != (0, 0)})


def predicted_back_action(operator: Operator) -> Operator:
    """F [a^dag, O] b - F* [a, O] b^dag with F = i J* + Gamma p_a* p_b/2: nothing else couples the charger back."""
    left = (a_dag * operator - operator * a_dag) * b * FEEDBACK
    right = (a * operator - operator * a) * b_dag * sp.conjugate(FEEDBACK)
    return left - right


def nonreciprocal_coupling() -> sp.Expr:
    """The only J at which F vanishes."""
    conjugated = sp.solve(FEEDBACK.subs(sp.conjugate(J), sp.Symbol("x")), sp.Symbol("x"))
    assert len(conjugated) == 1
    return sp.conjugate(conjugated[0])


class QuadratureMoments(NamedTuple):
    """dr/dt = A r + f and dV/dt = A V + V A^T + D, for r = (X_a, P_a, X_b, P_b)."""

    drift: sp.Matrix
    diffusion: sp.Matrix
    forcing: sp.Matrix


@cache
def quadrature_moments(photons: int = 2) -> QuadratureMoments:
    """A, D and f, read off the master equation in the quadratures X = (a + a^dag)/sqrt2, P = (a - a^dag)/(i sqrt2).

    Reading D off fails if a symmetrised product's derivative held anything but second moments and a constant; that it
    never fails is claim C3 (closure).
    """
    root = 1 / sp.sqrt(2)
    quadratures = []
    for lowering in (a, b):
        quadratures += [(lowering + lowering.dagger()) * root, (lowering - lowering.dagger()) * (-sp.I * root)]

    def coordinates(linear: Operator) -> list[sp.Expr]:
        # a = (X + i P)/sqrt2.
        row = []
        for plain, daggered in (((0, 1, 0, 0), (1, 0, 0, 0)), ((0, 0, 0, 1), (0, 0, 1, 0))):
            row += [(linear[plain] + linear[daggered]) * root, sp.I * (linear[plain] - linear[daggered]) * root]
        return row

    speeds = [rate_of_change(quadrature, photons) for quadrature in quadratures]
    drift = sp.Matrix([coordinates(speed) for speed in speeds])
    forcing = sp.Matrix([speed[IDENTITY] for speed in speeds])
    diffusion = sp.zeros(4, 4)
    for i, j in combinations_with_replacement(range(4), 2):
        x, y = quadratures[i], quadratures[j]
        total = rate_of_change((x * y + y * x) * HALF, photons)
        carried = (speeds[i] * y + y * speeds[i] + x * speeds[j] + speeds[j] * x) * HALF
        rest = total - carried
        assert rest.degree() <= 0, "second moments close"
        diffusion[i, j] = diffusion[j, i] = rest[IDENTITY]
    return QuadratureMoments(*(part.applyfunc(_combined).as_immutable() for part in (drift, diffusion, forcing)))


@cache
def principal_moments(photons: int = 2) -> QuadratureMoments:
    """The directed device on resonance along its principal directions, where it falls apart into two pairs.

    The charger is turned so that the drive works along X_a: two photons amplify X_a and squeeze P_a at the rate 2 eps,
    one photon displaces X_a. The battery is turned by the phase of mu more, and is driven through -g = -Gamma |mu|.
    """
    drift, diffusion, forcing = quadrature_moments(photons)
    turn_a = -(theta + sp.pi / 2) / photons
    R = sp.diag(_rotation(turn_a), _rotation(turn_a + alpha - beta))
    directed = {Delta: 0, J: NONRECIPROCAL[J].subs(POLAR), **POLAR}
    turned = (R * drift.subs(directed) * R.T, R * diffusion.subs(directed) * R.T, R * forcing.subs(directed))
    return QuadratureMoments(*(part.applyfunc(_combined).as_immutable() for part in turned))


def _rotation(phase: sp.Expr) -> sp.Matrix:
    """From the quadratures of a to those of e^{-i phase} a, in exponentials."""
    plus, minus = sp.exp(sp.I * phase), sp.exp(-sp.I * phase)
    cosine, sine = (plus + minus) / 2, (plus - minus) / (2 * sp.I)
    return sp.Matrix([[cosine, sine], [-sine, cosine]])


def _combined(expression: sp.Expr) -> sp.Expr:
    """Expanded, with the phases of each term gathered into one exponential, which opposite phases leave."""
    return sp.powsimp(sp.expand(expression))


def drive_power() -> Operator:
    """The operator i [H_drive, a^dag a]: what the two-photon drive alone adds to the charger's quanta."""
    change = rate_of_change(a_dag * a)
    return change - change.substitute({eps: sp.Integer(0)})


def excess_source(moments: QuadratureMoments) -> sp.Matrix:
    """S in d(V - 1/2)/dt = A (V - 1/2) + (V - 1/2) A^T + S: what the vacuum does not balance."""
    return ((moments.drift + moments.drift.T) / 2 + moments.diffusion).applyfunc(sp.simplify)


def directed_moments() -> QuadratureMoments:
    """The directed device at any detuning, in the charger's and battery's own quadratures, theta and phases zero."""
    real = {theta: 0, alpha: 0, beta: 0}
    plain = {J: NONRECIPROCAL[J].subs(POLAR).subs(real), p_a: w_a, p_b: w_b, **real}
    totals = {kappa_a: Lambda_a - Gamma * w_a**2, kappa_b: Lambda_b - Gamma * w_b**2}
    parts = (part.subs(plain).subs(totals).applyfunc(_combined) for part in quadrature_moments())
    return QuadratureMoments(*parts)


def directed_eigenvalues() -> list[sp.Expr]:
    """Eigenvalues of A for the nonreciprocal coupling, at any detuning; their real parts decide Eq. (8)."""
    drift = directed_moments().drift
    assert drift[:2, 2:].is_zero_matrix, "the charger feels no battery"
    return [*drift[:2, :2].eigenvals(), *drift[2:, 2:].eigenvals()]


def directed_critical_drive() -> sp.Expr:
    """Eq. (8), directed: the charger's block has trace -Lambda_a, so that its determinant decides."""
    (critical,) = sp.solve(directed_moments().drift[:2, :2].det(), eps)
    return sp.simplify(critical)


def reciprocal_characteristic_polynomials() -> list[sp.Poly]:
    """The monic quadratic factors of det(x - A) for Gamma = 0, J = G, on resonance; the amplified one first."""
    x = sp.Symbol("x")
    drift = quadrature_moments().drift.subs({Gamma: 0, J: G, Delta: 0, theta: -sp.pi / 2}).applyfunc(_combined)
    factors = [sp.Poly(factor, x).monic() for factor, _ in sp.factor_list(drift.charpoly(x).as_expr(), x)[1]]
    return sorted(factors, key=lambda factor: factor.coeffs()[1].coeff(eps))


def reciprocal_critical_drives() -> list[sp.Expr]:
    """Eq. (8), reciprocal: the drives where the sum and the product of the growth rates lose their sign.

    A quadratic is stable iff both lower coefficients are positive, so the smaller drive of the two is critical.
    """
    _, *conditions = reciprocal_characteristic_polynomials()[0].coeffs()
    return [sp.expand(sp.solve(condition, eps)[0]) for condition in conditions]
