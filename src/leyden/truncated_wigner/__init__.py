"""Truncated Wigner trajectories: stochastic amplitudes of many modes and many quanta, with error bars.

`method=leyden.TruncatedWigner(trajectories=10_000, seed=1)` takes a device to them in `charge`, `steady_state` and
sweeps; here is what they tell beside: where in phase space they are.
"""

from leyden.truncated_wigner.histogram import quadrature_histogram as quadrature_histogram
from leyden.truncated_wigner.settings import TrajectoryProgress as TrajectoryProgress

__all__ = ["TrajectoryProgress", "quadrature_histogram"]
