"""Figure 5: the ratio of the gains, Eq. (16), over damping (a) and over drive (b)."""

from __future__ import annotations

from functools import partial

import xarray as xr

from leyden.paper.figures.families import COMPARED, Family, draw_families, family_panel, from_limit
from leyden.paper.figures.figure_4 import gains
from leyden.paper.figures.marks import finish_ratio, peaked_at
from leyden.paper.figures.record import Panels, PaperFigure
from leyden.paper.figures.words import both_ends
from leyden.quantities import NUMBER, Quantity

__all__ = ["FIGURE_5"]

_FAMILIES = (Family("damping", ("a",)), Family("drive", ("b",)))
_RATIO = Quantity(
    "ratio_of_gains", "(W_2/W_1)/(E_2/E_1)", NUMBER, "gain of ergotropy over gain of stored energy, Eq. (16)"
)


def _panels() -> dict[str, xr.Dataset]:
    found: dict[str, xr.Dataset] = {}
    for family in _FAMILIES:
        energy, ergotropy = gains(family.over)
        ratio = from_limit((ergotropy / energy).rename(_RATIO.name).assign_attrs(_RATIO.attributes()), 0.0)
        (letter,) = family.letters
        found[letter] = family_panel(5, letter, family.over, ratio, peaked_at(ratio), device=COMPARED)
    return found


_draw = partial(draw_families, families=_FAMILIES, finish=partial(finish_ratio, shares="ab"))


def _caption(panels: Panels) -> str:
    largest = max(float(panel[_RATIO.name].max()) for panel in panels.values())
    return (
        "What two photons gain in ergotropy over what they gain in stored energy, Eq. (16). All curves stay below "
        f"one (dashed); the largest value here is {largest:.2f}. They are those of R in figure 3 (a, b) once more: "
        "the one-photon battery is in a coherent state, all its energy can be extracted, W_1 = E_1, and W_2/E_2 "
        "remains. A ratio below one therefore says that two photons leave some energy passive, and nothing about "
        "which battery holds more; figure 4 does."
    )


def _description(panels: Panels) -> str:
    final = {letter: both_ends(panel[_RATIO.name].isel(time=-1)) for letter, panel in panels.items()}
    return (
        "Two panels against time Γt with the curves of utilization in figure 3: they rise from zero and level off "
        f"below one, at {final['a']} from the weakest to the strongest damping (a) and at {final['b']} from the "
        "weakest to the strongest drive (b)."
    )


FIGURE_5 = PaperFigure(5, "Ratio of the gains", _panels, _draw, _caption, _description)
