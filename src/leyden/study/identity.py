"""What makes a study the same as before: values, functions, devices and axes in words that change when they do."""

from __future__ import annotations

import pickle
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from hashlib import sha256
from inspect import ismethod
from numbers import Complex, Real
from types import CodeType, FunctionType
from typing import Any

import numpy as np

from leyden.model.elements import Element
from leyden.model.families import Family
from leyden.model.modes import Modes
from leyden.model.network import Network
from leyden.runner import Points

__all__ = ["axes_words", "differences", "digest_of", "function_words", "network_words", "value_words"]

_DIGITS = 12


def digest_of(*parts: str) -> str:
    """A few letters that stand for a long text."""
    return sha256("\0".join(parts).encode()).hexdigest()[:_DIGITS]


def value_words(value: Any) -> str:
    """A value in words, exact to the last bit; 1 and 1.0 are the same."""
    if isinstance(value, (bool, str, type(None), np.bool_)):
        return repr(value.item() if isinstance(value, np.bool_) else value)
    if isinstance(value, int) and (abs(value) >= 2**1023 or float(value) != value):
        return hex(value) if abs(value) >= 2**1023 else repr(value)  # Python prints no decimal number of any length
    if isinstance(value, Real):
        return repr(float(value))
    if isinstance(value, Complex):
        return repr(complex(value))
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(map(value_words, value))}]"
    if isinstance(value, Mapping):
        return f"{{{', '.join(f'{key}: {value_words(member)}' for key, member in value.items())}}}"
    if callable(value):
        return function_words(value)
    numbers = getattr(value, "values", value)
    if isinstance(numbers, np.ndarray) and numbers.dtype.kind in "biufc":
        dims = getattr(value, "dims", numbers.shape)
        return f"array {dims} ({digest_of(str(numbers.shape), numbers.dtype.str, numbers.tobytes().hex())})"
    return f"{type(value).__name__} ({_pickled(value)})"


def _pickled(value: Any) -> str:
    try:
        return digest_of(pickle.dumps(value, protocol=4).hex())
    except Exception:  # whatever an object's own code raises: such a value is known by its type alone
        return "that cannot be compared"


def function_words(function: Callable[..., Any]) -> str:
    """A function in words: its name, and a digest of what it does."""
    if isinstance(function, partial):
        given = value_words([*function.args, function.keywords])
        return f"{function_words(function.func)} with {given}"
    if ismethod(function):
        return f"{function_words(function.__func__)} of {value_words(function.__self__)}"
    if isinstance(function, FunctionType):
        release = ".".join(map(str, sys.version_info[:2]))
        digest = digest_of(*_ingredients(function, set()))
        return f"{function.__module__}.{function.__qualname__} ({digest} under Python {release})"
    if isinstance(function, type) or hasattr(function, "__qualname__"):
        return f"{function.__module__}.{function.__qualname__}"
    return f"{type(function).__qualname__} ({_pickled(function)})"


def _ingredients(function: FunctionType, seen: set[int]) -> list[str]:
    """All that decides what a function does, as far as its module goes."""
    seen.add(id(function))
    code = function.__code__
    words = [*_code_words(code), value_words(function.__defaults__), value_words(function.__kwdefaults__)]
    cells = {name: cell.cell_contents for name, cell in zip(code.co_freevars, function.__closure__ or (), strict=True)}
    used = {name: function.__globals__[name] for name in _names(code) if name in function.__globals__}
    for name, value in {**cells, **used}.items():
        if isinstance(value, FunctionType):
            if value.__module__ == function.__module__ and id(value) not in seen:
                words += [name, *_ingredients(value, seen)]
        elif isinstance(value, (bool, str, Complex, list, tuple, dict, np.ndarray)):
            words += [name, value_words(value)]
    return words


def _names(code: CodeType) -> list[str]:
    inner = [name for part in code.co_consts if isinstance(part, CodeType) for name in _names(part)]
    return list(dict.fromkeys([*code.co_names, *inner]))


def _code_words(code: CodeType) -> list[str]:
    """Bytecode, names and constants; no line numbers."""
    words = [code.co_code.hex(), *code.co_names, *code.co_varnames]
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            words += _code_words(constant)
        elif isinstance(constant, frozenset):
            # Their order changes from one process to the next.
            words.append(str(sorted(map(repr, constant))))
        else:
            words.append(repr(constant))
    return words


def network_words(network: Network) -> str:
    """A device in words, which change when the device does."""
    contents: dict[str, Any] = {}
    if isinstance(network.modes, Modes):
        parameters = network.modes.family.pattern.parameters()
        contents["modes"] = [list(network.mode_names), parameters]
        alone: Sequence[Element | Family] = network.parts
    else:
        alone = (*network.modes, *network.parts)
    for place, part in enumerate(alone):
        if isinstance(part, Family):
            kind = f"{type(part.pattern).__name__} of {part.places.shape}"
            contents[f"{place} {kind}"] = [part.places, part.pattern.parameters()]
        else:
            contents |= {f"{place} {part.label}.{name}": value for name, value in part.parameters().items()}
    return f"{network.name} ({digest_of(value_words({**contents, 'roles': [network.charger, *network.batteries]}))})"


def axes_words(points: Points) -> dict[str, str]:
    """Axes of a study in words, exact to the last bit."""
    words: dict[str, str] = {}
    for name, axis in points.axes.items():
        values = axis.values
        digest = sha256(f"{axis.dim} {values.dtype.str}".encode() + values.tobytes()).hexdigest()[:16]
        words[f"axis {name}"] = f"{len(values)} values from {values[0].item()} to {values[-1].item()} ({digest})"
    # Their order is that of the result's dims.
    return {**words, "order of axes": ", ".join(points.axes)}


def differences(known: Mapping[str, str], wanted: Mapping[str, str]) -> list[str]:
    """What sets the study of a store and the one asked for apart, each difference in words."""
    return [
        f"{name} was {known.get(name, 'absent')}, is {wanted.get(name, 'absent')}"
        for name in dict.fromkeys([*wanted, *known])
        if known.get(name) != wanted.get(name)
    ]
