"""Quantities in, plain numbers out: rates, frequencies, times, energies, powers, angles and temperatures."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from typing import Any

import numpy as np

from leyden.errors import ParameterError
from leyden.units.lab_results import Scale
from leyden.units.si import HBAR, Frequency, frequency_of, measured, writing_of
from leyden.units.thermal import occupation as thermal_occupation

__all__ = ["LabNumbers"]


@dataclass(frozen=True)
class LabNumbers:
    """What a `Lab` makes plain numbers with.

    Parameters
    ----------
    rate_unit : str or quantity
        The rate that has the number 1, positive, as "1 MHz".
    frequency_unit : str, quantity or None
        The frequency of a mode whose `frequency` is 1, as "5 GHz".
    """

    rate_unit: Any
    frequency_unit: Any = None

    def __post_init__(self) -> None:
        for name in ("rate_unit", "frequency_unit"):
            given = getattr(self, name)
            if given is None and name == "frequency_unit":
                continue
            found = frequency_of(name, given, None, name.removesuffix("_unit")).numbers
            if np.ndim(found) or np.iscomplexobj(found) or not (isfinite(found) and found > 0):
                raise ParameterError.of(name, "be one finite and positive number with a unit", given)
            object.__setattr__(self, name, writing_of(given))

    @property
    def _rate(self) -> Frequency:
        return frequency_of("rate_unit", self.rate_unit, None, "rate")

    @property
    def _frequency(self) -> Frequency:
        if self.frequency_unit is None:
            return self._rate
        return frequency_of("frequency_unit", self.frequency_unit, None, "frequency")

    @property
    def scale(self) -> Scale:
        """Rate and quantum in SI, as results are converted with."""
        return Scale(self.rate_unit, self.frequency_unit, self._rate.angular, self._frequency.angular)

    def rate(self, rate: Any, unit: str | None = None) -> Any:
        """Number of a rate: a damping, a coupling, a detuning or the amplitude of a drive.

        Parameters
        ----------
        rate : str, quantity, array or DataArray
            As "5 kHz", a linewidth kappa/2pi, or "3e4 rad/s", "3e4 1/s", kappa itself; an energy is one over hbar.
        unit : str or None
            Of plain numbers, as "kHz"; of a DataArray its attribute `units` by default.

        Returns
        -------
        float, complex, array or DataArray
            In the rate unit.

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return frequency_of("rate", rate, unit, "rate").over(self._rate)

    def frequency(self, frequency: Any, unit: str | None = None) -> Any:
        """Number of the frequency of a mode, which is the energy of its quantum over hbar.

        Parameters
        ----------
        frequency : str, quantity, array or DataArray
            As "5 GHz", "3.1e10 rad/s" or "20 ueV"; not in 1/s, which says neither cycles nor radians.
        unit : str or None
            Of plain numbers, as "GHz".

        Returns
        -------
        float, array or DataArray
            In `frequency_unit`, without one in the rate unit.

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return frequency_of("frequency", frequency, unit, "frequency").over(self._frequency)

    def time(self, time: Any, unit: str | None = None) -> Any:
        """Number of a time, or of many.

        Parameters
        ----------
        time : str, quantity, array or DataArray
            As "10 us".
        unit : str or None
            Of plain numbers, as "us".

        Returns
        -------
        float, array or DataArray
            In the inverse of the rate unit in radians: 1 us is 6.28 where the rate unit is 1 MHz.

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return measured("time", time, unit, "time") * self._rate.angular

    def energy(self, energy: Any, unit: str | None = None) -> Any:
        """Number of an energy, as results have it.

        Parameters
        ----------
        energy : str, quantity, array or DataArray
            As "3e-24 J" or "20 ueV".
        unit : str or None
            Of plain numbers, as "J".

        Returns
        -------
        float, array or DataArray
            In hbar times `frequency_unit`, without one in hbar times the rate unit.

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return measured("energy", energy, unit, "energy") / (HBAR * self._frequency.angular)

    def power(self, power: Any, unit: str | None = None) -> Any:
        """Number of a power, as results have it; for the drive that a power makes see `drive_amplitude`.

        Parameters
        ----------
        power : str, quantity, array or DataArray
            As "1 aW" or "-130 dBm".
        unit : str or None
            Of plain numbers, as "aW".

        Returns
        -------
        float, array or DataArray
            In the unit of energies times the rate unit in radians.

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return measured("power", power, unit, "power") / (HBAR * self._frequency.angular * self._rate.angular)

    def angle(self, angle: Any, unit: str | None = None) -> Any:
        """Number of an angle, in radians.

        Parameters
        ----------
        angle : str, quantity, array or DataArray
            As "90 deg".
        unit : str or None
            Of plain numbers, as "deg".

        Returns
        -------
        float, array or DataArray

        Raises
        ------
        ParameterError
            If there is no unit, or it does not fit.
        """
        return measured("angle", angle, unit, "angle")

    def occupation(self, temperature: Any, frequency: Any = None) -> Any:
        """Mean thermal occupation of a bath, see `leyden.units.occupation`.

        Parameters
        ----------
        temperature : str, quantity or DataArray
            As "50 mK".
        frequency : str, quantity, DataArray or None
            Of the mode, as "5 GHz"; `frequency_unit` by default.

        Returns
        -------
        float, array or DataArray

        Raises
        ------
        ParameterError
            If a unit does not fit, or no frequency is known.
        """
        return thermal_occupation(temperature, self._known(frequency, "a temperature"))

    def drive_amplitude(self, power: Any, port_rate: Any, frequency: Any = None) -> Any:
        """Amplitude of the one-photon drive that a signal makes, eps = sqrt(kappa_ext P/(hbar omega)).

        Parameters
        ----------
        power : str, quantity or DataArray
            Of the signal at the port, as "1 aW" or "-130 dBm".
        port_rate : str or quantity
            Rate at which the mode decays through the port, as "100 kHz".
        frequency : str, quantity or None
            Of the signal, as "5 GHz"; `frequency_unit` by default.

        Returns
        -------
        float, array or DataArray
            In the rate unit, for `OnePhotonDrive(mode, amplitude)`.

        Raises
        ------
        ParameterError
            If a unit does not fit, or no frequency is known.

        Notes
        -----
        Input-output theory: a signal of P/(hbar omega) quanta a second has |a_in|^2 of that, and eps is
        sqrt(kappa_ext) |a_in|. A mode that loses quanta through this port alone fills to 4 P/(hbar omega kappa_ext).
        """
        watts = measured("power", power, None, "power")
        omega = frequency_of("frequency", self._known(frequency, "a power"), None, "frequency").angular
        rate = frequency_of("port_rate", port_rate, None, "rate").angular
        quanta = watts / (HBAR * omega)
        found = np.sqrt(rate * quanta) / self._rate.angular
        return float(found) if isinstance(found, np.floating) else found

    def _known(self, frequency: Any, of: str) -> Any:
        if frequency is None and self.frequency_unit is None:
            allowed = f"be that of the mode, as '5 GHz', where {of} is given"
            raise ParameterError.of("frequency", allowed, None, "Or give the Lab a `frequency_unit`.")
        return self.frequency_unit if frequency is None else frequency
