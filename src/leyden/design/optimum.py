"""What a search finds: the best parameters, how well they are known, and what they depend on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from leyden.markup import html_table
from leyden.model.network import Network

if TYPE_CHECKING:
    import xarray as xr

__all__ = ["Optimum"]


@dataclass(frozen=True, eq=False, repr=False)
class Optimum:
    """The optimum of a device over some of its parameters, as `leyden.optimize` finds it.

    Parameters
    ----------
    parameters : mapping of str to float
        The best values of those that vary.
    merit : float
        Its value there, in the unit of the quantity.
    network : Network
        The device there.
    is_converged : bool
        Whether the search came to its end: the conditions for an optimum hold, or no neighbour is better.
    is_attained : bool
        Whether the merit has that optimum; False where the margin alone holds it, for it goes on towards the threshold,
        and where it is the peak of an unstable device, which grows until the last of the times.
    why : str
        What holds the optimum, and why the search ended.
    dataset : xarray.Dataset
        All of it in numbers, see `leyden.optimize`.
    """

    parameters: Mapping[str, float]
    merit: float
    network: Network
    is_converged: bool
    is_attained: bool
    why: str
    dataset: xr.Dataset

    def _head(self) -> str:
        goal = f"{self.dataset.attrs['goal']} of {self.dataset.attrs['merit']}"
        state = "converged" if self.is_converged else "not converged"
        return f"{goal}: {self.merit:.8g}, {state}, {self.dataset.attrs['evaluations']} devices measured"

    def _rows(self) -> list[tuple[str, str, str]]:
        marks = {-1: "lower bound", 0: "", 1: "upper bound"}
        places: Any = self.dataset["at_bound"].values.tolist()
        return [
            (name, f"{value:.8g}", marks[place])
            for (name, value), place in zip(self.parameters.items(), places, strict=True)
        ]

    def __repr__(self) -> str:
        width = max(map(len, self.parameters))
        rows = [f"  {name:{width}}  {value:<12} {mark}".rstrip() for name, value, mark in self._rows()]
        return "\n".join([f"<Optimum, {self._head()}", *rows, f"  {self.why}>"])

    def _repr_html_(self) -> str:
        return html_table(self._head(), ("parameter", "optimum", self.why), self._rows())
