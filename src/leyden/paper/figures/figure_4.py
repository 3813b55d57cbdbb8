"""Figure 4: two photons against one, stored energy (a, b) and ergotropy (c, d), over damping and over drive."""

from __future__ import annotations

from functools import partial

import xarray as xr

from leyden.paper.figures.families import COMPARED, Family, charged, draw_families, family_panel, from_limit
from leyden.paper.figures.marks import finish_ratio, lowest_at, peaked_at
from leyden.paper.figures.record import Panels, PaperFigure
from leyden.paper.figures.words import both_ends, members
from leyden.quantities import NUMBER, Quantity

__all__ = ["FIGURE_4", "gains"]

_FAMILIES = (Family("damping", ("a", "c")), Family("drive", ("b", "d")))
_ENERGY = Quantity(
    "stored_energy_gain", "E_2/E_1", NUMBER, "stored energy of the two-photon over the one-photon device, same drive"
)
_ERGOTROPY = Quantity(
    "ergotropy_gain", "W_2/W_1", NUMBER, "ergotropy of the two-photon over the one-photon device, same drive"
)


def gains(over: str) -> tuple[xr.DataArray, xr.DataArray]:
    """Gains E_2/E_1 and W_2/W_1 of the two-photon device over the one-photon device at equal drive amplitude."""
    two, one = charged(over), charged(over, photons=1)

    def gain(quantity: Quantity, name: str, limit: float) -> xr.DataArray:
        ratio = (two[name] / one[name]).rename(quantity.name).assign_attrs(quantity.attributes())
        return from_limit(ratio, limit)

    # At first E_2 = g^2 eps^2 t^4 and E_1 is a quarter of it; W_2 grows as t^6 and W_1 = E_1.
    return gain(_ENERGY, "stored_energy", 4.0), gain(_ERGOTROPY, "ergotropy", 0.0)


def _panels() -> dict[str, xr.Dataset]:
    found: dict[str, xr.Dataset] = {}
    for family in _FAMILIES:
        energy, ergotropy = gains(family.over)
        above, below = family.letters
        found[above] = family_panel(4, above, family.over, energy, lowest_at(energy), device=COMPARED)
        found[below] = family_panel(4, below, family.over, ergotropy, peaked_at(ergotropy), device=COMPARED)
    return dict(sorted(found.items()))


_draw = partial(draw_families, families=_FAMILIES, finish=finish_ratio)


def _caption(panels: Panels) -> str:
    final = {letter: panels[letter][panels[letter].attrs["shows"]].isel(time=-1) for letter in panels}
    turns = {letter: panel[list(panel)[1]].notnull() for letter, panel in panels.items()}
    return (
        "The two-photon over the one-photon battery at equal drive amplitude ε: stored energy E_2/E_1 (a, b) and "
        "ergotropy W_2/W_1 (c, d); dashed: equal. All curves start at four (a, b) or at zero (c, d). E_2/E_1 "
        f"turns and rises again (circles) for {members(turns['a'], 'κ')} (a) and for {members(turns['b'], 'ε/Γ')} "
        f"(b); the others only fall. W_2/W_1 has a maximum (circles) for {members(turns['c'], 'κ')} (c) and for "
        f"{members(turns['d'], 'ε/Γ')} (d); the others only rise. Two photons hold more energy throughout, and "
        f"more ergotropy in the end for {members(final['c'] > 1, 'κ/Γ')} (c) and {members(final['d'] > 1, 'ε/Γ')} "
        "(d)."
    )


def _description(panels: Panels) -> str:
    final = {letter: both_ends(panels[letter][panels[letter].attrs["shows"]].isel(time=-1)) for letter in panels}
    return (
        "Four panels against time Γt. From the weakest to the strongest damping, the ratio of stored energies "
        f"goes from four to {final['a']} (a) and the ratio of ergotropies from zero, over a maximum, to "
        f"{final['c']} (c). From the weakest to the strongest drive they end at {final['b']} (b) and {final['d']} "
        "(d)."
    )


FIGURE_4 = PaperFigure(4, "Two photons against one", _panels, _draw, _caption, _description)
