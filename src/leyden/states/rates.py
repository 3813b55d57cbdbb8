"""Rates of change of a Gaussian state's moments, and what a state and its rates say of one mode by itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leyden.arrays import Array, not_negative

__all__ = ["MomentRates", "OwnDigits"]


class OwnDigits:
    """Mixed into what holds an excess covariance S, or its rate, and perhaps digits of single modes beside it."""

    excess: Array
    own: Array | None
    _is_rate = False

    def own_of(self, mode: int) -> tuple[Array, Array, Array]:
        """Quanta above the vacuum and about the mean of one mode, and its squeezing; or their rates of change.

        Parameters
        ----------
        mode : int
            Position of the mode.

        Returns
        -------
        quanta, real, imaginary : array, shape (...)
            <a^dag a> - |<a>|^2, and real and imaginary part of <a^2> - <a>^2, with all digits that are known. Quanta
            that rounding left below nothing count as none; a rate may be negative.
        """
        number, real, imaginary = self._digits_of(mode)
        return number if self._is_rate else not_negative(number), real, imaginary

    def _digits_of(self, mode: int) -> tuple[Array, Array, Array]:
        if self.own is not None:
            return self.own[..., mode, 0], self.own[..., mode, 1], self.own[..., mode, 2]
        x, p = 2 * mode, 2 * mode + 1
        xx, pp = self.excess[..., x, x], self.excess[..., p, p]
        return (xx + pp) / 2, (xx - pp) / 2, self.excess[..., x, p]

    @property
    def has_own_digits(self) -> bool:
        """Whether quanta and squeezing of each mode are known apart from each other."""
        return self.own is not None


@dataclass(frozen=True)
class MomentRates(OwnDigits):
    """Rates of change of a Gaussian state's moments.

    Parameters
    ----------
    mean : array, shape (..., 2N)
        d<r>/dt, in the rate unit.
    excess : array, shape (..., 2N, 2N)
        dS/dt = dV/dt, in the rate unit.
    own : array or None, shape (..., N, 3)
        Of the quanta and the squeezing of each mode by itself, where they are known with digits of their own.
    """

    mean: Array
    excess: Array
    own: Array | None = None
    _is_rate = True

    def __iter__(self) -> Iterator[Array]:
        """Rates of the mean and of the covariance, as a pair."""
        return iter((self.mean, self.excess))
