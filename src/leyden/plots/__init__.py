"""What results look like: Datasets in, matplotlib Axes and Figures out; nothing physical is computed here."""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from leyden.plots.changing import pulses as pulses
    from leyden.plots.charging import charging_curves as charging_curves
    from leyden.plots.eigenvalues import eigenvalue_paths as eigenvalue_paths
    from leyden.plots.energetics import draw_energy_balance as draw_energy_balance
    from leyden.plots.energetics import draw_energy_flows as draw_energy_flows
    from leyden.plots.energetics import energy_balance as energy_balance
    from leyden.plots.energetics import energy_flows as energy_flows
    from leyden.plots.frequencies import spectrum as spectrum
    from leyden.plots.in_time import curves as curves
    from leyden.plots.in_time import ratios as ratios
    from leyden.plots.labels import attributes_of as attributes_of
    from leyden.plots.labels import axis_label as axis_label
    from leyden.plots.lines import draw_decades as draw_decades
    from leyden.plots.lines import draw_family as draw_family
    from leyden.plots.lines import family_legend as family_legend
    from leyden.plots.lines import mark_points as mark_points
    from leyden.plots.lines import panel_letter as panel_letter
    from leyden.plots.maps import draw_map as draw_map
    from leyden.plots.maps import mark_missing as mark_missing
    from leyden.plots.maps import rim as rim
    from leyden.plots.networks import network as network
    from leyden.plots.phase_space import draw_wigner as draw_wigner
    from leyden.plots.phase_space import wigner as wigner
    from leyden.plots.planes import map as map
    from leyden.plots.schematic import draw_schematic as draw_schematic
    from leyden.plots.staging import draw_stages as draw_stages
    from leyden.plots.staging import stages as stages
    from leyden.plots.style import DOUBLE_COLUMN as DOUBLE_COLUMN
    from leyden.plots.style import QUALITATIVE as QUALITATIVE
    from leyden.plots.style import SINGLE_COLUMN as SINGLE_COLUMN
    from leyden.plots.style import publication as publication
    from leyden.plots.style import sequence as sequence
    from leyden.plots.style import sheet as sheet
    from leyden.plots.sweeps import sweep as sweep
    from leyden.plots.sweeps import sweep_figure as sweep_figure

# Imported when they are first asked for: the front door hands this room out, and must not load matplotlib with it.
_LATER = {
    "sweep": "leyden.plots.sweeps",
    "stages": "leyden.plots.staging",
    "spectrum": "leyden.plots.frequencies",
    "eigenvalue_paths": "leyden.plots.eigenvalues",
    "energy_balance": "leyden.plots.energetics",
    "energy_flows": "leyden.plots.energetics",
    "wigner": "leyden.plots.phase_space",
    "map": "leyden.plots.planes",
    "ratios": "leyden.plots.in_time",
    "curves": "leyden.plots.in_time",
    "pulses": "leyden.plots.changing",
    "charging_curves": "leyden.plots.charging",
    "draw_energy_balance": "leyden.plots.energetics",
    "draw_energy_flows": "leyden.plots.energetics",
    "attributes_of": "leyden.plots.labels",
    "axis_label": "leyden.plots.labels",
    "draw_decades": "leyden.plots.lines",
    "draw_family": "leyden.plots.lines",
    "family_legend": "leyden.plots.lines",
    "mark_points": "leyden.plots.lines",
    "panel_letter": "leyden.plots.lines",
    "draw_map": "leyden.plots.maps",
    "mark_missing": "leyden.plots.maps",
    "rim": "leyden.plots.maps",
    "network": "leyden.plots.networks",
    "draw_wigner": "leyden.plots.phase_space",
    "draw_schematic": "leyden.plots.schematic",
    "draw_stages": "leyden.plots.staging",
    "DOUBLE_COLUMN": "leyden.plots.style",
    "QUALITATIVE": "leyden.plots.style",
    "SINGLE_COLUMN": "leyden.plots.style",
    "publication": "leyden.plots.style",
    "sequence": "leyden.plots.style",
    "sheet": "leyden.plots.style",
    "sweep_figure": "leyden.plots.sweeps",
}

# One family: results in, `ax=None` or axes in, axes out. What whole pages are made of (`draw_*`, `charging_curves`,
# `sweep_figure`, legends and labels) can be imported, too, but is shown to nobody who asks what there is.
__all__ = [
    "DOUBLE_COLUMN",
    "QUALITATIVE",
    "SINGLE_COLUMN",
    "curves",
    "eigenvalue_paths",
    "energy_balance",
    "energy_flows",
    "map",
    "network",
    "publication",
    "pulses",
    "ratios",
    "sequence",
    "sheet",
    "spectrum",
    "stages",
    "sweep",
    "wigner",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'leyden.plots' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
