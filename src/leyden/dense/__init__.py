"""Moments of all modes at once: steady states, exact propagation, the work of the drives."""

from leyden.dense.propagate import propagate as propagate
from leyden.dense.propagate import propagate_with_rates as propagate_with_rates
from leyden.dense.steady import steady_state as steady_state
from leyden.dense.steady import without_unstable as without_unstable
from leyden.dense.work import drive_work as drive_work
