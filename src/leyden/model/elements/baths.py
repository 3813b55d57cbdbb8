"""Baths: what takes quanta away, and gives thermal ones back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leyden.model.elements.record import Element, by_mode, parameter
from leyden.model.operators import Jump, annihilate

__all__ = ["LocalBath", "SharedBath"]


@dataclass(frozen=True)
class LocalBath(Element):
    """Damping of one mode, rate (1 + n) L[a] + rate n L[a^dag].

    Parameters
    ----------
    mode : str
        The mode that it damps.
    rate : float or array
        kappa, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.

    Raises
    ------
    ParameterError
        If a number is negative or not finite.
    """

    mode: str
    rate: Any = parameter("nonnegative", quantity="damping")
    occupation: Any = parameter("nonnegative", default=0.0, quantity="occupation")

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm."""
        return (Jump(self.rate, (1.0,), (annihilate(self.mode),), self.occupation),)


@dataclass(frozen=True)
class SharedBath(Element):
    """Damping of a superposition of modes, rate (1 + n) L[o] + rate n L[o^dag] with o = sum_j w_j a_j.

    Parameters
    ----------
    weights : mapping of str to complex or array
        w_j by mode name, at least one. Where all are zero the bath does nothing.
    rate : float or array
        Gamma, in the rate unit, not negative.
    occupation : float or array
        Mean thermal occupation n of the bath, not negative.

    Raises
    ------
    ParameterError
        If there is no weight, or if a number is negative or not finite.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (2).
    """

    weights: Mapping[str, Any] = by_mode("complex", quantity="weight")
    rate: Any = parameter("nonnegative", quantity="shared_rate")
    occupation: Any = parameter("nonnegative", default=0.0, quantity="occupation")

    def jumps(self) -> tuple[Jump, ...]:
        """Loss, and gain where the bath is warm."""
        operators = tuple(map(annihilate, self.weights))
        return (Jump(self.rate, tuple(self.weights.values()), operators, self.occupation),)
