"""What results look like: Datasets in, matplotlib Axes and Figures out; nothing physical is computed here."""

from __future__ import annotations

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
from leyden.plots.phase_space import draw_wigner as draw_wigner
from leyden.plots.schematic import draw_schematic as draw_schematic
from leyden.plots.stages import draw_stages as draw_stages
from leyden.plots.style import DOUBLE_COLUMN as DOUBLE_COLUMN
from leyden.plots.style import QUALITATIVE as QUALITATIVE
from leyden.plots.style import SINGLE_COLUMN as SINGLE_COLUMN
from leyden.plots.style import publication as publication
from leyden.plots.style import sequence as sequence
from leyden.plots.style import sheet as sheet
