"""Which device is meant: a catalog name, with parameters changed if wished, or a device file."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Any

import typer

from leyden.cli.quantities import is_quantity
from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES, reference_device
from leyden.model.files import read_device
from leyden.model.network import Network
from leyden.text import listed, nearest, shortened

__all__ = ["Device", "Setting", "catalog_device", "device_of", "parser", "settings_of", "value_of"]


def _names(incomplete: str) -> list[tuple[str, str]]:
    return [(name, entry.meaning) for name, entry in DEVICES.items() if name.startswith(incomplete)]


def _names_and_files(incomplete: str) -> list[tuple[str, str]]:
    """Catalog names, device files, and folders that may hold some."""
    folder, slash, prefix = incomplete.rpartition("/")
    typed = folder + slash
    found: list[tuple[str, str]] = []
    with suppress(OSError):
        for path in sorted(Path(typed or ".").iterdir()):
            if path.name.startswith(prefix) and path.name.startswith(".") == prefix.startswith("."):
                if path.is_dir():
                    found.append((f"{typed}{path.name}/", "folder"))
                elif path.suffix == ".toml":
                    found.append((f"{typed}{path.name}", "device file"))
    return _names(incomplete) + found


Device = Annotated[
    str,
    typer.Argument(
        metavar="DEVICE",
        help="A device file (TOML), or a name of the catalog: " + ", ".join(DEVICES) + ".",
        autocompletion=_names_and_files,
        show_default=False,
    ),
]
CatalogName = Annotated[
    str | None,
    typer.Argument(help="A name of the catalog.", autocompletion=_names, show_default=False),
]
Setting = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Change a parameter of a catalog device, for example drive=0.1 or coupling=0.1-0.2j; repeatable. "
        "Rates share one unit, phases are in radians.",
        show_default=False,
    ),
]


def parser(read: Callable[[Any], Any], is_fit: Callable[[Any], bool], rule: str) -> Callable[[Any], Any]:
    """Reader of an option's number; Typer's own message would not say what was found."""

    def parsed(text: Any) -> Any:
        with suppress(ValueError):
            if is_fit(found := read(text)):
                return found
        raise typer.BadParameter(f"{rule} but is {shortened(text)}")

    return parsed


def value_of(text: str) -> Any:
    """A whole number, a number, a complex number, a switch, or else a word, as Python would write it."""
    compact = text.replace(" ", "")
    for kind in (int, float, complex):
        try:
            return kind(compact)
        except ValueError:
            continue
    word = text.strip()
    return {"true": True, "false": False}.get(word.lower(), word)


def settings_of(settings: Iterable[str], option: str = "--set") -> dict[str, Any]:
    """Parameters by name, of `NAME=VALUE`."""
    found: dict[str, Any] = {}
    for setting in settings:
        name, equals, value = setting.rpartition("=")
        # An address, as LocalBath(my-mode).rate, holds names of modes.
        name = name.strip() if "(" in name else name.strip().replace("-", "_")
        if not equals or not name or not value.strip():
            example = "--set drive=0.1" if option == "--set" else "--option seed=1"
            raise ParameterError.of(option, "have the form NAME=VALUE", setting, f"For example: {example}")
        if name in found:
            raise ParameterError.of(option, "name each parameter once", name)
        found[name] = value_of(value)
        if isinstance(found[name], str) and is_quantity(found[name]):
            remedy = "Quantities such as '5 kHz' stand in a device file with a `rate_unit`."
            raise ParameterError.of(option, "be a plain number, in the rate unit", setting, remedy)
    return found


def catalog_device(name: str, settings: Sequence[str] | None = None) -> Network:
    """A device of the catalog."""
    if name not in DEVICES:
        raise ParameterError.of("NAME", f"be one of {listed(DEVICES)}", name, nearest(name, DEVICES))
    return reference_device(name, **settings_of(settings or ()))


def device_of(name: str, settings: Sequence[str] | None = None) -> Network:
    """The device that the user means: a name of the catalog comes before a file of that name."""
    if name in DEVICES:
        return catalog_device(name, settings)
    is_path = "/" in name or "\\" in name or "." in name
    if not is_path and not os.path.exists(name):
        remedy = nearest(name, DEVICES) or "`leyden devices` lists the catalog."
        raise ParameterError.of("DEVICE", f"be a device file or one of {listed(DEVICES)}", name, remedy)
    if settings:
        raise ParameterError.of(
            "--set", "go with a device of the catalog", settings[0], f"Change the parameter in {name!r} instead."
        )
    try:
        return read_device(name)
    except ParameterError as error:
        raise (error.about("DEVICE") if error.name == "path" else error) from None
