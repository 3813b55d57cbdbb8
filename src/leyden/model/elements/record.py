"""What an element is: one frozen record of modes, numbers and words.

Its parameters stand with the rule that each must obey, its Hamiltonian terms and jumps in the words of `operators`. All
else is read off these: no solver, file format or drawing knows an element by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from typing import Any, NamedTuple, Self

from leyden.errors import ParameterError
from leyden.model.changing import Pulse
from leyden.model.operators import HamiltonianTerm, Jump
from leyden.model.rules import RULES, checked_number
from leyden.records import FrozenDict, Record
from leyden.text import NAME_RULE, is_name, nearest

__all__ = ["Element", "Layout", "by_mode", "kind_of", "layout_of", "parameter", "quantity_of"]


def parameter(
    rule: str,
    *,
    default: float | None = None,
    remedy: str = "",
    quantity: str = "",
    is_rare: bool = False,
    may_change: bool = False,
) -> Any:
    """A field of an element that holds a number, or numbers of a batch.

    Parameters
    ----------
    rule : str
        What it must be: "real", "nonnegative", "positive" or "complex"; "squeezing" is real, of size at most 250.
    default : float or None
        Where it is left out; without one it must be given.
    remedy : str
        A sentence that the error adds for a number that breaks the rule.
    quantity : str
        The quantity that it is, by its name in docs/notation.md, which gives it a symbol and a unit; empty for none.
    is_rare : bool
        Whether files and tables leave it out where it has its default.
    may_change : bool
        Whether it may be a pulse.

    Returns
    -------
    field
        Of a dataclass.

    Raises
    ------
    ParameterError
        If there is no such rule.
    """
    if rule not in RULES:
        raise ParameterError.of("rule", f"be one of {', '.join(RULES)}", rule, nearest(rule, RULES))
    metadata = {"rule": rule, "remedy": remedy, "quantity": quantity, "is_rare": is_rare, "may_change": may_change}
    return field(metadata=metadata) if default is None else field(default=default, metadata=metadata)


def by_mode(rule: str, *, quantity: str = "") -> Any:
    """A field of an element that holds a mapping of modes to numbers, as the weights of a shared bath.

    Parameters
    ----------
    rule : str
        What each number must be, as of `parameter`.
    quantity : str
        The quantity that they are.

    Returns
    -------
    field
        Of a dataclass.

    Raises
    ------
    ParameterError
        If there is no such rule.
    """
    if rule not in RULES:
        raise ParameterError.of("rule", f"be one of {', '.join(RULES)}", rule, nearest(rule, RULES))
    return field(metadata={"rule_by_mode": rule, "quantity": quantity})


class Layout(NamedTuple):
    """Names of a record's fields, by what they hold."""

    modes: tuple[str, ...]  # the name of a mode
    numbers: tuple[str, ...]  # a number
    by_mode: tuple[str, ...]  # a number for each mode
    others: tuple[str, ...]  # switches and counts


@lru_cache(maxsize=256)
def layout_of(kind: type[Element]) -> Layout:
    """Which fields of a kind of element hold what."""
    by_content: dict[str, list[str]] = {name: [] for name in Layout._fields}
    for entry in fields(kind):
        if "rule_by_mode" in entry.metadata:
            by_content["by_mode"].append(entry.name)
        elif "rule" in entry.metadata:
            by_content["numbers"].append(entry.name)
        else:
            by_content["modes" if entry.type in ("str", str) else "others"].append(entry.name)
    return Layout(*(tuple(names) for names in by_content.values()))


@lru_cache(maxsize=256)
def _rare_parameters(kind: type[Element]) -> dict[str, Any]:
    """Defaults of those parameters that most elements of a kind leave there."""
    return {entry.name: entry.default for entry in fields(kind) if entry.metadata.get("is_rare")}


def quantity_of(kind: type[Element], name: str) -> str:
    """Which row of `leyden.quantities` a parameter is, by its name in `Element.parameters`; empty where none is."""
    own = name.partition("[")[0]
    return next((entry.metadata.get("quantity", "") for entry in fields(kind) if entry.name == own), "")


