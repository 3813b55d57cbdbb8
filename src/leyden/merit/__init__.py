"""What a state is worth: state in, number out, batch axes kept."""

from leyden.merit.correlations import log_negativity, mutual_information, steering
from leyden.merit.curves import Peak, average_power, half_life, peak, settling_time, time_to_fraction
from leyden.merit.energy import energy, energy_variance, power, signal_to_noise
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
from leyden.merit.unitary import full_ergotropy

__all__ = [
    "Peak",
    "average_power",
    "back_action",
    "displacement_ergotropy",
    "element_flow",
    "energy",
    "energy_flows",
    "energy_variance",
    "ergotropy",
    "ergotropy_and_passive_energy",
    "full_ergotropy",
    "global_gaussian_ergotropy",
    "half_life",
    "influence",
    "log_negativity",
    "mutual_information",
    "passive_energy",
    "peak",
    "power",
    "ratio",
    "settling_time",
    "signal_to_noise",
    "squeezing_ergotropy",
    "steering",
    "time_to_fraction",
]
