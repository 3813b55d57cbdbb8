"""What is done at every point, and the form that its results have: names, dims, types, found by doing it once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import labelled
from leyden.errors import ParameterError
from leyden.runner.axes import Coordinate, Points
from leyden.text import bounded

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Form", "Recipe", "Template", "template_of", "words_of"]

# Points that are tried in search of one that works, before the whole study is refused.
_TRIALS = 64
# Characters of why one failed, which has a sentence of its own around it.
_REASON = 190


@dataclass(frozen=True)
class Recipe:
    """What to do at every point: build a device of labelled parameters and those that are fixed, and measure it."""

    build: Callable[..., Any]
    measure: Callable[[Any], xr.Dataset]
    fixed: Mapping[str, Any]

    def device(self, points: Points) -> Any:
        """Build the devices of some points, all as one batch."""
        import xarray as xr

        # Copies: a function may change what it is given in place, and the axes belong to the sweep.
        varying = {name: xr.DataArray(labelled((axis.dim,), axis.values.copy())) for name, axis in points.axes.items()}
        return self.build(**self.fixed, **varying)

    def at(self, points: Points) -> xr.Dataset:
        """Measure the devices of some points; a variable that does not depend on an axis may lack its dim."""
        import xarray as xr

        measured: Any = self.measure(self.device(points))
        if not isinstance(measured, xr.Dataset):
            raise TypeError(f"the measure returned {type(measured).__name__}, not an xarray.Dataset")
        return measured


@dataclass(frozen=True, eq=False)
class Form:
    """Form of one variable of the result: its dims, those of the sweep first, and the sizes of those of its own."""

    dims: tuple[str, ...]
    sizes: Mapping[str, int]
    # Boolean, floating or complex; whole numbers become floating, so that a point that failed can be NaN.
    dtype: np.dtype[Any]
    attributes: Mapping[str, Any]

    @property
    def empty(self) -> Any:
        """What stands at points that failed: NaN or False."""
        return self.dtype.type(0 if self.dtype.kind == "b" else np.nan)

    def shape(self, sizes: Mapping[str, int]) -> tuple[int, ...]:
        """Shape on a part of the sweep."""
        return tuple(sizes[dim] if dim in sizes else self.sizes[dim] for dim in self.dims)


@dataclass(frozen=True, eq=False)
class Template:
    """Form of a result: variables in the measure's order, coordinates that are its own, and attributes."""

    variables: Mapping[str, Form]
    coordinates: Mapping[str, Coordinate]
    attributes: Mapping[str, Any]

    @property
    def point_bytes(self) -> int:
        """Memory of one point's results."""
        ones = {dim: 1 for form in self.variables.values() for dim in form.dims if dim not in form.sizes}
        return sum(form.dtype.itemsize * int(np.prod(form.shape(ones))) for form in self.variables.values())

    def empty(self, sizes: Mapping[str, int]) -> dict[str, NDArray[Any]]:
        """Arrays for a part of the sweep, as if every point had failed."""
        return {name: np.full(form.shape(sizes), form.empty, form.dtype) for name, form in self.variables.items()}

    def dataset(self, values: Mapping[str, NDArray[Any]], points: Points) -> xr.Dataset:
        """Results of the whole sweep with their labels on."""
        import xarray as xr

        coordinates = {name: labelled(*own) for name, own in {**points.coordinates, **self.coordinates}.items()}
        variables = {name: labelled(form.dims, values[name], form.attributes) for name, form in self.variables.items()}
        return xr.Dataset(variables, coordinates, self.attributes)


def template_of(recipe: Recipe, points: Points) -> tuple[Template, Points]:
    """Form of a sweep's results, from the first point that works, and that point."""
    trials = min(points.count, _TRIALS)
    reason: Exception | None = None
    for number in np.linspace(0, points.count - 1, trials).astype(np.int64).tolist():
        trial = points.point(number)
        try:
            measured = recipe.at(trial)
        except Exception as error:
            reason = reason or error
            continue
        template = _form_of(measured, points)
        _refuse_lost_dims(recipe, points, trial, measured)
        return template, trial
    where = "the only point" if trials == 1 else f"each of the {trials} points tried"
    raise ParameterError(
        f"Argument `build` must make a device that can be measured, but failed at {where}: "
        f"{bounded(words_of(reason), _REASON)}",
        name="build",
        value=recipe.build,
        allowed="make a device that can be measured",
    ) from reason


def words_of(error: BaseException | None) -> str:
    """An error's kind and message."""
    return f"{type(error).__name__}: {error}"


def _form_of(measured: xr.Dataset, points: Points) -> Template:
    """Read a template off the measure of one point; refuse what could not be put together or stored."""
    sizes = points.sizes
    variables: dict[str, Form] = {}
    for key, variable in measured.data_vars.items():
        name, kind = str(key), variable.dtype.kind
        _refuse_clash(name, points)
        if kind not in "biufc":
            raise ParameterError.of("measure", f"return numbers in its variable `{name}`", str(variable.dtype))
        own = {str(dim): size for dim, size in variable.sizes.items() if str(dim) not in sizes}
        dtype = np.dtype(np.float64) if kind in "iu" else variable.dtype
        variables[name] = Form((*sizes, *own), own, dtype, dict(variable.attrs))
    if not variables:
        raise ParameterError.of("measure", "return a Dataset with at least one variable", list(measured.data_vars))
    coordinates: dict[str, Coordinate] = {}
    for key, values in measured.coords.items():
        name = str(key)
        _refuse_clash(name, points)
        if set(map(str, values.dims)) & set(sizes):
            raise ParameterError.of(
                "measure", "return coordinates that are the same at all points", name, "Make it a variable."
            )
        coordinates[name] = (tuple(map(str, values.dims)), values.values, dict(values.attrs))
    # What was not solved is told point by point, as a failure.
    told = {name: value for name, value in measured.attrs.items() if name != "unsolved"}
    return Template(variables, coordinates, told)


def _refuse_lost_dims(recipe: Recipe, points: Points, trial: Points, measured: xr.Dataset) -> None:
    """Refuse a measure that mixes points: what lacks a dim must be the same at another place along it."""
    for dim, size in points.sizes.items():
        lacking = [name for name, variable in measured.data_vars.items() if dim not in variable.dims]
        if not lacking or size == 1:
            continue
        last = points.part({dim: slice(-1, None)}).axes
        moved = {name: last[name] if axis.dim == dim else axis for name, axis in trial.axes.items()}
        try:
            elsewhere = recipe.at(Points(moved))
        except Exception:  # a point that fails says nothing about the others
            continue
        for name in lacking:
            here, there = measured[name].values, elsewhere[name].values if name in elsewhere else None
            if there is not None and here.dtype.kind in "biufc" and not np.array_equal(here, there, equal_nan=True):
                raise ParameterError(
                    f"Argument `measure` must keep the dims of the parameters, but its variable `{name}` has lost "
                    f"`{dim}`, though it is not the same along it. Reduce dims by name, as in `.max('time')`.",
                    name="measure",
                    value=name,
                    allowed="keep the dims of the parameters",
                )


def _refuse_clash(name: str, points: Points) -> None:
    if name in points.axes or name in points.coordinates or name in points.sizes:
        raise ParameterError.of(
            "axes", "have names that the result does not need for itself", name, "Give that parameter another name."
        )
