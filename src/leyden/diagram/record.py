"""What a drawing of a device shows: modes, links, what acts on one mode, and what several modes share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["Attached", "Diagram", "Hub", "Link", "Node", "Role"]

Role = Literal["charger", "battery", "both", "other"]


@dataclass(frozen=True)
class Node:
    """A mode, or a crowd of modes in a summary."""

    name: str
    role: Role = "other"
    levels: int | None = None  # None for an oscillator
    count: int = 1


@dataclass(frozen=True)
class Link:
    """How strongly two modes are felt by each other at once, through couplings and shared baths together."""

    first: int
    second: int
    forth: float  # of the first on the second, in the rate unit
    back: float
    names: tuple[str, ...] = ()  # of elements that are no exchange of quanta
    is_changing: bool = False


@dataclass(frozen=True)
class Attached:
    """What acts on one mode."""

    node: int
    kind: Literal["drive", "bath", "gain", "other"]
    words: str
    title: str
    photons: int = 1
    is_warm: bool = False
    is_changing: bool = False


@dataclass(frozen=True)
class Hub:
    """What several modes share: a bath, or an element that is neither bath nor link."""

    nodes: tuple[int, ...]
    kind: Literal["reservoir", "other"]
    words: str
    title: str
    is_changing: bool = False


@dataclass(frozen=True)
class Diagram:
    """A device as it is drawn."""

    name: str
    nodes: tuple[Node, ...]
    links: tuple[Link, ...] = ()
    attached: tuple[Attached, ...] = ()
    hubs: tuple[Hub, ...] = ()
    description: str = ""  # in words, for those who do not see it
