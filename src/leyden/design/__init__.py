"""Where is a device best? A search over its parameters, with gradients, from many starts, within what is stable.

The thread: `Question` says what is asked of each device, a `Sampler` measures them in batches, a `Landscape` makes a
number of them that falls towards the best, a scan and local searches walk on it, an `Optimum` tells what they found.
"""

from leyden.design.optimizing import optimize as optimize
from leyden.design.optimum import Optimum as Optimum
from leyden.design.progress import Progress as Progress

__all__ = ["Optimum", "Progress", "optimize"]
