"""Figure 1: the device."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

import leyden as ly
from leyden.paper import parameters as ours
from leyden.paper.figures.record import Arrangement, Panels, PaperFigure
from leyden.plots import draw_schematic

__all__ = ["FIGURE_1"]


def _device() -> ly.Network:
    return ly.catalog.two_photon_battery(
        drive=ours.DRIVE, charger_damping=ours.DAMPING, battery_damping=ours.DAMPING, shared_rate=ours.SHARED_RATE
    )


def _back_action() -> float:
    """Largest entry of the drift by which the battery would move the charger, in the rate unit."""
    device = _device()
    charger, battery = (2 * device.position(name) for name in ("charger", "battery"))
    drift = np.asarray(ly.moment_equations(device).drift)
    found = float(np.abs(drift[charger : charger + 2, battery : battery + 2]).max())
    # What two equal terms leave of each other is rounding.
    return found if found > 1e-15 * float(np.abs(drift).max()) else 0.0


def _draw(_panels: Panels, _arrangement: Arrangement) -> Figure:
    return draw_schematic(_device(), is_one_way=_back_action() == 0)


def _caption(_panels: Panels) -> str:
    found = _back_action()
    outcome = "Transport runs one way." if found == 0 else "Transport runs both ways."
    return (
        "A two-photon drive ε squeezes the charger a. Charger and battery b exchange quanta through a coherent "
        "coupling J, and lose them together, at rate Γ and with weights p_a and p_b, into one shared bath; each has a "
        "local loss κ_a, κ_b besides. With J = -iΓ p_a p_b*/2 the two ways from the battery back to the charger "
        f"cancel: its entries in the charger's equations of motion are {found:g}. {outcome}"
    )


def _description(_panels: Panels) -> str:
    return (
        "Schematic of the device: two wavy arrows, the two-photon drive ε, enter the charger a from the left. A "
        "double arrow J joins the charger to the battery b, above a broad arrow from charger to battery marked "
        "one way. Both lose quanta downwards into a shared bath Γ, with weights p_a and p_b, and upwards at local "
        "rates κ_a and κ_b."
    )


FIGURE_1 = PaperFigure(1, "The device", dict, _draw, _caption, _description)
