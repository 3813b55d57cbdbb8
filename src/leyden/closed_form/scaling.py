"""What holds an anharmonic mode at its threshold: energies that diverge as the anharmonicity goes to zero."""

from __future__ import annotations

from math import gamma

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, positive, real
from leyden.errors import ParameterError

__all__ = ["threshold_energy_by_kerr", "threshold_energy_by_two_photon_loss"]

# Probabilities of the number m of pairs of `anharmonic_energy` obey at threshold, for m large and u small,
# d ln p/dm = -1/(2m) - 4 eta m/kappa - 4 K^2 m^2/kappa^2, and the energy is the mean of m.
_BY_LOSS = gamma(3 / 4) / (2**0.5 * gamma(1 / 4))
_BY_KERR = 6 ** (1 / 3) * gamma(1 / 2) / (2 * gamma(1 / 6))


def threshold_energy_by_two_photon_loss(*, two_photon_loss: ArrayLike, damping: ArrayLike) -> Array:
    r"""Energy (in hbar omega_0) at the threshold of the two-photon drive, that weak two-photon loss leaves.

    n = Gamma(3/4)/[2^(1/2) Gamma(1/4)] (eta/kappa)^(-1/2) = 0.2389944 (eta/kappa)^(-1/2), for eta << kappa.

    Parameters
    ----------
    two_photon_loss : float or array, in rate units
        eta, above 0.
    damping : float or array, in rate units
        kappa, above 0; of a directed charger Lambda_a. The drive is kappa/4, without detuning.

    Returns
    -------
    array, in hbar omega_0
        The leading term.

    Raises
    ------
    ParameterError
        If a rate is not positive.

    Notes
    -----
    The next term is relatively smaller by about 0.44 (eta/kappa)^(1/2).

    References
    ----------
    Derived from the exact series, see `anharmonic_energy`; the exponent is that of the Fokker-Planck equation of a mode
    with a quartic potential.

    Examples
    --------
    >>> round(float(threshold_energy_by_two_photon_loss(two_photon_loss=1e-4, damping=1.0)), 6)
    23.89944
    >>> from leyden.closed_form import AnharmonicMode, anharmonic_energy
    >>> mode = AnharmonicMode(damping=1.0, two_photon_loss=1e-4, two_photon_drive=0.25)
    >>> round(float(anharmonic_energy(mode)), 6)
    23.793082
    """
    return (_BY_LOSS * (positive("two_photon_loss", two_photon_loss) / positive("damping", damping)) ** -0.5)[()]


def threshold_energy_by_kerr(*, kerr: ArrayLike, damping: ArrayLike) -> Array:
    r"""Energy (in hbar omega_0) at the threshold of the two-photon drive, that a weak Kerr term leaves.

    n = 6^(1/3) Gamma(1/2)/[2 Gamma(1/6)] (|K|/kappa)^(-2/3) = 0.2893083 (|K|/kappa)^(-2/3), for |K| << kappa.

    Parameters
    ----------
    kerr : float or array, in rate units
        K of (K/2) a^dag^2 a^2, of either sign, not 0.
    damping : float or array, in rate units
        kappa, above 0; of a directed charger Lambda_a. The drive is kappa/4, without detuning.

    Returns
    -------
    array, in hbar omega_0
        The leading term.

    Raises
    ------
    ParameterError
        If the damping is not positive or the Kerr term zero.

    Notes
    -----
    The next term is relatively smaller by about 0.16 (|K|/kappa)^(2/3).

    References
    ----------
    Derived from the exact series, see `anharmonic_energy`.

    Examples
    --------
    >>> round(float(threshold_energy_by_kerr(kerr=1e-3, damping=1.0)), 6)
    28.930826
    >>> from leyden.closed_form import AnharmonicMode, anharmonic_energy
    >>> round(float(anharmonic_energy(AnharmonicMode(damping=1.0, kerr=1e-3, two_photon_drive=0.25))), 6)
    28.883927
    """
    strength = np.abs(real("kerr", kerr))
    if not (strength > 0).all():
        raise ParameterError.of("kerr", "not be zero", kerr, "Without it nothing holds the mode at threshold.")
    return (_BY_KERR * (strength / positive("damping", damping)) ** (-2 / 3))[()]
