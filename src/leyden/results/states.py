"""States of all modes in a Dataset, beside what they are worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from leyden.arrays import namespace_of, with_texts
from leyden.model.labels import Labels
from leyden.model.network import Network
from leyden.quantities import QUANTITIES
from leyden.states.gaussian import GaussianState
from leyden.states.kept import MODES, MOMENT, MOMENTS, QUADRATURE, WITH_QUADRATURE

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["with_states"]


def with_states(result: xr.Dataset, network: Network, labels: Labels, state: GaussianState) -> xr.Dataset:
    """The Dataset of a run with the states at its times."""
    names = [mode.name for mode in network.modes]
    quadratures = [f"{name}.{axis}" for name in names for axis in "xp"]
    taken = {QUADRATURE, WITH_QUADRATURE, MODES, MOMENT, "mean", "covariance", "own_moments"}
    labels.refuse(taken)
    xp = namespace_of(state.mean)
    covariance = state.covariance
    own = xp.stack([xp.stack(state.own_of(place), axis=-1) for place in range(len(names))], axis=-2)
    dims = (*labels.dims, "time")
    found = {
        "mean": ((*dims, QUADRATURE), state.mean),
        "covariance": ((*dims, QUADRATURE, WITH_QUADRATURE), covariance),
        "own_moments": ((*dims, MODES, MOMENT), own),
    }
    coordinates = {QUADRATURE: quadratures, WITH_QUADRATURE: quadratures, MODES: names, MOMENT: list(MOMENTS)}
    variables = {name: (axes, values, QUANTITIES[name].attributes()) for name, (axes, values) in found.items()}
    named = result.assign_coords({name: np.asarray(words) for name, words in coordinates.items()})
    return with_texts(named.assign(variables))
