"""The words in which elements say what they are: ladder operators, Hamiltonian terms, jumps, and fields for numbers.

An element of one's own is a frozen dataclass under `leyden.Element`: `parameter` and `by_mode` make its fields, and its
`hamiltonian` and `jumps` are tuples of `HamiltonianTerm` and `Jump`, made of `annihilate` and `create`.
"""

from leyden.model.elements.record import by_mode, parameter
from leyden.model.operators import HamiltonianTerm, Jump, Ladder, Product, annihilate, create, phasor

__all__ = ["HamiltonianTerm", "Jump", "Ladder", "Product", "annihilate", "by_mode", "create", "parameter", "phasor"]
