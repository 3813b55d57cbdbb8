"""A scale: which rate, and which frequency, is the number 1 of a device."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, is_dataclass, replace
from typing import Any, cast

from leyden.quantities import ANGLE, FREQUENCY, RATE, TIME
from leyden.units.arguments import converted_arguments
from leyden.units.lab_numbers import LabNumbers
from leyden.units.lab_results import carried_scale, converted

__all__ = ["Lab"]


@dataclass(frozen=True)
class Lab(LabNumbers):
    """Scale between lab units and the plain numbers of a device.

    A device keeps plain numbers: rates in one rate unit, times in its inverse, energies in hbar omega_0. A `Lab` says
    what these units are. Hz are cycles: a rate of "1 MHz" is a linewidth kappa/2pi = 1 MHz, that is 6.28e6 rad/s, so
    that a time of 1 us has the number 6.28. In rad/s, and for rates in 1/s, the number is that of kappa itself.

    Parameters
    ----------
    rate_unit : str or quantity
        The rate that has the number 1, positive, as "1 MHz".
    frequency_unit : str, quantity or None
        The frequency of a mode whose `frequency` is 1, as "5 GHz". Left out, frequencies have the rate unit, too, and
        modes whose frequency was left at 1 have no energy in joules.

    Raises
    ------
    ParameterError
        If a unit does not fit, or a number is not finite and positive.
    LeydenError
        If pint is not installed.

    Examples
    --------
    >>> import leyden as ly
    >>> lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
    >>> lab.rate("5 kHz"), round(lab.time("1 us"), 6)
    (0.005, 6.283185)
    >>> bath = lab.build(ly.LocalBath, "battery", rate="100 kHz", occupation="50 mK")
    >>> bath.rate, round(bath.occupation, 6)
    (0.1, 0.008304)
    """

    def build(self, kind: Callable[..., Any], /, *given: Any, **arguments: Any) -> Any:
        """An element, a device of the catalog or the like, from arguments with units.

        Parameters
        ----------
        kind : callable
            As `ly.Mode`, `ly.LocalBath` or `ly.catalog.two_photon_battery`.
        *given
            Its arguments; texts as "5 kHz", quantities of pint and labelled arrays whose attribute `units` names one
            become numbers, all else is left as it is. An occupation may be a temperature: of the `frequency` that is
            given beside it, or else of `frequency_unit`.
        **arguments
            The same by name.

        Returns
        -------
        object
            What `kind` returns; its numbers are plain. A Network carries the scale, see `of`.

        Raises
        ------
        ParameterError
            If a unit does not fit, an argument has none in leyden, or `kind` refuses a number.

        Examples
        --------
        >>> import leyden as ly
        >>> lab = ly.units.Lab("1 MHz")
        >>> lab.build(ly.Mode, "battery", frequency="5 GHz", detuning="-200 kHz")
        Mode(name='battery', frequency=5000.0, detuning=-0.2, levels=None)
        """
        converters = {RATE: self.rate, FREQUENCY: self.frequency, TIME: self.time, ANGLE: self.angle}
        placed, named = converted_arguments(kind, given, arguments, converters, self.occupation)
        found: Any = kind(*placed, **named)
        if not (is_dataclass(found) and hasattr(found, "rate_unit")):
            return found
        return replace(cast("Any", found), rate_unit=self.rate_unit, frequency_unit=self.frequency_unit or "")

    @classmethod
    def of(cls, thing: Any) -> Lab:
        """The scale that a device or a result carries.

        Parameters
        ----------
        thing : Network, Dataset or DataArray
            A device that `build` made or that a file with the key `rate_unit` describes, or a result of one.

        Returns
        -------
        Lab

        Raises
        ------
        ParameterError
            If it carries no scale.

        Examples
        --------
        >>> import leyden as ly
        >>> lab = ly.units.Lab("1 MHz", frequency_unit="5 GHz")
        >>> rates = {"drive": "50 kHz", "charger_damping": "100 kHz", "battery_damping": "100 kHz"}
        >>> steady = ly.steady_state(lab.build(ly.catalog.two_photon_battery, **rates))
        >>> ly.units.Lab.of(steady)
        Lab(rate_unit='1 MHz', frequency_unit='5 GHz')
        """
        return cls(*carried_scale(thing))

    def unit(self, of: str) -> Any:
        """What the number 1 is.

        Parameters
        ----------
        of : str
            "rate", "frequency", "time", "energy" or "power".

        Returns
        -------
        pint.Quantity
            Rates and frequencies in rad/s, the others in s, J and W.

        Raises
        ------
        ParameterError
            If `of` is another word.

        Examples
        --------
        >>> import leyden as ly
        >>> print(f"{ly.units.Lab('1 MHz').unit('time').to('ns'):.4f~}")
        159.1549 ns
        """
        return self.scale.unit(of)

    def convert(
        self,
        result: Any,
        *,
        time: str = "s",
        energy: str = "J",
        power: str = "W",
        rate: str | None = None,
        frequency: str | None = None,
    ) -> Any:
        """A result in lab units: values, coordinates, and their attribute `units`, which plots and files follow.

        Parameters
        ----------
        result : Dataset or DataArray
            As `charge`, `steady_state` and sweeps return it.
        time : str
            Unit of times, as "us".
        energy : str
            Unit of energies, as "J" or "ueV"; "quanta" for the number of quanta of `frequency_unit`.
        power : str
            Unit of powers, as "aW".
        rate : str or None
            Unit of rates: in "kHz" they are over 2 pi, and their symbols say so, in "rad/s" not; that of `rate_unit`
            by default.
        frequency : str or None
            Unit of the frequencies of modes; that of `frequency_unit`, or of `rate_unit`, by default.

        Returns
        -------
        Dataset or DataArray
            What has no unit in leyden is left as it is. Attributes `rate_unit` and `frequency_unit` tell the scale.

        Raises
        ------
        ParameterError
            If a unit does not fit, or energies are in hbar omega_0 and the Lab has no `frequency_unit`.

        Examples
        --------
        >>> import leyden as ly
        >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
        >>> steady = ly.units.Lab("1 MHz", frequency_unit="5 GHz").convert(ly.steady_state(device))
        >>> print(f"{float(steady.stored_energy):.6e} {steady.stored_energy.units}")
        3.105970e-24 J
        """
        wanted = {"time": time, "energy": energy, "power": power, "rate": rate, "frequency": frequency}
        return converted(self.scale, result, wanted)
