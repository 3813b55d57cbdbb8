"""Normal-ordered boson operators with symbolic coefficients, and the adjoint of a master equation acting on them.

An operator is a table {(m_a, n_a, m_b, n_b): coefficient} that stands for the sum of
coefficient * a^dag^m_a a^n_a b^dag^m_b b^n_b. The commutation relations enter at one place, the product of two powers:

    a^n a^dag^m = sum_k k! C(n, k) C(m, k) a^dag^(m - k) a^(n - k).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product
from math import comb, factorial

import sympy as sp

Powers = tuple[int, int, int, int]
IDENTITY: Powers = (0, 0, 0, 0)


class Operator:
    """A polynomial in a, a^dag, b, b^dag, kept in normal order.

    Parameters
    ----------
    terms : mapping of (m_a, n_a, m_b, n_b) to expression
        The coefficient of each product of powers; vanishing ones are dropped.
    """

    def __init__(self, terms: Mapping[Powers, sp.Expr]) -> None:
        expanded = {powers: sp.expand(coefficient) for powers, coefficient in terms.items()}
        self.terms = {powers: coefficient for powers, coefficient in expanded.items() if coefficient != 0}

    def __add__(self, other: Operator) -> Operator:
        keys = self.terms.keys() | other.terms.keys()
        return Operator({key: self[key] + other[key] for key in keys})

    def __sub__(self, other: Operator) -> Operator:
        return self + other * -1

    def __mul__(self, other: Operator | sp.Expr | complex) -> Operator:
        if not isinstance(other, Operator):
            return Operator({powers: coefficient * other for powers, coefficient in self.terms.items()})
        terms: dict[Powers, sp.Expr] = {}
        for (left, x), (right, y) in product(self.terms.items(), other.terms.items()):
            for (first, u), (second, v) in product(_reorder(left[:2], right[:2]), _reorder(left[2:], right[2:])):
                terms[first + second] = terms.get(first + second, sp.Integer(0)) + x * y * u * v
        return Operator(terms)

    __rmul__ = __mul__

    def __getitem__(self, powers: Powers) -> sp.Expr:
        return self.terms.get(powers, sp.Integer(0))

    def __str__(self) -> str:
        return " + ".join(f"({coefficient})*{name_of(powers)}" for powers, coefficient in sorted(self.terms.items()))

    def dagger(self) -> Operator:
        """The Hermitian conjugate."""
        return Operator({(m, n, q, p): sp.conjugate(c) for (n, m, p, q), c in self.terms.items()})

    def substitute(self, values: Mapping[sp.Symbol, sp.Expr]) -> Operator:
        """The same operator with symbols replaced in all coefficients."""
        return Operator({powers: sp.simplify(coefficient.subs(values)) for powers, coefficient in self.terms.items()})

    def degree(self) -> int:
        """Largest number of ladder operators in a term; -1 for the zero operator."""
        return max((sum(powers) for powers in self.terms), default=-1)

    def is_zero(self) -> bool:
        """Whether every coefficient vanishes."""
        return all(vanishes(coefficient) for coefficient in self.terms.values())


def vanishes(expression: sp.Expr) -> bool:
    """Whether a rational function of symbols and their exponentials is zero: over one denominator nothing is left."""
    return sp.factor(sp.powsimp(sp.expand(expression.rewrite(sp.exp)))) == 0


def _reorder(left: Iterable[int], right: Iterable[int]) -> list[tuple[tuple[int, int], int]]:
    """Normal order of (a^dag^m a^n)(a^dag^k a^l): powers and integer weights."""
    (m, n), (k, l) = left, right  # noqa: E741 - l completes the alphabet of powers
    return [((m + k - i, n + l - i), factorial(i) * comb(n, i) * comb(k, i)) for i in range(min(n, k) + 1)]


def name_of(powers: Powers) -> str:
    """Readable name of a product of powers, for example `a^dag b^2`."""
    letters = ("a^dag", "a", "b^dag", "b")
    parts = [
        letter + (f"^{power}" if power > 1 else "") for letter, power in zip(letters, powers, strict=True) if power
    ]
    return " ".join(parts) or "1"


def monomial(*powers: int) -> Operator:
    """a^dag^m_a a^n_a b^dag^m_b b^n_b with coefficient one."""
    m_a, n_a, m_b, n_b = powers
    return Operator({(m_a, n_a, m_b, n_b): sp.Integer(1)})


def commutator(first: Operator, second: Operator) -> Operator:
    """[first, second]."""
    return first * second - second * first


def adjoint_master_equation(
    operator: Operator, hamiltonian: Operator, jumps: Iterable[tuple[sp.Expr, Operator]]
) -> Operator:
    r"""The operator whose mean is d<O>/dt.

    d<O>/dt = <i [H, O] + sum_o rate (o^dag O o - o^dag o O/2 - O o^dag o/2)>

    Parameters
    ----------
    operator : Operator
        O.
    hamiltonian : Operator
        H.
    jumps : iterable of (rate, Operator)
        The dissipators rate L[o].

    Returns
    -------
    Operator
        In normal order.
    """
    result = commutator(hamiltonian, operator) * sp.I
    for rate, jump in jumps:
        number = jump.dagger() * jump
        gain = jump.dagger() * operator * jump
        result += (gain - (number * operator + operator * number) * sp.Rational(1, 2)) * rate
    return result


a, a_dag = monomial(0, 1, 0, 0), monomial(1, 0, 0, 0)
b, b_dag = monomial(0, 0, 0, 1), monomial(0, 0, 1, 0)
