"""What a device does: network in, labelled Dataset out.

Labels come off at this door and go back on here; the engine below sees plain arrays that broadcast.
"""

from leyden.simulate.charging import charge as charge
from leyden.simulate.evolve import evolve as evolve
from leyden.simulate.spectrum import critical_drive as critical_drive
from leyden.simulate.spectrum import stability as stability
from leyden.simulate.steady import steady_state as steady_state

__all__ = ["charge", "critical_drive", "evolve", "stability", "steady_state"]
