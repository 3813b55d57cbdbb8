"""A device as QuTiP has it, for whatever QuTiP does and leyden does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leyden.errors import ParameterError
from leyden.fock.operators import (
    by_mode,
    changing_jumps,
    changing_terms,
    checked_cutoff,
    constant_jumps,
    constant_terms,
    load_qutip,
    own_levels,
    single_device,
)
from leyden.model.network import Network

__all__ = ["to_qutip"]


def to_qutip(network: Network, levels: int | Sequence[int] | None = None) -> tuple[Any, list[Any]]:
    """Hamiltonian and collapse operators of a device, as QuTiP's solvers take them.

    Parameters
    ----------
    network : Network
        A single device, Gaussian or not.
    levels : int, sequence of int or None
        Fock levels kept, for all modes or for each; modes that have so many and no more (`Mode(..., levels=2)`) keep
        their own. None where all modes have.

    Returns
    -------
    hamiltonian : qutip.Qobj or qutip.QobjEvo
        In the rate unit, in the frame of the drive; a QobjEvo where a parameter is a pulse. The tensor product has the
        modes in the order of `network.mode_names`.
    collapse_operators : list of qutip.Qobj and qutip.QobjEvo
        sqrt(rate) times the jump, so that QuTiP's L rho = c rho c^dag - {c^dag c, rho}/2. The baths come in the order
        of `network.elements`, each with its loss first and then, where it is warm, its gain; those of rate zero are
        left out, and those whose rate is a pulse come last.

    Raises
    ------
    ParameterError
        If the network is a batch, or the levels are no numbers of levels.
    LeydenError
        If QuTiP is not installed.

    Notes
    -----
    leyden and QuTiP both have hbar = 1 and a = (x + i p)/sqrt2. Dissipators of leyden have the full rate, as QuTiP's.

    Examples
    --------
    >>> import leyden as ly
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 0.5, occupation=1.0)], charger="a", battery="a")
    >>> hamiltonian, jumps = ly.fock.to_qutip(device, 8)
    >>> hamiltonian.dims, [round(float(jump.norm("max")) ** 2, 6) for jump in jumps]
    ([[8], [8]], [7.0, 3.5])
    """
    qutip = load_qutip()
    device = single_device(network, may_change=True)
    if levels is None:
        own = own_levels(device)
        if None in own:
            raise ParameterError.of("levels", "be given for modes that are oscillators", levels)
        levels = [level for level in own if level is not None]
    kept = checked_cutoff(device, levels)
    elements, lowering = (*device.modes, *device.elements), by_mode(device, kept)
    hamiltonian = constant_terms(elements, lowering, kept)
    turning = changing_terms(elements, lowering)
    if turning:
        hamiltonian = qutip.QobjEvo([hamiltonian, *([operator, _value(pulse)] for pulse, operator in turning)])
    jumps: list[Any] = constant_jumps(elements, lowering)
    jumps += [qutip.QobjEvo([[jump, _root(rate)]]) for rate, jump in changing_jumps(elements, lowering)]
    return hamiltonian, jumps


def _value(pulse: Any) -> Any:
    def value(t: float) -> float:  # QuTiP knows the time by this name
        return float(pulse([t])[0])

    return value


def _root(rate: Any) -> Any:
    def value(t: float) -> float:
        return max(float(rate([t])[0]), 0.0) ** 0.5

    return value
