"""What a device keeps for ever: levels that nothing leads to from where it starts, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.sylvester import effective_of

__all__ = ["Sectors", "conserved", "sectors_of"]

Places = NDArray[np.intp]


@dataclass(frozen=True)
class Sectors:
    """Parts of the Hilbert space between which nothing passes, neither by the Hamiltonian nor by a jump."""

    label: Places  # of each basis state, that of its sector
    count: int

    def of(self, occupied: NDArray[np.bool_]) -> list[Places]:
        """Basis states of each sector that is occupied."""
        return [np.flatnonzero(self.label == label) for label in np.unique(self.label[occupied]).tolist()]


def sectors_of(hamiltonian: Any, jumps: Sequence[Any]) -> Sectors:
    """Sectors of a device: the strong symmetries of its Lindblad equation that are diagonal in numbers of quanta."""
    from scipy.sparse import csgraph

    links = abs(effective_of(hamiltonian, jumps))
    for jump in jumps:
        links = links + abs(jump)
    count, label = csgraph.connected_components(links, directed=False)
    return Sectors(label.astype(np.intp), int(count))


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
