"""leyden's array engine, where it stands in this checkout and where it stood at earlier commits."""

from __future__ import annotations

import importlib.util

__all__ = ["propagate", "steady_state"]

# Earlier commits are measured by today's cases.
if importlib.util.find_spec("leyden.dense"):
    from leyden.dense import propagate, steady_state
else:
    from leyden.dynamics import propagate, steady_state