@lru_cache(maxsize=256)
def kind_of(record: type[Element]) -> str:
    """Name of a kind of element in files: `TwoPhotonDrive` is "two_photon_drive"."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", record.__name__).lower()


def _check_name(argument: str, value: Any) -> None:
    if not is_name(value):
        raise ParameterError.of(argument, f"be the name of a mode, {NAME_RULE}", value)


def _check_pulse(argument: str, pulse: Pulse, rules: Mapping[str, Any]) -> None:
    if not rules.get("may_change"):
        remedy = "Amplitudes, strengths, rates and detunings may be pulses."
        raise ParameterError.of(argument, "be constant in time", pulse, remedy)
    if pulse.is_complex and rules["rule"] != "complex":
        raise ParameterError.of(argument, "be real at all times", pulse, "It is complex: give its real part.")


def _checked_by_mode(argument: str, given: Any, rule: str) -> FrozenDict:
    if not isinstance(given, Mapping) or not given:
        raise ParameterError.of(argument, f"be a mapping of mode names to {rule} weights, at least one", given)
    numbers: Mapping[Any, Any] = given
    checked: dict[str, Any] = {}
    for mode, value in numbers.items():
        _check_name(argument, mode)
        checked[mode] = checked_number(f"{argument}[{mode}]", value, rule)
    return FrozenDict(checked)


@dataclass(frozen=True)
class Element(Record):
    """A part of a device; the root of all elements, and of one's own.

    Subclasses are frozen dataclasses. They declare the names of their modes as fields of type str, their numbers as
    fields made by `leyden.words.parameter` or `leyden.words.by_mode`, switches and counts as fields of type bool and
    int, and override `hamiltonian` or `jumps`, which say in `leyden.words` what the element does. Everything else is
    read off these: moments, energies, Fock space, sweeps, files and drawings.

    Examples
    --------
    A drive of one quadrature, H = f (a + a^dag):

    >>> from dataclasses import dataclass
    >>> from typing import Any
    >>> import leyden as ly
    >>> @dataclass(frozen=True)
    ... class Force(ly.Element):
    ...     mode: str
    ...     strength: Any = ly.words.parameter("real")
    ...     def hamiltonian(self):
    ...         return (ly.words.HamiltonianTerm(self.strength, (ly.words.create(self.mode),)),)
    >>> device = ly.Network([ly.Mode("a")], [Force("a", 0.5), ly.LocalBath("a", 2.0)], charger="a", battery="a")
    >>> round(float(ly.steady_state(device).stored_energy), 12)
    0.25
    """

    def __post_init__(self) -> None:
        for entry in fields(self):
            value, rules = getattr(self, entry.name), entry.metadata
            if entry.type in ("str", str):
                _check_name(entry.name, value)
            elif isinstance(value, Pulse):
                _check_pulse(entry.name, value, rules)
            elif "rule" in rules:
                object.__setattr__(self, entry.name, checked_number(entry.name, value, rules["rule"], rules["remedy"]))
            elif "rule_by_mode" in rules:
                object.__setattr__(self, entry.name, _checked_by_mode(entry.name, value, rules["rule_by_mode"]))
        self._check_unlike()

    def _check_unlike(self) -> None:
        first, *others = layout_of(type(self)).modes or ("",)
        for name in others:
            if (mode := getattr(self, name)) == getattr(self, first):
                raise ParameterError.of(name, f"name another mode than `{first}` ({mode!r})", mode)

    @property
    def modes(self) -> tuple[str, ...]:
        """Names of the modes that the element touches."""
        layout = layout_of(type(self))
        named = tuple([getattr(self, name) for name in layout.modes])
        return named + tuple(mode for name in layout.by_mode for mode in getattr(self, name))

    @property
    def label(self) -> str:
        """Short name in tables and messages, for example `TwoPhotonDrive(charger)`."""
        return f"{type(self).__name__}({', '.join(self.modes)})"

    @property
    def noun(self) -> str:
        """Its kind in a sentence, for example "two-photon drive"."""
        words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type(self).__name__.strip("_")).lower()
        return words.replace(" photon", "-photon")

    @property
    def beyond_moments(self) -> str:
        """Why no moments close under it that its words do not tell; empty where they tell all."""
        return ""

    def hamiltonian(self) -> tuple[HamiltonianTerm, ...]:
        """Terms of the Hamiltonian that the element adds, each with its adjoint."""
        return ()

    @property
    def is_drive(self) -> bool:
        """Whether the Hamiltonian creates or destroys quanta, so that the element does work on the device."""
        return any(2 * sum(o.is_creation for o in term.operators) != len(term.operators) for term in self.hamiltonian())

    def jumps(self) -> tuple[Jump, ...]:
        """Dissipators that the element adds."""
        return ()

    def parameters(self) -> dict[str, Any]:
        """Numeric parameters by name, the weights of a shared bath as `weights[mode]`."""
        layout = layout_of(type(self))
        numbers = {name: getattr(self, name) for name in layout.numbers}
        for name in layout.by_mode:
            numbers |= {f"{name}[{mode}]": value for mode, value in getattr(self, name).items()}
        return numbers

    @property
    def left_out(self) -> frozenset[str]:
        """Names of rare parameters at their defaults, which tables and files do not spell out."""
        rare = _rare_parameters(type(self)).items()
        # The sign of -0.0 is a value of its own.
        return frozenset(name for name, default in rare if repr(getattr(self, name)) == repr(default))

    def arrays(self) -> Iterator[tuple[str, Any]]:
        """Parameters that are arrays, and the arrays in pulses, with their names."""
        for name, value in self.parameters().items():
            if isinstance(value, Pulse):
                yield from ((name, one) for one in value.arrays)
            elif not isinstance(value, (float, complex)):
                yield name, value

    def pulses(self) -> dict[str, Pulse]:
        """Parameters that change in time, by name."""
        return {name: value for name, value in self.parameters().items() if isinstance(value, Pulse)}

    def mapped(self, change: Callable[[Any], Any]) -> Self:
        """The same element with every number passed through a function, those of pulses, too.

        Parameters
        ----------
        change : callable
            Takes a number or an array, and returns the new one.

        Returns
        -------
        Element
        """

        def changed(value: Any) -> Any:
            return value.map(change) if isinstance(value, Pulse) else change(value)

        return self.with_parameters({name: changed(value) for name, value in self.parameters().items()})

    def with_parameters(self, parameters: Mapping[str, Any], modes: Sequence[str] | None = None) -> Self:
        """The same element with other parameter values, and on other modes if these are given.

        Parameters
        ----------
        parameters : mapping of str to number or array
            New values, under the names that `parameters` gives; the others stay.
        modes : sequence of str or None
            Names in place of those of `modes`, in that order; of an element that takes them from its fields.

        Returns
        -------
        Element
        """
        layout = layout_of(type(self))
        changes = dict(parameters)
        places = iter(modes or ())
        if modes is not None:
            changes |= dict(zip(layout.modes, places, strict=False))
        for name in layout.by_mode:
            values = {mode: changes.pop(f"{name}[{mode}]", value) for mode, value in getattr(self, name).items()}
            changes[name] = values if modes is None else dict(zip(places, values.values(), strict=False))
        return replace(self, **changes)
