"""The page's plots: error against time, time against the number of devices, time against the number of modes."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from leyden import plots

Report = dict[str, Any]
Result = dict[str, Any]

# Colour and mark say the same, so that either is enough.
LOOK = {
    "leyden, steady_state": ("blue", "o"),
    "leyden, array engine": ("sky", "s"),
    "SciPy solve_continuous": ("vermilion", "^"),
    "slycot": ("orange", "v"),
    "NumPy": ("green", "D"),
    "SciPy solve_ivp": ("purple", "P"),
}
CALLED = {
    "leyden, steady_state": "leyden, Dataset",
    "leyden, array engine": "leyden, arrays",
    "SciPy solve_continuous": "SciPy, Lyapunov",
    "slycot": "slycot sb03md",
    "NumPy": "NumPy, batched LAPACK",
    "SciPy solve_ivp": "by hand, sparse response",
}


def _results(report: Report, *cases: str) -> list[Result]:
    return [
        result
        for case in report["cases"]
        if case["name"] in cases
        for result in case["results"]
        if result["timing"] and not result.get("setting")
    ]


def _lines(axes: Axes, results: list[Result], keys: dict[str, str] | None = None, line: str = "-") -> None:
    """One line for each kind of contender, over its sizes; of two results of one size the faster counts."""
    for start, called in (keys or CALLED).items():
        best: dict[int, float] = {}
        for result in results:
            if result["contender"].startswith(start):
                seconds = result["timing"]["best"]
                best[result["size"]] = min(seconds, best.get(result["size"], seconds))
        if best:
            colour, mark = LOOK[start]
            sizes = sorted(best)
            axes.plot(
                sizes,
                [best[size] for size in sizes],
                color=plots.QUALITATIVE[colour],
                marker=mark,
                markersize=4,
                linestyle=line,
                label=called,
            )


def _scales(axes: Axes, across: str, up: str) -> None:
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlabel(across)
    axes.set_ylabel(up)


def _letter(axes: Axes, letter: str) -> None:
    axes.set_title(f"({letter})", loc="left")


# Where the name of a contender stands beside its point: points to the right and up, and how it is aligned.
SHORT = {
    "leyden, charge": ("leyden, Dataset", (4, 4), "left"),
    "leyden, array engine": ("leyden, arrays", (-3, -13), "left"),
    "SciPy solve_ivp, as usual": ("solve_ivp", (6, -3), "left"),
    "SciPy solve_ivp, tuned": ("solve_ivp, tuned", (0, 7), "center"),
    "SciPy expm": ("expm and a loop", (0, 9), "center"),
    "gaussian-open-systems": ("gaussian-open-systems", (6, -3), "left"),
    "dynamiqs": ("dynamiqs, cutoff {}", (-6, -3), "right"),
    "QuTiP mesolve, cutoff 16": ("QuTiP, cutoff {}", (0, 7), "center"),
    "QuTiP mesolve, cutoff 24": ("QuTiP, cutoff {}", (-6, -3), "right"),
}
FAMILIES = {"leyden": ("blue", "o"), "SciPy": ("vermilion", "^"), "gauss": ("green", "D")}


def _decades(values: list[float], room: float = 1.5) -> tuple[float, float]:
    """Limits of an axis: whole decades around the values, with at least a factor of room at either end."""
    low, high = math.floor(math.log10(min(values) / room)), math.ceil(math.log10(max(values) * room))
    return 10.0**low, 10.0**high


def _errors(axes: Axes, results: list[Result]) -> None:
    """Each contender a point, named beside it."""
    places: list[tuple[float, float]] = []
    for result in results:
        name = result["contender"]
        short, shift, side = next(look for start, look in SHORT.items() if name.startswith(start))
        colour, mark = next((look for start, look in FAMILIES.items() if name.startswith(start)), ("grey", "v"))
        place = (result["timing"]["best"], max(result["error"], 1e-16))
        places.append(place)
        axes.plot(*place, marker=mark, color=plots.QUALITATIVE[colour], markersize=5, linestyle="")
        # In the colour of its mark a name cannot be taken for that of its neighbour.
        axes.annotate(
            short.format(name.rsplit(" ", 1)[-1]),
            place,
            shift,
            textcoords="offset points",
            ha=side,
            fontsize=8,
            color=plots.QUALITATIVE[colour],
        )
    _scales(axes, "time for the curve (s)", "largest relative error")
    times, errors = zip(*places, strict=True)
    axes.set_xlim(*_decades(list(times)))
    # Names above and below the outermost points stay off the frame.
    axes.set_ylim(*_decades(list(errors), room=30.0))


def _devices(report: Report, figure: Figure) -> None:
    left, right = figure.subplots(1, 2)
    _errors(left, _results(report, "charging_curve"))
    loops = CALLED | {"SciPy solve_continuous": "SciPy, Lyapunov, a loop", "slycot": "slycot sb03md, a loop"}
    batches = _results(report, "steady_batch")
    _lines(right, batches, loops)
    _scales(right, "devices at once", "time per device (s)")
    right.set_xlim(70, 1.4e6)
    low, high = _decades([result["timing"]["best"] for result in batches])
    # Above the curves, room for the legend.
    right.set_ylim(low, high * 30)
    right.legend(loc="upper right")
    _letter(left, "a")
    _letter(right, "b")


def _modes(report: Report, figure: Figure) -> None:
    left, right = figure.subplots(1, 2, sharey=True)
    _lines(left, _results(report, "dense_cascade", "cascade"), _without_engine())
    _lines(right, _results(report, "dense_chain"), _without_engine())
    lattice = {key: f"{CALLED[key]}, lattice" for key in ("leyden, steady_state", "SciPy solve_ivp")}
    _lines(right, _results(report, "lattice"), lattice, "--")
    for axes, letter, title in ((left, "a", "directed cascade"), (right, "b", "reciprocal chain and lattice")):
        _scales(axes, "modes", "")
        axes.set_xlim(30, 2e6)
        axes.legend(loc="lower right", handlelength=2.4)
        axes.set_title(f"({letter}) {title}", loc="left")
    left.set_ylim(1e-5, 1e2)
    left.set_ylabel("time of the steady state (s)")


def _without_engine() -> dict[str, str]:
    return {key: name for key, name in CALLED.items() if key != "leyden, array engine"}


PLOTS: dict[str, Callable[[Report, Figure], None]] = {"benchmarks-devices": _devices, "benchmarks-modes": _modes}


def draw(report: Report, folder: Path) -> list[Path]:
    """Draw every plot into a folder; the paths of the files."""
    paths = []
    with plots.publication():
        for name, fill in PLOTS.items():
            figure = Figure(figsize=(plots.DOUBLE_COLUMN, 3.1), layout="constrained")
            FigureCanvasAgg(figure)
            fill(report, figure)
            paths.append(folder / f"{name}.png")
            figure.savefig(paths[-1], dpi=200, metadata={"Software": None})
    return paths
