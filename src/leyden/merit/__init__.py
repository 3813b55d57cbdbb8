"""What a state is worth: state in, number out, batch axes kept."""

from leyden.merit.energy import energy as energy
from leyden.merit.energy import power as power
from leyden.merit.ergotropy import displacement_ergotropy as displacement_ergotropy
from leyden.merit.ergotropy import ergotropy as ergotropy
from leyden.merit.ergotropy import passive_energy as passive_energy
from leyden.merit.ergotropy import squeezing_ergotropy as squeezing_ergotropy
from leyden.merit.flows import element_flow as element_flow
from leyden.merit.flows import energy_flows as energy_flows
from leyden.merit.ratios import ratio as ratio

__all__ = [
    "displacement_ergotropy",
    "element_flow",
    "energy",
    "energy_flows",
    "ergotropy",
    "passive_energy",
    "power",
    "ratio",
    "squeezing_ergotropy",
]
