"""Power laws with corrections: exponents that are known."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.merit.exponent import power_law

DISTANCES = 10.0 ** (-np.arange(9, 19) / 3)


@pytest.mark.parametrize("exponent", [0.5, 1.0, 2.0])
def test_corrections_do_not_spoil_the_law(exponent: float) -> None:
    values = 3.0 * DISTANCES**-exponent * (1 + 2 * DISTANCES - DISTANCES**2) / (1 + 5 * DISTANCES)
    found = power_law(DISTANCES, values)
    assert float(found.value) == pytest.approx(exponent, abs=1e-8)
    assert 0 < float(found.error) < 1e-6
    assert abs(float(found.value) - exponent) <= 10 * float(found.error)


def test_a_law_that_changes_on_the_way_is_known_badly() -> None:
    found = power_law(DISTANCES, 1 / (DISTANCES * (DISTANCES + 3e-5)))
    assert float(found.error) > 1e-3


def test_each_column_by_itself_and_missing_where_not_positive() -> None:
    values = np.stack([DISTANCES**-1.0, DISTANCES**-2.0, -DISTANCES, np.full(len(DISTANCES), np.nan)], axis=-1)
    found = power_law(DISTANCES, values)
    np.testing.assert_allclose(found.value, [1.0, 2.0, np.nan, np.nan], atol=1e-9)
    assert np.isnan(found.error).tolist() == [False, False, True, True]
