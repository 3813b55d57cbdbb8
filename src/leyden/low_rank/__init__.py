"""Huge networks, never a dense matrix: drives disturb an equilibrium in few directions, and only these are followed.

Baths of one temperature keep the network in equilibrium, V = n + 1/2; the drives alone disturb it. The excess over that
equilibrium obeys dS/dt = A S + S A^T + Q with a source Q of a rank as small as the number of driven modes, so that a
few vectors hold all that happens. The thread: `sparse_equations` makes the SparseEquations; `leyden.drift` judges them;
`steady_state` and `propagate` give each mode's own state.
"""

from leyden.equations.low_rank import SparseEquations as SparseEquations
from leyden.equations.low_rank import sparse_equations as sparse_equations
from leyden.low_rank.power import power_form as power_form
from leyden.low_rank.response import Stretch as Stretch
from leyden.low_rank.response import is_costly as is_costly
from leyden.low_rank.response import is_endless as is_endless
from leyden.low_rank.response import propagate as propagate
from leyden.low_rank.steady import steady_state as steady_state
