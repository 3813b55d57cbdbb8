"""Figure 3: utilization and conversion ratio in time, over damping (a, c) and over drive (b, d)."""

from __future__ import annotations

from functools import partial

import xarray as xr

from leyden.paper.figures.families import Family, charged, draw_families, family_panel, from_limit
from leyden.paper.figures.marks import finish_ratio, peaked_at
from leyden.paper.figures.record import Panels, PaperFigure
from leyden.paper.figures.words import both_ends, members

__all__ = ["FIGURE_3"]

_FAMILIES = (Family("damping", ("a", "c")), Family("drive", ("b", "d")))
_VARIABLES = ("utilization_ratio", "conversion_ratio")


def _panels() -> dict[str, xr.Dataset]:
    found: dict[str, xr.Dataset] = {}
    for family in _FAMILIES:
        run = charged(family.over)
        for letter, name in zip(family.letters, _VARIABLES, strict=True):
            # At first W grows as t^6, E_B as t^4 and E_A as t^2.
            ratio = from_limit(run[name], 0.0)
            found[letter] = family_panel(3, letter, family.over, ratio, peaked_at(ratio), device=run.attrs["device"])
    return dict(sorted(found.items()))


_draw = partial(draw_families, families=_FAMILIES, finish=partial(finish_ratio, shares="ab"))


def _caption(panels: Panels) -> str:
    final = {letter: panels[letter][panels[letter].attrs["shows"]].isel(time=-1) for letter in panels}
    above = panels["a"]["utilization_ratio"].max("time") / final["a"] - 1
    return (
        "Utilization R = W/E_B (a, b) and conversion, read as W/E_A (c, d), for the families of figure 2; dashed: "
        f"one. Over damping, R passes a shallow maximum (circles), {float(above.min()):.1%} to "
        f"{float(above.max()):.1%} above its steady value. Over drive it does so for "
        f"{members(panels['b']['peak_time'].notnull(), 'ε/Γ')} only; stronger drives make R climb all the way. R "
        "is a part of a whole and cannot exceed one; W/E_A compares two modes and does, in the end, for "
        f"{members(final['c'] > 1, 'κ/Γ')} (c) and {members(final['d'] > 1, 'ε/Γ')} (d)."
    )


def _description(panels: Panels) -> str:
    final = {letter: both_ends(panels[letter][panels[letter].attrs["shows"]].isel(time=-1)) for letter in panels}
    return (
        "Four panels against time Γt, all starting at zero and levelling off. From the weakest to the strongest "
        f"damping, utilization ends at {final['a']} (a) and conversion at {final['c']} (c); from the weakest to "
        f"the strongest drive, utilization ends at {final['b']} (b) and conversion at {final['d']} (d)."
    )


FIGURE_3 = PaperFigure(3, "Utilization and conversion", _panels, _draw, _caption, _description)
