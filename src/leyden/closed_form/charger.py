"""The charger under the two-photon drive, and the work that the drive puts in.

A directed device lets nothing flow back, so that the charger is a damped mode of its own: each of its quadratures
has the excess y_s(t) = s int_0^t e^{-(Lambda_a - 2 s) u} du over the vacuum, s = +-2 eps.
"""

from __future__ import annotations

from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array
from leyden.closed_form.device import DirectedDevice
from leyden.closed_form.exponential import exponential_difference
from leyden.closed_form.variances import Brackets, scaled

__all__ = ["charger_energy", "drive_work"]


def charger_energy(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Energy E_A(t)/omega_0 = (y_+ + y_-)/2 of the charger under the two-photon drive.

    E_A = 2 (2 eps t)^2 exp[-(Lambda_a - 4 eps) t, -(Lambda_a + 4 eps) t, 0].

    Parameters
    ----------
    device : DirectedDevice
        Its rates; the battery's do not enter.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive. Early: E_A = 4 eps^2 t^2. Late: `steady_charger_energy`.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (14), whose steady value this approaches.

    Examples
    --------
    At threshold, Lambda = 2 and eps = 1/2: y_+ = t and y_- = -(1 - e^{-4t})/4, at t = ln 2 (ln 2 - 15/64)/2.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(charger_energy(device, 0.6931471805599453)), 12)
    0.22938609028
    """
    charge = Brackets.of(device, time)
    bracket = exponential_difference(charge.charger_plus, charge.charger_minus, 0.0)
    return scaled(2 * (2 * charge.drive * charge.time) ** 2, bracket)


def drive_work(device: DirectedDevice, time: ArrayLike) -> Array:
    r"""Work that the two-photon drive has put into the charger, int_0^t P_in du (in omega_0).

    P_in = 2 eps (y_+ - y_-) is the drive's part of dE_A/dt, the rest being -Lambda_a E_A, so that

        int_0^t P_in du = (2 eps t)^2 (exp[-(Lambda_a - 4 eps) t, 0, 0] + exp[-(Lambda_a + 4 eps) t, 0, 0]).

    Parameters
    ----------
    device : DirectedDevice
        Its rates; the battery's do not enter.
    time : float or array, in 1/rate units
        Time t since the drive was switched on, at least 0.

    Returns
    -------
    array, in hbar omega_0
        At least 0; `inf` where beyond floats.

    Raises
    ------
    ParameterError
        If the time is negative or not finite.

    Notes
    -----
    Relative error a few 1e-15, at any drive. Early: 4 eps^2 t^2. Late it grows linearly, at the rate Lambda_a E_A.

    References
    ----------
    Ours; the paper compares with the charger's energy instead.

    Examples
    --------
    At threshold, Lambda = 2 and eps = 1/2, t = 1: int (y_+ - y_-) = 1/2 + 1/4 - (1 - e^{-4})/16.

    >>> device = DirectedDevice(drive=0.5, total_charger_damping=2.0, total_battery_damping=2.0, transport_rate=1.0)
    >>> round(float(drive_work(device, 1.0)), 12)
    0.688644727431
    """
    charge = Brackets.of(device, time)
    bracket = exponential_difference(charge.charger_plus, 0.0, 0.0) + exponential_difference(
        charge.charger_minus, 0.0, 0.0
    )
    return scaled((2 * charge.drive * charge.time) ** 2, bracket)
