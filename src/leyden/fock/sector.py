"""What a device keeps for ever: levels that nothing leads to from where it starts, and what they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.fock.sylvester import effective_of

__all__ = ["Sectors", "sectors_of"]

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
