"""Frames of displaced modes, in which bright states of coherent drives need few levels."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.errors import LeydenError
from leyden.fock.operators import annihilators, load_qutip
from leyden.mean_field.field import field_of
from leyden.mean_field.fixed_points import natural_size
from leyden.mean_field.method import cannot_take
from leyden.mean_field.motion import settle
from leyden.model.network import Network

__all__ = ["Frame", "displaced"]

Matrix = NDArray[np.complex128]

# Quanta of the brightest mode from which a frame is looked at, and above which its way back to the laboratory is long.
_BRIGHT, _TOO_BRIGHT = 0.25, 1000.0
# Levels of the laboratory: beyond the amplitudes that those of a frame reach, and a few more.
_BEYOND, _MORE = 3.5, 12
# Push out of the vacuum, in units of the natural amplitude.
_PUSH = 1e-3


@dataclass(frozen=True)
class Frame:
    """D^dag a D = a + alpha of each mode."""

    displacements: tuple[complex, ...]  # alpha

    def lowering(self, cutoff: tuple[int, ...]) -> list[Any]:
        """What a of each mode is in the frame, on the whole truncated space."""
        one = load_qutip().qeye(list(cutoff))
        return [lower + alpha * one for lower, alpha in zip(annihilators(cutoff), self.displacements, strict=True)]

    def in_laboratory(self, rho: Matrix, place: int) -> Matrix:
        """The state D rho D^dag of one mode, on as many levels as it takes."""
        alpha = self.displacements[place]
        levels = math.ceil((abs(alpha) + math.sqrt(len(rho)) + _BEYOND) ** 2) + _MORE
        kets = _displaced_kets(alpha, levels, len(rho))
        return kets @ rho @ kets.conj().T

    def told(self, names: Sequence[str]) -> str:
        """In words."""
        pairs = zip(names, self.displacements, strict=True)
        return ", ".join(f"{name} displaced by {alpha.real:.4g}{alpha.imag:+.4g}i" for name, alpha in pairs)


@lru_cache(maxsize=8)
def _displaced_kets(alpha: complex, levels: int, count: int) -> Matrix:
    """The first columns <m|D|n> of a displacement, (levels, count)."""
    from scipy.linalg import eigh_tridiagonal

    # With Z = diag((i alpha/|alpha|)^n) it is Z e^{-i |alpha| (a + a^dag)} Z^dag, and a + a^dag is tridiagonal.
    values, vectors = eigh_tridiagonal(np.zeros(levels), np.sqrt(np.arange(1.0, levels)))
    turns = (1j * alpha / abs(alpha) if alpha else 1.0) ** np.arange(levels)
    moved = (vectors * np.exp(-1j * abs(alpha) * values)) @ vectors[:count].T
    return np.asarray(turns[:, None] * moved * turns[:count].conj(), dtype=np.complex128)


def displaced(network: Network) -> Frame | None:
    """The frame of the classical amplitudes that a start in the vacuum settles at; None where it is of no use."""
    # It is a choice of basis and no more: a wrong one would need more levels, and give the same answer.
    if cannot_take(network):
        return None
    field, modes = field_of(network), len(network.mode_names)
    nowhere = np.zeros((1, 2 * modes), dtype=np.complex128)
    if not np.any(field(nowhere)):
        return None  # it may leave the vacuum to either of two sides, and is in both
    try:
        with np.errstate(all="ignore"):
            found = settle(field, np.full(modes, _PUSH * natural_size(field), dtype=np.complex128))
            quanta = float(np.max(np.abs(found.amplitudes) ** 2))
    except LeydenError:
        return None
    is_of_use = found.fate == "settles" and _BRIGHT <= quanta <= _TOO_BRIGHT
    return Frame(tuple(found.amplitudes.tolist())) if is_of_use else None
