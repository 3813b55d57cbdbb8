"""Phase space and frequencies: Wigner functions, eigenvalues, and what comes out through each bath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from leyden.errors import ParameterError, UnstableError
from leyden.explorer.answers import finite
from leyden.explorer.asked import SpectrumAsked, WignerAsked
from leyden.explorer.devices import network_of
from leyden.model.network import Network
from leyden.portrait import Portrait
from leyden.portrait.phase_space import wigner_over
from leyden.simulate import stability
from leyden.text import listed, nearest

__all__ = ["mode_of", "spectrum_of", "wigner_of"]

# Frequencies are shown to so many times the largest eigenvalue.
_SPAN = 1.5


def mode_of(asked: WignerAsked, network: Network) -> str:
    """The mode that is asked about: the first battery where none is named."""
    if asked.mode is None:
        return network.batteries[0]
    if asked.mode not in network.mode_names:
        remedy = nearest(asked.mode, network.mode_names)
        raise ParameterError.of("mode", f"be one of {listed(network.mode_names)}", asked.mode, remedy)
    return asked.mode


def wigner_of(asked: WignerAsked) -> Mapping[str, Any]:
    """Wigner function; rows are p, columns x."""
    network = network_of(asked.device)
    mode = mode_of(asked, network)
    values = wigner_over(Portrait(network), mode, asked.time, asked.points).transpose("p", "x")
    x, p = values["x"].values, values["p"].values
    area = (x[1] - x[0]) * (p[1] - p[0])
    negative = float(np.sum(values.values[values.values < 0])) * area
    when = "in the steady state" if asked.time is None else f"at time {asked.time:.4g}"
    return {
        "x": x.tolist(),
        "p": p.tolist(),
        "values": finite(values.values),
        "mode": mode,
        "negativity": abs(negative) if abs(negative) > 1e-9 else 0.0,
        "words": f"Wigner function of {mode} {when}",
    }


def spectrum_of(asked: SpectrumAsked) -> Mapping[str, Any]:
    """Eigenvalues of the drift; and, of a device that settles, transfer there and back and what leaves it."""
    network = network_of(asked.device)
    portrait = Portrait(network)
    if portrait.changes:
        raise ParameterError.of(
            "device", "be constant in time", listed(portrait.changes, 4), "Spectra need a device at rest."
        )
    values = stability(network, eigenvalues=True)["eigenvalues"].values
    found: dict[str, Any] = {
        "eigenvalues": [{"re": float(one[0]), "im": float(one[1])} for one in values.reshape(-1, 2)],
        "response": None,
        "emission": None,
        "left_out": "",
    }
    if portrait.beyond:
        found["left_out"] = f"eigenvalues of the linear part alone: moments do not close under {portrait.beyond}"
        return found
    span = asked.span or _SPAN * float(np.max(np.hypot(*values.reshape(-1, 2).T), initial=0.0)) or 1.0
    frequencies = np.linspace(-span, span, asked.points)
    from leyden.simulate.output import spectrum
    from leyden.simulate.transfer import response

    try:
        ways, leaving = response(network, frequencies), spectrum(network, frequencies)
    except (UnstableError, ParameterError) as error:
        found["left_out"] = str(error)
        return found
    found["response"] = {"frequency": frequencies.tolist()} | {
        name: _each(ways[name]) for name in ("forward_transfer", "backward_transfer")
    }
    found["emission"] = {"frequency": frequencies.tolist()} | {
        str(port): finite(leaving["output_flux"].sel(port=port).values) for port in leaving["port"].values.tolist()
    }
    return found


def _each(values: Any) -> Any:
    """A curve, or one for each of several batteries."""
    if "mode" not in values.dims:
        return finite(values.values)
    return [
        {"battery": str(mode), "values": finite(values.sel(mode=mode).values)}
        for mode in values["mode"].values.tolist()
    ]
