"""What condition a device is in: Gaussian states, and how to prepare them."""

from leyden.states.gaussian import GaussianState as GaussianState
from leyden.states.kept import from_dataset as from_dataset
from leyden.states.mixedness import entropy as entropy
from leyden.states.mixedness import purity as purity
from leyden.states.mixedness import root_determinant as root_determinant
from leyden.states.mixedness import symplectic_eigenvalues as symplectic_eigenvalues
from leyden.states.mixedness import thermal_quanta as thermal_quanta
from leyden.states.moments import from_moments as from_moments
from leyden.states.prepare import coherent as coherent
from leyden.states.prepare import product as product
from leyden.states.prepare import squeezed as squeezed
from leyden.states.prepare import thermal as thermal
from leyden.states.prepare import vacuum as vacuum
from leyden.states.rates import MomentRates as MomentRates

__all__ = [
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
    "vacuum",
]
