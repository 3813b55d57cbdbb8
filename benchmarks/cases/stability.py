"""What the drift of the two-mode device says: its spectrum, and the drive at which it is lost."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy.optimize import brentq

import leyden as ly
from benchmarks.case import Case, Contender
from benchmarks.contenders import by_hand, device
from leyden import closed_form

SETTING = device.Setting()
CHARGER = SETTING.damping + 0.5
"""Total damping of the charger, and of the battery."""


def _abscissa(drive: float) -> float:
    drift, _ = by_hand.drift_and_diffusion(device.Setting(drive, SETTING.damping))
    return float(np.linalg.eigvals(drift).real.max())


def _judge_abscissa(found: float) -> float:
    return abs(found / (2 * SETTING.drive - CHARGER / 2) - 1)


def _judge_drive(found: float) -> float:
    return abs(found / float(closed_form.directed_critical_drive(total_charger_damping=CHARGER)) - 1)


def _stability() -> Callable[[], float]:
    network = SETTING.device()
    return lambda: float(ly.stability(network).spectral_abscissa)


def _critical_drive() -> Callable[[], float]:
    network = SETTING.device()
    return lambda: float(ly.critical_drive(network))


def _root() -> float:
    return float(brentq(_abscissa, 0.0, 1.0, xtol=1e-15, rtol=1e-14))


STABILITY = Case(
    "stability",
    "Spectrum and stability of the two-photon battery (drive 0.1, damping 0.1, Gamma = 1). Error of the spectral "
    "abscissa against Eq. (8) of the paper.",
    contenders=lambda _: [
        Contender("leyden, stability: spectrum, bound and Dataset", _stability, _judge_abscissa),
        Contender("NumPy eigvals of the drift", lambda: lambda: _abscissa(SETTING.drive), _judge_abscissa),
    ],
)
CRITICAL_DRIVE = Case(
    "critical_drive",
    "The drive at which it loses its steady state. Error against Eq. (8) of the paper.",
    contenders=lambda _: [
        Contender("leyden, critical_drive", _critical_drive, _judge_drive),
        Contender("NumPy eigvals and SciPy brentq", lambda: _root, _judge_drive, how="from 0 to 1, xtol 1e-15"),
    ],
)
