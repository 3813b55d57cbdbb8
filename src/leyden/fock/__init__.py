"""What the full Hilbert space says: the Fock-space witness, on QuTiP (`pip install leyden[fock]`)."""

from leyden.fock.cutoff import LARGEST_DIMENSION as LARGEST_DIMENSION
from leyden.fock.energy import energy as energy
from leyden.fock.energy import entropy as entropy
from leyden.fock.energy import ergotropy as ergotropy
from leyden.fock.energy import passive_energy as passive_energy
from leyden.fock.energy import purity as purity
from leyden.fock.operators import collapse_operators as collapse_operators
from leyden.fock.operators import hamiltonian as hamiltonian
from leyden.fock.steady import steady_state as steady_state
from leyden.fock.transient import charge as charge

__all__ = [
    "LARGEST_DIMENSION",
    "charge",
    "collapse_operators",
    "energy",
    "entropy",
    "ergotropy",
    "hamiltonian",
    "passive_energy",
    "purity",
    "steady_state",
]
