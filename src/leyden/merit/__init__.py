"""What a state is worth: state in, number out, batch axes kept."""

from leyden.merit.curves import Peak as Peak
from leyden.merit.curves import peak as peak
from leyden.merit.curves import settling_time as settling_time
from leyden.merit.energy import energy as energy
from leyden.merit.energy import power as power
from leyden.merit.ergotropy import displacement_ergotropy as displacement_ergotropy
from leyden.merit.ergotropy import ergotropy as ergotropy
from leyden.merit.ergotropy import ergotropy_and_passive_energy as ergotropy_and_passive_energy
from leyden.merit.ergotropy import global_gaussian_ergotropy as global_gaussian_ergotropy
from leyden.merit.ergotropy import passive_energy as passive_energy
from leyden.merit.ergotropy import squeezing_ergotropy as squeezing_ergotropy
from leyden.merit.flows import element_flow as element_flow
from leyden.merit.flows import energy_flows as energy_flows
from leyden.merit.ratios import ratio as ratio
from leyden.merit.transport import back_action as back_action
from leyden.merit.transport import influence as influence

__all__ = [
    "Peak",
    "back_action",
    "displacement_ergotropy",
    "element_flow",
    "energy",
    "energy_flows",
    "ergotropy",
    "ergotropy_and_passive_energy",
    "global_gaussian_ergotropy",
    "influence",
    "passive_energy",
    "peak",
    "power",
    "ratio",
    "settling_time",
    "squeezing_ergotropy",
]
