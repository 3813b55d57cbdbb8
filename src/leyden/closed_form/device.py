"""The directed device in the totals that the paper's formulas are written in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from leyden.closed_form.arguments import Array, nonnegative
from leyden.errors import ParameterError

__all__ = ["DirectedDevice"]

# Where kappa = 0 the bound on g is met exactly; rounding of the totals must pass.
ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class DirectedDevice:
    """Charger and battery on resonance, coupled one way: nonreciprocal J = -i mu Gamma/2, zero temperature.

    Parameters
    ----------
    drive : float or array, in rate units
        Drive amplitude eps, two-photon or one-photon, at least 0.
    total_charger_damping : float or array, in rate units
        Lambda_a = kappa_a + Gamma |p_a|^2.
    total_battery_damping : float or array, in rate units
        Lambda_b = kappa_b + Gamma |p_b|^2.
    transport_rate : float or array, in rate units
        g = Gamma |p_a p_b|, at most sqrt(Lambda_a Lambda_b).

    Raises
    ------
    ParameterError
        If an argument is negative, complex or not finite, or if g exceeds sqrt(Lambda_a Lambda_b): no weights and no
        local damping give such a device, and its battery would leave the quantum states.

    Notes
    -----
    The four broadcast against each other and against the time. The phases of drive and weights turn the battery's
    principal directions and enter no energy, so they are not asked for.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Sec. II.

    Examples
    --------
    >>> device = DirectedDevice(drive=0.1, total_charger_damping=2, total_battery_damping=0.5, transport_rate=1)
    >>> float(device.total_battery_damping)
    0.5
    """

    drive: Array
    total_charger_damping: Array
    total_battery_damping: Array
    transport_rate: Array

    def __init__(
        self,
        *,
        drive: ArrayLike,
        total_charger_damping: ArrayLike,
        total_battery_damping: ArrayLike,
        transport_rate: ArrayLike,
    ) -> None:
        charger = nonnegative("total_charger_damping", total_charger_damping)
        battery = nonnegative("total_battery_damping", total_battery_damping)
        transport = nonnegative("transport_rate", transport_rate)
        if (transport > np.sqrt(charger) * np.sqrt(battery) * (1 + ROUNDING)).any():
            allowed = "be at most sqrt(total_charger_damping * total_battery_damping)"
            remedy = "Totals include the shared bath: kappa_j + Gamma |p_j|^2."
            raise ParameterError.of("transport_rate", allowed, transport_rate, remedy)
        object.__setattr__(self, "drive", nonnegative("drive", drive))
        object.__setattr__(self, "total_charger_damping", charger)
        object.__setattr__(self, "total_battery_damping", battery)
        object.__setattr__(self, "transport_rate", transport)

    @classmethod
    def of_rates(
        cls,
        *,
        drive: ArrayLike,
        charger_damping: ArrayLike,
        battery_damping: ArrayLike,
        shared_rate: ArrayLike = 1.0,
        charger_weight: ArrayLike = 2**-0.5,
        battery_weight: ArrayLike = 2**-0.5,
    ) -> DirectedDevice:
        """The device from its separate rates, as the paper and the catalog give them.

        Parameters
        ----------
        drive : float or array, in rate units
            Drive amplitude eps.
        charger_damping : float or array, in rate units
            Local damping kappa_a.
        battery_damping : float or array, in rate units
            Local damping kappa_b.
        shared_rate : float or array, in rate units
            Rate Gamma of the shared bath.
        charger_weight : float, complex or array, dimensionless
            Weight p_a.
        battery_weight : float, complex or array, dimensionless
            Weight p_b.

        Returns
        -------
        DirectedDevice
            Lambda_j = kappa_j + Gamma |p_j|^2 and g = Gamma |p_a p_b|.

        Raises
        ------
        ParameterError
            If a rate is negative, or any argument not finite.

        Examples
        --------
        Gamma = 1 with two equal weights 1/sqrt2 and kappa = 0.1:

        >>> device = DirectedDevice.of_rates(drive=0.05, charger_damping=0.1, battery_damping=0.1)
        >>> round(float(device.total_charger_damping), 12), round(float(device.transport_rate), 12)
        (0.6, 0.5)
        """
        gamma = nonnegative("shared_rate", shared_rate)
        charger = nonnegative("charger_weight", np.abs(charger_weight))
        battery = nonnegative("battery_weight", np.abs(battery_weight))
        return cls(
            drive=drive,
            total_charger_damping=nonnegative("charger_damping", charger_damping) + gamma * charger**2,
            total_battery_damping=nonnegative("battery_damping", battery_damping) + gamma * battery**2,
            transport_rate=gamma * charger * battery,
        )
