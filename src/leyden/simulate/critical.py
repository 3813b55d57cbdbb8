"""Where a device loses its steady state, along any of its parameters, and how its energy grows there."""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.drift.along import checked_address, line_of, with_single_value
from leyden.drift.critical import critical_value
from leyden.drift.stability import drift_decays
from leyden.errors import ParameterError
from leyden.merit.exponent import power_law
from leyden.model.files import device_record
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.simulate.spectral import labelled, refuse_traced, single_devices, unit_of
from leyden.simulate.steady import steady_state
from leyden.text import listed, nearest

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["critical", "critical_exponent"]

# Distances from the critical value at which quantities are taken, relative to it: three for each decade.
_DISTANCES = 10.0 ** (-np.arange(9, 19) / 3)


def critical(network: Network, parameter: str) -> Any:
    """Critical value of any parameter of a device: there the steady state is lost, all else equal.

    Parameters
    ----------
    network : Network
        The value that the parameter has now does not matter, but for its sign or phase, which it keeps.
    parameter : str
        Its address, as `network.parameters` lists them, for example "LocalBath(charger).rate".

    Returns
    -------
    float or array, shape (...)
        Size of the parameter, in its unit; a DataArray where other parameters are labelled. Where the device is stable
        without it: the smallest size at which stability is lost, infinite where it never is. Where it is not, as
        without a damping: the smallest size above which it is stable, 0 where there is none.

    Raises
    ------
    ParameterError
        If the address means no parameter, or several, if JAX traces parameters, or if more than 24 modes act on each
        other along it.

    Notes
    -----
    Of a two-photon drive's amplitude it is `critical_drive`. Where the drift is a polynomial in the parameter, of all
    but angles, crossings are found as eigenvalues and no window is missed; angles are looked at on 720 points of a
    turn.
    Right to some 1e-16 |A|/r relative, where r is the rate at which the abscissa crosses, times the value.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8); Fuller, J. Math. Anal. Appl. 23, 71 (1968), on the matrix of sums.

    Examples
    --------
    The damping that a drive of 0.2 asks for: eps = (kappa_a + Gamma/2)/4 at kappa_a = 0.8 - 0.5:

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.2, charger_damping=0.1, battery_damping=0.1)
    >>> round(ly.critical(device, "LocalBath(charger).rate"), 12)
    0.3
    """
    address = checked_address(network, parameter)
    single, direction = with_single_value(network, address)
    plain, labels = take_off(single)
    refuse_traced(plain)
    values = [critical_value(line_of(one, address, direction)) for one in single_devices(plain, labels)]
    if not labels.dims:
        return values[0]
    found = np.reshape(values, labels.shape)
    if len(labels.dims) == labels.plain:
        return found
    import xarray as xr

    attributes = QUANTITIES["critical"].attributes() | {"units": unit_of(single, address)}
    attributes |= {**single.scale, "parameter": address, "device_file": device_record(single)}
    return xr.DataArray(found, labels.beside(("critical",)), labels.dims, "critical", attributes)


def critical_exponent(network: Network, parameter: str, *, quantity: str = "stored_energy") -> xr.Dataset:
    """Critical exponent nu of a steady quantity, which grows as d^(-nu) at a distance d from the critical value.

    Parameters
    ----------
    network : Network
        As `critical` takes it.
    parameter : str
        Address of the one that comes near its critical value.
    quantity : str
        A variable of `steady_state`.

    Returns
    -------
    xarray.Dataset
        Over dims (...), with `mode` behind them for a quantity of several batteries: `critical_exponent`,
        `critical_exponent_error`, an estimate, and over (...) `critical`. NaN where there is no critical value, or the
        quantity is not positive near it.

    Raises
    ------
    ParameterError
        If there is no such parameter or quantity.
    NonGaussianError
        If the Hamiltonian is not quadratic.

    Notes
    -----
    Measured on exact steady states at distances from 1e-3 to 1e-6 of the critical value, with three corrections to the
    law. Mostly 1: one eigenvalue comes to the axis. It is 2 where a threshold meets an exceptional point. Close to such
    a device the law changes on the way, and the error says so.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (8), (14).

    Examples
    --------
    Of the paper's device, E_B = 24 g^2 eps^2/[(Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)] has a single pole:

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> found = ly.critical_exponent(device, "TwoPhotonDrive(charger).amplitude")
    >>> round(float(found.critical_exponent), 6)
    1.0
    """
    address = checked_address(network, parameter)
    single, direction = with_single_value(network, address)
    plain, labels = take_off(single)
    refuse_traced(plain)
    rows = [_measured(one, address, direction, quantity) for one in single_devices(plain, labels)]
    tail = ("mode",) if rows and rows[0][1].ndim else ()
    values = {
        "critical_exponent": (tail, np.reshape([row[1] for row in rows], (*labels.shape, *(rows[0][1].shape)))),
        "critical_exponent_error": (tail, np.reshape([row[2] for row in rows], (*labels.shape, *(rows[0][1].shape)))),
        "critical": ((), np.reshape([row[0] for row in rows], labels.shape)),
    }
    coordinates = {"mode": ("mode", list(plain.batteries))} if tail else {}
    return labelled(plain, labels, values, coordinates, parameter=address, quantity=quantity)


Row = tuple[float, NDArray[np.float64], NDArray[np.float64]]


def _measured(network: Network, address: str, direction: complex | float, quantity: str) -> Row:
    """Critical value, exponent and its error of a single device."""
    line = line_of(network, address, direction)
    edge = critical_value(line)
    side = 1.0
    if isfinite(edge) and edge > 0:
        below = line.drift(np.asarray([edge * (1 - _DISTANCES[0])]))
        side = -1.0 if bool(drift_decays(*below)[0]) else 1.0
    scale = edge if isfinite(edge) and edge > 0 else 1.0
    near = network.replace(**{address: direction * scale * (1 + side * _DISTANCES)})
    found = steady_state(near)
    if quantity not in found:
        allowed = f"be a variable of `steady_state`, one of {listed(list(found.data_vars))}"
        raise ParameterError.of("quantity", allowed, quantity, nearest(quantity, list(map(str, found.data_vars))))
    values = np.asarray(found[quantity].transpose("batch", ...), dtype=np.float64)
    exponent = power_law(_DISTANCES, values if scale == edge else np.full_like(values, np.nan))
    return edge, exponent.value, exponent.error
