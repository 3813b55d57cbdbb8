"""Numbers of a panel as words of a caption."""

from __future__ import annotations

import xarray as xr

__all__ = ["both_ends", "members", "span"]


def both_ends(values: xr.DataArray) -> str:
    """First and last value, "0.27 to 0.069"."""
    return f"{float(values[0]):.3g} to {float(values[-1]):.3g}"


def span(values: xr.DataArray) -> str:
    """Smallest and largest value, "4.4 to 6.3"; NaN left out."""
    return f"{float(values.min()):.3g} to {float(values.max()):.3g}"


def members(chosen: xr.DataArray, symbol: str) -> str:
    """The members of a family for which something holds: "κ = 0.01, 0.05 and 0.1", or "every κ", or "no κ"."""
    (dim,) = chosen.dims
    names = [f"{float(value):g}" for value in chosen[dim][chosen.values]]
    if len(names) in (0, chosen.size):
        return f"every {symbol}" if names else f"no {symbol}"
    return f"{symbol} = " + (" and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0])
