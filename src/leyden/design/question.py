"""What is asked of each device: a merit and what is constrained, as single numbers of it or of a batch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, namespace_of
from leyden.errors import ParameterError
from leyden.merit.curves import peak, summit
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.numeric import numbers_of
from leyden.quantities import QUANTITIES, attributes_of
from leyden.simulate import charge, stability, steady_state
from leyden.simulate.choice import checked_method
from leyden.text import listed, nearest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["ABSCISSA", "POINT", "Question", "Wanted", "moment_of", "wanted_of"]

ABSCISSA = "spectral_abscissa"
POINT = "candidate"
"""The dim along which devices stand side by side."""
# Samples of the polynomial that is a curve near its peak: with 401 times it is off by rounding alone.
_SUMMIT = 8
_MOST_NAMES = 24
_ONE = "be one number of each device"


@dataclass(frozen=True)
class Wanted:
    """One number that is asked for: a variable of the results, or a function of them."""

    name: str
    of: str | Callable[..., Any]

    @property
    def is_abscissa(self) -> bool:
        """Whether it is told by the spectrum, and by no state."""
        return self.of == ABSCISSA

    def attributes(self) -> dict[str, str]:
        """Attributes of a variable that holds it, where it is a quantity of the tables."""
        try:
            return attributes_of(self.name)
        except KeyError:
            return {"long_name": self.name.replace("_", " ")}


def wanted_of(argument: str, given: Any) -> Wanted:
    """What is meant by a name or a function."""
    if isinstance(given, str):
        return Wanted(given, given)
    if not callable(given):
        raise ParameterError.of(argument, "be the name of a quantity of the results, or a function of them", given)
    name = getattr(given, "__name__", type(given).__name__)
    return Wanted(name if name.isidentifier() else argument.removesuffix("s"), given)


def moment_of(at: Any, merit: Wanted, measure: Any) -> str | float:
    """When: "steady", "peak" or a time; a power, which dies out in the steady state, is asked for its peak."""
    if at is None:
        return "peak" if merit.of == "charging_power" and measure is None else "steady"
    if isinstance(at, str):
        if at not in ("steady", "peak"):
            raise ParameterError.of("at", 'be "steady", "peak" or a time', at, nearest(at, ("steady", "peak")))
        return at
    time = numbers_of("at", at, 'be "steady", "peak" or a time')
    if np.ndim(time) or np.iscomplexobj(time) or not (np.isfinite(time) and time > 0):
        raise ParameterError.of("at", 'be "steady", "peak" or a positive time', at)
    if measure is not None:
        raise ParameterError.of("at", "be left out where `measure` is a function, which has its own times", at)
    return float(time)


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked of each device."""

    call: Callable[..., Any]
    fixed: Mapping[str, Any]
    wanted: tuple[Wanted, ...]  # the merit first
    at: str | float
    times: NDArray[np.float64] | None
    measure: Callable[[Any], Any] | None
    method: Any

    @property
    def is_of_state(self) -> bool:
        """Whether a state has to be computed at all."""
        return not all(one.is_abscissa for one in self.wanted)

    def device(self, values: Mapping[str, Any]) -> Network:
        """The device, or the batch, for values of the parameters that vary."""
        network = self.call(**{**self.fixed, **values})
        if not isinstance(network, Network):
            raise ParameterError.of("build", "return a Network", network)
        return network

    def results(self, network: Network) -> xr.Dataset:
        """What the wanted numbers are read from."""
        if self.measure is not None:
            return self.measure(network)
        if self.at == "steady":
            return steady_state(network, **({} if self.method is None else {"method": self.method}))
        if self.times is None:
            raise ParameterError.of("times", "be known", None)
        return charge(network, self.times, method=self.method)

    def numbers(self, results: Any, abscissa: Array, count: int | None) -> list[Array]:
        """Each wanted number of a device, or of the `count` devices of a batch."""
        return [abscissa if one.is_abscissa else self._number(one, results, count) for one in self.wanted]

    def _number(self, one: Wanted, results: Any, count: int | None) -> Array:
        found = self._variable(one, results) if isinstance(one.of, str) else self._of_function(one, results)
        times = results["time"].values if "time" in results.dims else None
        dims = getattr(found, "dims", None)
        if dims is not None:
            own = [dim for dim in dims if dim not in (POINT, "time")]
            if own:
                remedy = f'Ask for "total_{one.name}", or for a function that makes one number of them.'
                raise ParameterError.of(self._argument(one), _ONE, f"{one.name} over {listed(own)}", remedy)
            order = [dim for dim in (POINT, "time") if dim in dims]
            found = found.transpose(*order).data
            over_time = "time" in dims
        else:
            over_time = times is not None and found.ndim > 0 and found.shape[-1] == len(times)
        if over_time and times is not None:
            found = self._at_moment(times, found)
        if found.ndim > (count is not None) or (found.ndim == 1 and found.shape[0] != count):
            raise ParameterError.of(self._argument(one), _ONE, f"an array of shape {tuple(found.shape)}")
        if count is not None and found.ndim == 0:
            xp = namespace_of(found)
            return xp.broadcast_to(found, (count,))
        return found

    def _argument(self, one: Wanted) -> str:
        """Which argument has asked for a number."""
        return "merit" if one == self.wanted[0] else "constraints"

    def _variable(self, one: Wanted, results: Any) -> Any:
        """A variable of the results by its name."""
        if one.of in results:
            return results[one.of]
        known = [*results.data_vars, *(() if self.measure is not None else (ABSCISSA,))]
        remedy = nearest(one.of, known) or "A function of the Dataset will do, too."
        if one.of in QUANTITIES and self.at == "steady" and self.measure is None:
            remedy = 'Of what is told in time alone give `at`, a time or "peak"; of others give `measure`.'
        allowed = f"be a quantity of the results ({listed(known, _MOST_NAMES)})"
        raise ParameterError.of(self._argument(one), allowed, one.of, remedy)

    def _of_function(self, one: Wanted, results: Any) -> Any:
        """What a function of the user's makes of results: real numbers, labelled or not."""
        found: Any = one.of(results) if callable(one.of) else None
        if hasattr(found, "data_vars") or isinstance(found, (str, bytes)) or found is None:
            raise ParameterError.of(self._argument(one), _ONE, type(found).__name__)
        if not hasattr(found, "dtype"):
            found = np.asarray(found)
        if found.dtype.kind not in "biuf":
            raise ParameterError.of(self._argument(one), "be real numbers", f"{found.dtype}")
        return found

    def _at_moment(self, times: NDArray[np.float64], values: Array) -> Array:
        """A curve at its highest point, or at the last of its times."""
        xp = namespace_of(values)
        if self.at != "peak":
            return values[..., -1]
        known = xp.where(xp.isnan(values), xp.full_like(values, -xp.inf), values)
        place = xp.argmax(known, axis=-1)
        along = xp.broadcast_to(xp.asarray(times), values.shape)
        return summit(along, values, place, _SUMMIT)[1]

    def peak_of(self, network: Network) -> tuple[float, bool] | None:
        """When the merit peaks, and whether it is an unstable device that grows until the last of the times."""
        if self.at != "peak" or self.measure is not None or self.times is None:
            return None
        results = self.results(network)
        found = results[self.wanted[0].of] if isinstance(self.wanted[0].of, str) else self.wanted[0].of(results)
        if getattr(found, "dims", ()) != ("time",):
            return None
        when = float(peak(self.times, np.asarray(found.values)).time)
        return when, when == self.times[-1] and not bool(np.all(results.get("is_stable", True)))

    def abscissa(self, network: Network) -> NDArray[np.float64]:
        """Largest real part of the eigenvalues of a device, or of each one of a batch."""
        return stability(network, eigenvalues=False)[ABSCISSA].values


def checked_run(at: Any, times: Any, method: Any, measure: Any) -> tuple[NDArray[np.float64] | None, Any]:
    """Times and method of a question, as they fit the moment at which it is asked."""
    if measure is not None and not callable(measure):
        raise ParameterError.of("measure", "be a function of the network, or None", measure)
    if measure is not None and method is not None:
        raise ParameterError.of("method", "be left out where `measure` is a function, which has its own", method)
    if isinstance(at, float):
        if times is not None:
            raise ParameterError.of("times", 'be left out unless at is "peak"', times)
        return np.asarray([at]), checked_method(method)
    if times is None:
        return None, checked_method(method)
    if at != "peak" or measure is not None:
        raise ParameterError.of("times", 'be left out unless at is "peak"', times)
    return checked_times(times), checked_method(method)
