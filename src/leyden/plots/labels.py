"""Words on axes: symbols and units from a variable's attributes, or from the table of quantities."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import xarray as xr

from leyden.quantities import (
    ANGLE,
    ENERGY,
    FREQUENCY,
    FREQUENCY_ENERGY,
    FREQUENCY_POWER,
    NUMBER,
    POWER,
    QUANTITIES,
    RATE,
    TIME,
    squared,
)

__all__ = ["attributes_of", "axis_label", "number", "symbol_of", "typeset_unit"]

# A unit in words, as it is set in type.
_TYPESET = {
    RATE: "rate unit",
    TIME: "1/rate unit",
    ENERGY: r"$\hbar\omega_0$",
    POWER: r"$\hbar\omega_0\,\times$ rate unit",
    FREQUENCY_ENERGY: r"$\hbar\,\times$ frequency unit",
    FREQUENCY_POWER: r"$\hbar\,\times$ frequency unit $\times$ rate unit",
    ANGLE: "rad",
    squared(ENERGY): r"$(\hbar\omega_0)^2$",
    squared(FREQUENCY_ENERGY): r"$(\hbar\,\times$ frequency unit$)^2$",
}
# Of units whose names are letters: "unit" is none.
_MILLIONTHS = re.compile(r"\bu(?=(?:s|eV|K|W|J|Hz|m|g|rad)\b)")
# Units that the symbol of a rate does not take away.
_OWN = (FREQUENCY, FREQUENCY_ENERGY, FREQUENCY_POWER, squared(FREQUENCY_ENERGY))


def attributes_of(values: xr.DataArray) -> dict[str, Any]:
    """Attributes `long_name`, `units`, `symbol` and `description` of a variable or coordinate.

    Parameters
    ----------
    values : DataArray
        Its own attributes come first, the table of quantities under its name second; but for the unit of an energy,
        which depends on the device, and is left out where arithmetic has lost it.

    Returns
    -------
    dict of str
        May lack `symbol` and `units` for a name that the table does not know.
    """
    name = str(values.name)
    known = QUANTITIES[name].attributes() if name in QUANTITIES else {"long_name": name.replace("_", " ")}
    if known.get("units") in (ENERGY, POWER, squared(ENERGY)):
        del known["units"]
    return {**known, **values.attrs}


def symbol_of(attributes: Mapping[str, Any]) -> str:
    """Symbol of a quantity in mathematical type, its name where it has none."""
    return f"${attributes['symbol']}$" if "symbol" in attributes else str(attributes.get("long_name", ""))


def typeset_unit(units: str) -> str:
    """A unit in words as it is set in type; unknown ones as they are, but for the u of millionths."""
    return _TYPESET.get(units) or _MILLIONTHS.sub("µ", units)


def axis_label(attributes: Mapping[str, Any], *, rate: str | None = None) -> str:
    r"""Label of an axis: symbol and unit.

    Parameters
    ----------
    attributes : mapping
        As `attributes_of` gives them.
    rate : str or None
        Symbol of the rate that serves as the unit, in LaTeX: then the label is dimensionless as in the paper,
        E_B/omega_0, Gamma t, P/(omega_0 Gamma). Without it, and where frequencies other than 1 leave an energy its own
        unit, the unit stands in brackets behind the symbol.

    Returns
    -------
    str

    Examples
    --------
    >>> from leyden.quantities import QUANTITIES
    >>> axis_label(QUANTITIES["charging_power"].attributes(), rate=r"\Gamma")
    '$P/(\\omega_0\\Gamma)$'
    >>> axis_label(QUANTITIES["time"].attributes())
    '$t$ (1/rate unit)'
    """
    units = str(attributes.get("units", NUMBER))
    if "symbol" not in attributes or rate is None:
        bracket = "" if units == NUMBER else f" ({typeset_unit(units)})"
        return symbol_of(attributes) + bracket
    symbol, quantum = attributes["symbol"], QUANTITIES["frequency"].symbol
    divided = {
        RATE: f"{symbol}/{rate}",
        TIME: f"{rate} {symbol}",
        ENERGY: f"{symbol}/{quantum}",
        squared(ENERGY): f"{symbol}/{quantum}^2",
        POWER: f"{symbol}/({quantum}{rate})",
        FREQUENCY_POWER: f"{symbol}/{rate}",
    }
    bracket = f" ({typeset_unit(FREQUENCY_ENERGY if units == FREQUENCY_POWER else units)})" if units in _OWN else ""
    return f"${divided.get(units, symbol)}${bracket}"


def number(value: float) -> str:
    """A number in a legend or on a contour: short, with all its digits, in powers of ten where they would be many."""
    mantissa, _, exponent = f"{value:.5e}".partition("e")
    if -4 <= int(exponent) < 5:
        return f"{value:.6g}"
    digits = f"{float(mantissa):g}"
    power = f"10^{{{int(exponent)}}}"
    return f"${power}$" if digits == "1" else f"${digits}\\times{power}$"
