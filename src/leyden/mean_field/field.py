"""The classical equations of motion of a device, from the words of its elements.

The rate of change of an amplitude is that of <a_j> in the product of coherent states of all amplitudes: exactly what
the master equation makes of it, once, before the state is taken for another product of coherent states. Of words in
normal order that is to put amplitudes for operators after the derivative; of others it is what ordering makes of them.
In symmetric order the same rates are the drift of the Wigner function.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from leyden.equations.basis import LARGEST_RATE
from leyden.errors import ParameterError
from leyden.mean_field.polynomials import Polynomials, collected
from leyden.model.network import Network
from leyden.model.operators import HamiltonianTerm, Jump, Ladder

__all__ = ["NORMAL", "SYMMETRIC", "Ordering", "adjoint_of", "drive_field", "field_of", "ordered", "without"]

Word = tuple[Ladder, ...]
Rate = tuple[str, Any, Word]
"""Mode, coefficient and product of a term in the rate of change of its operator a."""
Ordering = tuple[float, float]
"""What a contraction counts where a^dag is appended to a product with a in it, and a to one with a^dag."""

NORMAL: Ordering = (1, 0)
SYMMETRIC: Ordering = (0.5, -0.5)


def without(word: Word, *, is_creation: bool) -> Iterator[tuple[str, Word]]:
    """The word without one of its a^dag in turn, the commutator [a, word] of each a; or of its a, -[a^dag, word]."""
    for place, operator in enumerate(word):
        if operator.is_creation is is_creation:
            yield operator.mode, (*word[:place], *word[place + 1 :])


def adjoint_of(word: Word) -> Word:
    """The adjoint of a product."""
    return tuple(operator.adjoint for operator in reversed(word))


def _of_term(term: HamiltonianTerm) -> Iterator[Rate]:
    """-i [a, H]."""
    word = tuple(term.operators)
    for coefficient, product in ((term.coefficient, word), (np.conj(term.coefficient), adjoint_of(word))):
        for mode, rest in without(product, is_creation=True):
            yield mode, -1j * coefficient, rest


def _of_jump(jump: Jump) -> Iterator[Rate]:
    """(o^dag [a, o] + [o^dag, a] o)/2, times the rate."""
    words = [tuple(operator.factors) for operator in jump.operators]
    if all(len(word) == 1 for word in words):
        # What is linear damps at its net rate, however warm or squeezed the bath is.
        ways: tuple[Jump, ...] = (Jump(jump.rate, jump.weights, jump.operators),)
    else:
        ways = jump.directions()
    for way in ways:
        parts = [(weight, tuple(o.factors)) for weight, o in zip(way.weights, way.operators, strict=True)]
        for weight, word in parts:
            for other, right in parts:
                half = way.rate * np.conj(weight) * other / 2
                left = adjoint_of(word)
                for mode, rest in without(right, is_creation=True):
                    yield mode, half, (*left, *rest)
                for mode, rest in without(left, is_creation=True):
                    yield mode, -half, (*rest, *right)


def ordered(word: Word, places: Mapping[str, int], ordering: Ordering) -> dict[tuple[int, ...], float]:
    """A product in an order: numbers of times by sorted variables, alpha_j from 1 on, alpha_j* behind them all."""
    modes = len(places)
    found: dict[tuple[int, ...], float] = {(): 1}
    for operator in word:
        lower = 1 + places[operator.mode]
        own, other = (lower + modes, lower) if operator.is_creation else (lower, lower + modes)
        step: dict[tuple[int, ...], float] = {}
        for factors, times in found.items():
            grown = tuple(sorted((*factors, own)))
            step[grown] = step.get(grown, 0) + times
            passed = factors.count(other) * ordering[not operator.is_creation]
            if passed:  # a^n a^dag = a^dag a^n + n a^(n-1), and halves of it to either side in symmetric order
                fewer = list(factors)
                fewer.remove(other)
                step[tuple(fewer)] = step.get(tuple(fewer), 0) + times * passed
        found = step
    return found


def _polynomials(rates: Iterable[Rate], network: Network, shape: tuple[int, ...], ordering: Ordering) -> Polynomials:
    """Rates of all amplitudes, and behind them those of their conjugates."""
    places, modes = network.positions, len(network.mode_names)
    terms: dict[tuple[int, tuple[int, ...]], Any] = {}
    for mode, coefficient, word in rates:
        for factors, times in ordered(word, places, ordering).items():
            target = places[mode]
            swapped = tuple(sorted(one + modes if one <= modes else one - modes for one in factors))
            for key, value in (((target, factors), coefficient), ((target + modes, swapped), np.conj(coefficient))):
                terms[key] = terms.get(key, 0.0) + times * value
    return collected(terms, 2 * modes, 2 * modes, shape)


def field_of(network: Network, shape: tuple[int, ...] = (), ordering: Ordering = NORMAL) -> Polynomials:
    """d alpha/dt of a device, or of a batch of this shape, as polynomials in (alpha, alpha*)."""
    rates = (
        rate
        for element in (*network.modes, *network.elements)
        for source in (map(_of_term, element.hamiltonian()), map(_of_jump, element.jumps()))
        for rates in source
        for rate in rates
    )
    with np.errstate(over="ignore", invalid="ignore"):
        found = _polynomials(rates, network, shape, ordering)
    largest = float(np.max(np.abs(found.coefficients), initial=0.0))
    if not largest <= LARGEST_RATE:
        allowed = f"have rates of at most {LARGEST_RATE:.0e}"
        raise ParameterError.of("network", allowed, largest, "Choose a larger unit of rates.")
    return found


def drive_field(network: Network, ordering: Ordering = NORMAL) -> Polynomials:
    """What the Hamiltonians of the drives alone add to it, of a single device."""
    drives = (element for element in network.elements if element.is_drive)
    rates = (rate for one in drives for term in one.hamiltonian() for rate in _of_term(term))
    return _polynomials(rates, network, (), ordering)
