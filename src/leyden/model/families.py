"""Many like parts of a device as one record: a million modes need no million records.

A family is one element repeated: its parameters hold one number for each member, or one for all. `Network.elements`
lists the members one by one for whoever asks; assembly takes each family as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from operator import eq
from typing import Any, TypeVar, overload

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import is_labelled
from leyden.errors import ParameterError
from leyden.model.cells import CELL, is_of_cells, of_cells
from leyden.model.changing import Pulse
from leyden.model.elements import Element, Mode
from leyden.model.elements.record import layout_of
from leyden.records import Record
from leyden.text import nearest

__all__ = ["Family", "MadeWhenAsked", "Members", "columns_of", "in_members", "number_of"]

_Record = TypeVar("_Record", bound=Element)


def in_members(pattern: _Record, members: int) -> _Record:
    """A pattern whose parameters have been found to hold a number for all members, or one for each."""
    plain: dict[str, Any] = {}
    for name, value in pattern.parameters().items():
        for one in value.arrays if isinstance(value, Pulse) else (value,):
            _check_fits(name, one, members)
        labels: Any = value
        if is_of_cells(labels):  # they say no more than the order does
            plain[name] = labels.values
    return pattern.with_parameters(plain) if plain else pattern


def _check_fits(name: str, value: Any, members: int) -> None:
    """A member's number, one for all or one for each, labelled where it makes a batch of devices."""
    if is_labelled(value):
        found = value.sizes.get(CELL, members)
        if found != members:
            allowed = f"have {members} values along `{CELL}`, one for each member"
            raise ParameterError.of(name, allowed, dict(value.sizes), "Axes of other names make a batch of devices.")
        return
    shape = getattr(value, "shape", ())
    if shape not in ((), (members,)):
        argument = name.partition("[")[0]
        both = f"`xarray.DataArray(values, dims=('{CELL}', '{argument}'))`"
        raise ParameterError.of(
            name,
            f"be a number, or an array of shape ({members},), one number for each member",
            shape,
            f"For a batch of devices label its axis, `xarray.DataArray(values, dims='{argument}')`; where each member "
            f"has its own, {both}.",
        )


def _is_plain(value: Any) -> bool:
    """Whether a parameter is a number or an array of NumPy, and so the same for all devices of a batch."""
    return isinstance(value, (float, complex, np.ndarray))


