"""An axis from start to stop, whose points are the decimals that a person types."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.numeric import numbers_of, whole_number
from leyden.runner.decimals import equal_ratios, equal_steps

__all__ = ["MOST_VALUES", "Range"]

# Values are held in memory: at most 2 GiB of them.
MOST_VALUES = 2**28


@dataclass(frozen=True)
class Range:
    """An axis from start to stop, both ends included; its points are the decimals that a person types.

    Parameters
    ----------
    start, stop : float
        In the parameter's unit.
    points : int or None
        How many; None where a sampling chooses them.
    spacing : str
        "linear", or "log" for equal ratios.

    Raises
    ------
    ParameterError
        If an end is not finite, the count is not positive, or a logarithmic range leaves the positive numbers.

    Examples
    --------
    >>> from leyden import Range
    >>> Range(0.1, 10, 3, spacing="log").values().tolist()
    [0.1, 1.0, 10.0]
    >>> Range(0, 1, 101).values()[35].item()
    0.35
    """

    start: float
    stop: float
    points: int | None = None
    spacing: Literal["linear", "log"] = "linear"

    def __post_init__(self) -> None:
        if self.spacing not in ("linear", "log"):
            raise ParameterError.of("spacing", 'be "linear" or "log"', self.spacing)
        for name in ("start", "stop"):
            value: Any = numbers_of(name, getattr(self, name), "be a finite number")
            if np.ndim(value) or np.iscomplexobj(value) or not np.isfinite(value):
                raise ParameterError.of(name, "be a finite number", value)
            if self.spacing == "log" and float(value) <= 0:
                raise ParameterError.of(name, 'be positive where spacing is "log"', value)
            object.__setattr__(self, name, float(value))
        if self.points is not None:
            object.__setattr__(self, "points", whole_number("points", self.points, 1, MOST_VALUES))

    def at(self, fractions: NDArray[np.float64]) -> NDArray[np.float64]:
        """Values at fractions of the way from start to stop.

        Parameters
        ----------
        fractions : array
            Between 0 and 1.

        Returns
        -------
        array
            Of the same shape.
        """
        if self.spacing == "log":
            return np.power(self.start, 1 - fractions) * np.power(self.stop, fractions)
        return self.start * (1 - fractions) + self.stop * fractions

    def values(self) -> NDArray[np.float64]:
        """All its points: the decimals that a person types for them, so that 0.35 on a grid of hundredths is 0.35."""
        if self.points is None:
            raise ParameterError.of("points", "be given for an axis that is not sampled", None)
        spread = equal_ratios if self.spacing == "log" else equal_steps
        return spread(self.start, self.stop, self.points)
