"""What is asked of a device beside the question itself: an answer, or why there is none."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

from leyden.errors import LeydenError, UnstableError

__all__ = ["attempted"]


def attempted(ask: Callable[[], Any], *, is_quick: bool = False) -> tuple[Any, str]:
    """An answer, or None and why; of a device without a steady state, which is an answer, no reason."""
    try:
        with warnings.catch_warnings():
            if is_quick:
                warnings.simplefilter("error", UserWarning)  # of what takes minutes a warning says so first
            return ask(), ""
    except UserWarning:
        return None, "they take minutes, and `leyden charge` tells them"
    except UnstableError:
        return None, ""
    except LeydenError as error:
        return None, error.message
