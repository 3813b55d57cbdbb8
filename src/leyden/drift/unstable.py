"""What to say of a device that has no steady state: how far it is from one, why, and what would mend it."""

from __future__ import annotations

from typing import Never

from leyden import drift
from leyden.drift.damping import pumps, undamped
from leyden.equations.moments import MomentEquations
from leyden.errors import UnstableError
from leyden.model.network import Network

__all__ = ["refuse_unstable"]

# Pumps that are named in a sentence.
_MOST_NAMED = 3


def _advice(equations: MomentEquations, threshold: float | None) -> str:
    """Remedy where all is damped, and the drives are to blame."""
    if threshold:
        return f"Keep the two-photon drive below its critical amplitude {threshold:.6g}, or raise the damping."
    pumping = pumps(equations)
    if not pumping:
        return "Damp every mode, directly or through a shared bath."
    names = ", ".join(pumping[:_MOST_NAMED]) + (", ..." if len(pumping) > _MOST_NAMED else "")
    without = "It is not stable even without its drive: w" if threshold == 0 else "W"
    return f"{without}eaken {names}, or raise the damping."


def refuse_unstable(network: Network, equations: MomentEquations, abscissa: float, error: float) -> Never:
    """Refuse a steady state to a single device, whose spectral abscissa is not negative beyond that error."""
    kept = undamped(equations)
    threshold = drift.threshold_of(network, is_damped=not kept.cause)
    remedy = f"{kept.cause} {kept.remedy}" if kept.cause else _advice(equations, threshold)
    rounding = f" beyond rounding, {error:.1g}" if abscissa < 0 else ""
    whose = "of the second moments of" if equations.is_turned else "of"
    raise UnstableError(
        f"Argument `network` must be stable to have a steady state, but the spectral abscissa {whose} "
        f"{network.name!r} is {abscissa:.6g}, not negative{rounding}. {remedy} "
        "Its transient can still be had with `charge`.",
        spectral_abscissa=abscissa,
        threshold=threshold,
        remedy=remedy,
    )
