"""Where trajectories are in the phase space of a mode: the Wigner function, estimated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from leyden.algebra import on_one_thread
from leyden.arrays import labelled
from leyden.errors import ParameterError
from leyden.model.labels import take_off
from leyden.model.network import Network
from leyden.model.rules import checked_times
from leyden.numeric import numbers_of
from leyden.quantities import attributes_of
from leyden.results.accessor import register
from leyden.states.gaussian import GaussianState
from leyden.task import Task
from leyden.truncated_wigner.ensemble import Ensemble
from leyden.truncated_wigner.equations import equations_of_motion
from leyden.truncated_wigner.method import METHOD, about_of, start_of
from leyden.truncated_wigner.runs import Job, course
from leyden.truncated_wigner.settings import TruncatedWigner
from leyden.truncated_wigner.settle import rest
from leyden.truncated_wigner.validity import Validity
from leyden.truncated_wigner.walk import Walk

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["quadrature_histogram"]

Real = NDArray[np.float64]


class _Counts:
    """Trajectories of each group in each cell of a grid."""

    def __init__(self, place: int, x: Real, p: Real) -> None:
        self.place, self.axes = place, (x, p)
        self.counts: Any = None
        self.members: Any = None
        self.snapshots = 0

    def begin(self, ensemble: Ensemble) -> None:
        self.counts = np.zeros((ensemble.groups, len(self.axes[0]), len(self.axes[1])))
        self.members, self.snapshots = ensemble.members, 0

    def add(self, ensemble: Ensemble, first: int, walk: Walk) -> None:
        modes = len(walk.r) // 2
        cells: list[Any] = []
        inside: Any = True
        for axis, values in zip(self.axes, (walk.r[self.place], walk.r[self.place + modes]), strict=True):
            cell = np.rint((values - axis[0]) / (axis[1] - axis[0])).astype(np.intp)
            inside = inside & (cell >= 0) & (cell < len(axis))
            cells.append(cell)
        group = np.searchsorted(ensemble.edges, first + np.arange(walk.r.shape[1]), side="right") - 1
        flat = np.ravel_multi_index((group[inside], cells[0][inside], cells[1][inside]), self.counts.shape)
        self.counts += np.bincount(flat, minlength=self.counts.size).reshape(self.counts.shape)

    def density(self) -> tuple[Real, Real, float]:
        """Estimate and standard error of the density, and the share of trajectories beyond the grid."""
        area = np.prod([axis[1] - axis[0] for axis in self.axes])
        each = self.counts / (self.members[:, None, None] * self.snapshots * area)
        found = np.sum(self.counts, axis=0) / (np.sum(self.members) * self.snapshots * area)
        error = np.std(each, axis=0, ddof=1) / np.sqrt(len(each))
        return found, error, max(0.0, 1.0 - float(np.sum(found)) * float(area))


def _grid(name: str, values: Any) -> Real:
    found = np.asarray(numbers_of(name, values, "be a sequence of real numbers"), dtype=np.float64)
    steps = np.diff(found) if found.ndim == 1 else np.zeros(0)
    if not steps.size or not np.isfinite(found).all() or not (steps > 0).all() or np.ptp(steps) > 1e-6 * steps[0]:
        remedy = "They are the middles of the cells that trajectories are counted in."
        raise ParameterError.of(name, "be two or more increasing numbers, equally far apart", values, remedy)
    return found


@on_one_thread
def quadrature_histogram(
    network: Network,
    mode: str,
    x: Any,
    p: Any,
    *,
    time: float | None = None,
    initial: GaussianState | None = None,
    method: TruncatedWigner | None = None,
) -> xr.Dataset:
    """Quadrature histogram of one mode: its Wigner function W(x, p) as truncated Wigner trajectories estimate it.

    W in a cell is the share of trajectories there, over the cell's area: not negative, whatever the state.

    Parameters
    ----------
    network : Network
        A single device of numbers.
    mode : str
        Name of the mode.
    x, p : array, shape (n,) and (m,)
        Middles of the cells, equally far apart, in quadratures whose vacuum variance is 1/2.
    time : float or None
        When, in units of 1/rate; in the steady state by default.
    initial : GaussianState or None
        State at time 0 of all modes; the vacuum by default. Of a time alone.
    method : TruncatedWigner or None
        How many trajectories, their seed and step.

    Returns
    -------
    xarray.Dataset
        Over the dims x and p: `wigner`, as `leyden.plots.wigner` draws it, and its standard error `wigner_error`.
        Attributes: those of the method, and `outside`, the share of trajectories beyond the grid.

    Raises
    ------
    ParameterError
        If the method cannot take the device, the mode is unknown, or x or p are not equally spaced.
    ConvergenceError
        If trajectories leave the number range, or do not settle where the steady state is asked for.

    Notes
    -----
    A cell averages the function over its area; cells of a tenth of the vacuum's width, 0.07, blur it by a thousandth.

    Examples
    --------
    The vacuum has 1/pi at its peak:

    >>> import numpy as np
    >>> import leyden as ly
    >>> device = ly.Network([ly.Mode("a")], [ly.LocalBath("a", 1.0)], charger="a", battery="a")
    >>> grid = np.linspace(-3.0, 3.0, 21)
    >>> found = ly.truncated_wigner.quadrature_histogram(device, "a", grid, grid, time=1.0)
    >>> off = float(found.wigner[10, 10]) - 1 / np.pi
    >>> abs(off) < 4 * float(found.wigner_error[10, 10])
    True
    """
    settings = TruncatedWigner() if method is None else method
    if not isinstance(settings, TruncatedWigner):
        raise ParameterError.of("method", "be a TruncatedWigner record or None", method)
    plain, labels = take_off(network)
    if labels.dims:
        raise ParameterError.of("network", "be a single device, not a batch", network.name)
    if time is None and initial is not None:
        raise ParameterError.of("initial", "be left out without a `time`: the steady state does not ask", initial)
    times = None if time is None else checked_times([time])
    task = Task(plain, labels, times, initial, settings)
    if reason := METHOD.refuses(task):
        raise ParameterError.of("network", f"suit truncated Wigner trajectories, but {reason}", plain.name)
    counts = _Counts(plain.position(mode), _grid("x", x), _grid("p", p))
    equations = equations_of_motion(plain)
    start = start_of(initial, equations.modes)
    validity = Validity(plain, np.inf if time is None else float(time) or np.inf)

    def each(ensemble: Ensemble, place: int, first: int, walk: Walk) -> None:
        if not (place or first):
            counts.begin(ensemble)
        counts.snapshots = max(counts.snapshots, place + 1)
        counts.add(ensemble, first, walk)

    job = Job(equations, start, settings, validity, each)
    run = rest(job).course if times is None else course(job, times)
    values, error, outside = counts.density()
    about = {"device": plain.name, **about_of(run, equations, settings, validity), "mode": mode, "outside": outside}
    return _dataset(counts.axes, {"wigner": values, "wigner_error": error}, about)


def _dataset(axes: tuple[Real, Real], values: dict[str, Real], about: dict[str, Any]) -> xr.Dataset:
    import xarray as xr

    def told(name: str) -> dict[str, str]:
        return {
            "long_name": name,
            "units": "1",
            "symbol": name,
            "description": f"quadrature {name}, vacuum variance 1/2",
        }

    coordinates = {name: xr.Variable((name,), axis, told(name)) for name, axis in zip("xp", axes, strict=True)}
    variables: dict[str, Any] = {
        name: labelled(("x", "p"), value, attributes_of(name)) for name, value in values.items()
    }
    register()
    return xr.Dataset(variables, coords=coordinates, attrs=about)
