"""The device on the page as a script, a command and a device file: each gives the same numbers."""

from __future__ import annotations

import shlex
from typing import Any

from leyden.explorer.asked import DeviceAsked, PulseAsked
from leyden.explorer.devices import ADDED, elements_added, number_of, numbers_of
from leyden.model.catalog import DEVICES
from leyden.model.network import Network

__all__ = ["command_of", "script_of"]

_FILE = "device.toml"


def _changed(asked: DeviceAsked) -> tuple[dict[str, Any], dict[str, Any]]:
    """Parameters that are not the catalog's own any more: those of the device, and those of the explorer."""
    given = {name: number_of(value) for name, value in asked.parameters.items()}
    added = {name: given.pop(name) for name in tuple(given) if name in ADDED}
    return given, added


def _pulse_words(asked: PulseAsked) -> str:
    numbers = ", ".join(f"{key}={value!r}" for key, value in numbers_of(asked).items())
    return f"ly.pulse.{asked.kind}({numbers})"


def _catalog_lines(asked: DeviceAsked, network: Network) -> list[str]:
    """The device as the catalog makes it, and with what the explorer adds to its charger."""
    name = asked.catalog or ""
    changed, added = _changed(asked)
    arguments = {key: repr(value) for key, value in {**DEVICES[name].reference, **changed}.items()}
    arguments |= {key: _pulse_words(one) for key, one in asked.pulses.items()}
    lines = [f"device = ly.catalog.{name}(", *(f"    {key}={value}," for key, value in arguments.items()), ")"]
    if more := elements_added(network, added):
        lines += [
            "device = ly.Network(",
            "    device.modes,",
            "    [",
            "        *device.elements,",
            *(f"        ly.{one!r}," for one in more),
            "    ],",
            "    charger=device.charger,",
            "    battery=device.battery,",
            "    name=device.name,",
            ")",
        ]
    return lines


def script_of(asked: DeviceAsked, network: Network, until: float) -> str:
    """A script that runs as it is; for a device file, beside the file that the page hands out."""
    if asked.catalog is not None:
        device = _catalog_lines(asked, network)
    else:
        device = [f"device = ly.read_device({_FILE!r})  # the device file of this page"]
    lines = [
        "import numpy as np",
        "",
        "import leyden as ly",
        "",
        *device,
        f"run = ly.charge(device, times=np.linspace(0, {until!r}, 401))",
        "print(run)",
    ]
    if not network.pulses:
        lines += [
            "try:",
            "    print(ly.steady_state(device))",
            "except ly.UnstableError as error:",
            "    print(error)",
        ]
    return "\n".join(lines) + "\n"


def command_of(asked: DeviceAsked, until: float) -> str:
    """The command that prints what the page shows; of a device file where the catalog has no such device."""
    changed, added = _changed(asked)
    if asked.catalog is None or asked.pulses or any(added.values()):
        return f"leyden charge {_FILE} --until {until:g}"
    words = ["leyden", "charge", asked.catalog]
    for name, value in changed.items():
        words += ["--set", f"{name}={value}".replace("(", "").replace(")", "")]
    return shlex.join([*words, "--until", f"{until:g}"])
