"""Phase space and frequencies: Wigner functions, eigenvalues, and what comes out through each bath."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

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

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["mode_of", "spectra_of", "spectrum_of", "wigner_of"]

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


def _eigenvalues(network: Network, portrait: Portrait) -> Any:
    """Eigenvalues of the drift, in their two parts; refused of a device that changes."""
    if portrait.changes:
        raise ParameterError.of(
            "device", "be constant in time", listed(portrait.changes, 4), "Spectra need a device at rest."
        )
    return stability(network, eigenvalues=True)["eigenvalues"].values


def _over_frequency(asked: SpectrumAsked, network: Network, values: Any) -> tuple[xr.Dataset, xr.Dataset]:
    """Transfer there and back, and what leaves, around the frequency of the frame."""
    from leyden.simulate.output import spectrum
    from leyden.simulate.transfer import response

    span = asked.span or _SPAN * float(np.max(np.hypot(*values.reshape(-1, 2).T), initial=0.0)) or 1.0
    frequencies = np.linspace(-span, span, asked.points)
    return response(network, frequencies), spectrum(network, frequencies)


def spectra_of(asked: SpectrumAsked) -> tuple[xr.Dataset, xr.Dataset]:
    """Response and output spectrum, as `leyden.response` and `leyden.spectrum` give them."""
    network = network_of(asked.device)
    portrait = Portrait(network)
    values = _eigenvalues(network, portrait)
    if portrait.beyond:
        remedy = "Its spectra are not linear ones."
        raise ParameterError.of("device", "have moments that close", portrait.beyond, remedy)
    return _over_frequency(asked, network, values)


def spectrum_of(asked: SpectrumAsked) -> Mapping[str, Any]:
    """Eigenvalues of the drift; and, of a device that settles, transfer there and back and what leaves it."""
    network = network_of(asked.device)
    portrait = Portrait(network)
    values = _eigenvalues(network, portrait)
    found: dict[str, Any] = {
        "eigenvalues": [{"re": float(one[0]), "im": float(one[1])} for one in values.reshape(-1, 2)],
        "response": None,
        "emission": None,
        "left_out": "",
    }
    if portrait.beyond:
        found["left_out"] = f"eigenvalues of the linear part alone: moments do not close under {portrait.beyond}"
        return found
    try:
        ways, leaving = _over_frequency(asked, network, values)
    except (UnstableError, ParameterError) as error:
        found["left_out"] = str(error)
        return found
    frequencies = ways["frequency"].values
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
