"""Noise in a device and out of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.arrays import Array, Part, namespace_of
from leyden.drift import is_decaying
from leyden.drift.ports import Ports, ports_of
from leyden.drift.response import ladder_drift, noise_spectrum, output_of, scattering, stood_in, susceptibility
from leyden.equations.batches import in_parts
from leyden.equations.device import equations_of
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.simulate.spectral import checked_frequencies, labelled, refuse_large, refuse_single, where_stable
from leyden.states.kept import QUADRATURE, WITH_QUADRATURE

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["spectrum"]

_TAILS = {"is_stable": (), "noise_spectrum": ("frequency", QUADRATURE, WITH_QUADRATURE)}
_OF_PORTS = ("frequency", "port")


def spectrum(network: Network, frequencies: Any) -> xr.Dataset:
    """Output noise spectra of a device, through each of its baths, and the noise in it; vacuum 1 outside.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    frequencies : array, shape (f,)
        Angular frequencies omega, increasing, of either sign, in the rate unit, in the frame of the drive.

    Returns
    -------
    xarray.Dataset
        Over dims (..., frequency, port), one port for each local and each shared bath, named as its element:
        `squeezed_variance` and `amplified_variance`, the noise that a homodyne detector sees at this frequency in its
        quietest and its loudest quadrature, `squeezing_db`, positive below the vacuum, `squeezed_angle`, theta of
        x cos theta + p sin theta, and `output_flux`, the quanta that leave. Over (..., frequency, quadrature,
        with_quadrature): `noise_spectrum`, the symmetrised spectral density in the device, in 1/rate, whose integral
        over omega/2pi is the covariance. `is_stable` over (...): in a batch, devices that do not settle are NaN. The
        coordinate `mode` beside `port` names the mode behind it, `sel(mode="charger")` works.

    Raises
    ------
    UnstableError
        If a single device does not settle.
    NonGaussianError
        If the Hamiltonian is not quadratic, or a jump not linear.
    ParameterError
        If the device has no bath, if frequencies do not increase or are not finite, or if there is no memory for the
        matrices.

    Notes
    -----
    A jump o of rate Gamma couples to a field b: b_out = b_in + Gamma^(1/2) o. What comes in has the bath's
    occupation, of squeezed baths the bath's squeezing. The variances are the eigenvalues of the real part of the
    spectral matrix: of the noise at omega and at -omega together, which is what beats with a local oscillator.

    References
    ----------
    Collett and Gardiner, Phys. Rev. A 30, 1386 (1984); Gardiner and Collett, Phys. Rev. A 31, 3761 (1985).

    Examples
    --------
    A parametric oscillator of damping kappa at x = 4 eps/kappa of its threshold is squeezed to (1 - x)^2/(1 + x)^2 on
    resonance, for x = 0.4 to 9/49:

    >>> import leyden as ly
    >>> elements = [ly.TwoPhotonDrive("a", amplitude=0.1), ly.LocalBath("a", rate=1.0)]
    >>> device = ly.Network([ly.Mode("a")], elements, charger="a", battery="a")
    >>> round(float(ly.spectrum(device, [0.0]).squeezed_variance.squeeze()) * 49, 12)
    9.0
    """
    grid = checked_frequencies(frequencies)
    plain, labels = take_off(network)
    equations = equations_of(plain)
    every = ports_of(plain)
    if not every:
        raise ParameterError.of("network", "have a bath, through which something leaves", plain.name)
    size, count = 2 * len(plain.mode_names), len(every)
    refuse_large(max(size, 2 * count), labels, len(grid))

    def work(part: Part) -> dict[str, Array]:
        own = equations.at(part)
        stable = is_decaying(own.held())
        ports = Ports.of(every, part)
        inverse = susceptibility(stood_in(ladder_drift(own), stable), grid)
        leaving = output_of(scattering(inverse, ports), ports.occupation)
        xp = namespace_of(leaving.squeezed)
        values = {
            "squeezed_variance": leaving.squeezed,
            "amplified_variance": leaving.amplified,
            "squeezing_db": -10 * xp.log10(leaving.squeezed),
            "squeezed_angle": leaving.angle,
            "output_flux": leaving.flux,
            "noise_spectrum": noise_spectrum(own, grid, stable),
        }
        return {**where_stable(stable, values), "is_stable": stable}

    def tails(name: str) -> tuple[int, ...]:
        sizes = {"frequency": len(grid), "port": count, QUADRATURE: size, WITH_QUADRATURE: size}
        return tuple(sizes[dim] for dim in _TAILS.get(name, _OF_PORTS))

    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        found = in_parts(work, equations, labels.shape, tails, times=len(grid))
    refuse_single(plain, labels, found["is_stable"])
    quadratures = [f"{name}.{axis}" for name in plain.mode_names for axis in "xp"]
    coordinates = {
        "port": ("port", [port.name for port in every], {"long_name": "port"}),
        "mode": ("port", [", ".join(port.modes) for port in every], {"long_name": "mode"}),
        QUADRATURE: quadratures,
        WITH_QUADRATURE: quadratures,
    }
    values = {name: (_TAILS.get(name, _OF_PORTS), value) for name, value in found.items()}
    return labelled(plain, labels, values, coordinates, grid).set_xindex("mode")
