"""What levels have in common that a device never leaves, in words."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["conserved"]

Places = NDArray[np.intp]


def conserved(states: Places, cutoff: tuple[int, ...], names: Sequence[str]) -> str:
    """What all basis states of a sector have in common, in words."""
    numbers = dict(zip(names, np.unravel_index(states, cutoff), strict=True))
    told: list[str] = []
    free: list[str] = []
    for name, number in numbers.items():
        if (number == number[0]).all():
            told.append(f"{number[0]} quanta of {name}")
        elif (number % 2 == number[0] % 2).all():
            told.append(f"{_parity(number)} quanta of {name}")
        else:
            free.append(name)
    for first, second in combinations(free, 2):
        for sign, difference in (("+", numbers[first] + numbers[second]), ("-", numbers[first] - numbers[second])):
            if (difference == difference[0]).all():
                told.append(f"{difference[0]} quanta of {first} {sign} {second}")
    if free and not told and _is_even_or_odd(total := np.sum([numbers[name] for name in free], axis=0)):
        told.append(f"{_parity(total)} quanta of {' + '.join(free)}")
    return ", ".join(told) or f"{len(states)} of {int(np.prod(cutoff))} levels"


def _parity(number: NDArray[Any]) -> str:
    return "odd" if number[0] % 2 else "even"


def _is_even_or_odd(number: NDArray[Any]) -> bool:
    return bool((number % 2 == number[0] % 2).all())
