"""The classical equations of motion of a device, from the words of its elements.

The rate of change of an amplitude is that of <a_j> in the product of coherent states of all amplitudes: exactly what
the master equation makes of it, once, before the state is taken for another product of coherent states. Of words in
normal order that is to put amplitudes for operators after the derivative; of others it is what ordering makes of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import numpy as np

from leyden.mean_field.polynomials import Polynomials, collected
from leyden.model.network import Network
from leyden.model.operators import HamiltonianTerm, Jump, Ladder

__all__ = ["drive_field", "field_of"]

Word = tuple[Ladder, ...]
Rate = tuple[str, Any, Word]
"""Mode, coefficient and product of a term in the rate of change of its operator a."""


def _without_creators(word: Word) -> Iterator[tuple[str, Word]]:
    """The commutator [a, word] of each a: the word without one of its a^dag in turn."""
    for place, operator in enumerate(word):
        if operator.is_creation:
            yield operator.mode, (*word[:place], *word[place + 1 :])


def _adjoint(word: Word) -> Word:
    return tuple(operator.adjoint for operator in reversed(word))


def _of_term(term: HamiltonianTerm) -> Iterator[Rate]:
    """-i [a, H]."""
    word = tuple(term.operators)
    for coefficient, product in ((term.coefficient, word), (np.conj(term.coefficient), _adjoint(word))):
        for mode, rest in _without_creators(product):
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
                left = _adjoint(word)
                for mode, rest in _without_creators(right):
                    yield mode, half, (*left, *rest)
                for mode, rest in _without_creators(left):
                    yield mode, -half, (*rest, *right)


def _ordered(word: Word, places: Mapping[str, int]) -> dict[tuple[int, ...], int]:
    """A product in normal order: numbers of times by sorted variables, alpha_j from 1 on, alpha_j* behind them all."""
    modes, found = len(places), {(): 1}
    for operator in word:
        lower = 1 + places[operator.mode]
        step: dict[tuple[int, ...], int] = {}
        for factors, times in found.items():
            grown = tuple(sorted((*factors, lower + modes if operator.is_creation else lower)))
            step[grown] = step.get(grown, 0) + times
            passed = factors.count(lower) if operator.is_creation else 0
            if passed:  # a^n a^dag = a^dag a^n + n a^(n-1)
                fewer = list(factors)
                fewer.remove(lower)
                step[tuple(fewer)] = step.get(tuple(fewer), 0) + times * passed
        found = step
    return found


def _polynomials(rates: Iterable[Rate], network: Network, shape: tuple[int, ...]) -> Polynomials:
    """Rates of all amplitudes, and behind them those of their conjugates."""
    places, modes = network.positions, len(network.mode_names)
    terms: dict[tuple[int, tuple[int, ...]], Any] = {}
    for mode, coefficient, word in rates:
        for factors, times in _ordered(word, places).items():
            target = places[mode]
            swapped = tuple(sorted(one + modes if one <= modes else one - modes for one in factors))
            for key, value in (((target, factors), coefficient), ((target + modes, swapped), np.conj(coefficient))):
                terms[key] = terms.get(key, 0.0) + times * value
    return collected(terms, 2 * modes, 2 * modes, shape)


def field_of(network: Network, shape: tuple[int, ...] = ()) -> Polynomials:
    """d alpha/dt of a device, or of a batch of this shape, as polynomials in (alpha, alpha*)."""
    rates = (
        rate
        for element in (*network.modes, *network.elements)
        for source in (map(_of_term, element.hamiltonian()), map(_of_jump, element.jumps()))
        for rates in source
        for rate in rates
    )
    return _polynomials(rates, network, shape)


def drive_field(network: Network) -> Polynomials:
    """What the Hamiltonians of the drives alone add to it, of a single device."""
    drives = (element for element in network.elements if element.is_drive)
    return _polynomials((rate for one in drives for term in one.hamiltonian() for rate in _of_term(term)), network, ())
