"""Conventions: the symplectic form and the order of the quadratures, against their definitions."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.conventions import DESCRIPTION, VACUUM_VARIANCE, quadratures_of, symplectic_form


@pytest.mark.parametrize("modes", [1, 2, 5])
def test_the_symplectic_form_is_the_commutator(modes: int) -> None:
    """[r_i, r_j] = i Omega_ij from x = (a + a^dag)/sqrt2, p = (a - a^dag)/(i sqrt2) and [a_j, a_k^dag] = delta_jk."""
    # Each quadrature as u a + u* a^dag, so that [r, s] = u_r u_s* - u_r* u_s on the same mode.
    u = {"x": 1 / np.sqrt(2), "p": 1 / (1j * np.sqrt(2))}
    order = [(mode, quadrature) for mode in range(modes) for quadrature in "xp"]
    commutator = np.array([[(m == n) * 2j * np.imag(u[q] * np.conj(u[s])) for n, s in order] for m, q in order])
    np.testing.assert_allclose(1j * symplectic_form(modes), commutator, atol=1e-15)


def test_the_vacuum_saturates_the_uncertainty_relation() -> None:
    lowest = np.linalg.eigvalsh(VACUUM_VARIANCE * np.eye(4) + 0.5j * symplectic_form(2))
    np.testing.assert_allclose(lowest, [0, 0, 1, 1], atol=1e-15)


def test_quadratures_stand_in_pairs() -> None:
    assert quadratures_of([0]).tolist() == [0, 1]
    assert quadratures_of([2, 0]).tolist() == [4, 5, 0, 1]
    assert quadratures_of(range(3)).tolist() == [0, 1, 2, 3, 4, 5]
    assert quadratures_of([]).tolist() == []


def test_the_description_names_what_differs_between_papers() -> None:
    for words in ("hbar = 1", "x = (a + a^dag)/sqrt2", "x1, p1, x2, p2", "variance 1/2", "without a factor 1/2"):
        assert words in DESCRIPTION
