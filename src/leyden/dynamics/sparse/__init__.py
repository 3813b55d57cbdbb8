"""Huge networks, never a dense matrix: drives disturb an equilibrium in few directions, and only these are followed.

Baths of one temperature keep the network in equilibrium, V = n + 1/2; the drives alone disturb it. The excess over that
equilibrium obeys dS/dt = A S + S A^T + Q with a source Q of a rank as small as the number of driven modes, so that a
few vectors hold all that happens. The thread: `sparse_equations` makes the SparseEquations; `is_stable` judges them;
`steady_state` and `propagate` give each mode's own state.
"""

from leyden.dynamics.sparse.equations import SparseEquations as SparseEquations
from leyden.dynamics.sparse.equations import drift_and_rounding as drift_and_rounding
from leyden.dynamics.sparse.equations import sparse_drift as sparse_drift
from leyden.dynamics.sparse.equations import sparse_equations as sparse_equations
from leyden.dynamics.sparse.power import power_form as power_form
from leyden.dynamics.sparse.response import Stretch as Stretch
from leyden.dynamics.sparse.response import is_costly as is_costly
from leyden.dynamics.sparse.response import is_endless as is_endless
from leyden.dynamics.sparse.response import propagate as propagate
from leyden.dynamics.sparse.rightmost import has_small_components as has_small_components
from leyden.dynamics.sparse.rightmost import largest_component as largest_component
from leyden.dynamics.sparse.rightmost import rightmost as rightmost
from leyden.dynamics.sparse.spectrum import bounds as bounds
from leyden.dynamics.sparse.spectrum import drift_abscissa as drift_abscissa
from leyden.dynamics.sparse.spectrum import is_stable as is_stable
from leyden.dynamics.sparse.spectrum import spectrum as spectrum
from leyden.dynamics.sparse.steady import steady_state as steady_state
