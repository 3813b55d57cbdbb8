"""Where a device goes: stability, threshold, steady state, exact propagation, the drives' work."""

from leyden.dynamics.phases import known_until as known_until
from leyden.dynamics.propagate import propagate as propagate
from leyden.dynamics.propagate import propagate_with_rates as propagate_with_rates
from leyden.dynamics.stability import is_decaying as is_decaying
from leyden.dynamics.stability import is_stable as is_stable
from leyden.dynamics.stability import spectral_abscissa as spectral_abscissa
from leyden.dynamics.stability import stability_of as stability_of
from leyden.dynamics.steady import steady_state as steady_state
from leyden.dynamics.steady import without_unstable as without_unstable
from leyden.dynamics.threshold import critical_drive as critical_drive
from leyden.dynamics.threshold import threshold_of as threshold_of
from leyden.dynamics.work import drive_work as drive_work
