"""Pulses: amplitudes, strengths, detunings and rates that change in time.

`ly.pulse.gaussian(0.1, centre=3.0, width=0.5)` stands wherever a device has such a number. Pulses add up and multiply,
with each other and with numbers; a number may be complex, a shape is real.
"""

from leyden.model.changing import Pulse as Pulse
from leyden.model.pulse.builders import cosine as cosine
from leyden.model.pulse.builders import gaussian as gaussian
from leyden.model.pulse.builders import piecewise as piecewise
from leyden.model.pulse.builders import ramp as ramp
from leyden.model.pulse.builders import sampled as sampled
from leyden.model.pulse.builders import square as square

__all__ = ["Pulse", "cosine", "gaussian", "piecewise", "ramp", "sampled", "square"]
