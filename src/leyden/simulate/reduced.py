"""The state of one mode of a device by itself."""

from __future__ import annotations

from leyden.dense import steady_state as settled
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.simulate.choice import checked_method, reducing
from leyden.simulate.correlations import refuse_not_gaussian
from leyden.simulate.spectral import refuse_single
from leyden.states.density import DensityMatrix
from leyden.task import Task

__all__ = ["reduced_state"]


def reduced_state(network: Network, mode: str | None = None, *, method: str | None = None) -> DensityMatrix:
    """Steady state of one mode of a device: its density matrix, number distribution and spectrum.

    Parameters
    ----------
    network : Network
        A single device, Gaussian or not.
    mode : str or None
        Name of the mode; by default the battery.
    method : str or None
        Of a device beyond the Gaussian "one_way", which needs no cutoff for what the core feeds, or "fock"; chosen if
        it is left out.

    Returns
    -------
    DensityMatrix
        In number states of the laboratory, of a mode with few levels in these, with what its energies may be off by.

    Raises
    ------
    ParameterError
        If the network is a batch, or there is no such mode.
    UnstableError
        If the device has no steady state.
    NonGaussianError
        If no method takes the device.
    ConvergenceError
        If energies of the state would be off by more than 1e-4 quanta.
    TruncationError
        If the core does not fit into as many levels as a method takes.

    Notes
    -----
    By method "one_way" from the characteristic function X(k) = Tr_rest[e^{i k xi} rho], an operator of the core, along
    rays from the origin outwards: dX/ds = (L + i k S - k D k/2) X with dk/ds = -A^T k. Ergotropies are right to some
    1e-9; the attribute `error` tells. A state of several quanta behind a weakly anharmonic core takes minutes.

    References
    ----------
    Cahill and Glauber, Phys. Rev. 177, 1857 (1969), Eq. (3.8), for states from characteristic functions.

    Examples
    --------
    A battery behind a Kerr oscillator that is driven in pairs of quanta:

    >>> import leyden as ly
    >>> pair = ly.catalog.two_photon_battery(drive=0.1, charger_damping=0.1, battery_damping=0.1)
    >>> anharmonic = [*pair.elements, ly.Kerr("charger", 2.0)]
    >>> device = ly.Network(pair.modes, anharmonic, charger="charger", battery="battery")
    >>> state = ly.reduced_state(device)
    >>> state.populations[:3].round(6).tolist()
    [0.971193, 0.019873, 0.008757]
    """
    plain, labels = take_off(network)
    if labels.dims:
        batch = ", ".join(map(str, labels.dims))
        raise ParameterError.of("network", "be a single device", f"a batch over {batch}", "Take one of its members.")
    if mode is None and plain.lists_batteries:
        raise ParameterError.of("mode", "name one of several batteries", mode, f"Try {plain.batteries[0]!r}.")
    name = plain.batteries[0] if mode is None else mode
    place = plain.position(name)
    task = Task(plain, labels, method=checked_method(method))
    if task.beyond or task.method not in (None, "dense"):
        chosen = reducing(task)
        assert chosen.reduced is not None
        return chosen.reduced(task, name)
    refuse_not_gaussian(plain)
    state, stable = settled(task.equations)
    refuse_single(plain, labels, stable)
    return DensityMatrix.of_gaussian(state, place)
