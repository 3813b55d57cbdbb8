"""The paper's algebra, evaluated: an independent witness of everything else in leyden.

Every function takes a `DirectedDevice` (resonance, nonreciprocal coupling, zero temperature, vacuum start) and returns
float64 over broadcasting arrays. All formulas hold at, near and above threshold, at vanishing drive, at equal and at
unequal rates, with nearly full precision; steady values are NaN where there is no steady state.

`AnharmonicMode` and what is behind it goes past the paper: one mode with a Kerr term or two-photon loss, at rest.

Functions named after a quantity give it while the two-photon drive charges; `steady_...` gives its late value, and
`one_photon_...` that of the reference device. Xu and Ren's equation numbers stand in each docstring.
"""

from __future__ import annotations

from leyden.closed_form.anharmonic import AnharmonicMode as AnharmonicMode
from leyden.closed_form.anharmonic import anharmonic_coherence as anharmonic_coherence
from leyden.closed_form.anharmonic import anharmonic_density as anharmonic_density
from leyden.closed_form.anharmonic import anharmonic_energy as anharmonic_energy
from leyden.closed_form.anharmonic import anharmonic_moment as anharmonic_moment
from leyden.closed_form.battery import charging_power as charging_power
from leyden.closed_form.battery import ergotropy as ergotropy
from leyden.closed_form.battery import passive_energy as passive_energy
from leyden.closed_form.battery import stored_energy as stored_energy
from leyden.closed_form.battery import utilization_ratio as utilization_ratio
from leyden.closed_form.charger import charger_energy as charger_energy
from leyden.closed_form.charger import drive_work as drive_work
from leyden.closed_form.device import DirectedDevice as DirectedDevice
from leyden.closed_form.exponential import exponential_difference as exponential_difference
from leyden.closed_form.one_photon import ergotropy_gain as ergotropy_gain
from leyden.closed_form.one_photon import one_photon_charger_energy as one_photon_charger_energy
from leyden.closed_form.one_photon import one_photon_energy as one_photon_energy
from leyden.closed_form.one_photon import one_photon_power as one_photon_power
from leyden.closed_form.one_photon import steady_one_photon_energy as steady_one_photon_energy
from leyden.closed_form.one_photon import stored_energy_gain as stored_energy_gain
from leyden.closed_form.parity import even_cat_energy as even_cat_energy
from leyden.closed_form.parity import even_cat_gaussian_ergotropy as even_cat_gaussian_ergotropy
from leyden.closed_form.parity import van_der_pol_populations as van_der_pol_populations
from leyden.closed_form.scaling import threshold_energy_by_kerr as threshold_energy_by_kerr
from leyden.closed_form.scaling import threshold_energy_by_two_photon_loss as threshold_energy_by_two_photon_loss
from leyden.closed_form.squeezed import PrincipalPair as PrincipalPair
from leyden.closed_form.steady import steady_anomalous_average as steady_anomalous_average
from leyden.closed_form.steady import steady_battery_excess as steady_battery_excess
from leyden.closed_form.steady import steady_battery_variances as steady_battery_variances
from leyden.closed_form.steady import steady_charger_energy as steady_charger_energy
from leyden.closed_form.steady import steady_ergotropy as steady_ergotropy
from leyden.closed_form.steady import steady_passive_energy as steady_passive_energy
from leyden.closed_form.steady import steady_stored_energy as steady_stored_energy
from leyden.closed_form.steady import steady_utilization_ratio as steady_utilization_ratio
from leyden.closed_form.thresholds import directed_critical_drive as directed_critical_drive
from leyden.closed_form.thresholds import reciprocal_critical_drive as reciprocal_critical_drive
from leyden.closed_form.variances import anomalous_average as anomalous_average
from leyden.closed_form.variances import battery_excess as battery_excess
from leyden.closed_form.variances import battery_variances as battery_variances
