"""Pulses: numbers of a device that change in time, as sums of products of shapes and numbers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import conjugate, imaginary_part, is_labelled, real_part
from leyden.errors import ParameterError
from leyden.markup import number_words
from leyden.model.rules import checked_number
from leyden.records import Record

__all__ = ["Pulse", "Real", "Shape", "Term", "ahead"]

Real = NDArray[np.float64]

_NOTHING = 1e-16


@dataclass(frozen=True)
class Shape(Record, ABC):
    """A real function of time; its parameters may be those of a batch."""

    @abstractmethod
    def at(self, times: Real) -> Any:
        """Values (..., t) at some times."""

    @abstractmethod
    def is_constant(self, start: float, stop: float) -> bool:
        """Whether it does not change between two times, of all members of a batch; none of its edges is between."""

    @abstractmethod
    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """Coefficients (order + 1, ..., t) of its Taylor series at some times, in units of some lengths (t,)."""

    def is_nothing(self, start: float, stop: float) -> bool:
        """Whether it is zero between two times, up to 1e-16, so that whatever it multiplies does not matter there."""
        middle = np.asarray([start + (stop - start) / 2])
        return self.is_constant(start, stop) and bool(np.max(np.abs(self.at(middle)), initial=0.0) <= _NOTHING)

    def edges(self) -> Real:
        """Times at which it is not smooth, in any order; of a batch those of all members."""
        return np.zeros(0)

    def scale(self) -> tuple[float, float, float]:
        """From when to when it changes, and over which time it is nearly a polynomial."""
        return 0.0, 0.0, np.inf

    def span(self) -> tuple[float, float]:
        """From when to when it is known."""
        return -np.inf, np.inf

    def numbers(self) -> dict[str, Any]:
        """Those parameters that may be a batch, by name."""
        return {entry.name: getattr(self, entry.name) for entry in fields(self)}

    def map(self, change: Callable[[Any], Any]) -> Shape:
        """The same shape with every parameter passed through a function."""
        return replace(self, **{name: change(value) for name, value in self.numbers().items()})


def _multiplied(first: Real, second: Real) -> Real:
    """Coefficients (k, ...) of the product of two power series, as far as both are known."""
    first, second = _aligned([first, second])
    found = np.zeros(np.broadcast_shapes(first.shape, second.shape))
    for place, column in enumerate(second):
        if column.any():
            found[place:] += column * first[: len(first) - place]
    return found


def _aligned(series: Sequence[Real]) -> list[Real]:
    """Power series (k, ..., t) of several batches, with as many axes each."""
    most = max(one.ndim for one in series)
    return [one.reshape(len(one), *(1,) * (most - one.ndim), *one.shape[1:]) for one in series]


def ahead(value: Any) -> Any:
    """A parameter, with room for the axis of time."""
    return value if isinstance(value, float) else value[..., None]


@dataclass(frozen=True)
class Term(Record):
    """A number times some shapes; without shapes it is constant."""

    factor: Any
    shapes: tuple[Shape, ...] = ()

    def at(self, times: Real) -> Any:
        """Values (..., t) at some times."""
        found = ahead(self.factor) if not isinstance(self.factor, complex) else self.factor
        for shape in self.shapes:
            found = found * shape.at(times)
        return found if self.shapes else found * np.ones(len(times))

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """Coefficients (order + 1, ..., t) of the Taylor series at some times, in units of some lengths (t,)."""
        if not self.shapes:
            found = np.zeros((order + 1, *np.shape(self.at(times))))
            found[0] = self.at(times)
            return found
        first, *others = (shape.series(times, lengths, order) for shape in self.shapes)
        for other in others:
            first = _multiplied(first, other)
        factor = np.asarray(ahead(self.factor))
        first, factor = _aligned([first, factor[None] if factor.ndim else factor.reshape(1)])
        return factor * first

    def map(self, change: Callable[[Any], Any]) -> Term:
        """The same with every number passed through a function."""
        return Term(change(self.factor), tuple(shape.map(change) for shape in self.shapes))


@dataclass(frozen=True)
class Pulse(Record):
    """A number that changes in time: a sum of products of shapes and numbers; called, it gives its values.

    Parameters
    ----------
    terms : tuple of Term
        What adds up; made by the functions of this module and by arithmetic.

    Examples
    --------
    >>> import leyden as ly
    >>> kick = ly.pulse.gaussian(0.1, centre=3.0, width=0.5) + ly.pulse.square(0.02, 0.0, 3.0)
    >>> kick([0.0, 3.0]).round(6).tolist()
    [0.02, 0.1]
    """

    terms: tuple[Term, ...]

    # Arrays of NumPy on the left let it answer.
    __array_ufunc__ = None

    def __call__(self, times: Any) -> Any:
        """Values (..., t) at some times (t,)."""
        grid = np.atleast_1d(np.asarray(times, dtype=np.float64))
        return sum((term.at(grid) for term in self.terms[1:]), start=self.terms[0].at(grid))

    def series(self, times: Real, lengths: Real, order: int) -> Real:
        """Coefficients of its Taylor series at some times.

        Parameters
        ----------
        times : array, shape (t,)
            At a jump the series is that of what comes after.
        lengths : array, shape (t,)
            Units of time of each of the series.
        order : int
            Its highest power.

        Returns
        -------
        array, shape (order + 1, ..., t)
        """
        first, *others = _aligned([term.series(times, lengths, order) for term in self.terms])
        return sum(others, start=first)

    def __repr__(self) -> str:
        return f"<pulse {' + '.join(map(_words, self.terms))}>"

    def map(self, change: Callable[[Any], Any]) -> Pulse:
        """The same pulse with every number passed through a function.

        Parameters
        ----------
        change : callable
            Takes a height, a time or a width, and returns the new one.

        Returns
        -------
        Pulse
        """
        return Pulse(tuple(term.map(change) for term in self.terms))

    def numbers(self) -> Iterator[Any]:
        """All its numbers: heights, times, widths."""
        for term in self.terms:
            yield term.factor
            for shape in term.shapes:
                yield from shape.numbers().values()

    @property
    def arrays(self) -> tuple[Any, ...]:
        """Those of its numbers that are a batch."""
        return tuple(value for value in self.numbers() if not isinstance(value, (float, complex)))

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """All its shapes."""
        return tuple(shape for term in self.terms for shape in term.shapes)

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of its batch, () for a single pulse."""
        return np.broadcast_shapes(*(np.shape(value) for value in self.arrays))

    @property
    def is_complex(self) -> bool:
        """Whether a factor is complex."""
        factors = (term.factor.data if is_labelled(term.factor) else term.factor for term in self.terms)
        return any(np.asarray(factor).dtype.kind == "c" for factor in factors)

    @property
    def real(self) -> Pulse:
        """Its real part."""
        return Pulse(tuple(Term(real_part(term.factor), term.shapes) for term in self.terms))

    @property
    def imag(self) -> Pulse | float:
        """Its imaginary part; the number zero where no factor is complex."""
        if not self.is_complex:
            return 0.0
        return Pulse(tuple(Term(imaginary_part(term.factor), term.shapes) for term in self.terms))

    def conjugate(self) -> Pulse:
        """Its complex conjugate."""
        return Pulse(tuple(Term(conjugate(term.factor), term.shapes) for term in self.terms))

    def __add__(self, other: Any) -> Pulse:
        return Pulse(self.terms + _pulse_of(other).terms)

    __radd__ = __add__

    def __mul__(self, other: Any) -> Pulse:
        return Pulse(
            tuple(
                Term(first.factor * second.factor, first.shapes + second.shapes)
                for first in self.terms
                for second in _pulse_of(other).terms
            )
        )

    __rmul__ = __mul__

    def __neg__(self) -> Pulse:
        return self * -1.0

    def __sub__(self, other: Any) -> Pulse:
        return self + -1.0 * _pulse_of(other)

    def __rsub__(self, other: Any) -> Pulse:
        return _pulse_of(other) - self

    def __truediv__(self, other: Any) -> Pulse:
        if isinstance(other, Pulse):
            raise ParameterError.of("other", "be a number, for a pulse to be divided by", other)
        return self * (1.0 / other)


def _pulse_of(value: Any) -> Pulse:
    if isinstance(value, Pulse):
        return value
    return Pulse((Term(checked_number("other", value, "complex")),))


def _words(term: Term) -> str:
    """A term as it is typed: a factor, and the shapes with their numbers."""
    shapes = [
        f"{type(shape).__name__.lower()}({', '.join(f'{name}={number_words(value)}' for name, value in told.items())})"
        for shape in term.shapes
        for told in (shape.numbers(),)
    ]
    return " * ".join([number_words(term.factor), *shapes])
