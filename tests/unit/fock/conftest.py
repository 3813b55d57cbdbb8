"""Shared by the tests of this room: an element that no moment equations close on."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from leyden.model.elements import Element
from leyden.model.operators import HamiltonianTerm, annihilate, create


@dataclass(frozen=True)
class Kerr(Element):
    """H = U a^dag^2 a^2, written as half of itself plus its adjoint."""

    mode: str
    strength: float

    @property
    def modes(self) -> tuple[str, ...]:
        return (self.mode,)

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        name = self.mode
        return (HamiltonianTerm(self.strength / 2, (create(name), create(name), annihilate(name), annihilate(name))),)


@pytest.fixture
def kerr() -> type[Kerr]:
    return Kerr
