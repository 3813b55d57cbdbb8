"""Figure 2: stored energy, ergotropy and charging power in time, over damping (a-c) and over drive (d-f)."""

from __future__ import annotations

from functools import partial

import xarray as xr
from matplotlib.axes import Axes

from leyden.paper import parameters as ours
from leyden.paper.figures.families import Family, charged, draw_families, family_panel, settled_values
from leyden.paper.figures.marks import draw_marks, peaked_at, settled_at
from leyden.paper.figures.record import Panels, PaperFigure
from leyden.paper.figures.words import both_ends, span
from leyden.plots import draw_decades

__all__ = ["FIGURE_2"]

_FAMILIES = (Family("damping", ("a", "b", "c")), Family("drive", ("d", "e", "f")))
_VARIABLES = ("stored_energy", "ergotropy", "charging_power")

# The largest drive stores a hundred times what the smallest does: only factors show both.
_DECADES = {"d": (1e-3, 5.0), "e": (1e-3, 5.0), "f": (2e-4, 0.3)}


def _panels() -> dict[str, xr.Dataset]:
    found: dict[str, xr.Dataset] = {}
    for family in _FAMILIES:
        run, steady = charged(family.over), settled_values(family.over)
        for letter, name in zip(family.letters, _VARIABLES, strict=True):
            curves = run[name]
            marks = peaked_at(curves) if name == "charging_power" else settled_at(curves, steady[name])
            found[letter] = family_panel(2, letter, family.over, curves, marks, device=run.attrs["device"])
    return found


def _finish(letter: str, axes: Axes, panel: xr.Dataset) -> None:
    draw_marks(axes, panel)
    if letter in _DECADES:
        draw_decades(axes, *_DECADES[letter])


_draw = partial(draw_families, families=_FAMILIES, in_rows=True, finish=_finish)


def _caption(panels: Panels) -> str:
    least = min(float(panels[letter]["charging_power"].min()) for letter in "cf")
    sign = "never turns negative" if least >= 0 else f"falls to {least:.2g} ω_0 Γ"
    final = panels["d"]["stored_energy"].isel(time=-1)
    return (
        f"Charging over the local damping κ at drive ε = {ours.DRIVE:g} Γ (a–c), and over the drive at κ = "
        f"{ours.DAMPING:g} Γ (d–f, logarithmic: the strongest drive stores {float(final[-1] / final[0]):.0f} times "
        "what the weakest does). Circles mark 99 % of the steady value (a, b, d, e) and the largest power (c, f). "
        "Damping costs energy and ergotropy, but a damped battery is full sooner: E_B reaches its circle at Γt = "
        f"{both_ends(panels['a']['settling_time'])} as the damping grows. A stronger drive stores more and takes "
        f"longer, Γt = {both_ends(panels['d']['settling_time'])} as it nears the threshold, where growth all but "
        "balances loss and the slope in (f) runs flat. The power has a single peak, at Γt = "
        f"{span(panels['c']['peak_time'])} (c) and {span(panels['f']['peak_time'])} (f), dies out, and {sign}."
    )


def _description(panels: Panels) -> str:
    final = {letter: panels[letter]["stored_energy"].isel(time=-1) for letter in "ad"}
    return (
        "Six panels against time Γt. Stored energy (a, d) and ergotropy (b, e) rise and level off, lower for "
        "larger damping κ and higher for larger drive ε. Power (c, f) rises to one peak and decays to zero. "
        f"Steady stored energy goes from {both_ends(final['a'])} ω_0 from the weakest to the strongest damping, "
        f"and from {both_ends(final['d'])} ω_0 from the weakest to the strongest drive."
    )


FIGURE_2 = PaperFigure(2, "Energy, ergotropy and power", _panels, _draw, _caption, _description)
