"""The moment equations of a device, or of its linear part: the words of all its elements, each as a share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leyden.equations.basis import blocks_of, closes
from leyden.equations.moments import MomentEquations
from leyden.equations.shares import Share
from leyden.errors import LeydenError, NonGaussianError
from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.labels import take_off
from leyden.model.modes import Modes
from leyden.model.network import Network

__all__ = ["equations_of", "linear_part", "moment_equations"]

# Modes up to which a device keeps its equations: matrices of some kilobytes, which take longer to make than to solve.
_MOST_KEPT = 8


def _share(part: Element | Family, positions: dict[str, int], *, of_linear_part: bool = False) -> Share:
    if not isinstance(part, Family):
        return Share(tuple(positions[mode] for mode in part.modes), *blocks_of(part, of_linear_part=of_linear_part))
    try:
        return Share.of_family(part.places, *blocks_of(part.pattern, of_linear_part=of_linear_part))
    except LeydenError as error:
        found = _of_member(part, tuple(positions), error)
    raise found from None


def _of_member(family: Family, names: tuple[str, ...], error: LeydenError) -> LeydenError:
    """An error about a pattern, which is on no modes of the device, as one about the first member that is at fault."""
    for index in range(len(family)):
        try:
            blocks_of(family.member(index, names))
        except LeydenError as own:
            return own
    return error


def moment_equations(network: Network) -> MomentEquations:
    """Moment equations of a device: d<r>/dt = A <r> + f, dV/dt = A V + V A^T + D.

    Parameters
    ----------
    network : Network
        Labelled parameters lose their labels; the axes are those of `leyden.model.labels.take_off`.

    Returns
    -------
    MomentEquations
        With `drift`, `diffusion`, `forcing` and the `contributions` that they are the sum of.

    Raises
    ------
    NonGaussianError
        If an element's Hamiltonian is not quadratic.

    References
    ----------
    Xu and Ren, arXiv:2511.12118, Eqs. (5) and (6).

    Examples
    --------
    A mode with damping rate 2 decays at rate 1:

    >>> import leyden as ly
    >>> network = ly.Network([ly.Mode("a")], [ly.LocalBath("a", rate=2.0)], charger="a", battery="a")
    >>> ly.moment_equations(network).drift.tolist()
    [[-1.0, 0.0], [0.0, -1.0]]
    """
    # Ones of their own: what is handed out may be written to.
    return _summed(take_off(network)[0])


def equations_of(network: Network) -> MomentEquations:
    """Moment equations of a device whose labels have been taken off; of a small one they are put together once."""
    if network.arrays or len(network.mode_names) > _MOST_KEPT:
        return _summed(network)
    if "equations" not in network.derived:
        network.derived["equations"] = _summed(network)
    return network.derived["equations"]


def linear_part(network: Network) -> tuple[MomentEquations, str]:
    """Moment equations of what is quadratic in a device, and the names of the elements that are not, or nothing."""
    try:
        return equations_of(network), ""
    except NonGaussianError:
        modes = () if isinstance(network.modes, Modes) else tuple(network.modes)
        others = dict.fromkeys(
            part.label_among(network.mode_names) if isinstance(part, Family) else part.label
            for part in (*modes, *network.parts)
            if not closes(part.pattern if isinstance(part, Family) else part)
        )
        return _summed(network, of_linear_part=True), ", ".join(others)


def _summed(network: Network, *, of_linear_part: bool = False) -> MomentEquations:
    modes: Sequence[Any] = (network.modes.family,) if isinstance(network.modes, Modes) else tuple(network.modes)
    parts = (*modes, *network.parts)
    frequencies = tuple(mode.frequency for mode in modes if not isinstance(mode, Family))
    shares = tuple(_share(part, network.positions, of_linear_part=of_linear_part) for part in parts)
    return MomentEquations(network.mode_names, shares, parts, frequencies)
