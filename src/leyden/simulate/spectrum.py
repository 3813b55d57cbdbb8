"""Whether a device settles, and up to which drive."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import with_texts
from leyden.drift import critical_drive as critical_drive_of
from leyden.drift.stability import is_decaying
from leyden.drift.verdict import spectrum_of
from leyden.equations.device import linear_part
from leyden.errors import ParameterError
from leyden.model.files import device_record
from leyden.model.labels import UNLABELLED, Labels, take_off
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.results import provenance
from leyden.results.accessor import register

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["critical_drive", "stability"]

# The dim that holds real and imaginary parts apart.
_PART = "part"
_TAKEN = ("eigenvalue", _PART, "spectral_abscissa", "is_stable", "eigenvalues")


def stability(network: Network, *, eigenvalues: bool | None = None) -> xr.Dataset:
    """Stability of a device: the spectrum of its drift.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    eigenvalues : bool or None
        Whether the whole spectrum is wanted. By default it is there, unless it would take much longer than the rest:
        where more than some 1,000 modes act on each other, or there is no memory for the spectra of a batch.

    Returns
    -------
    xarray.Dataset
        Over dims (...): `spectral_abscissa` (in the rate unit), `is_stable`, and, unless they are left out,
        `eigenvalues` over two more dims: `eigenvalue`, sorted from the slowest decay to the fastest, and `part`, "real"
        and "imaginary", since files of netCDF know no complex numbers. Where they are left out, the attribute
        `eigenvalues` says why. The attribute `spectral_abscissa_error` bounds the error of the abscissa, the largest of
        a batch, in the rate unit; of components of over 200 modes whose eigenvalues are left out it is an estimate.
        Of a device whose Hamiltonian is not quadratic it is the linear part that is judged, around the vacuum; the
        attribute `linear_part` says what is left out.

    Raises
    ------
    ParameterError
        If JAX traces the parameters, if there is no memory for the matrices, or if the whole spectrum is insisted on
        where there is none for it, or too many modes act on each other.

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
    if not (eigenvalues is None or isinstance(eigenvalues, bool)):
        raise ParameterError.of(
            "eigenvalues", "be True or False, or None to leave them out of huge results", eigenvalues
        )
    plain, labels = take_off(network)
    labels.refuse(_TAKEN)
    equations, others = linear_part(plain)
    found = spectrum_of(plain, equations, labels, eigenvalues)
    settled = np.asarray(is_decaying(equations)) if equations.is_turned else found.is_stable
    values: dict[str, NDArray[Any]] = {"spectral_abscissa": found.abscissa, "is_stable": settled}
    about: dict[str, Any] = {
        **provenance(plain),
        "device_file": device_record(plain),
        "spectral_abscissa_error": found.error,
    }
    if equations.is_turned:
        about["second_moments"] = "is_stable says whether second moments settle, which dephasing makes the last to do"
    if others:
        about["linear_part"] = f"of the device without what is not quadratic in {others}, about the vacuum"
    if found.eigenvalues is None:
        about["eigenvalues"] = f"left out: {found.reason}"
    else:
        values["eigenvalues"] = np.stack([found.eigenvalues.real, found.eigenvalues.imag], axis=-1)
    result = _labelled(labels, values) if labels.dims else _form(_size_of(values)).copy(data=values)
    result.attrs = about
    register()
    return result


def _labelled(labels: Labels, values: Mapping[str, NDArray[Any]]) -> xr.Dataset:
    import xarray as xr

    coordinates = labels.beside(_TAKEN)
    variables: dict[str, xr.Variable] = {}
    for name, value in values.items():
        tail = ("eigenvalue", _PART) if name == "eigenvalues" else ()
        shape = (*labels.shape, *value.shape[value.ndim - len(tail) :])
        full = np.broadcast_to(value, shape).copy()
        variables[name] = xr.Variable((*labels.dims, *tail), full, QUANTITIES[name].attributes())
    if "eigenvalues" in values:
        coordinates[_PART] = (_PART, ["real", "imaginary"], {"long_name": "part of a complex number"})
    return with_texts(xr.Dataset(variables, coords=coordinates))


def _size_of(values: Mapping[str, NDArray[Any]]) -> int:
    return len(values["eigenvalues"]) if "eigenvalues" in values else 0


@lru_cache(maxsize=16)
def _form(size: int) -> xr.Dataset:
    """Dataset of a single device with so many eigenvalues: to fill one takes a tenth of the time of making one."""
    empty: dict[str, NDArray[Any]] = {name: np.asarray(np.nan) for name in ("spectral_abscissa", "is_stable")}
    return _labelled(UNLABELLED, empty | ({"eigenvalues": np.zeros((size, 2))} if size else {}))


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
        is never lost, 0 where the device is not stable even without this drive, or without any.

    Raises
    ------
    ParameterError
        If the mode is unknown, or not named while several are driven, if two drives act on it, if more than 200 modes
        act on it and on each other, or if there is no memory for the batch.

    Notes
    -----
    The first amplitude at which an eigenvalue reaches the imaginary axis: no window of instability is too narrow to be
    found. Right to some 1e-16 |A|/r relative, where -r is the spectral abscissa without the drive. Of a device beyond
    the Gaussian it is that of its linear part, as of `stability`: there the vacuum ceases to attract.

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
    threshold, labels = critical_drive_of(network, mode)
    if not labels.dims:
        return float(threshold)
    if len(labels.dims) == labels.plain:
        return threshold
    import xarray as xr

    attributes = {**QUANTITIES["critical_drive"].attributes(), "device_file": device_record(network)}
    return xr.DataArray(threshold, labels.beside(("critical_drive",)), labels.dims, "critical_drive", attributes)