@dataclass(init=False, repr=False)
class Family(Record):
    """Many elements of one kind, each on its own modes.

    Parameters
    ----------
    kind : type of Element
        For example `LocalBath`.
    places : array of int, shape (m,) or (m, k)
        Positions in the network, from 0, of the k modes that each of the m members touches.
    **parameters : number, array of shape (m,), DataArray or pulse
        Parameters of the element: one number for all members or one for each; for a `SharedBath`, `weights` is a
        sequence of k of them, or an array of k rows. Dims of a DataArray make a batch of devices, apart from `cell`,
        which holds a number for each member. Labelled arrays, pulses and arrays of JAX are taken member by member: the
        network holds elements of their own.

    Raises
    ------
    ParameterError
        If places or parameters have the wrong shape, a parameter is missing or unknown, or a number breaks the
        element's rule.

    Examples
    --------
    Neighbours in a ring of four exchange quanta:

    >>> import leyden as ly
    >>> ring = ly.Family(ly.CoherentCoupling, [[0, 1], [1, 2], [2, 3], [3, 0]], strength=0.5)
    >>> len(ring)
    4

    Strengths that differ from link to link, in 50 samples of such a ring:

    >>> import xarray as xr
    >>> strengths = xr.DataArray([[0.5, 0.4, 0.6, 0.5]] * 50, dims=("sample", "cell"))
    >>> rings = ly.Family(ly.CoherentCoupling, [[0, 1], [1, 2], [2, 3], [3, 0]], strength=strengths)
    >>> dict(rings.member(2, ["a", "b", "c", "d"]).strength.sizes)
    {'sample': 50}
    """

    pattern: Element
    """The element, with modes named by the columns of `places` and one number per member in its parameters."""
    places: NDArray[np.intp]
    """Positions of the members' modes, shape (m, k)."""

    @property
    def is_plain(self) -> bool:
        """Whether all parameters are numbers or NumPy arrays; a network takes other families member by member."""
        return all(map(_is_plain, self.pattern.parameters().values()))

    def __init__(self, kind: type[Element], places: Any, **parameters: Any) -> None:
        if not (isinstance(kind, type) and issubclass(kind, Element)):
            raise ParameterError.of("kind", "be a kind of element, for example LocalBath", kind)
        if issubclass(kind, Mode):
            raise ParameterError.of("kind", "be a kind of coupling, drive or bath", kind, "See Modes for many modes.")
        positions = _checked_places(places)
        _check_known(kind, parameters)
        pattern = kind(**_by_column(kind, columns_of(positions.shape[1]), parameters))
        pattern = in_members(pattern, len(positions))
        ordered = np.sort(positions, axis=1)
        repeated = np.flatnonzero((ordered[:, 1:] == ordered[:, :-1]).any(axis=1))
        if len(repeated):
            found = positions[repeated[0]].tolist()
            raise ParameterError.of("places", f"name unlike modes for each {kind.__name__}", found)
        object.__setattr__(self, "pattern", pattern)
        object.__setattr__(self, "places", positions)

    @classmethod
    def of(cls, pattern: Element, places: NDArray[np.intp]) -> Family:
        """A family of parts that have been checked.

        Parameters
        ----------
        pattern : Element
            On modes named "0", "1", ..., the columns of `places`, with one number per member in its parameters.
        places : array of int, shape (m, k)
            Positions of the members' modes.
        """
        family = object.__new__(cls)
        object.__setattr__(family, "pattern", pattern)
        object.__setattr__(family, "places", places)
        return family

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"a Family is frozen: {name!r} cannot be set")

    def __len__(self) -> int:
        return len(self.places)

    def __repr__(self) -> str:
        return f"Family({type(self.pattern).__name__}, {len(self)} members)"

    def label_among(self, names: Sequence[str]) -> str:
        """What messages call it: its first member, and how many more there are.

        Parameters
        ----------
        names : sequence of str
            Names of all modes of the network, in order.

        Returns
        -------
        str
        """
        first = self.member(0, names).label
        return first if len(self) == 1 else f"{first} and {len(self) - 1} more"

    def member(self, index: int, names: Sequence[str]) -> Element:
        """One member as an element of its own.

        Parameters
        ----------
        index : int
            Which one, from 0.
        names : sequence of str
            Names of all modes of the network, in order.

        Returns
        -------
        Element
        """
        modes = [str(names[int(place)]) for place in self.places[index]]
        numbers = {name: number_of(value, index) for name, value in self.pattern.parameters().items()}
        return self.pattern.with_parameters(numbers, modes)


def _checked_places(places: Any) -> NDArray[np.intp]:
    """Positions of modes, shape (m, k)."""
    try:
        numbers = np.asarray(places)
    except ValueError:  # rows of unlike length
        numbers = np.zeros(0)
    numbers = numbers[:, None] if numbers.ndim == 1 else numbers
    is_whole = numbers.ndim == 2 and numbers.size > 0 and numbers.dtype.kind in "iu"
    if not is_whole or numbers.min() < 0 or numbers.max() > np.iinfo(np.intp).max:
        raise ParameterError.of("places", "hold the positions of modes, whole numbers from 0, shape (m, k)", places)
    positions = numbers.astype(np.intp)
    positions.flags.writeable = False
    return positions


