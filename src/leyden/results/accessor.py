"""What a Dataset of leyden can do by itself: `dataset.leyden.plot()`, and the device that it is of."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from leyden.errors import ParameterError
from leyden.model.files import parse_device
from leyden.model.network import Network
from leyden.quantities import TIME

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes

__all__ = ["LeydenAccessor", "PlotAccessor", "register"]


class PlotAccessor:
    """Plots of a Dataset: called, the one that fits it; each by its name in `leyden.plots`, too."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    def __call__(self, *, ax: Axes | None = None, **options: Any) -> Axes:
        """The plot that fits what the Dataset holds; keywords are those of that plot in `leyden.plots`."""
        return getattr(self, _fitting(self._dataset))(ax=ax, **options)

    def curves(self, **options: Any) -> Axes:
        """Quantities against time, as `leyden.plots.curves` draws them."""
        return self._draw("curves", **options)

    def ratios(self, **options: Any) -> Axes:
        """Ratios of energies against time, as `leyden.plots.ratios` draws them."""
        return self._draw("ratios", **options)

    def map(self, quantity: str = "ergotropy", **options: Any) -> Axes:
        """A quantity over two parameters, as `leyden.plots.map` draws it, hatched where nothing settles."""
        from leyden import plots
        from leyden.plots.asked import why_missing

        if quantity not in self._dataset:
            raise ParameterError.of("quantity", "be a variable of the Dataset", quantity)
        if "is_stable" in self._dataset:
            options.setdefault("threshold", self._dataset["is_stable"])
            options.setdefault("label", why_missing(self._dataset))
        return plots.map(self._dataset[quantity], **options)

    def wigner(self, **options: Any) -> Axes:
        """A Wigner function, as `leyden.plots.wigner` draws it."""
        from leyden import plots

        return plots.wigner(self._dataset["wigner"], **options)

    def energy_flows(self, **options: Any) -> Axes:
        """Flows of energy as bars, as `leyden.plots.energy_flows` draws them."""
        return self._draw("energy_flows", **options)

    def energy_balance(self, **options: Any) -> Axes:
        """The first law in time, as `leyden.plots.energy_balance` draws it."""
        return self._draw("energy_balance", **options)

    def eigenvalue_paths(self, **options: Any) -> Axes:
        """Eigenvalues along a parameter, as `leyden.plots.eigenvalue_paths` draws them."""
        return self._draw("eigenvalue_paths", **options)

    def spectrum(self, **options: Any) -> Axes:
        """Spectra over frequency, as `leyden.plots.spectrum` draws them."""
        return self._draw("spectrum", **options)

    def stages(self, **options: Any) -> Axes:
        """Stages of a protocol, as `leyden.plots.stages` draws them."""
        return self._draw("stages", **options)

    def sweep(self, **options: Any) -> Axes:
        """A sweep at a glance, as `leyden.plots.sweep` draws it."""
        return self._draw("sweep", **options)

    def network(self, **options: Any) -> Axes:
        """The device that the Dataset is of, as `leyden.plots.network` draws it."""
        from leyden import plots

        return plots.network(LeydenAccessor(self._dataset).network, **options)

    def pulses(self, **options: Any) -> Axes:
        """What changes of the device meanwhile, as `leyden.plots.pulses` draws it."""
        from leyden import plots

        if "time" not in self._dataset.dims:
            raise ParameterError.of("dataset", "be a result over time", sorted(map(str, self._dataset.dims)))
        time = self._dataset["time"]
        if time.attrs.get("units", TIME) != TIME:
            remedy = "Draw the pulses of the result before it was converted."
            raise ParameterError.of("dataset", f"have times in {TIME}", time.attrs["units"], remedy)
        return plots.pulses(LeydenAccessor(self._dataset).network, time.values, **options)

    def _draw(self, name: str, **options: Any) -> Axes:
        from leyden import plots

        return getattr(plots, name)(self._dataset, **options)


class LeydenAccessor:
    """`dataset.leyden`: plots of a result, and its device."""

    def __init__(self, dataset: xr.Dataset) -> None:
        self._dataset = dataset

    @property
    def plot(self) -> PlotAccessor:
        """Plots of the Dataset: `.plot()` takes the one that fits, `.plot.curves()` and others insist."""
        return PlotAccessor(self._dataset)

    @property
    def network(self) -> Network:
        """The device that the Dataset is of, from its attribute `device_file`."""
        text = self._dataset.attrs.get("device_file")
        if not isinstance(text, str):
            raise ParameterError.of(
                "dataset", "have the attribute `device_file`", sorted(map(str, self._dataset.attrs))
            )
        return parse_device(text, "device_file")


def _fitting(dataset: xr.Dataset) -> str:
    """Name of the plot that fits a Dataset."""
    dims = set(map(str, dataset.dims))
    if "wigner" in dataset and {"x", "p"} <= dims:
        return "wigner"
    if "flow" in dataset:
        return "energy_balance" if "time" in dims else "energy_flows"
    if "frequency" in dims:
        return "spectrum"
    if "eigenvalues" in dataset and dataset["eigenvalues"].ndim == 3:
        return "eigenvalue_paths"
    swept = [str(dim) for dim in dataset["is_stable"].dims if dim != "time"] if "is_stable" in dataset else []
    if "time" in dims and not any(dataset.sizes[dim] > 1 for dim in swept):
        return "curves"
    if swept and "stored_energy" in dataset:
        return "sweep"
    remedy = "`.leyden.plot.network()` draws its device." if "device_file" in dataset.attrs else ""
    raise ParameterError.of("dataset", "vary over time, frequency or parameters", sorted(dims) or "no dims", remedy)


@lru_cache(maxsize=1)
def register() -> None:
    """Give every Dataset of xarray the accessor `leyden`, once."""
    import xarray as xr

    xr.register_dataset_accessor("leyden")(LeydenAccessor)
