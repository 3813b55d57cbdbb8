"""Huge networks, never a dense matrix: drives disturb an equilibrium in few directions, and only these are followed.

Baths of one temperature keep the network in equilibrium, V = n + 1/2; the drives alone disturb it. The excess over that
equilibrium obeys dS/dt = A S + S A^T + Q with a source Q of a rank as small as the number of driven modes, so that a
few vectors hold all that happens. The thread: `sparse_equations` makes the SparseEquations; `leyden.drift` judges them;
`steady.steady_state` and `response.propagate` give each mode's own state.
"""