def _check_known(kind: type[Element], parameters: Mapping[str, Any]) -> None:
    """Whether the keywords are the element's parameters; else its constructor, which nobody called, would complain."""
    modes = layout_of(kind).modes
    entries = [entry for entry in fields(kind) if entry.init and entry.name not in modes]
    names = [entry.name for entry in entries]
    listed = f"{kind.__name__} ({', '.join(names)})"
    for name in parameters:
        if name not in names:
            raise ParameterError.of("parameters", f"be those of {listed}", name, nearest(name, names))
    for entry in entries:
        if entry.default is MISSING and entry.default_factory is MISSING and entry.name not in parameters:
            raise ParameterError.of(entry.name, f"be given for a family of {listed}", None)


def columns_of(count: int) -> tuple[str, ...]:
    """Names of the modes of a pattern: the columns of the places of its members."""
    return tuple(map(str, range(count)))


def _by_column(kind: type[Element], columns: tuple[str, ...], parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments of a pattern: modes by their columns, and what has a number for each mode by those left over."""
    layout = layout_of(kind)
    if len(layout.modes) != len(columns) and not (layout.by_mode and len(layout.modes) < len(columns)):
        count = len(layout.modes)
        raise ParameterError.of("places", f"have {count} columns, one for each mode of a {kind.__name__}", len(columns))
    given = dict(parameters) | dict(zip(layout.modes, columns, strict=False))
    rest = columns[len(layout.modes) :]
    for name in layout.by_mode:
        values = parameters[name]
        # An array of any library counts by its rows; a labelled one has dims of its own, which no column answers to.
        rows = [] if is_labelled(values) else getattr(values, "shape", ())
        is_sequence = isinstance(values, Sequence) and not isinstance(values, str)
        if not (is_sequence or rows) or len(values) != len(rest):
            raise ParameterError.of(name, f"be a sequence of {len(rest)}, one for each column of places", values)
        given[name] = dict(zip(rest, values, strict=True))
    return given


def number_of(value: Any, index: int) -> Any:
    """The number of one member."""
    if isinstance(value, np.ndarray):
        return value[index].item()
    if isinstance(value, Pulse):
        return value.map(lambda number: number_of(number, index)) if value.arrays else value
    if is_labelled(value):
        return of_cells(value, index)
    return value[index] if getattr(value, "shape", ()) else value


class MadeWhenAsked(Sequence[_Record]):
    """Records that are made when they are asked for, equal to any sequence of the same ones."""

    def _made(self, place: int) -> _Record:
        """The record at a place, from 0."""
        raise NotImplementedError

    @overload
    def __getitem__(self, index: int) -> _Record: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[_Record, ...]: ...

    def __getitem__(self, index: int | slice) -> _Record | tuple[_Record, ...]:
        places = range(len(self))[index]
        return self._made(places) if isinstance(places, int) else tuple(map(self._made, places))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(other) == len(self) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


class Members(MadeWhenAsked[Element]):
    """The elements of a network one by one, those of families made when asked for."""

    def __init__(self, parts: tuple[Element | Family, ...], names: tuple[str, ...]) -> None:
        self.parts = parts
        self._names = names
        self._ends = np.cumsum([len(part) if isinstance(part, Family) else 1 for part in parts])

    def __len__(self) -> int:
        return int(self._ends[-1])

    def _made(self, place: int) -> Element:
        number = int(np.searchsorted(self._ends, place, side="right"))
        part = self.parts[number]
        if not isinstance(part, Family):
            return part
        return part.member(place - (int(self._ends[number]) - len(part)), self._names)

    def __iter__(self) -> Iterator[Element]:
        for part in self.parts:
            if isinstance(part, Family):
                for index in range(len(part)):
                    yield part.member(index, self._names)
            else:
                yield part

    def __eq__(self, other: object) -> bool:
        is_alike = isinstance(other, Members) and self._names == other._names and self.parts == other.parts
        return is_alike or super().__eq__(other)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        return f"({', '.join(map(repr, self.parts))})"
