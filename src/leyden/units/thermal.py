"""Temperatures and occupations, joules and quanta: exact to rounding, hot or cold."""

from __future__ import annotations

from typing import Any

import numpy as np

from leyden.arrays import is_labelled
from leyden.errors import ParameterError
from leyden.numeric import numbers_of
from leyden.units.si import PLANCK, frequency_of, measured, registry

__all__ = ["energy", "occupation", "quanta", "temperature"]

# Exact since 2019.
_BOLTZMANN = 1.380649e-23


def _positive_frequency(frequency: Any) -> Any:
    """Cycles per second."""
    found = frequency_of("frequency", frequency, None, "frequency").cycles
    return _finite("frequency", found, np.greater, "be finite and positive", frequency)


def _finite(name: str, found: Any, obeys: Any, allowed: str, given: Any) -> Any:
    if not np.all(np.isfinite(found) & obeys(found, 0)):
        raise ParameterError.of(name, allowed, given)
    return found


def _plain(found: Any) -> Any:
    return float(found) if not is_labelled(found) and np.ndim(found) == 0 else found


def _count(name: str, given: Any) -> Any:
    """Numbers of quanta, labelled or not."""
    found = numbers_of(name, given)
    if is_labelled(given):
        found = given.copy(data=found)
    found = found if is_labelled(found) else np.asarray(found, dtype=np.float64)
    return _finite(name, found, np.greater_equal, "be finite and not negative", given)


def occupation(temperature: Any, frequency: Any) -> Any:
    """Mean thermal occupation of a bath, n = 1/(exp(h f/k T) - 1).

    Parameters
    ----------
    temperature : str, quantity or DataArray
        T, as "50 mK", not negative; at 0 the bath is empty.
    frequency : str, quantity or DataArray
        Of the mode: f in cycles, as "5 GHz", or in radians, as "3.14e10 rad/s".

    Returns
    -------
    float, array or DataArray
        Not negative; for `LocalBath(..., occupation=...)`.

    Raises
    ------
    ParameterError
        If a unit does not fit, the temperature is negative or the frequency not positive.

    Notes
    -----
    Written with expm1, which keeps the digits of hot baths, k T/h f - 1/2.

    Examples
    --------
    >>> import leyden as ly
    >>> ly.units.occupation("50 mK", "5 GHz")
    0.0083043733642...
    """
    found = measured("temperature", temperature, None, "temperature")
    kelvin = _finite("temperature", found, np.greater_equal, "be finite and not negative", temperature)
    with np.errstate(divide="ignore", over="ignore"):
        ratio = np.divide(PLANCK * _positive_frequency(frequency), _BOLTZMANN * kelvin)
        return _plain(np.exp(-ratio) / -np.expm1(-ratio))


def temperature(occupation: Any, frequency: Any) -> Any:
    """Temperature at which a mode has a mean thermal occupation, T = h f/(k ln(1 + 1/n)).

    Parameters
    ----------
    occupation : float, array or DataArray
        n, not negative.
    frequency : str, quantity or DataArray
        Of the mode, as "5 GHz".

    Returns
    -------
    pint.Quantity
        In kelvin.

    Raises
    ------
    ParameterError
        If the unit does not fit, the occupation is negative or the frequency not positive.

    Examples
    --------
    >>> import leyden as ly
    >>> print(f"{ly.units.temperature(0.00830437336423946, '5 GHz').to('mK'):.6f~}")
    50.000000 mK
    """
    number = _count("occupation", occupation)
    hertz = _positive_frequency(frequency)
    with np.errstate(divide="ignore", over="ignore"):
        # ln(1 + 1/n), also where 1/n leaves the number range.
        logarithm = np.logaddexp(0.0, -np.log(number))
        return _plain(PLANCK * hertz / (_BOLTZMANN * logarithm)) * registry().kelvin


def energy(quanta: Any, frequency: Any) -> Any:
    """Energy of some quanta, h f n.

    Parameters
    ----------
    quanta : float or array
        n, not negative: a result of a mode whose frequency was left at 1.
    frequency : str, quantity or DataArray
        Of the mode, as "5 GHz".

    Returns
    -------
    pint.Quantity
        In joules.

    Raises
    ------
    ParameterError
        If the unit does not fit, or a number is negative or not finite.

    Examples
    --------
    >>> import leyden as ly
    >>> print(f"{ly.units.energy(0.9375, '5 GHz'):.6e~}")
    3.105970e-24 J
    """
    return _plain(PLANCK * _positive_frequency(frequency) * _count("quanta", quanta)) * registry().joule


def quanta(energy: Any, frequency: Any) -> Any:
    """Number of quanta that an energy is, E/(h f).

    Parameters
    ----------
    energy : str or quantity
        As "3.1e-24 J" or "20 ueV".
    frequency : str, quantity or DataArray
        Of the mode, as "5 GHz".

    Returns
    -------
    float, array or DataArray

    Raises
    ------
    ParameterError
        If a unit does not fit, or the frequency is not positive.

    Examples
    --------
    >>> import leyden as ly
    >>> round(ly.units.quanta("3.1059703828125e-24 J", "5 GHz"), 12)
    0.9375
    """
    joules = measured("energy", energy, None, "energy")
    return _plain(joules / (PLANCK * _positive_frequency(frequency)))
