"""Classical states of a device, stable or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from leyden.algebra import on_one_thread
from leyden.errors import ParameterError
from leyden.mean_field.field import field_of
from leyden.mean_field.fixed_points import FixedPoints, degrees_of, fixed_points
from leyden.mean_field.homotopy import paths_of
from leyden.mean_field.lines import lines_of
from leyden.mean_field.method import cannot_take
from leyden.mean_field.motion import free_phases
from leyden.mean_field.polynomials import Polynomials
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.simulate.spectral import labelled
from leyden.states.kept import MODES

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["branches"]

# Paths of one device that take some ten seconds.
_MOST_PATHS = 600


@on_one_thread
def branches(network: Network) -> xr.Dataset:
    """Classical branches of a device: all fixed points of its mean-field equations, and which of them are stable.

    The equations are those of <a_j> in coherent states of all amplitudes alpha_j: with H in normal order and a jump of
    rate gamma, d alpha_j/dt = -i dH/d alpha_j* + gamma (o* d o/d alpha_j* - o d o*/d alpha_j*)/2.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.

    Returns
    -------
    xarray.Dataset
        Over dims (..., branch), by increasing number of all quanta, and of equal ones by phase: `amplitude` over two
        more dims, `network_mode` and `part`, "real" and "imaginary"; `charger_energy` and `stored_energy`,
        omega |alpha|^2, the latter over `mode` for a sequence of batteries; `growth_rate`, the largest real part of the
        Jacobian's eigenvalues, in the rate unit; `is_stable`, whether that is negative. In a batch, rows of devices
        with fewer branches end in NaN, and False; along a single dim `branch_line`, the number of the continuous line
        that a state lies on, -1 where there is none. Over (...): `stable_branches`, how many are stable: 2 or more
        where the device is multistable, 0 where it grows or goes round. Attributes: `method`, `paths`, `search`.

    Raises
    ------
    ParameterError
        If the device has pulses, modes of a few levels, or arrays of another library than NumPy, if it would take too
        many paths, or if nothing fixes a phase, so that its states are circles.
    ConvergenceError
        If branches are too close to each other to be told apart.

    Notes
    -----
    Fixed points are zeros of polynomials in alpha and alpha*. All isolated complex ones are followed from a start that
    has as many as there can be, the two-homogeneous Bezout number: 5 for one Kerr mode, 33 for two, 245 for three. None
    is missed but for a set of random starts of measure zero, and of lost paths; so two starts have to agree. Within
    some 1e-8 of where branches meet, relative to the parameters, they are one, whose stability is rounding.

    Lines go from each state to the next device's nearest one, so that a grid has to be finer than states are apart.
    They end and begin in pairs, where two branches meet.

    A two-photon drive has branches +-alpha in pairs, which are listed apart. Between pairs the device of the quantum
    world switches: its steady state is one, a mixture of them all.

    References
    ----------
    Drummond and Walls, J. Phys. A 13, 725 (1980), Eq. (5.2); Morgan and Sommese, Appl. Math. Comput. 24, 115 (1987).

    Examples
    --------
    Above threshold (kappa/2 + eta n)^2 + (K n)^2 = 4 eps^2, here (1/2 + n/5)^2 + (n/2)^2 = 4:

    >>> import leyden as ly
    >>> elements = [ly.TwoPhotonDrive("a", 1.0), ly.Kerr("a", 0.5), ly.LocalBath("a", 1.0), ly.TwoPhotonLoss("a", 0.2)]
    >>> device = ly.Network([ly.Mode("a")], elements, charger="a", battery="a")
    >>> found = ly.branches(device)
    >>> found.stored_energy.round(10).values.tolist(), found.is_stable.values.tolist()
    ([0.0, 3.2676425586, 3.2676425586], [False, True, True])
    """
    plain, labels = take_off(network)
    reason = cannot_take(plain)
    if reason:
        raise ParameterError.of("network", f"have classical amplitudes to follow, but {reason}", plain.name)
    field = field_of(plain, labels.shape)
    paths = _checked_paths(plain, field)
    flat = field.with_coefficients(field.coefficients.reshape(int(np.prod(labels.shape)), -1))
    found = fixed_points(flat)
    if free_phases(field) and any(one.is_singular for one in found):
        allowed = "have drives that fix all phases: without, its classical states are circles"
        remedy = 'Or let steady_state(method="mean_field") settle on one of them.'
        raise ParameterError.of("network", allowed, plain.name, remedy)
    values = _values(plain, found, labels.shape)
    coordinates: dict[str, Any] = {
        "part": ("part", ["real", "imaginary"], {"long_name": "part of a complex number"}),
        MODES: (MODES, list(plain.mode_names), {"long_name": "mode"}),
    }
    if plain.lists_batteries:
        coordinates["mode"] = ("mode", list(plain.batteries), {"long_name": "battery mode"})
    search = f"every isolated fixed point ends one of {paths} paths; two random starts agreed"
    return labelled(plain, labels, values, coordinates, method="mean_field", paths=paths, search=search)


def _checked_paths(network: Network, field: Polynomials) -> int:
    """Number of paths to follow, refused where it is too large, or where an amplitude is free."""
    missing = sorted(set(range(len(network.mode_names))) - set(field.targets.tolist()))
    if missing:
        name = network.mode_names[missing[0]]
        raise ParameterError.of(
            "network", f"move or damp every mode, but every amplitude of {name!r} stays", network.name
        )
    paths = paths_of(degrees_of(field))
    if paths > _MOST_PATHS:
        allowed = f"have at most {_MOST_PATHS} paths to its branches"
        raise ParameterError.of("network", allowed, paths, 'Use steady_state(method="mean_field") for one of them.')
    return paths


def _values(network: Network, found: list[FixedPoints], shape: tuple[int, ...]) -> dict[str, Any]:
    """Variables with the dims behind those of the batch."""
    most, modes = max((len(one.amplitudes) for one in found), default=0), len(network.mode_names)
    amplitudes: Any = np.full((len(found), most, modes), np.nan + 1j * np.nan)
    growth, stable = np.full((len(found), most), np.nan), np.zeros((len(found), most), dtype=np.bool_)
    for row, one in enumerate(found):
        count = len(one.amplitudes)
        amplitudes[row, :count], growth[row, :count], stable[row, :count] = one.amplitudes, one.growth, one.is_stable
    amplitudes = amplitudes.reshape(*shape, most, modes)
    quanta = np.stack([np.broadcast_to(np.asarray(one), shape) for one in network.frequencies], axis=-1)
    energies = quanta[..., None, :] * np.abs(amplitudes) ** 2
    places = [network.position(name) for name in network.batteries]
    stored = energies[..., places] if network.lists_batteries else energies[..., places[0]]
    behind = ("branch", "mode") if network.lists_batteries else ("branch",)
    stable = stable.reshape(*shape, most)
    followed = {"branch_line": (("branch",), lines_of(amplitudes))} if len(shape) == 1 else {}
    return followed | {
        "amplitude": (("branch", MODES, "part"), np.stack([amplitudes.real, amplitudes.imag], axis=-1)),
        "charger_energy": (("branch",), energies[..., network.position(network.charger)]),
        "stored_energy": (behind, stored),
        "growth_rate": (("branch",), growth.reshape(*shape, most)),
        "is_stable": (("branch",), stable),
        "stable_branches": ((), np.sum(stable, axis=-1)),
    }
