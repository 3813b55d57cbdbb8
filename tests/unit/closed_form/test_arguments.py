"""Arguments at the door of the closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from leyden.closed_form.arguments import nonnegative, real
from leyden.errors import ParameterError


@pytest.mark.parametrize("value", [3, 2.5, np.float32(0.5), [1, 2], np.arange(4).reshape(2, 2), np.array(3)])
def test_real_numbers_pass(value: object) -> None:
    found = real("x", value)
    assert found.dtype == np.float64
    np.testing.assert_array_equal(found, value)


@pytest.mark.parametrize("value", [1j, "one", None, [1.0, np.nan], np.inf, -np.inf, [[1, 2], [3]], object(), True])
def test_others_are_refused(value: object) -> None:
    with pytest.raises(ParameterError, match="Argument `x` must be") as caught:
        real("x", value)
    assert caught.value.name == "x"
    assert caught.value.value is value


def test_signs() -> None:
    assert real("x", -1) == -1
    assert nonnegative("x", [0.0, 1.0]).tolist() == [0.0, 1.0]
    with pytest.raises(ParameterError, match="must not be negative"):
        nonnegative("x", [1.0, -1e-300])
