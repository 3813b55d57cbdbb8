"""What kind an element is, by its operators: so that drawings know elements of any class, one's own included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

__all__ = ["DeviceElement", "acts", "kind_of", "name_of"]

# Characters of a name.
_LONGEST = 24


class DeviceElement(Protocol):
    """What the drawing asks of an element: where it acts, and in which words of operators."""

    @property
    def modes(self) -> tuple[str, ...]:
        """Names of the modes it touches."""
        ...

    def hamiltonian(self) -> Sequence[Any]:
        """Terms with `coefficient` and `operators`."""
        ...

    def jumps(self) -> Sequence[Any]:
        """Jumps with `rate` and `operators`."""
        ...


def kind_of(element: DeviceElement) -> str:
    """What an element is by its operators: "drive", "coupling", "local bath", "shared bath", or "other"."""
    terms, jumps = element.hamiltonian(), element.jumps()
    words = [tuple(operator.is_creation for operator in term.operators) for term in terms]
    touched = [{factor.mode for operator in one.operators for factor in operator.factors} for one in (*terms, *jumps)]
    if jumps:
        # A bath that takes quanta away one by one, and gives thermal ones back: sums of annihilation operators, one for
        # each mode.
        is_loss = not any(
            jump.is_squeezed or len(operator.factors) > 1 or operator.factors[0].is_creation
            for jump in jumps
            for operator in jump.operators
        )
        if (
            terms
            or not is_loss
            or any(len(modes) != len(one.operators) for modes, one in zip(touched, jumps, strict=True))
        ):
            return "other"
        return "local bath" if len(element.modes) == 1 else "shared bath"
    if len(element.modes) == 1 and all(len(set(word)) == 1 for word in words):
        return "drive"
    is_exchange = all(
        sorted(word) == [False, True] and len(modes) == 2 for word, modes in zip(words, touched, strict=True)
    )
    return "coupling" if is_exchange else "other"


def name_of(element: DeviceElement) -> str:
    """The element's kind in words: "Gain", or "Squeezed Local Bath" for a `LocalBath` with squeezing."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type(element).__name__.strip("_"))
    if any(jump.is_squeezed for jump in element.jumps()):
        words = f"Squeezed {words}"
    return words if len(words) <= _LONGEST else f"{words[: _LONGEST - 1]}…"


def acts(element: DeviceElement) -> bool:
    """Whether any of its coefficients is not zero."""
    coefficients = [term.coefficient for term in element.hamiltonian()] + [jump.rate for jump in element.jumps()]
    return any(bool(np.any(np.asarray(coefficient) != 0)) for coefficient in coefficients)
