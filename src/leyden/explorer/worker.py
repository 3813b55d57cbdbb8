"""A process of its own for what takes long: it answers one question after the other, and can be ended at any time."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping
from typing import Any

from leyden.errors import LeydenError
from leyden.explorer.answers import answer_of
from leyden.explorer.asked import AnswerAsked, ExportAsked, MapAsked, WignerAsked
from leyden.explorer.devices import network_of
from leyden.explorer.exports import file_of
from leyden.explorer.guard import refusal
from leyden.explorer.phases import wigner_of
from leyden.explorer.planes import map_of
from leyden.portrait import Portrait

__all__ = ["QUESTIONS", "work"]

Told = Callable[[float], None]


def _answer(asked: AnswerAsked, _: Told) -> Mapping[str, Any]:
    portrait = Portrait(network_of(asked.device), asked.times.until, asked.times.points)
    return answer_of(portrait, all_words=asked.detail == "all")


def _map(asked: MapAsked, told: Told) -> Mapping[str, Any]:
    return map_of(asked, told)


def _wigner(asked: WignerAsked, _: Told) -> Mapping[str, Any]:
    return wigner_of(asked)


def _export(asked: ExportAsked, told: Told) -> Mapping[str, Any]:
    content, kind, name = file_of(asked, told)
    return {"content": content, "type": kind, "file": name}


QUESTIONS: Mapping[str, tuple[type[Any], Callable[[Any, Told], Mapping[str, Any]]]] = {
    "answer": (AnswerAsked, _answer),
    "map": (MapAsked, _map),
    "wigner": (WignerAsked, _wigner),
    "export": (ExportAsked, _export),
}
"""What may be asked of a worker: the form of the question, and what answers it."""


def _answered(kind: str, question: str, told: Told) -> tuple[str, Any]:
    """The state in which a question ends, and its answer or its error."""
    form, answer = QUESTIONS[kind]
    try:
        return "done", dict(answer(form.model_validate_json(question), told))
    except LeydenError as error:
        return "failed", refusal(str(error), type(error).__name__, getattr(error, "name", "") or None)["error"]
    except MemoryError:
        return "failed", refusal("out of memory: use fewer points or modes", "MemoryError")["error"]


def work(pipe: Any) -> None:
    """Answer what comes through a pipe until its other end is closed."""
    # Ctrl-C is for the server, which ends its workers.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while True:
        try:
            kind, question = pipe.recv()
            found = _answered(kind, question, lambda progress: pipe.send(("running", progress)))
            pipe.send(found)
        except (EOFError, OSError):
            return
