"""Whether a device settles, and up to which drive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden import dynamics
from leyden.backend import eigenvalues, is_concrete, to_numpy
from leyden.dynamics import sparse
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.moments import equations_of
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.simulate.labelled import provenance
from leyden.simulate.method import refuse_unaffordable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["critical_drive", "stability"]

# Modes from which the spectrum is taken component by component.
_LEAST_SPARSE = 50


def stability(network: Network) -> xr.Dataset:
    """Stability of a device: the spectrum of its drift.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.

    Returns
    -------
    xarray.Dataset
        Over dims (...): `spectral_abscissa` (in the rate unit), `is_stable`, and `eigenvalues`, complex, over one more
        dim `eigenvalue`, sorted from the slowest decay to the fastest.

    Raises
    ------
    ParameterError
        If JAX traces the parameters, or there is no memory for the matrices.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8).

    Examples
    --------
    The slowest rate of the paper's device is Lambda/2 - 2 eps = 0.3 - 0.2:

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> round(float(ly.stability(device).spectral_abscissa), 12)
    -0.1
    """
    import xarray as xr

    plain, labels = take_off(network)
    equations = equations_of(plain)
    if not all(is_concrete(value) for share in equations.shares for value in share.arrays):
        remedy = "Under jit and grad, `is_stable` of `steady_state` and of `charge` tells."
        raise ParameterError.of("network", "have concrete parameters for its spectrum", "traced by JAX", remedy)
    if labels.dims or len(plain.modes) < _LEAST_SPARSE or any(share.arrays for share in equations.shares):
        refuse_unaffordable(len(plain.modes), labels, 0, None)
        drift = to_numpy(equations.drift)
        spectrum = to_numpy(eigenvalues(drift))
        stable = dynamics.is_decaying(drift, dynamics.spectral_abscissa(spectrum))
    else:
        few = sparse.sparse_drift(equations)
        spectrum = sparse.spectrum(few)
        stable = np.max(spectrum.real) < -sparse.rounding_of(few)
    order = np.lexsort((spectrum.imag, -spectrum.real), axis=-1)
    spectrum = np.take_along_axis(spectrum, order, axis=-1)
    abscissa = np.asarray(dynamics.spectral_abscissa(spectrum))

    def variable(name: str, value: NDArray[Any], *tail: str) -> xr.Variable:
        shape = (*labels.shape, *value.shape[value.ndim - len(tail) :])
        return xr.Variable((*labels.dims, *tail), np.broadcast_to(value, shape).copy(), QUANTITIES[name].attributes())

    labels.refuse(("eigenvalue", "spectral_abscissa", "is_stable", "eigenvalues"))
    variables = {
        "spectral_abscissa": variable("spectral_abscissa", abscissa),
        "is_stable": variable("is_stable", np.asarray(stable)),
        "eigenvalues": variable("eigenvalues", spectrum, "eigenvalue"),
    }
    return xr.Dataset(variables, coords=dict(labels.coordinates), attrs=provenance(plain))


def critical_drive(network: Network, mode: str | None = None) -> Any:
    """Critical amplitude eps_c of the two-photon drive on a mode: there the steady state is lost, all else equal.

    Parameters
    ----------
    network : Network
        The amplitude that its drive has now does not matter.
    mode : str or None
        The driven mode; by default that of the only two-photon drive. A mode without a drive gets one of phase 0.

    Returns
    -------
    float or array, shape (...)
        In the rate unit; a DataArray where parameters other than this amplitude are labelled. Infinite where stability
        is never lost, 0 where the device is not stable even without this drive.

    Raises
    ------
    ParameterError
        If the mode is unknown, or not named while several are driven.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eq. (8).

    Examples
    --------
    A quarter of the charger's total decay rate 0.1 + 1/2, where nothing acts back on the charger:

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.0, charger_damping=0.1, battery_damping=0.7)
    >>> round(ly.critical_drive(device), 12)
    0.15
    """
    threshold, labels = dynamics.critical_drive(network, mode)
    if not labels.dims:
        return float(threshold)
    if len(labels.dims) == labels.plain:
        return threshold
    import xarray as xr

    attributes = QUANTITIES["critical_drive"].attributes()
    return xr.DataArray(threshold, dict(labels.coordinates), labels.dims, "critical_drive", attributes)
