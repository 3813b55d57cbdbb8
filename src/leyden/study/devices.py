"""Whose parameters vary: a device of the catalog, a function that makes one, or a given device."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from inspect import Parameter, signature
from typing import Any

from leyden.errors import ParameterError
from leyden.model.addresses import Addresses
from leyden.model.catalog import DEVICES, reference_device
from leyden.model.network import Network
from leyden.study.identity import function_words, network_words, value_words
from leyden.text import listed, nearest, shortened

__all__ = ["Builder", "addresses", "builder_of", "targets_of", "with_aliases"]

_MOST_NAMES = 30


@dataclass(frozen=True)
class Builder:
    """What makes the devices of a study."""

    call: Callable[..., Any]
    words: str
    names: Collection[str] | None
    required: frozenset[str] = frozenset()
    aliases: Mapping[str, Sequence[str]] = field(default_factory=dict[str, Sequence[str]])
    structure: frozenset[str] = frozenset()
    # Whether it makes a device of what is fixed alone.
    stands_alone: bool = False

    def refuse_names(self, axes: Collection[str], fixed: Collection[str], word: str = "axes") -> None:
        """Refuse parameters that the device does not have, that are given twice, or that are missing."""
        for alias in self.aliases:
            if alias not in axes and alias not in fixed:
                remedy = nearest(alias, axes)
                raise ParameterError.of("parameters", "give names of axes the parameters they mean", alias, remedy)
        set_by: dict[str, str] = {}
        for argument, given in ((word, axes), ("fixed", fixed)):
            for name in (target for alias in given for target in self.aliases.get(alias, (alias,))):
                if self.names is not None and name not in self.names:
                    raise self._unknown(argument, name)
                if name in self.structure and argument == word:
                    raise self._unvarying(argument, name)
                if name in set_by:
                    raise ParameterError.of(argument, f"set no parameter twice ({set_by[name]} set it already)", name)
                set_by[name] = argument
        missing = sorted(self.required - set(set_by))
        if missing:
            raise ParameterError.of("fixed", f"give what {self.words} needs beside the {word}", missing[0])

    def _unvarying(self, argument: str, name: str) -> ParameterError:
        each = "make one sweep" if argument == "axes" else "search once"
        sentence = (
            f"Argument `{argument}` must name parameters that can vary, but `{name}` sets the structure of the device "
            f"and cannot. Put it among the fixed parameters, and {each} for each of its values."
        )
        return ParameterError(sentence, name=argument, value=name, allowed="name parameters that can vary")

    def _unknown(self, argument: str, name: str) -> ParameterError:
        if isinstance(self.names, Addresses) and (sharing := len(self.names.places(name))):
            sentence = (
                f"Argument `{argument}` must name one parameter of the device, but {sharing} elements share the "
                f"address {shortened(name)}. Merge them into one, or sweep a function that builds the device."
            )
            return ParameterError(sentence, name=argument, value=name, allowed="name one parameter of the device")
        known = self.names or ()
        allowed = f"name parameters of the device ({listed(known, _MOST_NAMES)})"
        sentence = f"Argument `{argument}` must {allowed}, but names {shortened(name)}. {nearest(name, known)}"
        return ParameterError(sentence, name=argument, value=name, allowed="name parameters of the device")


def addresses(network: Network) -> list[str]:
    """Names of all parameters of a device, for example `TwoPhotonDrive(charger).amplitude`.

    Parameters
    ----------
    network : Network
        The device.

    Returns
    -------
    list of str
        Without those of elements that share kind and modes with another one: a name must mean one parameter.
    """
    return list(network.parameters)


def builder_of(build: Any) -> Builder:
    """What makes the devices, from what the user gives."""
    if isinstance(build, Builder):
        return build
    if isinstance(build, str):
        if build not in DEVICES:
            raise ParameterError.of(
                "build", f"be a function or one of {listed(DEVICES)}", build, nearest(build, DEVICES)
            )
        entry = DEVICES[build]
        names = tuple(signature(entry.build).parameters)
        return Builder(partial(reference_device, build), build, names, structure=entry.structure, stands_alone=True)
    if isinstance(build, Network):
        return Builder(partial(Network.replace, build), network_words(build), build.parameters, stands_alone=True)
    if not callable(build):
        raise ParameterError.of("build", "be a function, a Network, or the name of a device of the catalog", build)
    return Builder(build, function_words(build), *_parameters(build))


def _parameters(build: Callable[..., Any]) -> tuple[tuple[str, ...] | None, frozenset[str]]:
    """Parameters that a function takes, None for any, and those without a default."""
    try:
        entries = signature(build).parameters.values()
    except (TypeError, ValueError):
        return None, frozenset()
    named = [entry for entry in entries if entry.kind in (Parameter.POSITIONAL_OR_KEYWORD, Parameter.KEYWORD_ONLY)]
    required = frozenset(entry.name for entry in named if entry.default is Parameter.empty)
    takes_any = any(entry.kind is Parameter.VAR_KEYWORD for entry in entries)
    return None if takes_any else tuple(entry.name for entry in named), required


def targets_of(parameters: Any) -> dict[str, list[str]]:
    """Which parameters names of one's own stand for, from what the user gives."""
    if parameters is None:
        return {}
    allowed = "be a mapping of names of axes to a parameter each, or to a list of them"
    if not isinstance(parameters, Mapping):
        raise ParameterError.of("parameters", allowed, parameters)
    given: Mapping[str, Any] = parameters
    targets = {name: [one] if isinstance(one, str) else one for name, one in given.items()}
    for several in targets.values():
        if not isinstance(several, (list, tuple)) or not several or not all(isinstance(one, str) for one in several):
            raise ParameterError.of("parameters", allowed, parameters)
    return {name: list(several) for name, several in targets.items()}


def with_aliases(builder: Builder, aliases: Mapping[str, Sequence[str]]) -> Builder:
    """The same devices with parameters that stand for others, or for several at once."""
    if not aliases:
        return builder
    aliases = {**builder.aliases, **aliases}
    call = partial(_expanded, builder.call, dict(aliases))
    return replace(builder, call=call, words=f"{builder.words} with {value_words(aliases)}", aliases=dict(aliases))


def _expanded(call: Callable[..., Any], aliases: Mapping[str, Sequence[str]], /, **values: Any) -> Any:
    full: dict[str, Any] = {}
    for name, value in values.items():
        full.update(dict.fromkeys(aliases.get(name, (name,)), value))
    return call(**full)
