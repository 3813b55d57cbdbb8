"""What is known of a device whose loss is watched by a homodyne detector."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from leyden import merit
from leyden.algebra.riccati import riccati_flow, riccati_residual, riccati_steady
from leyden.arrays import Part, cut, is_concrete
from leyden.conventions import VACUUM_VARIANCE, symplectic_form
from leyden.dense import steady_state
from leyden.drift.ports import Port, Ports, ports_of
from leyden.equations.batches import in_parts
from leyden.equations.device import equations_of
from leyden.equations.moments import MomentEquations
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.numeric import numbers_of
from leyden.quantities import QUANTITIES
from leyden.simulate.correlations import refuse_not_gaussian
from leyden.simulate.evolve import evolve
from leyden.simulate.spectral import labelled, refuse_large, refuse_single, where_stable
from leyden.states.gaussian import GaussianState
from leyden.states.kept import QUADRATURE, WITH_QUADRATURE
from leyden.states.ladder import stood_in
from leyden.text import listed

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["incoming_of", "monitor", "rows_of"]

Real = NDArray[np.float64]


class _Watched(NamedTuple):
    """dS/dt = A S + S A^T + Q - S G S of the conditional excess, and the quadrature that is measured."""

    drift: Real
    source: Real
    gain: Real
    quadrature: Real  # (..., 2N): x_theta of the jump, for rate 1


def monitor(network: Network, mode: str, *, efficiency: float, angle: float, times: Any = None) -> xr.Dataset:
    """Homodyne monitoring of what a mode loses: the state given the record, and the ergotropy that the record is worth.

    Parameters
    ----------
    network : Network
        Parameters may be numbers, arrays or DataArrays, whose dims come back in the result.
    mode : str
        Name of the mode whose own bath is watched; or, where it has several or for a shared one, of a port, as
        `leyden.spectrum` has it: "SharedBath(charger, battery)".
    efficiency : float
        eta, share of the output that is detected, from 0 to 1.
    angle : float
        theta of the measured quadrature x cos theta + p sin theta, in radians.
    times : array, shape (t,), or None
        Increasing, not negative, in units of 1/rate, from the vacuum; without them the steady state is asked for.

    Returns
    -------
    xarray.Dataset
        `conditional_covariance` over (..., time, quadrature, with_quadrature), the same for every record;
        `conditional_variance` over (..., time) of the measured quadrature, in the device, vacuum 1/2 (of a shared bath,
        that of its jump); `daemonic_ergotropy` over (..., mode, time), the mean over all records of the ergotropy of
        the battery's conditional state, and `ergotropy` without a record beside it. `is_stable` over (...): in a batch,
        devices that do not settle are NaN.

    Raises
    ------
    UnstableError
        If a single device is asked for its steady state, and has none.
    NonGaussianError
        If the Hamiltonian is not quadratic, or a jump not linear.
    ConvergenceError
        If the device settles too slowly beside its fastest rate.
    ParameterError
        If the mode is not there or has no bath of its own, or several; if efficiency or angle are out of range, times
        do not increase or start negative, or there is no memory for the matrices.

    Notes
    -----
    With the excess S = V - 1/2 of the conditional covariance, detection through a cold bath of rate kappa adds
    -2 eta kappa (S c)(S c)^T to dS/dt = A S + S A^T + Q, c the measured quadrature; a bath that is warm or squeezed
    makes process and detector noise correlated, and the detector noisier. This Riccati equation is solved exactly, at
    any time and at rest, by doubling; the attribute `relative_residual` says how well at rest. The mean moves with the
    record, V does not: so the mean ergotropy of a battery is its mean energy less the passive energy of its conditional
    covariance. Values are right to some 1e-16 of the largest moment.

    References
    ----------
    Wiseman and Milburn, Quantum Measurement and Control (2010), Sec. 6.6; Francica, Goold, Plastina and Paternostro,
    npj Quantum Inf. 3, 12 (2017) (daemonic ergotropy); Genoni, Lami and Serafini, Contemp. Phys. 57, 331 (2016).

    Examples
    --------
    A parametric oscillator, kappa = 1 and eps = 0.1, watched in its amplified quadrature, which is at -pi/4 here:
    1.2 S^2 + 0.6 S - 0.2 = 0.

    >>> import numpy as np
    >>> import leyden as ly
    >>> device = ly.Network([ly.Mode("a")], [ly.TwoPhotonDrive("a", 0.1), ly.LocalBath("a", 1.0)], "a", "a")
    >>> found = ly.monitor(device, "a", efficiency=0.6, angle=-np.pi / 4)
    >>> round(float(found.conditional_variance), 9), round((-0.6 + 1.32**0.5) / 2.4 + 0.5, 9)
    (0.728713554, 0.728713554)
    """
    eta, theta = _checked("efficiency", efficiency, 1.0), _checked("angle", angle)
    plain, labels = take_off(network)
    refuse_not_gaussian(plain)
    equations = equations_of(plain)
    if not all(map(is_concrete, equations.arrays)):
        raise ParameterError.of("network", "hold concrete numbers, not traced ones", plain.name)
    port, size = _port(plain, mode), 2 * len(plain.mode_names)
    names = [f"{name}.{axis}" for name in plain.mode_names for axis in "xp"]
    coordinates: dict[str, Any] = {QUADRATURE: names, WITH_QUADRATURE: names}
    if plain.lists_batteries:
        coordinates["mode"] = ("mode", list(plain.batteries))
    about: dict[str, Any] = {"port": port.name, "efficiency": eta, "angle": theta}
    tails = _tails(plain, timed=times is not None)
    if times is not None:
        grid = checked_times(times)
        refuse_large(size, labels, len(grid))
        watched = _watched(equations, port, (), eta, theta)
        excess = riccati_flow(*watched[:3], grid, np.zeros((size, size)))
        energies = [np.asarray(value)[..., None] if np.ndim(value) else value for value in plain.frequencies]
        values = _values(plain, evolve(network, grid), (excess, watched.quadrature[..., None, :]), energies, 1)
        coordinates["time"] = ("time", grid, QUANTITIES["time"].attributes())
        found = {name: (tails[name], value) for name, value in values.items()}
        return labelled(plain, labels, found, coordinates, **about)
    refuse_large(size, labels, 1)
    residual = 0.0

    def work(part: Part) -> dict[str, Any]:
        nonlocal residual
        own = equations.at(part)
        state, stable = steady_state(own)
        watched = _watched(own, port, part, eta, theta)
        # Where nothing settles a mode that only decays stands in.
        here = np.asarray(stable)[..., None, None]
        safe = np.where(here, watched.drift, -np.eye(size)), np.where(here, watched.source, 0.0), watched.gain
        excess = riccati_steady(*safe)
        residual = max(residual, riccati_residual(*safe, excess))
        energies = [cut(value, part) for value in plain.frequencies]
        values = _values(plain, stood_in(state, stable), (excess, watched.quadrature), energies, 0)
        return {**where_stable(stable, values), "is_stable": stable}

    sizes = {QUADRATURE: size, WITH_QUADRATURE: size, "mode": len(plain.batteries)}
    values = in_parts(work, equations, labels.shape, lambda name: tuple(sizes[dim] for dim in tails[name]))
    refuse_single(plain, labels, values["is_stable"])
    found = {name: (tails[name], value) for name, value in values.items()}
    return labelled(plain, labels, found, coordinates, relative_residual=residual, **about)


def _checked(name: str, value: Any, largest: float | None = None) -> float:
    found = np.asarray(numbers_of(name, value, "be a number"))
    is_good = found.ndim == 0 and found.dtype.kind in "fiu" and bool(np.isfinite(found))
    if not is_good or (largest is not None and not 0 <= float(found) <= largest):
        raise ParameterError.of(name, "be a finite number" if largest is None else "be a number from 0 to 1", value)
    return float(found)


def _tails(network: Network, *, timed: bool) -> dict[str, tuple[str, ...]]:
    """Dims of each variable behind those of the batch."""
    time = ("time",) if timed else ()
    battery = (*(("mode",) if network.lists_batteries else ()), *time)
    return {
        "conditional_covariance": (*time, QUADRATURE, WITH_QUADRATURE),
        "conditional_variance": time,
        "daemonic_ergotropy": battery,
        "ergotropy": battery,
        "is_stable": (),
    }


def _port(network: Network, mode: str) -> Port:
    """The port that is watched."""
    every = ports_of(network)
    named = [port for port in every if port.name == mode]
    if named:
        return named[0]
    network.position(mode)
    own = [port for port in every if port.modes == (mode,)]
    losing = [port for port in own if not any(np.any(value) for value in port.raising)]
    if len(losing) == 1:
        return losing[0]
    touching = [port.name for port in every if mode in port.modes]
    remedy = f"Name one of its ports: {listed(touching)}." if touching else "Nothing leaves it."
    raise ParameterError.of("mode", "be one with a single lossy bath of its own", mode, remedy)


def rows_of(ports: Ports) -> tuple[Real, Real]:
    """Quadratures x_o, p_o of a jump, times the root of its rate, as rows (..., 2N) over those of the modes."""
    lowering, raising = np.asarray(ports.lowering)[..., 0, :], np.asarray(ports.raising)[..., 0, :]
    plus: Any = lowering + raising
    minus: Any = lowering - raising
    shape = (*plus.shape[:-1], 2 * plus.shape[-1])
    first = np.stack([plus.real, -minus.imag], axis=-1).reshape(shape)
    return first, np.stack([plus.imag, minus.real], axis=-1).reshape(shape)


def _watched(equations: MomentEquations, port: Port, part: Part, efficiency: float, angle: float) -> _Watched:
    """The Riccati equation of the conditional excess covariance."""
    ports = Ports.of([port], part)
    first, second = rows_of(ports)
    aim = np.array([np.cos(angle), np.sin(angle)])
    measured = first * aim[0] + second * aim[1]
    # What the field that comes in, X and P, does to the modes: H = P x_o - X p_o.
    omega = symplectic_form(measured.shape[-1] // 2)
    shaken = np.stack([second @ omega, -(first @ omega)], axis=-1)
    incoming, root = incoming_of(ports), efficiency**0.5
    output = root * measured
    noise = VACUUM_VARIANCE + efficiency * np.einsum("i,...ij,j->...", aim, incoming, aim)
    # What process and detector noise have in common, beside S c; of a cold loss it is exactly zero.
    vacuum = VACUUM_VARIANCE * (measured + shaken @ aim)
    common = root * (vacuum + np.einsum("...ni,...ij,j->...n", shaken, incoming, aim))
    drift, source, per_noise = np.asarray(equations.drift), np.asarray(equations.source), 1 / noise[..., None, None]
    parts = (
        drift - per_noise * common[..., :, None] * output[..., None, :],
        source - per_noise * common[..., :, None] * common[..., None, :],
        per_noise * output[..., :, None] * output[..., None, :],
    )
    shape = np.broadcast_shapes(*(one.shape for one in parts))
    bare = rows_of(Ports.of([replace(port, rate=1.0)], part))
    drift, source, gain = (np.broadcast_to(one, shape) for one in parts)
    return _Watched(drift, source, gain, bare[0] * aim[0] + bare[1] * aim[1])


def incoming_of(ports: Ports) -> Real:
    """Covariance (..., 2, 2) of the quadratures of the field that comes in, above the vacuum."""
    occupation = np.asarray(ports.occupation, dtype=np.float64)[..., 0]
    turned = np.zeros(1) if ports.squeezing is None else np.asarray(ports.squeezing)
    tangent = turned[..., 0]
    whole = 1 - np.abs(tangent) ** 2
    number = occupation + (2 * occupation + 1) * np.abs(tangent) ** 2 / whole
    anomalous = -(2 * occupation + 1) * tangent / whole
    return np.stack(
        [
            np.stack([number + anomalous.real, anomalous.imag + 0 * number], axis=-1),
            np.stack([anomalous.imag + 0 * number, number - anomalous.real], axis=-1),
        ],
        axis=-2,
    )


def _values(
    network: Network, state: GaussianState, known: tuple[Real, Real], energies: list[Any], axes: int
) -> dict[str, Any]:
    """Variables of a device or a batch, from the state without a record, and the excess and quadrature given one."""
    excess, quadrature = known
    conditional = GaussianState.holding(mean=np.zeros(excess.shape[:-1]), excess=excess)
    covariance = np.asarray(conditional.covariance)
    places = [network.position(name) for name in network.batteries]
    worth: list[Any] = []
    plain: list[Any] = []
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        for place in places:
            stored = merit.energy(state, place, energies[place])
            worth.append(stored - merit.passive_energy(conditional, place, energies[place]))
            plain.append(merit.ergotropy(state, place, energies[place]))
    whole = {"daemonic_ergotropy": worth, "ergotropy": plain}
    own = {
        name: np.stack(np.broadcast_arrays(*each), axis=-1 - axes) if network.lists_batteries else each[0]
        for name, each in whole.items()
    }
    variance = np.einsum("...i,...ij,...j->...", quadrature, covariance, quadrature)
    return {"conditional_covariance": covariance, "conditional_variance": variance, **own}
