"""The modes of a large network as one record: a million of them need no million records."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.model.elements import Mode
from leyden.model.families import Family, MadeWhenAsked, in_members, number_of
from leyden.numeric import is_whole_number
from leyden.text import NAME_RULE, are_names, is_name

__all__ = ["MOST_MODES", "Modes"]

MOST_MODES = 4_000_000
"""Of one device: their names and places take a gigabyte."""


def _checked_names(names: Any) -> tuple[str, ...]:
    """Names of modes, those given or "m0", "m1", ...; their number is looked at before they are."""
    plain: Any = names.tolist() if isinstance(names, np.ndarray) else names
    if is_whole_number(plain):
        count = int(plain)
    else:
        count = len(plain) if isinstance(plain, Sequence) and not isinstance(plain, (str, bytes)) else 0
    if count < 1:
        raise ParameterError.of("names", "be the number of modes, or a sequence of names, at least one", names)
    if count > MOST_MODES:
        raise ParameterError.of("names", f"be at most {MOST_MODES} modes", count)
    if is_whole_number(plain):
        return tuple([f"m{place}" for place in range(count)])
    several: tuple[Any, ...] = tuple(plain)
    if not are_names(several):
        wrong = next(name for name in several if not is_name(name))
        raise ParameterError.of("names", f"be those of modes, each {NAME_RULE}", wrong)
    return several


class Modes(MadeWhenAsked[Mode]):
    """The modes of a large network, as one record.

    Parameters
    ----------
    names : int or sequence of str
        Names, in order, printable, at most 4 million; a number N stands for "m0", "m1", .... NumPy's integers and
        arrays of names serve as well.
    frequency : float, array of shape (N,) or DataArray
        Energy of one quantum, omega_0, positive.
    detuning : float, array of shape (N,), DataArray or pulse
        Delta = omega_0 - omega_d, in the rate unit. Labels are those of a `Family`: `cell` for a number for each mode,
        other dims for a batch of devices.

    Raises
    ------
    ParameterError
        If there is no mode or too many, a name is no printable string, or a number has the wrong sign or shape.

    Examples
    --------
    >>> import leyden as ly
    >>> len(ly.Modes(1000))
    1000
    """

    def __init__(self, names: int | Sequence[str], frequency: Any = 1.0, detuning: Any = 0.0) -> None:
        self._names = _checked_names(names)
        self._is_counted = is_whole_number(names)
        self._pattern = in_members(Mode("0", frequency, detuning), len(self._names))

    @property
    def names(self) -> tuple[str, ...]:
        """Names, in order."""
        return self._names

    @property
    def is_counted(self) -> bool:
        """Whether the names were given by their number, and so are "m0", "m1", ...."""
        return self._is_counted

    @cached_property
    def family(self) -> Family:
        """The modes as a family of elements, each at its own place."""
        return Family.of(self._pattern, np.arange(len(self._names))[:, None])

    def __len__(self) -> int:
        return len(self._names)

    def _made(self, place: int) -> Mode:
        numbers = {name: number_of(value, place) for name, value in self._pattern.parameters().items()}
        return self._pattern.with_parameters(numbers, (self._names[place],))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Modes):
            return self._names == other._names and self.family == other.family
        return super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"Modes({len(self)} modes)"
