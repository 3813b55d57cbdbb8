"""Quantities in options, as `--until "3 us"` and `--over "...=1 MHz:5 MHz:5"`, for devices that say their units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leyden.errors import ParameterError
from leyden.quantities import ANGLE, FREQUENCY, RATE, TIME
from leyden.text import listed, nearest, shortened
from leyden.units.lab import Lab

if TYPE_CHECKING:
    from leyden.model.network import Network

__all__ = ["Until", "is_quantity", "parameter_of", "until_of"]

# How numbers begin, with a unit and without; no word of the command line does.
_DIGITS = tuple("+-.0123456789")
_LAST = f"be a finite time above 0, in {TIME}"
_OF_FILES = "Quantities with units are for device files with a `rate_unit`."


def is_quantity(text: str) -> bool:
    """Whether a text that is no number begins as one."""
    return text.strip().startswith(_DIGITS)


def _time(text: Any) -> float | str:
    """A number, or a quantity that is read when the device is known."""
    try:
        found = float(text)
    except ValueError:
        if is_quantity(text):
            return text
    else:
        if math.isfinite(found) and found > 0:
            return found
    # Typer's own message would not say what was found.
    raise typer.BadParameter(f"must {_LAST}, but is {shortened(text)}")


# A float or, while the device is not known, a text: Typer has no type for either.
Until = Annotated[
    Any,
    typer.Option(
        "--until",
        metavar="T",
        help=f"Last time, in {TIME}. With a device file that has a `rate_unit` also as '3 us'. By default ten of the "
        "slowest relaxation times, or four growth times.",
        parser=_time,
        show_default=False,
    ),
]


def until_of(until: float | str | None, network: Network) -> float | None:
    """The last time as a number."""
    if not isinstance(until, str):
        return until
    if not network.rate_unit:
        raise ParameterError.of("--until", _LAST, until, _OF_FILES)
    found = _told("--until", Lab.of(network).time, until)
    if not (math.isfinite(found) and found > 0):
        raise ParameterError.of("--until", _LAST, until)
    return found


def parameter_of(option: str, address: str, text: str, network: Network | None) -> float:
    """Number of a parameter that was given with a unit."""
    from leyden.simulate.spectral import unit_of

    if network is None or not network.rate_unit:
        raise ParameterError.of(option, f"have plain numbers for {address}", text, _OF_FILES)
    known = network.parameters
    if address not in known:
        raise ParameterError.of(
            option, f"name parameters of the device ({listed(known)})", address, nearest(address, known)
        )
    lab = Lab.of(network)
    readers: dict[str, Callable[[Any], Any]] = {
        RATE: lab.rate,
        FREQUENCY: lab.frequency,
        ANGLE: lab.angle,
        TIME: lab.time,
    }
    unit = unit_of(network, address)
    if unit not in readers:
        raise ParameterError.of(option, f"have plain numbers for {address}", text, "It has no unit.")
    return _told(option, readers[unit], text)


def _told(option: str, read: Callable[[Any], Any], text: str) -> Any:
    """What a quantity is as a number; a complaint names the option."""
    try:
        return read(text)
    except ParameterError as error:
        raise error.about(option) from None
