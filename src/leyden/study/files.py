"""From a study file to a study."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES
from leyden.model.elements import Element
from leyden.model.files import read_device
from leyden.model.files.document import source_of
from leyden.runner import SAMPLINGS, Range, Sampling
from leyden.simulate.choice import method_names
from leyden.study.devices import Builder, builder_of, with_aliases
from leyden.study.tables import Table
from leyden.text import listed, nearest

__all__ = ["Study", "read_study"]

_LARGEST = 16 * 2**20
# Of a charging curve: the first point is computed as a whole before the memory for all can be told.
_MOST_TIMES = 1_000_000
_MEASURES = ("steady_state", "charge")


@dataclass(frozen=True, eq=False)
class Study:
    """A study as a file tells it; its fields are arguments of `sweep`.

    Parameters
    ----------
    build : Builder
        The devices.
    axes : mapping of str to Range or list
        Parameters that vary.
    measure : str
        "steady_state" or "charge".
    sampling : str
        How the axes combine.
    points : int or None
        Number of samples.
    seed : int
        Of the samples.
    fixed : mapping of str to value
        Parameters that do not vary.
    times : array or None
        Of the charging curves.
    method : str or None
        That every device is measured by.
    """

    build: Builder
    axes: Mapping[str, Any]
    measure: str
    sampling: Sampling
    points: int | None
    seed: int
    fixed: Mapping[str, Any]
    times: Any
    method: str | None = None

    def arguments(self) -> dict[str, Any]:
        """All of it as keyword arguments of `sweep`."""
        return dict(vars(self))


def read_study(path: str | os.PathLike[str], *, elements: Sequence[type[Element]] = ()) -> Study:
    """Read a study from a TOML file.

    Parameters
    ----------
    path : str or path
        A file in the form that `leyden.study` describes. A device file is looked for beside it.
    elements : sequence of type
        Classes of elements of one's own that the device file may hold, as of `read_device`.

    Returns
    -------
    Study

    Raises
    ------
    ParameterError
        If the file cannot be read, is not TOML, holds an unknown key, lacks one or holds a value out of range; the
        message names the key and the line.

    Examples
    --------
    >>> from pathlib import Path
    >>> from leyden.study import read_study, sweep
    >>> _ = Path("study.toml").write_text('''
    ... device = "two_photon_battery"
    ... [axes.drive]
    ... start = 0.0
    ... stop = 0.1
    ... points = 3
    ... ''')
    >>> sweep(**read_study("study.toml").arguments()).stored_energy.round(4).values.tolist()
    [0.0, 0.1339, 0.9375]
    """
    table = Table.of(source_of(path, "study file", _LARGEST))
    device = _device(table, Path(path).parent, elements)
    measure = table.word("measure", _MEASURES, "steady_state")
    sampling: Any = table.word("sampling", SAMPLINGS, "grid")
    points, seed = table.whole("points"), table.whole("seed") or 0
    fixed = table.table("fixed").parameters() if table.has("fixed") else {}
    times = _times(table.table("times")) if measure == "charge" else None
    method = table.word("method", method_names(), "") or None
    aliases: dict[str, list[str]] = {}
    axes = {axis.name: _axis(axis, aliases) for axis in table.table("axes").tables()}
    table.refuse_others()
    builder = with_aliases(device, aliases)
    try:
        builder.refuse_names(axes, fixed)
    except ParameterError as error:
        raise table.fault(error.name, error) from None
    return Study(builder, axes, measure, sampling, points, seed, fixed, times, method)


def _device(table: Table, folder: Path, elements: Sequence[type[Element]]) -> Builder:
    word = table.text("device")
    if word in DEVICES:
        return builder_of(word)
    if not os.path.exists(folder / word):  # of any word: pathlib raises where it is longer than a path may be
        allowed = f"be a device file beside the study, or one of {listed(DEVICES)}"
        raise table.fault("device", ParameterError.of("device", allowed, word, nearest(word, DEVICES)))
    return builder_of(read_device(folder / word, elements=elements))


def _axis(table: Table, aliases: dict[str, list[str]]) -> Any:
    targets = table.texts("parameters")
    if targets:
        aliases[table.name] = targets
    return _range(table)


def _range(table: Table, start: float | None = None) -> Any:
    """Values as they stand, or a range."""
    if table.has("values"):
        values = table.numbers("values")
        table.refuse_others()
        return values
    spacing: Any = table.word("spacing", ("linear", "log"), "linear")
    first, last = table.number("start", start), table.number("stop")
    points = table.whole("points")
    table.refuse_others(("values",))
    try:
        return Range(first, last, points, spacing)
    except ParameterError as error:
        raise table.fault(error.name, error) from None


def _times(table: Table) -> Any:
    times = _range(table, 0.0)
    if not isinstance(times, Range):
        if len(times) > _MOST_TIMES:
            raise table.wrong("values", f"be at most {_MOST_TIMES} times")
        return times
    if times.points is None:
        raise table.missing("points")
    if times.points > _MOST_TIMES:
        raise table.wrong("points", f"be at most {_MOST_TIMES} times")
    return times.values()
