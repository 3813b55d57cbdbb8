"""A bosonic mode: an oscillator, or the lowest levels of one."""

from __future__ import annotations

from dataclasses import dataclass, field

from leyden.model.elements.record import Element, parameter
from leyden.model.operators import HamiltonianTerm, annihilate, create
from leyden.model.value import Parameter
from leyden.numeric import whole_number

__all__ = ["Mode"]

# Levels of a mode that any method could keep.
_MOST_LEVELS = 10_000


@dataclass(frozen=True)
class Mode(Element):
    """A bosonic mode, H = detuning * a^dag a in the frame of the drive.

    Parameters
    ----------
    name : str
        Unique in its network; printable, at most 255 characters.
    frequency : float or array
        Energy of one quantum, omega_0, positive; energies are reported in its unit.
    detuning : float or array
        Delta = omega_0 - omega_d, in the rate unit.
    levels : int or None
        The lowest so many levels are the physics, not a cutoff: 2 is a two-level cell, a its sigma_-. None is an
        oscillator with all of them.

    Raises
    ------
    ParameterError
        If the name is empty, longer than 255 characters or not printable, a number is not finite or has the wrong
        sign, or there are fewer than two levels.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.Mode("magnon", detuning=0.2)
    Mode(name='magnon', frequency=1.0, detuning=0.2, levels=None)
    """

    name: str
    frequency: Parameter = parameter("positive", default=1.0, quantity="frequency")
    detuning: Parameter = parameter("real", default=0.0, quantity="detuning", may_change=True)
    levels: int | None = field(default=None, metadata={"is_rare": True})

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.levels is not None:
            object.__setattr__(self, "levels", whole_number("levels", self.levels, 2, _MOST_LEVELS))

    @property
    def beyond_moments(self) -> str:
        """A spectrum that ends is no oscillator's."""
        return "" if self.levels is None else f"only {self.levels} levels"

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Delta a^dag a, written as half of itself plus its adjoint."""
        return (HamiltonianTerm(self.detuning / 2, (create(self.name), annihilate(self.name))),)
