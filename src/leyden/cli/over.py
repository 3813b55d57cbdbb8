"""A study on the command line: a device, what varies over which values, what is fixed."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from leyden.cli.device import device_of, settings_of, value_of
from leyden.cli.quantities import is_quantity, parameter_of
from leyden.errors import ParameterError
from leyden.model.catalog import DEVICES
from leyden.text import shortened

if TYPE_CHECKING:
    import xarray as xr

    from leyden.model.network import Network

__all__ = ["FORM", "arguments_of", "axes_of", "print_sweep", "refuse_undrawable"]

FORM = "NAME=START:STOP:POINTS, the same with :log behind it, or NAME=VALUE,VALUE,..."
_EXAMPLE = "For example: --over drive=0.01:0.14:40"


def _axis(text: str, network: Network | None) -> tuple[str, Any]:
    """Name and values of one axis."""
    from leyden.study import Range

    # A mode's name may hold an equals sign; no value does.
    name, equals, words = text.rpartition("=")
    # As of --set; an address holds names of modes, which are left as they are.
    name = name.strip() if "(" in name else name.strip().replace("-", "_")
    parts = words.split(":")
    wrong = ParameterError.of("--over", f"have the form {FORM}", text, _EXAMPLE)
    if not equals or not name or len(parts) not in (1, 3, 4):
        raise wrong
    if len(parts) == 1:
        values = _values(name, parts[0].split(","), value_of, network)
        if any(isinstance(value, str) for value in values):
            raise wrong
        return name, values
    start, stop = _values(name, parts[:2], _real, network)
    try:
        points = int(parts[2])
    except ValueError:
        raise wrong from None
    spacing: Any = parts[3].strip() if len(parts) == 4 else "linear"
    if isinstance(start, str) or isinstance(stop, str) or spacing not in ("linear", "log"):
        raise wrong
    if not (math.isfinite(start) and math.isfinite(stop)):
        raise wrong
    if spacing == "log" and min(start, stop) <= 0:
        raise ParameterError.of("--over", "have START and STOP above 0 for :log", text)
    try:
        return name, Range(start, stop, points, spacing)
    except ParameterError as error:
        raise ParameterError.of("--over", f"have as POINTS {error.allowed.removeprefix('be ')}", text) from None


def _real(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _values(name: str, texts: Sequence[str], read: Callable[[str], Any], network: Network | None) -> list[Any]:
    """Numbers, of quantities in the unit of the device; a text is what is neither."""
    found = [read(text) for text in texts]
    if not any(isinstance(value, str) and is_quantity(value) for value in found):
        return found
    # Zero is zero in every unit; of any other number beside quantities nobody knows which one it has.
    plain = next((text for text, value in zip(texts, found, strict=True) if not isinstance(value, str) and value), None)
    if plain is not None:
        raise ParameterError.of("--over", f"have a unit at every value of {name}, or at none", plain)
    return [parameter_of("--over", name, value, network) if isinstance(value, str) else value for value in found]


def axes_of(over: Iterable[str], network: Network | None = None) -> dict[str, Any]:
    """What varies, by its names; values with units are those of a device that has some."""
    found: dict[str, Any] = {}
    for text in over:
        name, values = _axis(text, network)
        if name in found:
            raise ParameterError.of("--over", "name each parameter once", name)
        found[name] = values
    return found


def arguments_of(device: str, over: Sequence[str] | None, settings: Sequence[str] | None) -> dict[str, Any]:
    """Arguments of `leyden.study.sweep`, from options, or from a study file where no option says what varies."""
    from leyden.study import read_study

    if over:
        network = None if device in DEVICES else device_of(device)
        fixed = settings_of(settings or ())
        return {"build": device if network is None else network, "axes": axes_of(over, network), "fixed": fixed}
    if settings:
        raise ParameterError.of("--set", "go with --over", settings[0], "A study file has what is fixed in [fixed].")
    if device in DEVICES and not os.path.exists(device):
        raise _nothing_varies(device, _EXAMPLE)
    try:
        return read_study(device).arguments()
    except ParameterError as error:
        address = _an_address(device)
        if address is not None:
            raise _nothing_varies(device, f"For example: --over '{address}=0.01:0.14:40'") from error
        raise


def _nothing_varies(device: str, remedy: str) -> ParameterError:
    allowed = f"say what varies of the device {shortened(device)}"
    return ParameterError(
        f"Argument `--over` must {allowed}, but is left out. {remedy}", name="--over", allowed=allowed
    )


def _an_address(path: str) -> str | None:
    """A parameter of what a file holds, if that is a device and no study: the drive's, or else the last."""
    from leyden.model.files import read_device

    with suppress(ParameterError):
        names = list(read_device(path).parameters)
        return next((name for name in names if name.endswith(".amplitude")), names[-1])
    return None


def refuse_undrawable(asked: Mapping[str, Any]) -> None:
    """Refuse to draw what has more parameters than a page has directions, before anything is computed for it."""
    sizes = {
        name: values.points if hasattr(values, "points") else len(values) for name, values in asked["axes"].items()
    }
    if asked.get("sampling", "grid") != "grid":
        raise ParameterError.of("--plot", "be left out where a study draws samples", asked["sampling"])
    most = 1 if asked.get("measure") == "charge" else 2
    varying = [name for name, size in sizes.items() if size != 1]
    if not 1 <= len(varying) <= most:
        allowed = "go with one parameter that varies" + ("" if most == 1 else ", or two")
        raise ParameterError.of("--plot", allowed, ", ".join(varying) or "none")


def print_sweep(found: xr.Dataset) -> None:
    """Print a whole sweep as one JSON object; its numbers are nested lists over the dims that `dims` names."""
    import json

    from leyden.cli.answers import print_json

    fields: dict[str, Any] = {name: found.attrs.get(name) for name in ("device", "version", "method")}
    fields["fixed"] = json.loads(found.attrs.get("fixed", "{}"))
    for name, values in (*found.coords.items(), *found.data_vars.items()):
        fields[str(name)] = values.values
    fields["dims"] = {str(name): list(map(str, values.dims)) for name, values in found.variables.items()}
    units = {str(name): values.attrs.get("units") for name, values in found.variables.items()}
    fields["units"] = {name: unit for name, unit in units.items() if unit is not None}
    fields["failures"] = json.loads(found.attrs.get("failures", "[]"))
    print_json(fields)
