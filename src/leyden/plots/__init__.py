"""What results look like: Datasets in, matplotlib Axes and Figures out; nothing physical is computed here."""

from __future__ import annotations

import importlib
import typing

if typing.TYPE_CHECKING:
    from leyden.plots.charging import charging_curves as charging_curves
    from leyden.plots.energetics import draw_energy_balance as draw_energy_balance
    from leyden.plots.energetics import draw_energy_flows as draw_energy_flows
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
    from leyden.plots.network import network as network
    from leyden.plots.phase_space import draw_wigner as draw_wigner
    from leyden.plots.schematic import draw_schematic as draw_schematic
    from leyden.plots.stages import draw_stages as draw_stages
    from leyden.plots.style import DOUBLE_COLUMN as DOUBLE_COLUMN
    from leyden.plots.style import QUALITATIVE as QUALITATIVE
    from leyden.plots.style import SINGLE_COLUMN as SINGLE_COLUMN
    from leyden.plots.style import publication as publication
    from leyden.plots.style import sequence as sequence
    from leyden.plots.style import sheet as sheet
    from leyden.plots.sweeps import sweep_figure as sweep_figure

# Imported when they are first asked for: the front door hands this room out, and must not load matplotlib with it.
_LATER = {
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
    "network": "leyden.plots.network",
    "draw_wigner": "leyden.plots.phase_space",
    "draw_schematic": "leyden.plots.schematic",
    "draw_stages": "leyden.plots.stages",
    "DOUBLE_COLUMN": "leyden.plots.style",
    "QUALITATIVE": "leyden.plots.style",
    "SINGLE_COLUMN": "leyden.plots.style",
    "publication": "leyden.plots.style",
    "sequence": "leyden.plots.style",
    "sheet": "leyden.plots.style",
    "sweep_figure": "leyden.plots.sweeps",
}

__all__ = [
    "DOUBLE_COLUMN",
    "QUALITATIVE",
    "SINGLE_COLUMN",
    "attributes_of",
    "axis_label",
    "charging_curves",
    "draw_decades",
    "draw_energy_balance",
    "draw_energy_flows",
    "draw_family",
    "draw_map",
    "draw_schematic",
    "draw_stages",
    "draw_wigner",
    "family_legend",
    "mark_missing",
    "mark_points",
    "network",
    "panel_letter",
    "publication",
    "rim",
    "sequence",
    "sheet",
    "sweep_figure",
]


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'leyden.plots' has no attribute {name!r}")
    value = getattr(importlib.import_module(_LATER[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LATER})
