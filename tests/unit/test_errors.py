"""The errors: one family, one form of sentence, numbers that survive pickling."""

from __future__ import annotations

import pickle

import pytest

from leyden import errors
from leyden.errors import (
    ConvergenceError,
    LeydenError,
    NonGaussianError,
    ParameterError,
    TruncationError,
    UnphysicalStateError,
    UnstableError,
)

EXAMPLES = [
    LeydenError("a sentence", anything=3),
    ParameterError("a sentence", name="rate", value=-1.0, allowed="be positive"),
    ParameterError.of("rate", "be positive", -1.0),
    UnstableError("a sentence", spectral_abscissa=0.25, threshold=0.15, remedy="drive less"),
    UnphysicalStateError("a sentence", smallest_symplectic_eigenvalue=0.4),
    ConvergenceError("a sentence", residual=1e-8, tolerance=1e-10),
    TruncationError("a sentence", population=1e-3, cutoff=(12, 24)),
    NonGaussianError("a sentence", element=("Kerr", 0.1), solver="fock.steady_state"),
]


def test_the_examples_cover_the_family() -> None:
    assert {type(error).__name__ for error in EXAMPLES} == set(errors.__all__)


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_every_error_is_of_the_family(error: LeydenError) -> None:
    assert isinstance(error, LeydenError)
    assert str(error) == error.message


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_details_are_attributes(error: LeydenError) -> None:
    assert error.details
    assert {name: getattr(error, name) for name in error.details} == error.details


@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("error", EXAMPLES, ids=lambda error: type(error).__name__)
def test_pickling_keeps_everything(error: LeydenError, protocol: int) -> None:
    """Worker processes send errors back by pickling."""
    again = pickle.loads(pickle.dumps(error, protocol))
    assert type(again) is type(error)
    assert (str(again), again.details) == (str(error), error.details)
    assert {name: getattr(again, name) for name in error.details} == error.details


@pytest.mark.parametrize("kind", [ParameterError, UnphysicalStateError])
def test_bad_values_are_value_errors_too(kind: type[LeydenError]) -> None:
    """`except ValueError` keeps working for callers who do not know leyden."""
    assert issubclass(kind, ValueError)


def test_the_standard_sentence() -> None:
    error = ParameterError.of("rate", "be finite and not negative", -1.0, "Rates multiply the dissipator.")
    assert str(error) == (
        "Argument `rate` must be finite and not negative, but is -1.0. Rates multiply the dissipator."
    )
    assert (error.name, error.value, error.allowed) == ("rate", -1.0, "be finite and not negative")


def test_the_standard_sentence_is_one_short_line() -> None:
    """A big array in the message would bury the sentence; the error keeps it whole."""
    value = "a\nb " * 400
    error = ParameterError.of("weights", "be numbers", value)
    assert "\n" not in str(error)
    assert len(str(error)) < 140
    assert str(error).endswith("....")
    assert error.value is value
