"""Critical drives, Eq. (8), against the eigenvalues of matrices written down here."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.closed_form import directed_critical_drive, reciprocal_critical_drive
from leyden.errors import ParameterError


def charger_drift(drive: float, damping: float, detuning: float) -> np.ndarray:
    """d(x, p)/dt of a damped mode rotating at Delta, in the phase where the drive squeezes x and amplifies p."""
    return np.array([[-damping / 2 - 2 * drive, detuning], [-detuning, -damping / 2 + 2 * drive]])


def reciprocal_drift(drive: float, charger: float, battery: float, coupling: float) -> np.ndarray:
    """(x_a, p_b) and (p_a, x_b) rotate into each other at G; x_a is amplified, p_a squeezed."""
    pairs = [[[-charger / 2 + 2 * s, coupling], [-coupling, -battery / 2]] for s in (drive, -drive)]
    return np.block([[np.array(pairs[0]), np.zeros((2, 2))], [np.zeros((2, 2)), np.array(pairs[1])]])


def growth(matrix: np.ndarray) -> float:
    return float(np.linalg.eigvals(matrix).real.max())


def test_directed() -> None:
    rng = np.random.default_rng(3)
    for damping, detuning in rng.uniform([0.1, -3], [4, 3], (50, 2)):
        critical = directed_critical_drive(total_charger_damping=damping, detuning=detuning)
        assert growth(charger_drift(critical * (1 - 1e-9), damping, detuning)) < 0
        assert growth(charger_drift(critical * (1 + 1e-9), damping, detuning)) > 0


def test_directed_on_resonance() -> None:
    np.testing.assert_array_equal(directed_critical_drive(total_charger_damping=[0.0, 0.6, 2.0]), [0.0, 0.15, 0.5])


def test_reciprocal() -> None:
    rng = np.random.default_rng(4)
    for charger, battery, coupling in 10 ** rng.uniform(-2, 1, (100, 3)):
        critical = reciprocal_critical_drive(charger_damping=charger, battery_damping=battery, coupling=coupling)
        assert growth(reciprocal_drift(critical * (1 - 1e-6), charger, battery, coupling)) < 0
        assert growth(reciprocal_drift(critical * (1 + 1e-6), charger, battery, coupling)) > 0


@pytest.mark.parametrize(
    ("charger", "battery", "coupling", "expected"),
    [
        (4.0, 0.0, 1e-3, 1.0),  # an undamped, coupled battery settles through the charger
        (4.0, 0.0, 0.0, 0.0),  # an undamped, uncoupled one never does
        (4.0, 1.0, 0.0, 1.0),  # uncoupled: the charger alone
        (0.0, 4.0, 10.0, 1.0),  # an undamped charger settles through the battery
        (0.0, 4.0, 0.0, 0.0),
        (4.0, 1e-320, 1.0, 1.0),  # G^2/kappa_b beyond floats
        (4.0, 4.0, 2j, 2.0),  # only |J| matters
    ],
)
def test_reciprocal_edges(charger: float, battery: float, coupling: complex, expected: float) -> None:
    found = reciprocal_critical_drive(charger_damping=charger, battery_damping=battery, coupling=coupling)
    assert found == pytest.approx(expected, rel=1e-15)


def test_they_broadcast() -> None:
    found = reciprocal_critical_drive(charger_damping=np.ones((2, 1)), battery_damping=[0.0, 1.0, 2.0], coupling=0.1)
    assert found.shape == (2, 3)
    np.testing.assert_allclose(found[0], [0.25, 0.26, 0.255], rtol=1e-15)


def test_refusals() -> None:
    with pytest.raises(ParameterError, match="`total_charger_damping`"):
        directed_critical_drive(total_charger_damping=-1.0)
    with pytest.raises(ParameterError, match="`detuning`"):
        directed_critical_drive(total_charger_damping=1.0, detuning=np.nan)
    for name in ("charger_damping", "battery_damping", "coupling"):
        with pytest.raises(ParameterError, match=f"`{name}`"):
            reciprocal_critical_drive(**({"charger_damping": 1, "battery_damping": 1, "coupling": 1} | {name: np.inf}))
