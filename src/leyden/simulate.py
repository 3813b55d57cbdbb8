"""What a device does: network in, labelled Dataset out.

Labels come off at this door and go back on here; the engine below sees plain arrays that broadcast.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden import dynamics, merit
from leyden.backend import Array, eigenvalues, is_concrete, namespace_of, to_numpy
from leyden.conventions import DESCRIPTION
from leyden.errors import ParameterError, UnstableError
from leyden.model.labels import Labels, take_off
from leyden.model.moments import moment_equations
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.quantities import QUANTITIES, attributes_of
from leyden.states.gaussian import GaussianState, MomentRates
from leyden.states.prepare import vacuum
from leyden.version import __version__

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["charge", "critical_drive", "stability", "steady_state"]

_BATTERY_MERITS: dict[str, Callable[..., Array]] = {
    "stored_energy": merit.energy,
    "passive_energy": merit.passive_energy,
    "ergotropy": merit.ergotropy,
}
_RATIOS = {
    "utilization_ratio": ("ergotropy", "stored_energy"),
    "conversion_ratio": ("ergotropy", "charger_energy"),
    "transfer_ratio": ("stored_energy", "charger_energy"),
    "charging_efficiency": ("ergotropy", "drive_work"),
}
# One value for the whole device, whatever the number of batteries.
_WHOLE = ("charger_energy", "drive_work", "is_stable")


def _merits(network: Network, state: GaussianState, rates: MomentRates, axes: int) -> dict[str, Array]:
    """All merits, per battery; `axes` axes (the time axis) stand behind the batch axes of the parameters."""

    def frequency(name: str) -> Any:
        value = network.modes[network.position(name)].frequency
        return value if np.ndim(value) == 0 else value[(..., *(None,) * axes)]

    merits: dict[str, Array] = {
        "charger_energy": merit.energy(state, network.position(network.charger), frequency(network.charger))
    }
    batteries = [(network.position(name), frequency(name)) for name in network.batteries]
    for name, evaluate in _BATTERY_MERITS.items():
        merits[name] = _stacked([evaluate(state, place, omega) for place, omega in batteries], axes)
    merits["charging_power"] = _stacked([merit.power(state, rates, *battery) for battery in batteries], axes)
    if len(batteries) > 1:
        position = -1 - axes
        for name in ("stored_energy", "passive_energy", "ergotropy", "charging_power"):
            merits[f"total_{name}"] = namespace_of(merits[name]).sum(merits[name], axis=position)
    return merits


def _stacked(values: list[Array], axes: int) -> Array:
    """One array for one battery, with a mode axis before the time axis for several."""
    if len(values) == 1:
        return values[0]
    xp = namespace_of(*values)
    return xp.stack(xp.broadcast_arrays(*values), axis=-1 - axes)


def _ratios(merits: Mapping[str, Array], axes: int) -> dict[str, Array]:
    several = "total_stored_energy" in merits
    ratios: dict[str, Array] = {}
    for name, (above, below) in _RATIOS.items():
        if below not in merits:  # a steady state knows nothing of the work that led to it
            continue
        denominator = merits[below]
        if several and below in _WHOLE:
            denominator = denominator[..., None] if axes == 0 else denominator[..., None, :]
        ratios[name] = merit.ratio(merits[above], denominator)
        if several:
            whole = merits[below] if below in _WHOLE else merits[f"total_{below}"]
            ratios[f"total_{name}"] = merit.ratio(merits[f"total_{above}"], whole)
    return ratios


def _dataset(
    network: Network,
    labels: Labels,
    values: Mapping[str, Array],
    times: NDArray[np.float64] | None = None,
) -> xr.Dataset:
    """Put the labels back on: batch dims first, then `mode` for several batteries, then `time`."""
    import xarray as xr

    several = len(network.batteries) > 1
    labels.refuse({*values, *(("mode",) if several else ()), *(() if times is None else ("time",))})
    tail = () if times is None else ("time",)
    tail_shape = () if times is None else (len(times),)
    variables: dict[str, Any] = {}
    for name, value in values.items():
        per_mode = several and not name.startswith("total_") and name not in _WHOLE
        dims, shape = labels.dims, labels.shape
        if per_mode:
            dims, shape = (*dims, "mode"), (*shape, len(network.batteries))
        if name != "is_stable":
            dims, shape = (*dims, *tail), (*shape, *tail_shape)
        xp = namespace_of(value)
        full = value if value.shape == shape else xp.asarray(xp.broadcast_to(value, shape), copy=True)
        variables[name] = xr.Variable(dims, full, attributes_of(name))
    coordinates: dict[str, Any] = dict(labels.coordinates)
    if several:
        coordinates["mode"] = ("mode", list(network.batteries), {"long_name": "battery mode"})
    if times is not None:
        coordinates["time"] = ("time", times, QUANTITIES["time"].attributes())
    return xr.Dataset(variables, coords=coordinates, attrs=_provenance(network))


def _provenance(network: Network) -> dict[str, str]:
    return {"device": network.name, "version": __version__, "conventions": DESCRIPTION}


def _refuse_unstable(network: Network, drift: Array) -> None:
    """Say why a single device has no steady state: how far it is, and what would mend it."""
    found = float(np.max(np.real(eigenvalues(to_numpy(drift)))))
    threshold = dynamics.threshold_of(network)
    if threshold is None:
        remedy = "Damp every mode, directly or through a shared bath."
    elif threshold == 0:
        remedy = "It is not stable even without its drive: damp every mode, directly or through a shared bath."
    else:
        remedy = f"Keep the two-photon drive below its critical amplitude {threshold:.6g}, or raise the damping."
    raise UnstableError(
        f"Argument `network` must be stable to have a steady state, but the spectral abscissa of {network.name!r} is "
        f"{found:.6g}, not negative. {remedy} Its transient can still be had with `charge`.",
        spectral_abscissa=found,
        threshold=threshold,
        remedy=remedy,
    )


def steady_state(network: Network) -> xr.Dataset:
    """Steady state of a device: energies, ergotropy, ratios.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.

    Returns
    -------
    xarray.Dataset
        Over dims (...), with `mode` behind them for several batteries: `stored_energy`, `passive_energy`, `ergotropy`,
        `charging_power` (zero), `charger_energy`, `utilization_ratio`, `conversion_ratio`,
        `transfer_ratio`, `is_stable`, each with `long_name`, `units`, `symbol`; totals for several batteries. In a
        batch, unstable devices are NaN.

    Raises
    ------
    UnstableError
        If a single device has no steady state.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (9)-(11), (14), (15), (19).

    Examples
    --------
    E_B = 24 g^2 eps^2/[(Lambda^2 - 16 eps^2)(Lambda^2 - 4 eps^2)] with g = 1/2, Lambda = 0.6 and eps = 0.1 is
    0.06/(0.2 * 0.32):

    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> round(float(ly.steady_state(device).stored_energy), 12)
    0.9375
    """
    plain, labels = take_off(network)
    equations = moment_equations(plain)
    state, stable = dynamics.steady_state(equations)
    if not labels.dims and is_concrete(stable) and not bool(stable):
        _refuse_unstable(plain, equations.drift)
    # At a fixed point nothing changes; where there is none, NaN stays NaN.
    values = _merits(plain, state, MomentRates(0 * state.mean, 0 * state.excess), axes=0)
    values |= _ratios(values, axes=0)
    return _dataset(plain, labels, {**values, "is_stable": stable})


def charge(network: Network, times: Any, *, initial: GaussianState | None = None) -> xr.Dataset:
    """Charging of a device in time, exactly, stable or not.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    times : array, shape (t,)
        Increasing, not negative, in units of 1/rate; any grid, equidistant ones are fastest.
    initial : GaussianState or None
        State at time 0 of all modes in the network's order; vacuum by default.

    Returns
    -------
    xarray.Dataset
        Over dims (..., time), with `mode` before `time` for several batteries; the variables of `steady_state`,
        and `drive_work`, what the drives have put in so far, and `charging_efficiency`, ergotropy over that.

    Raises
    ------
    ParameterError
        If times do not increase or start negative, if the initial state has another number of modes, or if a single
        unstable device outgrows the number range.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5), (6), (9)-(11), (15).

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> run = ly.charge(device, [0.0, 500.0])
    >>> run.stored_energy.round(9).values.tolist()
    [0.0, 0.9375]
    """
    times = checked_times(times)
    plain, labels = take_off(network)
    equations = moment_equations(plain)
    start = vacuum(len(plain.modes)) if initial is None else initial
    if not isinstance(start, GaussianState):
        raise ParameterError.of("initial", "be a GaussianState", start, "See `leyden.states`.")
    if start.modes != len(plain.modes):
        raise ParameterError.of("initial", f"have {len(plain.modes)} modes, as the network", start.modes)
    labels = labels.behind(start.shape)
    state, rates = dynamics.propagate_with_rates(equations, start, times)
    with np.errstate(over="ignore", invalid="ignore"):
        values = _merits(plain, state, rates, axes=1)
        frequencies = [mode.frequency for mode in plain.modes]
        values["drive_work"] = dynamics.drive_work(equations, frequencies, start, state, times)
        values |= _ratios(values, axes=1)
    if not labels.dims:
        _refuse_overflow(plain, values["charger_energy"], values["stored_energy"], times)
    stable = dynamics.is_decaying(equations.drift, dynamics.spectral_abscissa(eigenvalues(equations.drift)))
    return _dataset(plain, labels, {**values, "is_stable": stable}, times)


def _refuse_overflow(network: Network, charger: Array, stored: Array, times: NDArray[np.float64]) -> None:
    if not is_concrete(stored):
        return
    numbers = np.isfinite(to_numpy(charger)) & np.all(np.isfinite(np.atleast_2d(to_numpy(stored))), axis=0)
    if not numbers.all():
        last = times[numbers][-1] if numbers.any() else 0.0
        raise ParameterError.of(
            "times",
            f"end by {last:.6g}, before the unstable device {network.name!r} outgrows the number range",
            float(times[-1]),
        )


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
    drift = moment_equations(plain).drift
    spectrum = to_numpy(eigenvalues(drift))
    order = np.lexsort((spectrum.imag, -spectrum.real), axis=-1)
    spectrum = np.take_along_axis(spectrum, order, axis=-1)
    abscissa = np.asarray(dynamics.spectral_abscissa(spectrum))
    stable = np.asarray(dynamics.is_decaying(to_numpy(drift), abscissa))

    def variable(name: str, value: NDArray[Any], *tail: str) -> xr.Variable:
        shape = (*labels.shape, *value.shape[value.ndim - len(tail) :])
        return xr.Variable((*labels.dims, *tail), np.broadcast_to(value, shape).copy(), QUANTITIES[name].attributes())

    labels.refuse(("eigenvalue", "spectral_abscissa", "is_stable", "eigenvalues"))
    variables = {
        "spectral_abscissa": variable("spectral_abscissa", abscissa),
        "is_stable": variable("is_stable", stable),
        "eigenvalues": variable("eigenvalues", spectrum, "eigenvalue"),
    }
    return xr.Dataset(variables, coords=dict(labels.coordinates), attrs=_provenance(plain))


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
