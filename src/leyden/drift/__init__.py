"""What the drift alone says: stability, thresholds, spectra, advice on damping, who acts on whom."""

from leyden.drift.stability import is_decaying as is_decaying
from leyden.drift.stability import is_stable as is_stable
from leyden.drift.stability import spectral_abscissa as spectral_abscissa
from leyden.drift.stability import stability_of as stability_of
from leyden.drift.threshold import critical_drive as critical_drive
from leyden.drift.threshold import threshold_of as threshold_of
