"""One block of a sweep: measure its points in one batch, and isolate those that fail."""

from __future__ import annotations

import errno
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from leyden.runner.axes import Points
from leyden.runner.division import Blocks, Place, along
from leyden.runner.recipe import Recipe, Template, words_of

__all__ = ["Failure", "Outcome", "evaluate", "failure_attributes", "is_of_the_machine", "remedy_of"]

# Failures of one block that are kept with their parameters; the rest is counted.
_KEPT_FAILURES = 20
_LONGEST_REASON = 300
# What a machine lacks says nothing about the point at which it was missed; and what helps.
_ROOM, _OPEN, _DISK = "make room", "allow more open files", "see to that disk"
_MACHINE = {
    errno.EDQUOT: _ROOM,
    errno.EFBIG: "allow larger files, or name another disk",
    errno.EIO: _DISK,
    errno.EMFILE: _OPEN,
    errno.ENFILE: _OPEN,
    errno.ENOMEM: "free memory, or give a smaller `block`",
    errno.ENOSPC: _ROOM,
    errno.EROFS: "make that disk writable",
    errno.ESTALE: _DISK,
}


@dataclass(frozen=True)
class Failure:
    """A point at which building or measuring raised."""

    # As JSON takes them: complex numbers as text.
    parameters: Mapping[str, Any]
    reason: str


@dataclass
class Outcome:
    """A block's results, NaN or False at points that failed; the first failures, and the number of all."""

    values: dict[str, NDArray[Any]]
    failures: list[Failure] = field(default_factory=list[Failure])
    failed: int = 0

    def add(self, failure: Failure) -> None:
        """Record a point that failed."""
        self.failed += 1
        if len(self.failures) < _KEPT_FAILURES:
            self.failures.append(failure)


def is_of_the_machine(error: BaseException) -> bool:
    """Whether an error tells of a machine without memory or disk, and not of a point."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _MACHINE)


def remedy_of(error: BaseException) -> str:
    """What helps where a machine lacks something, as the beginning of a sentence in small letters."""
    if isinstance(error, MemoryError):
        return _MACHINE[errno.ENOMEM]
    number = error.errno if isinstance(error, OSError) else None
    return _MACHINE.get(number or 0, "mend that")


def evaluate(recipe: Recipe, points: Points, template: Template, batch: int | None = None) -> Outcome:
    """Measure one block in batches; where one raises, halve it until the failing points stand alone."""
    # One failing point of n costs some log2 n further batches, each half as large as the one before.
    outcome = Outcome(template.empty(points.sizes))
    batches = Blocks.of(points.sizes, batch or points.count)
    # The last one is taken first.
    waiting: list[Place] = [batches.place(number) for number in reversed(range(batches.count))]
    while waiting:
        place = waiting.pop()
        part = points.part(place)
        try:
            unsolved = _fill(outcome.values, recipe, part, place, template)
        except Exception as error:
            if part.count > 1:
                waiting.extend(_halves(place))
            elif is_of_the_machine(error):
                raise
            else:
                outcome.add(Failure(_point(part), words_of(error)[:_LONGEST_REASON]))
        else:
            if unsolved and part.count == 1:
                outcome.add(Failure(_point(part), unsolved.partition(": ")[2][:_LONGEST_REASON] or unsolved))
            elif unsolved:  # alone they tell which of them it was
                waiting.extend(reversed(_missing(outcome.values, place, template)))
    return outcome


def _fill(values: Mapping[str, NDArray[Any]], recipe: Recipe, part: Points, place: Place, template: Template) -> str:
    """Measure a part, and write it where it belongs in the block; why some of it was not solved, if so."""
    result = recipe.at(part)
    measured = result.variables
    # All are checked before any is written: a part that fails must leave nothing behind.
    full: dict[str, NDArray[Any]] = {}
    for name, form in template.variables.items():
        shape = form.shape(part.sizes)
        # A quantity that does not depend on some axis is the same all along it.
        full[name] = measured[name].set_dims(dict(zip(form.dims, shape, strict=True))).values
        if full[name].shape != shape or not np.can_cast(full[name].dtype, form.dtype, "same_kind"):
            raise ValueError(
                f"`{name}` is {full[name].dtype} of shape {full[name].shape}, elsewhere {form.dtype} of {shape}"
            )
    for name, form in template.variables.items():
        values[name][along(place, form.dims)] = full[name]
    return str(result.attrs.get("unsolved", ""))


def _missing(values: Mapping[str, NDArray[Any]], place: Place, template: Template) -> list[Place]:
    """Points of a part of which nothing but NaN is known."""
    known: Any = False
    for name, form in template.variables.items():
        if form.dtype.kind != "b":
            own = tuple(range(len(place), len(form.dims)))
            known = known | ~np.isnan(values[name][along(place, form.dims)]).all(axis=own)
    starts = {dim: where.start for dim, where in place.items()}
    found = np.argwhere(~known)
    return [
        {dim: slice(starts[dim] + index, starts[dim] + index + 1) for dim, index in zip(place, point, strict=True)}
        for point in found.tolist()
    ]


def _halves(place: Place) -> list[Place]:
    """Two parts of a rectangle, cut across its longest dim; the second one first, as it is taken last."""
    longest = max(place, key=lambda dim: place[dim].stop - place[dim].start)
    cut = place[longest]
    middle = (cut.start + cut.stop) // 2
    return [{**place, longest: slice(middle, cut.stop)}, {**place, longest: slice(cut.start, middle)}]


def _point(part: Points) -> dict[str, Any]:
    """Parameters of a single point, as JSON takes them."""
    values = {name: axis.values[0].item() for name, axis in part.axes.items()}
    return {name: str(value) if isinstance(value, complex) else value for name, value in values.items()}


def failure_attributes(failed: int, failures: Sequence[Failure]) -> dict[str, Any]:
    """What a result says about its points that failed, in words that netCDF and Zarr can keep."""
    told = [{"parameters": failure.parameters, "reason": failure.reason} for failure in failures]
    return {"failed_points": failed, "failures": json.dumps(told)}
