"""From the master equation to every closed formula of the paper, by computer algebra, as a story to read.

Run it:  python docs/derivations/derive.py

The steps stand in three files, each below the next: `boson_algebra` (normal order, the adjoint master equation),
`moment_equations` (Eqs. 5, 6, 8 and the coupling) and `solutions` (Eqs. 12 to 16 and 19). Equation numbers are those
of Xu and Ren, arXiv:2511.12118. Nothing here knows the numerical code; tests set the two against each other.
"""

from __future__ import annotations

import moment_equations
import solutions
import sympy as sp
from boson_algebra import monomial, name_of, vanishes
from moment_equations import eps
from solutions import Lambda, Lambda_a, Lambda_b, g, l, s, t


def tell(heading: str, *lines: object) -> None:
    """Print one step of the story."""
    print(f"\n{heading}\n{'-' * len(heading)}")
    for line in lines:
        print(line)


def tell_moment_equations() -> None:
    """Eqs. (5) and (6), and their closure."""
    first, second = moment_equations.first_moments(), moment_equations.second_moments()
    lines = [f"d<{name_of(powers)}>/dt = <{change}>" for powers, change in (first | second).items()]
    tell("(5), (6)  First and second moments, from d<O>/dt = <i[H,O] + sum rate (o^dag O o - {o^dag o, O}/2)>", *lines)
    degrees = {max(change.degree() for change in table.values()) for table in (first, second)}
    moments = moment_equations.quadrature_moments()
    tell(
        "Closure  dV/dt = A V + V A^T + D in quadratures (X_a, P_a, X_b, P_b)",
        f"largest number of ladder operators on the right-hand sides: {sorted(degrees)}",
        f"A = {moments.drift.tolist()}",
        f"D = {moments.diffusion.tolist()}",
    )


def tell_nonreciprocity() -> None:
    """The coupling that leaves the charger alone."""
    powers = [(m, n) for m in range(4) for n in range(4) if 0 < m + n <= 4]
    agree = all(
        (moment_equations.back_action(o) - moment_equations.predicted_back_action(o)).is_zero()
        for o in (monomial(m, n, 0, 0) for m, n in powers)
    )
    tell(
        "Nonreciprocity  the battery enters dO/dt of a charger operator O only as F [a^dag, O] b - F* [a, O] b^dag",
        f"F = {moment_equations.FEEDBACK}",
        f"checked for the {len(powers)} products a^dag^m a^n up to degree 4: {agree}",
        f"F = 0 only for J = {moment_equations.nonreciprocal_coupling()}",
    )


def tell_thresholds() -> None:
    """Eq. (8)."""
    amplified, squeezed = moment_equations.reciprocal_characteristic_polynomials()
    tell(
        "(8)  Stability",
        f"directed, any detuning: eigenvalues {moment_equations.directed_eigenvalues()}",
        f"directed: eps < {moment_equations.directed_critical_drive()}",
        f"reciprocal, characteristic polynomials: {amplified.as_expr()} and {squeezed.as_expr()}",
        f"reciprocal: eps < each of {moment_equations.reciprocal_critical_drives()}",
    )


def tell_transient() -> None:
    """Eqs. (12) and (13), and the power."""
    A, S = solutions.chain()
    tell(
        "(7)  Along its principal directions the directed device is one chain for s = +2 eps and s = -2 eps",
        f"A = {A.tolist()}, source of the excess over the vacuum S = {S.tolist()}",
    )
    variance = solutions.transient_variance()
    simple = g**2 * s * ((sp.exp(-l * t) * (sp.exp(s * t) - 1) / s) ** 2)
    response = vanishes(sp.diff(variance, t) - simple)
    power = 2 * g**2 / eps * sp.exp(-2 * l * t) * sp.sinh(2 * eps * t) * sp.sinh(eps * t) ** 2
    compact = vanishes(solutions.charging_power() - power)
    tell(
        "(12)  Equal rates, from the vacuum",
        f"V_s(t) = {variance}",
        f"equivalently dV_s/dt = g^2 s [e^(-l t) (e^(s t) - 1)/s]^2: {response}",
    )
    tell(
        "(13)  Merits from the two variances",
        *(f"{name} = {value}" for name, value in solutions.merits().items()),
        f"hence the power dE_B/dt = (2 g^2/eps) e^(-Lambda t) sinh(2 eps t) sinh(eps t)^2 > 0: {compact}",
    )


def tell_steady_state() -> None:
    """Eqs. (14) and (19)."""
    energy, anomalous = solutions.steady_stored_energy(), solutions.steady_anomalous_average()
    same = {Lambda_a: Lambda, Lambda_b: Lambda}
    tell(
        "(19)  Steady state, unequal rates, from A Y + Y A^T + S = 0",
        f"V_s = 1/2 + {solutions.steady_excess().battery}",
        f"E_B = {energy}",
        f"|<b^2>| = {anomalous}",
    )
    tell(
        "(14)  Steady state, equal rates",
        f"E_B = {sp.factor(energy.subs(same))}",
        f"|<b^2>| = {sp.factor(anomalous.subs(same))}",
        f"E_A = {solutions.steady_charger_energy().subs(same)}",
        f"the same as the late limit of (12): {is_late_limit()}",
    )


def is_late_limit() -> bool:
    """Whether the transient of Eq. (12) ends in the steady state, below threshold."""
    # Below threshold all exponentials decay; what stays of the sum is its constant term.
    late = solutions.transient_excess().battery.replace(sp.exp, lambda argument: sp.Integer(0))
    return vanishes(late - solutions.steady_excess().battery)


def tell_one_photon() -> None:
    """Eq. (16)."""
    tell(
        "(16)  One-photon reference device",
        f"E_1 = W_1 = {solutions.one_photon_energy_at_equal_rates()}",
        f"(W_2/W_1)/(E_2/E_1) = {solutions.gain_ratio()}: the two-photon battery's own utilization ratio",
    )


def main() -> None:
    """Tell the whole story."""
    print(__doc__)
    tell("The device", "H = " + str(moment_equations.hamiltonian()))
    tell_moment_equations()
    tell_nonreciprocity()
    tell_thresholds()
    tell_transient()
    tell_steady_state()
    tell_one_photon()


if __name__ == "__main__":
    main()
