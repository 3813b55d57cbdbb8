"""Where a search looks: parameters, ranges of their values, and the unit cube that stands for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from inspect import signature
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES
from leyden.model.network import Network
from leyden.runner import Range, combine
from leyden.study.devices import Builder, builder_of, targets_of, with_aliases

__all__ = ["Space", "builder_for", "space_of"]

Real = NDArray[np.float64]

# Parameters that one search takes: what differences of them cost grows with their number.
_MOST = 200
_FORM = "be a pair (low, high) or a `leyden.Range`"


@dataclass(frozen=True)
class Space:
    """Parameters that vary, each over its range; a point of the unit cube stands for their values."""

    ranges: Mapping[str, Range]

    @property
    def names(self) -> tuple[str, ...]:
        """Of the parameters, in the order in which they were given."""
        return tuple(self.ranges)

    @property
    def size(self) -> int:
        """Number of parameters."""
        return len(self.ranges)

    def values(self, places: Real) -> dict[str, Real]:
        """Values of each parameter at points (m, n) of the cube; at its faces they are the bounds themselves."""
        found: dict[str, Real] = {}
        for column, (name, one) in enumerate(self.ranges.items()):
            along = places[:, column]
            inside = np.where(along == 0, one.start, np.where(along == 1, one.stop, one.at(along)))
            found[name] = np.clip(inside, one.start, one.stop)
        return found

    def steps(self, place: Real) -> Real:
        """By how much each parameter (n,) changes along the cube's edges at a point."""
        steps: list[float] = []
        for along, one in zip(place.tolist(), self.ranges.values(), strict=True):
            if one.spacing == "log":
                steps.append(float(one.at(np.asarray(along))) * float(np.log(one.stop / one.start)))
            else:
                steps.append(one.stop - one.start)
        return np.asarray(steps)

    def bends(self, place: Real) -> Real:
        """Second derivative of each parameter (n,) along the cube's edges at a point."""
        logs = [np.log(one.stop / one.start) if one.spacing == "log" else 0.0 for one in self.ranges.values()]
        return self.steps(place) * np.asarray(logs)

    def scattered(self, count: int, seed: int) -> Real:
        """Points (m, n) all over the cube, the same ones for a seed (Sobol's, scrambled)."""
        axes = {f"{column}": Range(0.0, 1.0) for column in range(self.size)}
        points = combine(axes, "sobol", points=count, seed=seed)
        return np.stack([axis.values for axis in points.axes.values()], axis=-1)


def space_of(bounds: Any) -> Space:
    """The space between the bounds that the user gives."""
    if not isinstance(bounds, Mapping) or not bounds:
        raise ParameterError.of("bounds", "be a mapping of parameter names to (low, high), at least one", bounds)
    given: Mapping[Any, Any] = bounds
    if len(given) > _MOST:
        raise ParameterError.of("bounds", f"be of at most {_MOST} parameters", len(given))
    for name in given:
        if not isinstance(name, str):
            raise ParameterError.of("bounds", "have names of parameters", name)
    return Space({name: _range(name, one) for name, one in given.items()})


def _range(name: str, given: Any) -> Range:
    argument = f"bounds[{name}]"
    if isinstance(given, Range):
        found = given
        if found.points is not None:
            raise ParameterError.of(argument, "be a Range without points", given, "Every value between is tried.")
    else:
        is_pair = isinstance(given, (Sequence, np.ndarray)) and not isinstance(given, (str, bytes))
        if not is_pair or len(given) != 2:
            remedy = 'Logarithmic bounds are Range(low, high, spacing="log").'
            raise ParameterError.of(argument, _FORM, given, remedy)
        try:
            low, high = cast("Sequence[float]", given)
            found = Range(low, high)
        except ParameterError:
            raise ParameterError.of(argument, "have two finite ends", given) from None
    pair = (found.start, found.stop)
    if found.start == found.stop:
        remedy = f"What does not vary goes to `fixed`: {{{name!r}: {found.start:.6g}}}."
        raise ParameterError.of(argument, "have two unlike ends", pair, remedy)
    if found.start > found.stop:
        raise ParameterError.of(argument, "have its lower end first", pair, f"Did you mean {pair[::-1]}?")
    if not np.isfinite(found.stop - found.start):
        raise ParameterError.of(argument, "span a finite interval", pair)
    return found


def builder_for(build: Any, space: Space, fixed: Mapping[str, Any], parameters: Any) -> Builder:
    """What makes the devices; parameters that it does not have, that are whole numbers, or missing are refused."""
    builder = builder_of(build)
    for entry in DEVICES.values():
        if builder.call is entry.build:
            builder = replace(builder, structure=entry.structure)
    if callable(build) and not isinstance(build, Network):
        builder = replace(builder, words=f"`{getattr(build, '__name__', 'build')}`")
    builder = with_aliases(builder, targets_of(parameters))
    _refuse_whole_numbers(build, builder, space)
    builder.refuse_names(space.names, fixed, "bounds")
    return builder


def _refuse_whole_numbers(build: Any, builder: Builder, space: Space) -> None:
    """Refuse what cannot vary little by little."""
    annotations: dict[str, Any] = {}
    if callable(build):
        try:
            annotations = {name: entry.annotation for name, entry in signature(build).parameters.items()}
        except (TypeError, ValueError):
            annotations = {}
    for alias in space.names:
        for name in builder.aliases.get(alias, (alias,)):
            if name in builder.structure or annotations.get(name) in (int, "int", bool, "bool", str, "str"):
                sentence = (
                    f"Argument `bounds` must name parameters that vary little by little, but `{name}` is none. "
                    "Put it among the fixed parameters, and search once for each of its values."
                )
                allowed = "name parameters that vary little by little"
                raise ParameterError(sentence, name="bounds", value=name, allowed=allowed)
