"""The master equation of a device in LaTeX, from the words of its elements; in commands that KaTeX knows, too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from leyden.arrays import is_concrete, to_numpy
from leyden.markup import number_words
from leyden.model.changing import Pulse, Term
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.operators import HamiltonianTerm, Jump, Ladder

__all__ = ["latex_of", "latex_text"]

# Members of a family up to which each is written out.
_MOST_MEMBERS = 6
# Of the modes of members, one for each family; k counts the members.
_LETTERS = "ijlmnpqrs"
_DISSIPATOR = (
    r"\mathcal{L}[\hat{o}]\,\hat{\rho} &= \hat{o} \hat{\rho} \hat{o}^{\dagger} "
    r"- \tfrac{1}{2} \{\hat{o}^{\dagger} \hat{o}, \hat{\rho}\}"
)
_IN_TEXT = {
    "\\": r"\textbackslash ",
    "~": r"\textasciitilde ",
    "^": r"\textasciicircum ",
    **{mark: f"\\{mark}" for mark in "{}$&#_%"},
}

# The device is a Network, which imports this file.


def latex_text(text: str) -> str:
    """A text as it is, in LaTeX's words."""
    return f"\\text{{{''.join(_IN_TEXT.get(mark, mark) for mark in text)}}}"


@dataclass
class _Equation:
    """What has been written so far: terms of H, dissipators, and what the symbols in them mean."""

    hamiltonian: list[str] = field(default_factory=list[str])
    dissipators: list[str] = field(default_factory=list[str])
    legend: list[str] = field(default_factory=list[str])

    symbols: int = 0
    places: dict[bytes, int] = field(default_factory=dict[bytes, int])

    def indices(self, family: Family) -> list[str]:
        """Indices of the modes of a member, the same ones for families on the same modes."""
        known = self.places.setdefault(family.places.tobytes(), len(self.places))
        letter = _LETTERS[known] if known < len(_LETTERS) else rf"i^{{({known})}}"
        columns = family.places.shape[1]
        return [f"{letter}_{{{f'{column + 1},' if columns > 1 else ''}k}}" for column in range(columns)]

    def add(self, element: Element, operator: Callable[[str], str], frame: str = "{}", index: str = "") -> None:
        """An element, or the pattern of a family with a sum around it and an index at its arrays."""
        for term in element.hamiltonian():
            if words := self._term(term, operator, index):
                self.hamiltonian.append(frame.replace("{}", words))
        for jump in (one for both in element.jumps() for one in both.directions()):
            if words := self._jump(jump, operator, index):
                self.dissipators.append(frame.replace("{}", words))

    def _term(self, term: HamiltonianTerm, operator: Callable[[str], str], index: str) -> str:
        """One term with its adjoint; what is its own adjoint stands once."""
        product = _product(term.operators, operator)
        adjoint = tuple(one.adjoint for one in reversed(term.operators))
        if adjoint == term.operators:
            return self._times(2 * term.coefficient.real, product, index)
        words = self._times(term.coefficient, product, index)
        return f"\\left({words} + \\text{{h.c.}}\\right)" if words else ""

    def _jump(self, jump: Jump, operator: Callable[[str], str], index: str) -> str:
        parts = [
            self._times(weight, _product(one.factors, operator), index)
            for weight, one in zip(jump.weights, jump.operators, strict=True)
        ]
        inside = _sum(list(filter(None, parts)))
        return self._times(jump.rate, f"\\mathcal{{L}}\\left[{inside}\\right]", index) if inside else ""

    def _times(self, coefficient: Any, words: str, index: str) -> str:
        """A coefficient times something; empty where it is zero."""
        number = self._coefficient(coefficient, index)
        return "" if number == "0" else words if number == "1" else f"{number}\\,{words}"

    def _coefficient(self, value: Any, index: str) -> str:
        if isinstance(value, Pulse):
            if not value.arrays and all(np.all(term.factor == 0) for term in value.terms):
                return "0"
            self.symbols += 1
            name = f"f_{{{self.symbols}}}(t)"
            self.legend.append(f"{name} &= {_pulse(value)}")
            return name
        if not getattr(value, "shape", ()):
            return _number(value)
        if is_concrete(value) and not np.any(to_numpy(value) != 0):
            return "0"
        self.symbols += 1
        name = f"c_{{{self.symbols}{index}}}"
        words = f"{np.size(value)} numbers" if index else number_words(value)
        self.legend.append(f"{name} &: {latex_text(words)}")
        return name


