"""The device on the page as a script, a command and a device file: each gives the same numbers."""

from __future__ import annotations

import shlex
from typing import Any

from leyden.explorer.asked import DeviceAsked
from leyden.explorer.devices import elements_added, number_of
from leyden.model.network import Network

__all__ = ["command_of", "script_of"]

_FILE = "device.toml"


def _changed(asked: DeviceAsked, network: Network) -> dict[str, Any]:
    return {name: number_of(value) for name, value in asked.parameters.items()}


def _pulse_words(asked: DeviceAsked, name: str) -> str:
    one = asked.pulses[name]
    numbers = {
        key: [number_of(part) for part in value] if isinstance(value, list) else number_of(value)
        for key, value in one.numbers.items()
    }
    return f"ly.pulse.{one.kind}({', '.join(f'{key}={value!r}' for key, value in numbers.items())})"


def _catalog_lines(asked: DeviceAsked, network: Network) -> list[str]:
    from leyden.explorer.devices import ADDED
    from leyden.model.catalog import DEVICES

    name = asked.catalog or ""
    changed = _changed(asked, network)
    added = {key: changed.pop(key) for key in tuple(changed) if key in ADDED}
    arguments = {key: repr(value) for key, value in (dict(DEVICES[name].reference) | changed).items()}
    arguments |= {key: _pulse_words(asked, key) for key in asked.pulses}
    lines = [f"device = ly.catalog.{name}("]
    lines += [f"    {key}={value}," for key, value in arguments.items()]
    lines.append(")")
    more = elements_added(network, added)
    if more:
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
    """The command that prints what the page shows."""
    from leyden.explorer.devices import ADDED

    changed = {name: number_of(value) for name, value in asked.parameters.items()}
    is_plain = asked.catalog is not None and not asked.pulses and not any(changed.get(name) for name in ADDED)
    if not is_plain:
        return f"leyden charge {_FILE} --until {until:g}"
    words = ["leyden", "charge", asked.catalog or ""]
    for name, value in changed.items():
        if name not in ADDED:
            words += ["--set", f"{name}={value}".replace("(", "").replace(")", "")]
    return shlex.join([*words, "--until", f"{until:g}"])
