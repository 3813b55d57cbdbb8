"""Eigenvalues of general matrices: complex, of the library that the matrices are of, whatever LAPACK does."""

from __future__ import annotations

import array_api_strict
import numpy as np
import pytest

import leyden as ly
from leyden.algebra import eigenvalues
from leyden.arrays import namespace_of


@pytest.mark.parametrize("kind", [np.asarray, array_api_strict.asarray], ids=["numpy", "strict"])
def test_eigenvalues_are_complex(kind) -> None:
    rotation = kind([[0.0, 1.0], [-1.0, 0.0]])
    found = eigenvalues(rotation)
    assert namespace_of(found) is namespace_of(rotation)
    assert sorted(np.asarray(found).imag) == pytest.approx([-1.0, 1.0])
    stretch = eigenvalues(kind([[[2.0, 0.0], [0.0, 3.0]]]))
    assert str(stretch.dtype).rpartition(".")[2] == "complex128"
    assert sorted(np.asarray(stretch)[0].real) == [2.0, 3.0]


def test_a_spectrum_on_which_the_real_algorithm_stalls(monkeypatch: pytest.MonkeyPatch) -> None:
    """Equal dampings, a coherent coupling and next to no drive: some builds of LAPACK do not converge here."""
    damping, coupling, drive = 0.0709135157593862, 0.4222819059327664, 7.160467207588178e-14
    device = ly.catalog.reciprocal_battery(
        drive=drive, charger_damping=damping, battery_damping=damping, coupling=coupling
    )
    real_or_complex = np.linalg.eigvals

    def stalling(matrices: np.ndarray) -> np.ndarray:
        if matrices.dtype.kind == "f":
            raise np.linalg.LinAlgError("Eigenvalues did not converge")
        return real_or_complex(matrices)

    monkeypatch.setattr(np.linalg, "eigvals", stalling)
    found = eigenvalues(ly.moment_equations(device).drift)
    # Two defective pairs: rounding moves their members by its square root.
    np.testing.assert_allclose(found.real, -damping / 2, atol=1e-7)
    np.testing.assert_allclose(np.sort(found.imag), coupling * np.array([-1, -1, 1, 1]), atol=1e-7)