def _product(operators: Sequence[Ladder], operator: Callable[[str], str]) -> str:
    """Ladder operators from left to right, equal neighbours as a power."""
    found: list[str] = []
    place = 0
    while place < len(operators):
        one, power = operators[place], 1
        while place + power < len(operators) and operators[place + power] == one:
            power += 1
        above = (r"\dagger" if one.is_creation else "") + (f" {power}" if power > 1 else "")
        found.append(operator(one.mode) + (f"^{{{above.strip()}}}" if above else ""))
        place += power
    return " ".join(found)


def _digits(value: float) -> str:
    """A real number by six digits."""
    text = f"{value:.6g}"
    if "e" not in text:
        return text
    mantissa, _, power = text.partition("e")
    return f"{mantissa} \\times 10^{{{int(power)}}}"


def _number(value: Any) -> str:
    """A number; one with a sign or of two parts in brackets."""
    number = complex(value)
    real, imaginary = _digits(number.real + 0.0), _digits(abs(number.imag))
    if number.imag == 0:
        return f"({real})" if number.real < 0 else real
    unit = r"\mathrm{i}" if imaginary == "1" else rf"{imaginary}\,\mathrm{{i}}"
    sign = "-" if number.imag < 0 else ""
    if number.real == 0:
        return f"({sign}{unit})" if sign else unit
    return f"({real} {sign or '+'} {unit})"


def _pulse(pulse: Pulse) -> str:
    """A pulse by its shapes: their names and numbers."""

    def words(term: Term) -> str:
        """A factor and shapes."""
        shapes = [
            rf"\mathrm{{{type(shape).__name__.lower()}}}({'; '.join(['t', *map(_cell, shape.numbers().values())])})"
            for shape in term.shapes
        ]
        number = _cell(term.factor)
        return r"\,".join(shapes if number == "1" and shapes else [number, *shapes])

    return _sum(list(map(words, pulse.terms)))


def _cell(value: Any) -> str:
    return latex_text(number_words(value)) if getattr(value, "shape", ()) else _number(value)


def _sum(words: Sequence[str]) -> str:
    return " + ".join(words)


def _operator(mode: str) -> str:
    """The operator of a mode: a letter as it is, a longer name under an a."""
    if len(mode) == 1 and mode.isascii() and mode.isalpha():
        return f"\\hat{{{mode}}}"
    return f"\\hat{{a}}_{{{latex_text(mode)}}}"


def _members(family: Family, names: tuple[str, ...], equation: _Equation) -> None:
    """Few members one by one, and many as a sum."""
    if len(family) <= _MOST_MEMBERS:
        for place in range(len(family)):
            equation.add(family.member(place, names), _operator)
        return
    before = len(equation.hamiltonian) + len(equation.dissipators)
    indices = equation.indices(family)
    words = dict(zip(map(str, range(len(indices))), indices, strict=True))
    frame = f"\\sum_{{k=1}}^{{{len(family)}}} {{}}"
    equation.add(family.pattern, lambda mode: f"\\hat{{a}}_{{{words[mode]}}}", frame, ",k")
    if len(equation.hamiltonian) + len(equation.dissipators) > before:
        rows = [list(map(latex_text, map(names.__getitem__, family.places[at].tolist()))) for at in (0, 1, -1)]
        first, second, last = (", ".join(row) if len(row) == 1 else f"({', '.join(row)})" for row in rows)
        name = indices[0] if len(indices) == 1 else f"({', '.join(indices)})"
        line = f"{name} &= {first}, {second}, \\ldots, {last}"
        equation.legend += [] if line in equation.legend else [line]


def _lines(name: str, words: Sequence[str]) -> Iterator[str]:
    """A sum over several lines."""
    yield f"{name} &= {words[0] if words else '0'}"
    yield from (f"&\\quad + {word}" for word in words[1:])


def latex_of(device: Any) -> str:
    """The master equation of a device."""
    equation = _Equation()
    names = device.mode_names
    modes = (device.modes.family,) if isinstance(device.modes, Modes) else device.modes
    for part in (*modes, *device.parts):
        if isinstance(part, Family):
            _members(part, names, equation)
        else:
            equation.add(part, _operator)
    flow = [r"-\mathrm{i}\,[\hat{H}, \hat{\rho}]"] if equation.hamiltonian else []
    if equation.dissipators:
        flow.append(r"\mathcal{D}\,\hat{\rho}")
    lines = list(_lines(r"\dot{\hat{\rho}}", [_sum(flow)] if flow else []))
    if equation.hamiltonian:
        lines += _lines(r"\hat{H}", equation.hamiltonian)
    if equation.dissipators:
        lines += _lines(r"\mathcal{D}", equation.dissipators)
        lines.append(_DISSIPATOR)
    body = " \\\\\n".join([*lines, *equation.legend])
    return f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
