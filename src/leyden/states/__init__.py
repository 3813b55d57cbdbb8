"""What condition a device is in: Gaussian states, and how to prepare them."""

from leyden.states.density import DensityMatrix
from leyden.states.gaussian import GaussianState
from leyden.states.kept import from_dataset
from leyden.states.mixedness import entropy, purity, root_determinant, symplectic_eigenvalues, thermal_quanta
from leyden.states.moments import from_moments
from leyden.states.prepare import coherent, product, squeezed, thermal, two_mode_squeezed, vacuum
from leyden.states.quasiprobability import wigner
from leyden.states.rates import MomentRates

__all__ = [
    "DensityMatrix",
    "GaussianState",
    "MomentRates",
    "coherent",
    "entropy",
    "from_dataset",
    "from_moments",
    "product",
    "purity",
    "root_determinant",
    "squeezed",
    "symplectic_eigenvalues",
    "thermal",
    "thermal_quanta",
    "two_mode_squeezed",
    "vacuum",
    "wigner",
]
