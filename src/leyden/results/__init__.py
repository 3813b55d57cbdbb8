"""What an answer holds: one row for each quantity, and everything about its form follows, whatever the method."""

from leyden.results.accessor import register as register
from leyden.results.dataset import dataset as dataset
from leyden.results.dataset import provenance as provenance
from leyden.results.dataset import with_all_axes as with_all_axes
from leyden.results.overflow import bounded_energies as bounded_energies
from leyden.results.overflow import refuse_lost as refuse_lost
from leyden.results.overflow import refuse_overflow as refuse_overflow
from leyden.results.states import with_states as with_states
from leyden.results.table import Merit as Merit
from leyden.results.table import is_over_time as is_over_time
from leyden.results.table import is_per_battery as is_per_battery
from leyden.results.table import rows_of as rows_of
from leyden.results.values import missing_values as missing_values
from leyden.results.values import totals_of as totals_of
from leyden.results.values import values_of as values_of
from leyden.results.values import values_of_modes as values_of_modes
from leyden.results.values import with_ratios as with_ratios
from leyden.results.values import without_state_rows as without_state_rows
