"""`--lab`: what a device does, told in seconds, electronvolts and watts, as far as its file says what those are."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from leyden.errors import ParameterError
from leyden.quantities import ENERGY, RATE
from leyden.units.lab import Lab
from leyden.units.unit_words import fitting, unit_words

if TYPE_CHECKING:
    import xarray as xr

    from leyden.merit.curves import Peak
    from leyden.model.network import Network
    from leyden.portrait import Column, Portrait

__all__ = ["LabOption", "in_lab_units", "lab_of"]

LabOption = Annotated[
    bool,
    typer.Option(
        "--lab", help="Times, energies and powers in lab units, as us, ueV and aW: of a device file with a `rate_unit`."
    ),
]


def lab_of(network: Network, option: str) -> Lab:
    """The scale that a device carries; what an option asks for without one is refused."""
    if not network.rate_unit:
        remedy = (
            "Say it at the top of a device file, as rate_unit = '1 MHz'; devices of the catalog have plain numbers."
        )
        raise ParameterError.of("DEVICE", f"have a `rate_unit` for {option}", network.name, remedy)
    return Lab.of(network)


def in_lab_units(portrait: Portrait) -> Portrait:
    """The same portrait, whose times, energies and powers are told in lab units."""
    lab = lab_of(portrait.network, "--lab")
    if portrait.network.energy_unit == ENERGY and lab.frequency_unit is None:
        remedy = "Say it at the top of the file, as frequency_unit = '5 GHz'."
        raise ParameterError.of("DEVICE", "have a `frequency_unit` for --lab", portrait.network.name, remedy)
    return cast("Portrait", _InLab(portrait, lab))


class _InLab:
    """A portrait with numbers and units of the laboratory; whatever has none of its own here is the portrait's."""

    # Rates stay in the rate unit: in hertz they would be over 2 pi, which a table has no room to say.

    def __init__(self, portrait: Portrait, lab: Lab) -> None:
        self._portrait, self._lab = portrait, lab
        self._known: dict[str, tuple[float, str]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._portrait, name)

    @cached_property
    def _wanted(self) -> dict[str, str]:
        """Unit of each kind of quantity: of times by the length of the run, of the others by the largest quantum."""
        quantum = max(map(abs, self._portrait.network.frequencies)) or 1.0
        sizes = {"time": self._portrait.end, "energy": quantum, "power": quantum}
        return {of: unit_words(fitting(self._lab, of, size)) for of, size in sizes.items()}

    def _scale(self, quantity: str) -> tuple[float, str]:
        """Factor and unit of a quantity."""
        import xarray as xr

        words = self._portrait.unit(quantity)
        if words == RATE:
            return 1.0, words
        if words not in self._known:
            one = self._lab.convert(xr.DataArray(1.0, attrs={"units": words}), **self._wanted)
            self._known[words] = float(one), one.attrs["units"]
        return self._known[words]

    def _converted(self, values: Mapping[str, Any]) -> dict[str, Any]:
        return {name: value if name == "is_stable" else value * self._scale(name)[0] for name, value in values.items()}

    def unit(self, quantity: str) -> str:
        """Unit of a quantity."""
        return self._scale(quantity)[1]

    @property
    def end(self) -> float:
        """End of the run."""
        return self._portrait.end * self._scale("time")[0]

    @property
    def horizon(self) -> float:
        """Until when it is looked whether it settles."""
        return self._portrait.horizon * self._scale("time")[0]

    @property
    def times(self) -> Any:
        """Times of the run."""
        return self._portrait.times * self._scale("time")[0]

    @property
    def settling(self) -> dict[str, float]:
        """Settling time of each column."""
        return {name: time * self._scale("time")[0] for name, time in self._portrait.settling.items()}

    @cached_property
    def run(self) -> Mapping[str, Any]:
        """Charging curves by name."""
        return self._converted(self._portrait.run)

    @cached_property
    def settled_values(self) -> Mapping[str, Any]:
        """Values of the steady state by name."""
        return self._converted(self._portrait.settled_values)

    def run_dataset(self) -> xr.Dataset:
        """The run with its units."""
        return self._lab.convert(self._portrait.run_dataset(), **self._wanted)

    def steady_dataset(self) -> xr.Dataset:
        """The steady state with its units."""
        return self._lab.convert(self._portrait.steady_dataset(), **self._wanted)

    def steady_value(self, column: Column, quantity: str) -> float | None:
        """Steady value of a quantity in a column."""
        found = self._portrait.steady_value(column, quantity)
        return None if found is None else found * self._scale(quantity)[0]

    def steady_error(self, column: Column, quantity: str) -> float | None:
        """Statistical error of a steady value."""
        found = self._portrait.steady_error(column, quantity)
        return None if found is None else found * self._scale(quantity)[0]

    def peak(self, column: Column, quantity: str) -> Peak | None:
        """Largest value of a quantity, and when it is reached."""
        found = self._portrait.peak(column, quantity)
        if found is None:
            return None
        return found._replace(value=found.value * self._scale(quantity)[0], time=found.time * self._scale("time")[0])
