"""Which method has to answer, and how: `--method` and `--option` of `charge` and `steady`."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from typing import Annotated, Any

import typer

from leyden.cli.device import settings_of
from leyden.errors import LeydenError, ParameterError
from leyden.model.rules import checked_tolerance
from leyden.simulate.choice import METHODS, checked_method, method_names
from leyden.text import nearest

__all__ = ["MethodName", "MethodOption", "method_told", "typed", "way_of"]

_TRAJECTORIES = ("trajectories", "seed", "step")
# What may be said of a method, in the steady state and in time; of others nothing.
_AT_REST = {"one_way": ("whole_state",), "truncated_wigner": _TRAJECTORIES}
_IN_TIME = {"dense": ("tolerance",), "low_rank": ("tolerance",), "truncated_wigner": _TRAJECTORIES}
_IN_TIME["one_way"] = ("tolerance",)

_TRUTHS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
# A method as Python's keyword argument has it.
_WRITTEN = re.compile(r'method="(\w+)"')
_WHOLE = "steady_state(..., whole_state=True)", "leyden steady ... --method one_way --option whole_state=yes"


def _names(incomplete: str) -> list[str]:
    return [name for name in METHODS if name.startswith(incomplete)]


MethodName = Annotated[
    str | None,
    typer.Option(
        "--method",
        metavar="NAME",
        help=f"The method that has to answer: {', '.join(METHODS)}. By default the first that suits the device, never "
        "one of the last two.",
        autocompletion=_names,
        show_default=False,
    ),
]
MethodOption = Annotated[
    list[str] | None,
    typer.Option(
        "--option",
        metavar="NAME=VALUE",
        help="How the method is to do it, for example trajectories=40000 or seed=1 of truncated_wigner, "
        "whole_state=yes of one_way in the steady state, tolerance=1e-8 of runs; repeatable.",
        show_default=False,
    ),
]


def _checked_name(method: str) -> str:
    name = method.strip().replace("-", "_")
    if name not in method_names():
        raise ParameterError.of("--method", f"be one of {', '.join(METHODS)}", method, nearest(name, method_names()))
    return checked_method(name)


def way_of(method: str | None, options: Sequence[str] | None, *, over_time: bool) -> dict[str, Any]:
    """What a portrait is to be told of the method."""
    name = None if method is None else _checked_name(method)
    found = settings_of(options or (), "--option")
    if found and name is None:
        raise ParameterError.of("--option", "go with a --method", options[0] if options else None)
    known = (_IN_TIME if over_time else _AT_REST).get(name or "", ())
    for one in found:
        if one not in known:
            said = (
                f"be one of {', '.join(known)}, which {name} has here"
                if known
                else f"be left out: {name} has none here"
            )
            raise ParameterError.of("--option", said, one, nearest(one, known))
    if name == "truncated_wigner":
        from leyden.truncated_wigner.settings import TruncatedWigner

        return {"insisted": _told(lambda: TruncatedWigner(**found))}
    if "tolerance" in found:
        found["tolerance"] = _told(lambda: checked_tolerance(found["tolerance"]))
    if "whole_state" in found:
        found["whole_state"] = _truth(found["whole_state"])
    return {"insisted": name, **found}


def _told(made: Callable[[], Any]) -> Any:
    """What an option's value makes; its complaint names the option."""
    try:
        return made()
    except ParameterError as error:
        raise error.about(f"--option {error.name}") from None


def _truth(value: Any) -> bool:
    truth = _TRUTHS.get(str(value).casefold())
    if truth is None:
        raise ParameterError.of("--option whole_state", "be yes or no", value)
    return truth


def typed(text: str) -> str:
    """What is said of methods as it is typed here, and not as it is written in Python."""
    return _WRITTEN.sub(r"--method \1", text.replace(*_WHOLE))


@contextmanager
def method_told() -> Generator[None]:
    """Say in messages about methods what is typed here."""
    try:
        yield
    except LeydenError as error:
        error.message = typed(error.message.replace("Argument `method`", "Argument `--method`"))
        raise
