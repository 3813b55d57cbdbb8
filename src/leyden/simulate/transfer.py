"""How a device passes on what is sent in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import Array, Part, namespace_of
from leyden.drift import is_decaying
from leyden.drift.response import ladder_drift, quotient, stood_in, susceptibility, transfer
from leyden.equations.batches import in_parts
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.simulate.spectral import checked_frequencies, labelled, refuse_large, refuse_single, where_stable

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["response"]

_PAIR = ("frequency", "to", "from")


def response(network: Network, frequencies: Any) -> xr.Dataset:
    """Transfer of a device between all its modes, both ways, and its isolation: X(omega) = (i omega - A)^{-1}.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    frequencies : array, shape (f,)
        Angular frequencies omega, increasing, of either sign, in the rate unit; in the frame of the drive, where a
        weak signal goes as e^{i omega t} and a mode of detuning Delta answers most at omega = -Delta.

    Returns
    -------
    xarray.Dataset
        Over dims (..., frequency, to, from): `transfer`, the size of <a_to> for a unit force on a_from, in 1/rate, with
        its parts `transfer_real` and `transfer_imaginary`, and `conjugate_transfer`, that for a force on a_from^dag,
        the idler of parametric devices, with its parts. Over (..., frequency), with `mode` behind it for a sequence of
        batteries: `forward_transfer` from charger to battery, `backward_transfer`, `isolation`, the square of their
        quotient, `isolation_db`, and `directionality`, the difference over the sum of their squares, from -1 to 1.
        `is_stable` over (...): in a batch, devices that do not settle are NaN.

    Raises
    ------
    UnstableError
        If a single device does not settle.
    NonGaussianError
        If the Hamiltonian is not quadratic.
    ParameterError
        If frequencies do not increase or are not finite, or if there is no memory for the matrices.

    Notes
    -----
    Where nothing comes back the transfer is exactly zero: the isolation, a quotient, is NaN then, and directionality is
    1. Transfers are right to some 1e-16 times the condition of i omega - A.

    References
    ----------
    Clerk, Devoret, Girvin, Marquardt and Schoelkopf, Rev. Mod. Phys. 82, 1155 (2010), section V; Metelmann and Clerk,
    Phys. Rev. X 5, 021025 (2015).

    Examples
    --------
    On resonance a mode of damping 0.2 answers with 2/0.2, and at half its width, omega = 0.1, with less by sqrt2:

    >>> import leyden as ly
    >>> mode = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rate=0.2)], charger="a", battery="a")
    >>> [round(float(size), 6) for size in ly.response(mode, [0.0, 0.1]).transfer.sel(to="a", **{"from": "a"})]
    [10.0, 7.071068]
    """
    grid = checked_frequencies(frequencies)
    plain, labels = take_off(network)
    equations = equations_of(plain)
    names = list(plain.mode_names)
    refuse_large(2 * len(names), labels, len(grid))
    places = [plain.position(name) for name in plain.batteries]
    charger = plain.position(plain.charger)

    def work(part: Part) -> dict[str, Array]:
        return _values(equations.at(part), grid, charger, places)

    def tails(name: str) -> tuple[int, ...]:
        if name == "is_stable":
            return ()
        return (len(grid), len(places)) if name in _BETWEEN else (len(grid), len(names), len(names))

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = in_parts(work, equations, labels.shape, tails, times=len(grid))
    refuse_single(plain, labels, found["is_stable"])
    coordinates: dict[str, Any] = {"to": ("to", names), "from": ("from", names)}
    across: tuple[str, ...] = ("frequency",)
    if plain.lists_batteries:
        across, coordinates["mode"] = ("frequency", "mode"), ("mode", list(plain.batteries))
    values: dict[str, Any] = {}
    for name, value in found.items():
        if name in _BETWEEN:
            values[name] = (across, value if plain.lists_batteries else value[..., 0])
        else:
            values[name] = (() if name == "is_stable" else _PAIR, value)
    return labelled(plain, labels, values, coordinates, grid)


_BETWEEN = ("forward_transfer", "backward_transfer", "isolation", "isolation_db", "directionality")


def _values(equations: MomentEquations, grid: NDArray[np.float64], charger: int, places: list[int]) -> dict[str, Array]:
    """Variables of a device or of a part of a batch."""
    stable = is_decaying(equations.held())
    drift = stood_in(ladder_drift(equations), stable)
    xp = namespace_of(drift)
    both = transfer(susceptibility(drift, grid))
    values: dict[str, Array] = {}
    for name, value in (("transfer", both.direct), ("conjugate_transfer", both.conjugate)):
        parts = xp.real(value), xp.imag(value)
        values |= {name: _size(xp, *parts), f"{name}_real": parts[0], f"{name}_imaginary": parts[1]}
    sizes = values["transfer"]
    forward = xp.stack([sizes[..., place, charger] for place in places], axis=-1)
    backward = xp.stack([sizes[..., charger, place] for place in places], axis=-1)
    between = quotient(forward, backward)
    level = 20 * xp.log10(xp.where(between > 0, between, xp.ones_like(between)))
    largest = xp.maximum(forward, backward)
    largest = xp.where(largest > 0, largest, xp.ones_like(largest))
    there, back = (forward / largest) ** 2, (backward / largest) ** 2
    values |= {
        "forward_transfer": forward,
        "backward_transfer": backward,
        "isolation": between**2,
        "isolation_db": xp.where(between > 0, level, float("nan") * between),
        "directionality": quotient(there - back, there + back),
    }
    return {**where_stable(stable, values), "is_stable": stable}


def _size(xp: Any, real: Array, imaginary: Array) -> Array:
    """Size of complex numbers, whose derivative at zero is zero."""
    is_none = (real == 0) & (imaginary == 0)
    return xp.where(is_none, xp.zeros_like(real), xp.hypot(xp.where(is_none, xp.ones_like(real), real), imaginary))
