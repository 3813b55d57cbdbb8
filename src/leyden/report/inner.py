"""Pictures of what goes on inside: flows of energy, states in phase space, rates and spectra."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.lines import Line2D

from leyden import plots
from leyden.portrait import number
from leyden.report.drawing import NARROW, PAGE, Drawing
from leyden.report.material import Material
from leyden.text import listed, one_line

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["balance", "spectra", "states"]

# Ports of a device whose spectra are told apart.
_MOST_PORTS = 6
# Of the greatest value of a Wigner function, what rounding and cutoffs may leave below zero.
_ROUNDING = 1e-5


def balance(material: Material) -> Iterator[Drawing]:
    """Flows of energy in time and at rest."""
    flows = material.flows
    if flows is None:
        return
    rest = material.flows_at_rest if material.portrait.is_stable else None

    def drawn(width: float, rows: int, columns: int, height: float) -> Figure:
        figure = plots.sheet(width, height, layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        plots.draw_energy_balance(panels[0], flows)
        # Beside a second panel two short columns leave less white above that one.
        panels[0].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, fontsize="small")
        if rest is not None:
            plots.draw_energy_flows(panels[1], rest)
            panels[1].legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2)
        return figure

    bars = 0.34 * len(network.elements) if rest is not None and (network := material.network) else 0.0
    with plots.publication():
        many = 1 if rest is None else 2
        page = drawn(PAGE if rest is not None else 5.0, 1, many, max(3.4, 1.4 + bars))
        narrow = drawn(NARROW, many, 1, 3.4 + (max(2.2, 1.2 + bars) if rest is not None else 0.0))
    at_rest = " Right (or below), what each element gives to each mode in the steady state." if rest is not None else ""
    yield Drawing(
        "energy",
        "Where energy comes from and goes to",
        f"Power that drives, couplings and baths put in (above zero) and take out (below); the line is their sum, "
        f"which the modes keep.{at_rest}",
        f"Stacked areas of power in time from {listed(flows['element'].values.tolist(), 8)}.",
        page,
        narrow,
        size="full" if rest is not None else "medium",
    )


def states(material: Material) -> Iterator[Drawing]:
    """Batteries in phase space."""
    found = material.states
    if not found:
        return
    count = len(found)

    def drawn(rows: int, columns: int) -> Figure:
        figure = plots.sheet(3.0 * columns + 0.5, 2.6 * rows, layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        for axes, (name, values) in zip(panels, found.items(), strict=True):
            plots.draw_wigner(figure, axes, values)
            axes.set_title(one_line(name))
        return figure

    with plots.publication():
        page, narrow = drawn(1, count), drawn(count, 1) if count > 1 else None
    when = "in the steady state" if material.portrait.beyond else f"at time {number(material.portrait.end)}"
    least = {name: float(values.min()) for name, values in found.items()}
    sign = (
        "It is nowhere negative, beyond rounding."
        if all(least[name] > -_ROUNDING * float(values.max()) for name, values in found.items())
        else f"Its least value is {number(min(least.values()))}."
    )
    yield Drawing(
        "wigner",
        "The battery in phase space",
        f"Wigner function {when}, of {listed(list(found), 4)}, in quadratures of which the vacuum has the variance "
        f"1/2. {sign}",
        f"Map of the Wigner function of {listed(list(found), 4)} over position and momentum {when}.",
        page,
        narrow,
        size="small" if count == 1 else "full",
    )


def spectra(material: Material) -> Iterator[Drawing]:
    """Eigenvalues of the drift, and noise that comes out."""
    eigenvalues, spectrum = material.eigenvalues, material.spectrum if material.portrait.is_stable else None
    if eigenvalues is None or not len(eigenvalues):
        return

    def drawn(width: float, rows: int, columns: int, height: float) -> Figure:
        figure = plots.sheet(width, height, layout="constrained")
        panels = figure.subplots(rows, columns, squeeze=False).ravel()
        _draw_eigenvalues(panels[0], eigenvalues, material.portrait.unit("spectral_abscissa"))
        if spectrum is not None:
            _draw_spectrum(panels[1], spectrum)
        return figure

    with plots.publication():
        many = 1 if spectrum is None else 2
        page = drawn(PAGE if spectrum is not None else 3.4, 1, many, 3.2)
        narrow = drawn(NARROW, many, 1, 2.9 * many)
    noise = (
        " Right (or below), noise of the quadratures that come out of each bath, in units of the vacuum's: the most "
        "and the least noisy one at each frequency; below one it is squeezed."
        if spectrum is not None
        else ""
    )
    yield Drawing(
        "spectra",
        "Rates and spectra",
        f"Eigenvalues of the drift: the real part is minus a decay rate, the imaginary part a frequency; in the "
        f"hatched half plane something grows.{noise}",
        f"Complex plane with {len(eigenvalues)} eigenvalues, the rightmost at {number(material.portrait.abscissa)}.",
        page,
        narrow,
        size="full" if spectrum is not None else "small",
    )


def _draw_eigenvalues(axes: Any, values: Any, unit: str) -> None:
    size = float(np.max(np.abs(values))) or 1.0
    # The half plane of growth is always seen, and the points never touch the frame.
    right = max(float(np.max(values.real)) + 0.15 * size, 0.25 * size)
    axes.set_xlim(min(float(np.min(values.real)) - 0.15 * size, -0.25 * size), right)
    height = max(1.25 * float(np.max(np.abs(values.imag))), 0.4 * size)
    axes.set_ylim(-height, height)
    axes.axvspan(0.0, right, facecolor="white", edgecolor="#404040", hatch="//////", linewidth=0.0, zorder=0)
    axes.axvline(0.0, color="black", linewidth=0.6)
    axes.axhline(0.0, color="black", linewidth=0.4, zorder=0.5)
    axes.plot(values.real, values.imag, "o", color=plots.QUALITATIVE["blue"], markersize=4.5, alpha=0.8)
    axes.set_xlabel(f"real part ({unit})")
    axes.set_ylabel(f"imaginary part ({unit})")


def _draw_spectrum(axes: Any, spectrum: Any) -> None:
    frequency = spectrum["frequency"]
    ports = spectrum["port"].values.tolist()
    # Those with most to tell, if there are many.
    swing = np.abs(np.log(spectrum["amplified_variance"].values / spectrum["squeezed_variance"].values)).max(axis=0)
    chosen = sorted(np.argsort(-swing, kind="stable")[:_MOST_PORTS].tolist())
    for place, colour in zip(chosen, plots.QUALITATIVE.values(), strict=False):
        axes.plot(frequency, spectrum["amplified_variance"].isel(port=place), color=colour, label=ports[place])
        axes.plot(frequency, spectrum["squeezed_variance"].isel(port=place), color=colour, linestyle=(0, (4, 2)))
    axes.axhline(1.0, color="black", linewidth=0.5, zorder=1)
    if float(spectrum["amplified_variance"].max()) > 20.0 or float(spectrum["squeezed_variance"].min()) < 0.05:
        axes.set_yscale("log")
    axes.set_xlabel(plots.axis_label(plots.attributes_of(frequency)))
    axes.set_ylabel("variance (vacuum = 1)")
    handles, _ = axes.get_legend_handles_labels()
    styles: dict[str, Any] = {"most noisy": "-", "least noisy": (0, (4, 2))}
    for label, style in styles.items():
        handles.append(Line2D([], [], color="black", linestyle=style, label=label))
    axes.legend(handles=handles, loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=2, fontsize="small")
