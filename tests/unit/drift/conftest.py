"""Networks that large components are judged on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import leyden as ly


@pytest.fixture
def loop() -> Callable[..., ly.Network]:
    """A ring of equal modes, as one strongly connected component."""

    def build(modes: int, *, drive: float, damping: Any, detuning: float = 0.0, coupling: float = 1.0) -> ly.Network:
        place = np.arange(modes)
        parts = [
            ly.TwoPhotonDrive("m0", drive),
            ly.Family(ly.LocalBath, place, rate=damping),
            ly.Family(ly.CoherentCoupling, np.stack([place, (place + 1) % modes], axis=1), strength=coupling),
        ]
        batteries = [f"m{other}" for other in range(1, modes)]
        return ly.Network(ly.Modes(modes, detuning=detuning), parts, charger="m0", battery=batteries)

    return build
