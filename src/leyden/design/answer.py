"""The answer of a search: the optimum as users get it, with everything that is known of it in a Dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.arrays import with_texts
from leyden.design.asking import Asked
from leyden.design.dependence import Dependence, dependence_of, held_numbers
from leyden.design.landscape import Landscape
from leyden.design.optimum import Optimum
from leyden.design.search import Local
from leyden.design.verdict import Verdict
from leyden.model.files import device_record
from leyden.model.network import Network
from leyden.quantities import ENERGY, QUANTITIES
from leyden.results import provenance
from leyden.results.accessor import register

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["answer_of"]

Real = NDArray[np.float64]
Variables = dict[str, Any]


def answer_of(
    asked: Asked,
    land: Landscape,
    best: Local,
    found: Sequence[Local],
    *,
    verdict: Verdict,
    way: tuple[str, str],
    build: Any,
) -> Optimum:
    """The optimum as users get it."""
    values = {name: float(along[0]) for name, along in land.space.values(best.reached.places).items()}
    question = land.sampler.question
    network = question.device(values)
    held = held_numbers(build, question.fixed, land.space.names)
    depends = dependence_of(land, best, values, held)
    data = _dataset(land, network, best, found, depends)
    data["is_converged"] = (), verdict.is_converged, {"long_name": "search came to its end"}
    data["is_attained"] = (), verdict.is_attained, {"long_name": "the merit has that optimum"}
    data.attrs |= {
        "merit": question.wanted[0].name,
        "goal": "maximum" if land.sign > 0 else "minimum",
        "at": question.at,
        "why": verdict.why,
        "gradient": way[0],
        "gradient_reason": way[1],
        "evaluations": land.sampler.evaluations,
        "gradients": land.gradients,
        "budget": asked.settings.budget,
        "seed": asked.settings.seed,
    }
    if np.isfinite(verdict.exponent):
        data.attrs["exponent"] = verdict.exponent
    if np.isfinite(verdict.peak_time):
        data["peak_time"] = (), verdict.peak_time, _of("time", description="when the merit peaks")
    merit = float(best.reached.sample.numbers[0, 0])
    return Optimum(values, merit, network, verdict.is_converged, verdict.is_attained, verdict.why, data)


def _dataset(land: Landscape, network: Network, best: Local, found: Sequence[Local], depends: Dependence) -> xr.Dataset:
    """Everything that is known of an optimum, in numbers."""
    import xarray as xr

    own = _of_merit(land, network)
    variables = _of_parameters(land, best, depends, own)
    coordinates: dict[str, Any] = {"parameter": list(land.space.names)}
    if depends.held:
        coordinates["fixed"] = list(depends.held)
        variables |= _of_held(depends)
    if land.limits:
        coordinates["constraint"] = [limit.label for limit in land.limits]
        variables |= _of_limits(land, best, depends.weights)
    variables |= _of_starts(land, found, own)
    about = {**provenance(network), "device_file": device_record(network)}
    register()
    return with_texts(xr.Dataset(variables, coords=coordinates, attrs=about))


def _of(name: str, **more: str) -> dict[str, str]:
    return QUANTITIES[name].attributes() | more


def _told(words: str, **more: str) -> dict[str, str]:
    return {"long_name": words, **more}


def _of_merit(land: Landscape, network: Network) -> dict[str, str]:
    """Attributes of the merit, with the unit that the device's energies have."""
    own = land.sampler.question.wanted[0].attributes()
    if "units" in own:
        own["units"] = own["units"].replace(ENERGY, network.energy_unit)
    return own


def _of_parameters(land: Landscape, best: Local, depends: Dependence, own: Mapping[str, str]) -> Variables:
    ranges = list(land.space.ranges.values())
    unit = QUANTITIES["optimum"].unit
    at_bound = (best.place >= 1 - 1e-9).astype(np.int8) - (best.place <= 1e-9).astype(np.int8)
    residual = np.nan if best.conditions is None else best.conditions.residual
    return {
        "optimum": ("parameter", depends.optimum, _of("optimum")),
        "merit": ((), best.reached.sample.numbers[0, 0], own),
        "sensitivity": ("parameter", depends.slopes, _of("sensitivity")),
        "relative_sensitivity": (
            "parameter",
            depends.relative(depends.optimum, depends.slopes),
            _of("relative_sensitivity"),
        ),
        "curvature": ("parameter", depends.bends, _of("curvature")),
        "lower": ("parameter", np.asarray([one.start for one in ranges]), _told("lower bound", units=unit)),
        "upper": ("parameter", np.asarray([one.stop for one in ranges]), _told("upper bound", units=unit)),
        "at_bound": ("parameter", at_bound, _told("bound that is reached: -1 lower, 1 upper", units="1")),
        "stationarity": ((), residual, _of("stationarity")),
        "spectral_abscissa": ((), best.reached.sample.abscissa[0], _of("spectral_abscissa")),
    }


def _of_held(depends: Dependence) -> Variables:
    fixed = np.asarray(list(depends.held.values()), dtype=np.float64)
    relative = depends.relative(fixed, depends.held_slopes)
    return {
        "fixed_value": ("fixed", fixed, _told("value of a parameter that does not vary")),
        "fixed_sensitivity": ("fixed", depends.held_slopes, _of("sensitivity", description="of the best merit")),
        "fixed_relative_sensitivity": ("fixed", relative, _of("relative_sensitivity")),
    }


def _of_limits(land: Landscape, best: Local, weights: Real) -> Variables:
    sample = best.reached.sample
    numbers = np.asarray([limit.numbers_of(sample)[0] for limit in land.limits])
    bounds = np.asarray([limit.bound for limit in land.limits])
    slack = np.asarray([limit.slack(sample)[0] * limit.size for limit in land.limits])
    # Of the merit by the bound itself.
    sides = np.asarray([limit.side / limit.size for limit in land.limits])
    return {
        "constraint_value": ("constraint", numbers, _told("value of what is constrained")),
        "constraint_bound": ("constraint", bounds, _told("what it must not fall below, or rise above")),
        "constraint_slack": ("constraint", slack, _told("distance from that bound")),
        "multiplier": ("constraint", 0.0 - sides * weights, _of("multiplier")),
    }


def _of_starts(land: Landscape, found: Sequence[Local], own: Mapping[str, str]) -> Variables:
    residuals = [np.nan if one.conditions is None else one.conditions.residual for one in found]
    merits = np.asarray([one.reached.sample.numbers[0, 0] for one in found])
    is_converged = np.asarray([one.is_converged for one in found], dtype=np.bool_)
    return {
        "start_from": (("start", "parameter"), _values(land, [one.start for one in found]), _told("start")),
        "start_optimum": (("start", "parameter"), _values(land, [one.place for one in found]), _told("end")),
        "start_merit": ("start", merits, own),
        "start_stationarity": ("start", np.asarray(residuals), _of("stationarity")),
        "start_is_converged": ("start", is_converged, _told("search came to its end")),
    }


def _values(land: Landscape, places: Sequence[Real]) -> Real:
    """Parameters (s, n) at several points of the cube."""
    if not places:
        return np.zeros((0, land.space.size))
    return np.stack(list(land.space.values(np.asarray(places)).values()), axis=-1)
