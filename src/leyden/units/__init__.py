"""Lab units in and out: hertz, kelvin, seconds, joules and watts, on pint.

Hz are cycles and rad/s are not: a rate of "1 MHz" is a linewidth kappa/2pi = 1 MHz, or 6.28e6 rad/s. `Lab` is the scale
between such quantities and the plain numbers of a device; `platforms` holds typical values to start from.
"""

from leyden.units.lab import Lab as Lab
from leyden.units.thermal import energy as energy
from leyden.units.thermal import occupation as occupation
from leyden.units.thermal import quanta as quanta
from leyden.units.thermal import temperature as temperature
from leyden.units.typical import Platform as Platform
from leyden.units.typical import platforms as platforms

__all__ = ["Lab", "Platform", "energy", "occupation", "platforms", "quanta", "temperature"]
