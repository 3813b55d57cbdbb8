"""Where modes of a device coalesce."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.drift.along import checked_address, line_of, with_single_value
from leyden.drift.exceptional import Exceptional, Findings
from leyden.drift.exceptional import exceptional_points as findings_of
from leyden.equations.affordable import refuse_unaffordable
from leyden.errors import ParameterError
from leyden.model.labels import Labels, take_off
from leyden.model.network import Network
from leyden.numeric import numbers_of
from leyden.simulate.spectral import labelled, refuse_traced, single_devices

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["exceptional_points"]

# Drifts of the grid that are held at once.
_AT_ONCE = 240


def exceptional_points(network: Network, parameter: str, interval: tuple[float, float]) -> xr.Dataset:
    """Exceptional points of a device: values of a parameter at which eigenvalues of the drift and their vectors meet.

    Parameters
    ----------
    network : Network
        The value that the parameter has now does not matter.
    parameter : str
        Its address, as `network.parameters` lists them, for example "TwoPhotonDrive(charger).amplitude".
    interval : tuple of two floats
        The first and the last value of the parameter that are looked at, both of them included.

    Returns
    -------
    xarray.Dataset
        Over dims (..., point), in the order of the values: `exceptional_value`, `exceptional_eigenvalue` over one more
        dim `part`, "real" and "imaginary", and `exceptional_order`, the length of the longest chain of eigenvectors
        that become one; of two eigenvalues that are each other's conjugates the one of positive imaginary part. In a
        batch the rows of devices with fewer points end in NaN and order 0. Over (...): `is_exceptional`, whether the
        device is at an exceptional point for every value of the parameter; the attribute `throughout` says where.
        The attribute `crossings` counts values at which eigenvalues meet and keep their eigenvectors.

    Raises
    ------
    ParameterError
        If the address means no parameter, or several, if the interval does not increase or breaks the parameter's
        rule, if JAX traces parameters, or if there is no memory for the matrices.

    Notes
    -----
    Meetings are looked for from 240 values: points that are closer to each other than that may be taken for one. Where
    found, a value is right to some 1e-15 of the interval; to 1e-8 of it where eigenvalues cross inside one component
    of modes that act on each other, and are defective there. Weaker than 1e-7 of the largest rate, what holds two
    eigenvectors together is taken for nothing, as between the quadratures of a mode.

    References
    ----------
    Kato, Perturbation Theory for Linear Operators (1966), II.1; Miri and Alu, Science 363, eaar7709 (2019).

    Examples
    --------
    Of a one-way pair the charger's slower quadrature meets the battery at eps = (Lambda_a - Lambda_b)/4:

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.5, battery_damping=0.1)
    >>> found = ly.exceptional_points(device, "TwoPhotonDrive(charger).amplitude", (0.0, 0.2))
    >>> found.exceptional_value.round(12).values.tolist(), found.exceptional_order.values.tolist()
    ([0.1], [2])
    """
    address = checked_address(network, parameter)
    low, high = _checked_interval(interval)
    single, _ = with_single_value(network, address)
    plain, labels = take_off(single)
    refuse_traced(plain)
    refuse_unaffordable(len(plain.mode_names), Labels((), (_AT_ONCE,), {}, 0))
    found = [findings_of(line_of(one, address), low, high) for one in single_devices(plain, labels)]
    most = max((len(one.points) for one in found), default=0)
    rows = [
        (*one.points, *(Exceptional(np.nan, complex(np.nan, np.nan), 0),) * (most - len(one.points))) for one in found
    ]
    numbers = np.asarray(
        [[(p.value, p.eigenvalue.real, p.eigenvalue.imag, p.order) for p in row] for row in rows], dtype=np.float64
    ).reshape(*labels.shape, most, 4)
    values = {
        "exceptional_value": (("point",), numbers[..., 0]),
        "exceptional_eigenvalue": (("point", "part"), numbers[..., 1:3]),
        "exceptional_order": (("point",), numbers[..., 3].astype(np.int64)),
        "is_exceptional": ((), np.reshape([bool(one.throughout) for one in found], labels.shape)),
    }
    coordinates = {"part": ("part", ["real", "imaginary"], {"long_name": "part of a complex number"})}
    about: dict[str, Any] = {"parameter": address, "crossings": sum(one.crossings for one in found)}
    if said := _said(found):
        about["throughout"] = said
    return labelled(plain, labels, values, coordinates, **about)


def _checked_interval(interval: Any) -> tuple[float, float]:
    numbers = np.atleast_1d(
        np.asarray(numbers_of("interval", interval, "be two numbers, the first and the last value"))
    )
    if numbers.shape != (2,) or numbers.dtype.kind == "c":
        raise ParameterError.of("interval", "be two real numbers, the first and the last value", interval)
    low, high = map(float, numbers)
    if not (isfinite(low) and isfinite(high) and low < high):
        raise ParameterError.of("interval", "be finite and increase", [low, high])
    return low, high


def _said(found: list[Findings]) -> str:
    """What is exceptional throughout, in words, of the first device of which anything is."""
    first = next((one.throughout for one in found if one.throughout), ())
    said = [f"order {one.order}, at {one.eigenvalue:.6g} for {one.value:.6g}" for one in first]
    return f"at an exceptional point for every value: {'; '.join(said)}" if said else ""
