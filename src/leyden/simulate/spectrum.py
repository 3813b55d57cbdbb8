"""Whether a device settles, and up to which drive."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden import low_rank as sparse
from leyden.algebra import on_one_thread
from leyden.arrays import Part, is_concrete, namespace_of
from leyden.drift import critical_drive as critical_drive_of
from leyden.drift import stability_of
from leyden.equations.batches import in_parts
from leyden.equations.linear import linear_part
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.memory import shortage
from leyden.model.files import device_record
from leyden.model.labels import Labels, take_off
from leyden.model.members import members_of
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.results import provenance
from leyden.simulate.choice import refuse_unaffordable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Spectrum", "critical_drive", "spectrum_of", "stability"]

# The dim that holds real and imaginary parts apart.
_PART = "part"
# Modes from which the spectrum is taken component by component.
_LEAST_SPARSE = 50
# Bytes of an eigenvalue while a spectrum is computed and sorted, and of an entry of a component's drift.
_EIGENVALUE, _ENTRY = 64, 24


class Spectrum(NamedTuple):
    """What is known of a device or of a batch; `reason` says why there are no eigenvalues."""

    abscissa: NDArray[np.float64]
    is_stable: NDArray[np.bool_]
    eigenvalues: NDArray[np.complex128] | None
    error: float = 0.0
    reason: str = ""


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
    import xarray as xr

    if not (eigenvalues is None or isinstance(eigenvalues, bool)):
        raise ParameterError.of(
            "eigenvalues", "be True or False, or None to leave them out of huge results", eigenvalues
        )
    plain, labels = take_off(network)
    coordinates = labels.beside(("eigenvalue", _PART, "spectral_abscissa", "is_stable", "eigenvalues"))
    equations, others = linear_part(plain)
    found = spectrum_of(plain, equations, labels, eigenvalues)

    def variable(name: str, value: NDArray[Any], *tail: str) -> xr.Variable:
        shape = (*labels.shape, *value.shape[value.ndim - len(tail) :])
        return xr.Variable((*labels.dims, *tail), np.broadcast_to(value, shape).copy(), QUANTITIES[name].attributes())

    variables = {
        "spectral_abscissa": variable("spectral_abscissa", np.asarray(found.abscissa)),
        "is_stable": variable("is_stable", np.asarray(found.is_stable)),
    }
    about: dict[str, Any] = {
        **provenance(plain),
        "device_file": device_record(plain),
        "spectral_abscissa_error": found.error,
    }
    if others:
        about["linear_part"] = f"of the device without what is not quadratic in {others}, about the vacuum"
    if found.eigenvalues is None:
        about["eigenvalues"] = f"left out: {found.reason}"
    else:
        pairs = np.stack([found.eigenvalues.real, found.eigenvalues.imag], axis=-1)
        variables["eigenvalues"] = variable("eigenvalues", pairs, "eigenvalue", _PART)
        coordinates[_PART] = (_PART, ["real", "imaginary"], {"long_name": "part of a complex number"})
    return xr.Dataset(variables, coords=coordinates, attrs=about)


@on_one_thread
def spectrum_of(network: Network, equations: MomentEquations, labels: Labels, wanted: bool | None = None) -> Spectrum:
    """Of a device or of a batch, by the way that suits its size."""
    count, modes = prod(labels.shape), len(network.modes)
    lacking = "" if wanted is False else without_memory(_EIGENVALUE * count * 2 * modes)
    if lacking and wanted:
        raise ParameterError.of(
            "eigenvalues",
            f"leave room for {2 * modes} of each of {count} devices: {lacking}",
            wanted,
            "Leave them out, or give fewer devices at once.",
        )
    wanted = False if lacking else wanted
    if not all(is_concrete(value) for share in equations.shares for value in share.arrays):
        remedy = "Under jit and grad, `is_stable` of `steady_state` and of `charge` tells."
        raise ParameterError.of("network", "have concrete parameters for its spectrum", "traced by JAX", remedy)
    if modes >= _LEAST_SPARSE and labels.dims and namespace_of(*equations.arrays) is np:
        found = _each(network, labels, wanted)
    elif modes >= _LEAST_SPARSE and not labels.dims and not any(share.arrays for share in equations.shares):
        found = _of_large(equations, wanted)
    else:
        refuse_unaffordable(modes, labels)
        found = _dense(equations, labels, wanted)
    return found._replace(reason=lacking) if lacking else found


def without_memory(needed: float) -> str:
    """What to say where so many bytes are not there; empty where they are."""
    short = shortage(needed)
    return f"they need about {short[0]}, and {short[1]} are free" if short else ""


def _sorted(spectrum: NDArray[np.complex128]) -> NDArray[np.complex128]:
    """From the slowest decay to the fastest."""
    return np.take_along_axis(spectrum, np.lexsort((spectrum.imag, -spectrum.real), axis=-1), axis=-1)


def _dense(equations: MomentEquations, labels: Labels, wanted: bool | None) -> Spectrum:
    """Of a small device, or a batch of them, part by part."""

    def work(part: Part) -> dict[str, Any]:
        one = equations.at(part).of_numbers()
        judged = stability_of(one.drift, one.drift_rounding)
        found = {"abscissa": judged.abscissa, "is_stable": judged.is_stable, "error": judged.error}
        return found if wanted is False else found | {"eigenvalues": _sorted(judged.eigenvalues)}

    def tails(name: str) -> tuple[int, ...]:
        return (2 * len(equations.mode_names),) if name == "eigenvalues" else ()

    found = in_parts(work, equations, labels.shape, tails)
    error = float(np.max(found["error"], initial=0.0))
    return Spectrum(found["abscissa"], found["is_stable"], found.get("eigenvalues"), error, "not asked for")


def _of_large(equations: MomentEquations, wanted: bool | None) -> Spectrum:
    """Of a single device of many modes, component by component; with its whole spectrum where that is cheap."""
    drift, rounding = sparse.drift_and_rounding(equations)
    reason = "not asked for"
    if wanted is not False:
        largest = sparse.largest_component(drift)
        reason = without_memory(_ENTRY * (2 * largest) ** 2)
        if reason and wanted:
            raise ParameterError.of(
                "eigenvalues",
                f"leave room for a matrix of the {largest} modes that act on each other: {reason}",
                wanted,
                "Leave them out.",
            )
        if wanted or (not reason and sparse.has_small_components(drift)):
            found = sparse.spectrum(drift, rounding)
            error = max(found.upper - found.abscissa, found.abscissa - found.lower)
            return Spectrum(found.abscissa[0], found.upper[0] < 0, _sorted(found.values[0]), float(error[0]))
        reason = reason or f"up to {largest} modes act on each other, and `eigenvalues=True` would take long"
    guess = sparse.bounds(drift, rounding)
    found = sparse.rightmost(drift, guess.abscissa, rounding)
    return Spectrum(np.asarray(found.abscissa), np.asarray(guess.upper < 0), None, found.error, reason)


def _each(network: Network, labels: Labels, wanted: bool | None) -> Spectrum:
    """Of the devices of a batch, one by one; of all or none the whole spectrum."""
    found: list[Spectrum] = []
    for one in members_of(network, labels.shape):
        found.append(_of_large(linear_part(one)[0], wanted))
        if found[-1].eigenvalues is None:
            wanted = False
    spectra = [one.eigenvalues for one in found if one.eigenvalues is not None]
    size = 2 * len(network.modes)
    return Spectrum(
        np.asarray([one.abscissa for one in found], dtype=np.float64).reshape(labels.shape),
        np.asarray([one.is_stable for one in found], dtype=np.bool_).reshape(labels.shape),
        np.reshape(spectra, (*labels.shape, size)) if len(spectra) == len(found) else None,
        max((one.error for one in found), default=0.0),
        next((one.reason for one in found if one.reason), ""),
    )


@on_one_thread
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
    found. Right to some 1e-16 |A|/r relative, where -r is the spectral abscissa without the drive.

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
    threshold, labels = critical_drive_of(network, mode, afford=refuse_unaffordable)
    if not labels.dims:
        return float(threshold)
    if len(labels.dims) == labels.plain:
        return threshold
    import xarray as xr

    attributes = {**QUANTITIES["critical_drive"].attributes(), "device_file": device_record(network)}
    return xr.DataArray(threshold, labels.beside(("critical_drive",)), labels.dims, "critical_drive", attributes)
