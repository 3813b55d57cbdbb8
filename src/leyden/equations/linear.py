"""The linear part of a device: what is left of a Hamiltonian that is not quadratic."""

from __future__ import annotations

from leyden.equations.basis import is_linear
from leyden.equations.moments import MomentEquations, equations_of
from leyden.errors import NonGaussianError
from leyden.model.families import Family
from leyden.model.network import Network

__all__ = ["linear_part"]


def linear_part(network: Network) -> tuple[MomentEquations, str]:
    """Moment equations of what is quadratic in a device, and the names of the elements that are not, or nothing."""
    try:
        return equations_of(network), ""
    except NonGaussianError:
        parts = (part.pattern if isinstance(part, Family) else part for part in network.parts)
        others = dict.fromkeys(part.label for part in parts if not all(map(is_linear, part.hamiltonian())))
        return equations_of(network, of_linear_part=True), ", ".join(others)
