"""`optimize`: where a device is best over some of its parameters."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

from leyden.design.answer import answer_of
from leyden.design.asking import asked_of
from leyden.design.failing import nothing_allowed
from leyden.design.landscape import Ground, Landscape
from leyden.design.optimum import Optimum
from leyden.design.progress import Progress, Teller, listener_of
from leyden.design.search import best_of, local_searches, mended, starts_among
from leyden.design.survey import gradient_of, surveyed
from leyden.design.verdict import verdict_on
from leyden.errors import ParameterError

if TYPE_CHECKING:
    from leyden.truncated_wigner.settings import TruncatedWigner

__all__ = ["optimize"]

# Places from which a search for something allowed begins, and its steps.
_TRIES, _MOST_STEPS = 3, 100


def optimize(
    build: Any,
    bounds: Mapping[str, Any],
    merit: str | Callable[..., Any],
    *,
    at: str | float | None = None,
    minimize: bool = False,
    constraints: Mapping[Any, Any] | None = None,
    margin: float | None = None,
    fixed: Mapping[str, Any] | None = None,
    parameters: Mapping[str, str | Sequence[str]] | None = None,
    times: Any = None,
    measure: Callable[..., Any] | None = None,
    method: str | TruncatedWigner | None = None,
    gradient: Literal["jax", "differences", "none"] | None = None,
    starts: int | None = None,
    seed: int = 0,
    budget: int | None = None,
    tolerance: float = 1e-6,
    progress: Callable[[Progress], object] | bool | None = None,
) -> Optimum:
    """Optimum of a device over some of its parameters: where a merit is largest, or smallest, among what is stable.

    A scan of all that is allowed, then local searches from its best places, with gradients. Stability is a constraint:
    the spectral abscissa, which is smooth on both sides of a threshold, leads back from beyond it.

    Parameters
    ----------
    build : str, callable or Network
        What makes the device, as of `sweep`: a name of the catalog, a function that takes parameters by name, numbers
        or labelled arrays, and returns a Network, or a Network, whose parameters are called by their addresses.
    bounds : mapping of str to (low, high) or Range
        Parameters that vary, 1 to 200 real ones; `Range(low, high, spacing="log")` for a size of unknown order.
    merit : str or callable
        A variable of the results, as "ergotropy", or "spectral_abscissa"; or a function of the Dataset that returns
        one number of each device.
    at : str, float or None
        "steady" for the steady state, a time for what is there then, "peak" for the largest value in time; by default
        the peak of "charging_power", and the steady state of anything else.
    minimize : bool
        Whether the merit is to be small.
    constraints : mapping or None
        (low, high) for variables or functions of the results, None for an open end, at the same moment as the merit; of
        a peak each has its own.
    margin : float or None
        What the spectral abscissa has to stay below zero by, in the rate unit. By default 1e-3 of what is usual within
        the bounds, for steady states; in time a device may be unstable.
    fixed : mapping or None
        Parameters that do not vary.
    parameters : mapping or None
        What a name of one's own stands for: one parameter or several, as of `sweep`.
    times : array or None
        Where a peak is looked for, in units of 1/rate; by default 401 times until most devices have settled.
    measure : callable or None
        Function of the network that returns the Dataset, in place of `steady_state` and `charge`, for example
        `leyden.correlations`.
    method : str, TruncatedWigner or None
        As of `charge` and `steady_state`.
    gradient : str or None
        "jax" for derivatives through JAX, "differences" for those of exact values, in batches, "none" to do without;
        by default differences for few parameters, JAX, where it is installed, for many, where compiling pays, and none
        beyond the Gaussian, where results are known to some digits.
    starts : int or None
        Local searches: 8, of devices one by one 4, beyond the Gaussian 2.
    seed : int
        Of the scan, whose points are Sobol's. The same seed gives the same answer.
    budget : int or None
        Devices that may be measured: 200,000, of devices one by one 5,000, beyond the Gaussian 200.
    tolerance : float
        What may be left of the merit's derivatives, relative to it, over the range of a parameter.
    progress : callable, bool or None
        Takes a `leyden.design.Progress`; True for a line on standard error.

    Returns
    -------
    Optimum
        `parameters`, `merit`, the `network` there, `is_converged`, `is_attained`, `why`, and `dataset`: `optimum`,
        `sensitivity`, `relative_sensitivity`, `curvature` and bounds over `parameter`; how the best merit changes with
        what does not vary, `fixed_sensitivity`, over `fixed`; values, slacks and multipliers over `constraint`;
        `stationarity`, what is left of the conditions of Karush, Kuhn and Tucker; and of every local search, over
        `start`, where it began, where it ended and with which merit.

    Raises
    ------
    UnstableError
        If no device within the bounds has a steady state with that margin; the error carries the least abscissa.
    ParameterError
        If bounds are empty, reversed or infinite, if parameters or quantities are unknown, missing or no real numbers,
        if constraints cannot be met, if no device can be built or measured, or JAX is insisted on and cannot trace it.

    Warns
    -----
    UserWarning
        If there is no optimum, since the merit grows on towards a threshold, or in time, and no margin was given.

    Notes
    -----
    An energy grows as margin^-p towards a threshold: then it has no maximum, `is_attained` is False, and `why` tells p.
    A step of a search is the least of a quadratic model within linear constraints; parameters are known to about 1e-8
    of their ranges, the merit to rounding. Where derivatives jump, as where two eigenvalues meet, a search by values
    follows. Optima are local: `start_merit` tells how many there are. Two parameters of a pair take about a second.

    References
    ----------
    Kraft, DFVLR-FB 88-28 (1988), and Powell, Lect. Notes Math. 630, 144 (1978), for the steps; Ragonneau, PhD thesis
    (2022), for the search by values.

    Examples
    --------
    A coherently driven pair stores most at Gamma = 2 sqrt(kappa_a kappa_b), here 0.4, and then 16/81:

    >>> import leyden as ly
    >>> rates = dict(drive=0.1, charger_damping=0.1, battery_damping=0.4)
    >>> best = ly.optimize("one_photon_battery", {"shared_rate": (0.01, 3.0)}, "ergotropy", fixed=rates)
    >>> print(round(best.parameters["shared_rate"], 6), round(best.merit, 6))
    0.4 0.197531
    >>> best.is_converged
    True
    """
    given = dict(locals())
    asked = asked_of({**given, "sign": _sign(minimize)})
    sampler, settings = asked.sampler, asked.settings
    teller = Teller(listener_of(progress), sampler)
    try:
        land, scan, kept = surveyed(asked)
        teller.land = land
        begun = _starts(land, scan, settings.starts)
        way = gradient_of(settings.gradient, land, asked.kind, begun[0])
        found = local_searches(land, begun, way[0], settings.tolerance, teller)
        best = best_of(land, found)
        verdict = verdict_on(land, best, found, len(begun), kept)
        answer = answer_of(asked, land, best, found, verdict=verdict, way=way, build=build)
    finally:
        teller.close()
    if not verdict.is_attained and margin is None:
        remedy = "how close it may come" if sampler.asks_abscissa else "stable devices alone"
        warnings.warn(f"{verdict.why}. Give `margin` to choose {remedy}.", stacklevel=2)
    return answer


def _sign(minimize: Any) -> int:
    if not isinstance(minimize, bool):
        raise ParameterError.of("minimize", "be True or False", minimize)
    return -1 if minimize else 1


def _starts(land: Landscape, scan: Ground, most: int) -> list[Any]:
    """Places to begin at: the best ones of the scan, or, if nothing is allowed there, one that is led back to."""
    begun = starts_among(scan, most)
    if begun:
        return begun
    begun, least = mended(land, scan, _TRIES, _MOST_STEPS)
    if not begun:
        raise nothing_allowed(land, least)
    return begun
