"""Devices measured at points of a search: in batches where they can be, and none that fails spoils the others."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import labelled
from leyden.design.question import POINT, Question
from leyden.errors import LeydenError, ParameterError, UnstableError
from leyden.model.network import Network
from leyden.runner.evaluate import is_of_the_machine
from leyden.text import one_line

__all__ = ["Sample", "Sampler", "SpentError"]

Real = NDArray[np.float64]

# Devices that are measured at once: a curve of each has to fit into memory.
_MOST_AT_ONCE = 2048
# A batch and its first device alone agree within this much, unless the function that builds them takes no arrays.
_SAME, _TRIED = 1e-6, 2

Work = Callable[[Mapping[str, Real], int], Real]
"""Numbers (m, k) of a batch of devices, from the values of their parameters and their number."""


class SpentError(Exception):
    """The budget of evaluations is spent."""


@dataclass(frozen=True, eq=False)
class Sample:
    """What is known of some devices (m): each wanted number (m, k), and the spectral abscissa; NaN for none."""

    numbers: Real
    abscissa: Real

    def at(self, place: int) -> Sample:
        """Of one of them."""
        return Sample(self.numbers[place : place + 1], self.abscissa[place : place + 1])


@dataclass(eq=False)
class Sampler:
    """Measures devices, and counts them."""

    question: Question
    asks_abscissa: bool
    budget: int
    is_batched: bool = True
    evaluations: int = 0
    failures: Counter[str] = field(default_factory=Counter[str])
    first_error: Exception | None = None
    listener: Callable[[], None] | None = None

    def sample(self, values: Mapping[str, Real]) -> Sample:
        """Measure devices for values (m,) of each parameter that varies."""
        count = len(next(iter(values.values())))
        if not self.spare(count):
            raise SpentError
        self.evaluations += count
        columns = self._measured(values, count, self._of_part, len(self.question.wanted) + 1)
        return Sample(columns[:, :-1], columns[:, -1])

    def spare(self, count: int) -> bool:
        """Whether so many devices more may be measured."""
        return self.evaluations + count <= self.budget

    def spectrum(self, values: Mapping[str, Real]) -> Real:
        """Spectral abscissas alone, of devices for values (m,) of each parameter that varies."""
        count = len(next(iter(values.values())))
        return self._measured(values, count, self._spectrum_of_part, 1)[:, 0]

    def _measured(self, values: Mapping[str, Real], count: int, work: Work, width: int) -> Real:
        """Numbers (m, width) of devices, in batches where they can be; where one fails, NaN and its abscissa."""
        columns = np.full((count, width), np.nan)
        most = _MOST_AT_ONCE if self.is_batched else 1
        waiting = [(start, min(count, start + most)) for start in range(0, count, most)][::-1]
        while waiting:
            start, end = waiting.pop()
            part = {name: along[start:end] for name, along in values.items()}
            try:
                columns[start:end] = work(part, end - start)
            except Exception as error:
                if is_of_the_machine(error):
                    raise
                if end - start > 1:
                    middle = (start + end) // 2
                    waiting += [(middle, end), (start, middle)]
                else:
                    columns[start, -1] = self._failed(error)
            if self.listener is not None:
                self.listener()
        return columns

    def _spectrum_of_part(self, values: Mapping[str, Real], count: int) -> Real:
        return np.broadcast_to(self.question.abscissa(self._device(values, count)), (count,))[:, None]

    def _device(self, values: Mapping[str, Real], count: int) -> Network:
        import xarray as xr

        given: dict[str, Any]
        if count == 1:
            given = {name: float(along[0]) for name, along in values.items()}
        else:
            given = {name: xr.DataArray(labelled((POINT,), along.copy())) for name, along in values.items()}
        return self.question.device(given)

    def _of_part(self, values: Mapping[str, Real], count: int) -> Real:
        """Wanted numbers, and the abscissa behind them."""
        network = self._device(values, count)
        abscissa = np.full(count, np.nan)
        if self.asks_abscissa:
            abscissa[...] = self.question.abscissa(network)
            if count == 1 and abscissa[0] >= 0:
                # There is no state to ask for.
                of_spectrum = [abscissa[0] if one.is_abscissa else np.nan for one in self.question.wanted]
                return np.asarray([[*of_spectrum, abscissa[0]]])
        results = self.question.results(network) if self.question.is_of_state else None
        size = None if count == 1 else count
        found = self.question.numbers(results, abscissa if size else abscissa[0], size)
        return np.stack([*(np.broadcast_to(np.asarray(one), (count,)) for one in found), abscissa], axis=-1)

    def _failed(self, error: Exception) -> float:
        """Remember why a device could not be measured; its spectral abscissa, where the error knows it."""
        if isinstance(error, UnstableError):
            return error.spectral_abscissa
        if isinstance(error, ParameterError) and error.name in {"merit", "constraints"}:
            raise error
        words = error.message if isinstance(error, LeydenError) else f"{type(error).__name__}: {error}"
        self.failures[one_line(words)] += 1
        if self.first_error is None:
            self.first_error = error
        return np.nan

    def try_batches(self, values: Mapping[str, Real]) -> None:
        """Find out whether devices can be built and measured as a batch: the same numbers as one by one."""
        count = len(next(iter(values.values())))
        places: list[int] = []
        alone: list[Real] = []
        for place in range(count):
            numbers = self.sample({name: along[place : place + 1] for name, along in values.items()}).numbers[0]
            if np.isfinite(numbers[0]):
                places.append(place)
                alone.append(numbers)
            if len(places) == _TRIED:
                break
        if len(places) < _TRIED:
            return  # where devices fail, batches are halved until they stand alone
        try:
            together = self._of_part({name: along[places] for name, along in values.items()}, len(places))
        except Exception as error:
            if is_of_the_machine(error):
                raise
            self.is_batched = False
            return
        self.is_batched = np.allclose(together[:, :-1], alone, rtol=_SAME, atol=0, equal_nan=True)
