"""What a state is worth: state in, number out, batch axes kept."""

from leyden.merit.curves import Peak, peak, settling_time
from leyden.merit.energy import energy, power
from leyden.merit.ergotropy import (
    displacement_ergotropy,
    ergotropy,
    ergotropy_and_passive_energy,
    global_gaussian_ergotropy,
    passive_energy,
    squeezing_ergotropy,
)
from leyden.merit.flows import element_flow, energy_flows
from leyden.merit.ratios import ratio
from leyden.merit.transport import back_action, influence

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
