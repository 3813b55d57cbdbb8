"""States and rates that are kept in the ladder basis: what a weakly driven, detuned device needs for its digits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np

from leyden.algebra import ladder
from leyden.arrays import Array, namespace_of
from leyden.states.gaussian import GaussianState
from leyden.states.rates import MomentRates, OwnDigits

__all__ = [
    "LadderRates",
    "LadderState",
    "at_rest",
    "components_of",
    "leading_components_of",
    "moment_shapes",
    "moments_of",
    "of_modes",
    "state_of",
    "stood_in",
]


class _InLadder(OwnDigits):
    """Mixed into what is given by the components of its excess covariance, or of its rate, see `algebra.ladder`."""

    mean: Array
    components: Array  # (N (2N + 1), ...), anomalous and normal, each with digits of its own

    def __init__(self, mean: Array, components: Array) -> None:
        object.__setattr__(self, "mean", mean)
        object.__setattr__(self, "components", components)

    # Put together only where it is asked for: merits and work live on the components.
    @cached_property
    def excess(self) -> Array:  # type: ignore[override]
        """V - 1/2 or its rate, shape (..., 2N, 2N)."""
        return ladder.excess_of(self.components, self.mean.shape[-1] // 2)

    @cached_property
    def own(self) -> Array:  # type: ignore[override]
        """Quanta and squeezing of each mode or their rates, shape (..., N, 3)."""
        return ladder.own_moments(self.components, self.mean.shape[-1] // 2)

    def _digits_of(self, mode: int) -> tuple[Array, Array, Array]:
        number, real, imaginary = ladder.own_places(self.mean.shape[-1] // 2)[mode].tolist()
        return self.components[number, ...], self.components[real, ...], self.components[imaginary, ...]

    @property
    def has_own_digits(self) -> bool:
        """They are."""
        return True


class LadderState(_InLadder, GaussianState):
    """A Gaussian state given by the components of its excess covariance."""

    def own_of(self, mode: int) -> tuple[Array, Array, Array]:
        """Quanta and squeezing of one mode, each (...)."""
        # Energy, ergotropy and entropy all ask for them.
        known: dict[int, tuple[Array, Array, Array]] = self.__dict__.setdefault("_known", {})
        if mode not in known:
            known[mode] = super().own_of(mode)
        return known[mode]

    def __getitem__(self, index: Any) -> GaussianState:
        """States of a part of the batch."""
        place = index if isinstance(index, tuple) else (index,)
        return LadderState(self.mean[(*place, slice(None))], self.components[(slice(None), *place)])

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the batch."""
        return np.broadcast_shapes(self.mean.shape[:-1], tuple(self.components.shape[1:]))


class LadderRates(_InLadder, MomentRates):
    """Rates of change given by the components of dS/dt."""


def components_of(state: GaussianState) -> Array:
    """Components (..., N (2N + 1)) of a state in the ladder basis, with the digits that it has."""
    if isinstance(state, LadderState):
        return ladder.behind_batch(state.components)
    found = ladder.components_of(state.excess)
    if state.own is None:
        return found
    xp = namespace_of(found, state.own)
    places = ladder.own_places(state.modes).reshape(-1)
    spread = np.eye(found.shape[-1])[places]
    own = xp.reshape(xp.asarray(state.own), (*state.own.shape[:-2], len(places)))
    return xp.where(xp.asarray(spread.any(axis=0)), own @ xp.asarray(spread), xp.asarray(found))


def leading_components_of(state: GaussianState) -> Array:
    """Components (N (2N + 1), ...) of a state in the ladder basis, each for the whole batch."""
    if isinstance(state, LadderState):
        return state.components
    return ladder.before_batch(components_of(state))


def at_rest(state: GaussianState) -> MomentRates:
    """Rates of change of a state that stays: zero, and NaN where it is missing."""
    if isinstance(state, LadderState):
        return LadderRates(0 * state.mean, 0 * state.components)
    return MomentRates(0 * state.mean, 0 * state.excess)


def moments_of(state: GaussianState) -> dict[str, Array]:
    """What a state holds, by name, the axes of the batch first."""
    if isinstance(state, LadderState):
        return {"mean": state.mean, "components": ladder.behind_batch(state.components)}
    own = {} if state.own is None else {"own": state.own}
    return {"mean": state.mean, "excess": state.excess, **own}


def moment_shapes(modes: int) -> dict[str, tuple[int, ...]]:
    """Shape of each of these, behind the axes of the batch."""
    size = 2 * modes
    return {"mean": (size,), "components": (modes * (size + 1),), "excess": (size, size), "own": (modes, 3)}


def state_of(moments: Mapping[str, Array]) -> GaussianState:
    """The state that holds these."""
    if "components" in moments:
        return LadderState(moments["mean"], ladder.before_batch(moments["components"]))
    return GaussianState.holding(moments["mean"], moments["excess"], moments.get("own"))


def stood_in(state: GaussianState, stable: Array) -> GaussianState:
    """A hot state in place of NaN, until all merits are there: a derivative would take NaN on to other devices."""
    xp = namespace_of(state.mean)
    mean = xp.where(stable[..., None], state.mean, xp.ones_like(state.mean))
    hot = np.eye(2 * state.modes)
    if isinstance(state, LadderState):
        columns = xp.asarray(ladder.components_of(hot))[(..., *(None,) * len(stable.shape))]
        return LadderState(mean, xp.where(stable, state.components, columns))
    excess = xp.where(stable[..., None, None], state.excess, xp.asarray(hot))
    return GaussianState.holding(mean=mean, excess=excess)


def of_modes(moments: Any, places: Sequence[int], axes: int, *, is_listed: bool) -> Any:
    """A state, or its rates, of some modes one by one: as an axis `axes` before the last ones, if they are listed."""
    pairs = [slice(2 * place, 2 * place + 2) for place in places]
    mean = _side_by_side([moments.mean[..., pair] for pair in pairs], 1 + axes, is_listed)
    is_state = isinstance(moments, GaussianState)
    if not moments.has_own_digits:
        excess = _side_by_side([moments.excess[..., pair, pair] for pair in pairs], 2 + axes, is_listed)
        return GaussianState.holding(mean=mean, excess=excess) if is_state else MomentRates(mean, excess)
    columns = zip(*(moments.own_of(place) for place in places), strict=True)
    number, real, imaginary = (_side_by_side(list(column), axes, is_listed) for column in columns)
    components = namespace_of(number).stack([real, imaginary, number])
    return LadderState(mean, components) if is_state else LadderRates(mean, components)


def _side_by_side(parts: list[Array], behind: int, is_listed: bool) -> Array:
    return namespace_of(parts[0]).stack(parts, axis=-1 - behind) if is_listed else parts[0]
