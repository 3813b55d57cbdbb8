"""Which study? A device, the parameters that vary, what is measured; in Python or as a file; and its Dataset.

A study file is TOML:

    device = "two_photon_battery"   # a name of the catalog, or a device file beside this one
    measure = "charge"              # or "steady_state", which it is when left out
    method = "fock"                 # or "dense" or "low_rank"; chosen for each device when left out

    [times]                         # for "charge" alone
    start = 0.0                     # 0 when left out
    stop = 100.0
    points = 201                    # or values = [...]

    [fixed]                         # parameters that do not vary; may be left out
    battery_damping = 0.1
    coupling = { re = 0.0, im = -0.25 }

    [axes.drive]
    start = 0.01
    stop = 0.12
    points = 45

    [axes.damping_of_both]          # an axis is the parameter of its name, or those that it lists
    parameters = ["charger_damping", "battery_damping"]
    start = 0.001
    stop = 1.0
    points = 31
    spacing = "log"

    [axes.detuning]
    values = [0.0, 0.1]

`sampling = "zip"` sets axes of equal length side by side; `sampling = "latin_hypercube"` or `"sobol"`, with `points`
and `seed` beside it and axes without points of their own, draws samples. Parameters of a device file are called as the
record that holds them, for example `TwoPhotonDrive(charger).amplitude` or `SharedBath(a, b).weights[a]`, and are
quoted as keys: `[axes."TwoPhotonDrive(charger).amplitude"]`. Any other key is refused. Names of axes are printable
strings of at most 1000 characters; a curve has at most a million times, all axes together 2^28 values, a grid 10^15
points, and a file 16 MiB.
"""

from leyden.runner import Blocks as Blocks
from leyden.runner import Progress as Progress
from leyden.runner import Range as Range
from leyden.study.devices import addresses as addresses
from leyden.study.files import Study as Study
from leyden.study.files import read_study as read_study
from leyden.study.sweeping import sweep as sweep

__all__ = ["Blocks", "Progress", "Range", "Study", "addresses", "read_study", "sweep"]
