"""What the full Hilbert space says: the Fock-space witness, on QuTiP, which the extra `fock` brings."""

from leyden.fock.cutoff import LARGEST_DIMENSION as LARGEST_DIMENSION
from leyden.fock.handed_over import to_qutip as to_qutip
from leyden.fock.operators import collapse_operators as collapse_operators
from leyden.fock.operators import hamiltonian as hamiltonian
from leyden.fock.steady import steady_state as steady_state
from leyden.fock.transient import charge as charge
from leyden.merit.density import energy as energy
from leyden.merit.density import entropy as entropy
from leyden.merit.density import ergotropy as ergotropy
from leyden.merit.density import passive_energy as passive_energy
from leyden.merit.density import purity as purity

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
    "to_qutip",
]
