"""`leyden sweep`: a whole study, and how far it is."""

from __future__ import annotations

import os
import shlex
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from leyden.cli.charge import Json
from leyden.cli.device import Setting, parser
from leyden.cli.over import arguments_of, print_sweep, refuse_undrawable
from leyden.cli.signals import hush, status_of, verb_of
from leyden.cli.streams import tell
from leyden.errors import LeydenError, ParameterError

if TYPE_CHECKING:
    from leyden.runner import Progress

__all__ = ["sweep"]

# Arguments of `leyden.study.sweep` -> what the command line calls them.
_OPTIONS = {
    "workers": "--workers",
    "scheduler": "--scheduler",
    "resume": "--resume",
    "path": "STUDY",
    "store": "--out",
    "dataset": "--plot",
}
# Where no study file says what varies and what is fixed.
_OPTIONS_FOR_FILE = {"axes": "--over", "fixed": "--set"}


_count = parser(int, lambda count: count >= 1, "must be a whole number, at least 1,")


def sweep(
    study: Annotated[
        str,
        typer.Argument(
            metavar="STUDY",
            help="A study file (TOML); with --over, a device file or a name of the catalog; with --status, the store.",
            show_default=False,
        ),
    ],
    *,
    over: Annotated[
        list[str] | None,
        typer.Option(
            "--over",
            metavar="NAME=START:STOP:POINTS",
            help="Vary a parameter of a device: START:STOP:POINTS, START:STOP:POINTS:log, or VALUE,VALUE,...; "
            "repeatable. Parameters of a device file are called as LocalBath(battery).rate; with a `rate_unit` "
            "values may have units, as 1 MHz:5 MHz:5.",
            show_default=False,
        ),
    ] = None,
    settings: Setting = None,
    out: Annotated[
        Path | None,
        typer.Option(
            "--out",
            metavar="FILE.zarr",
            help="Zarr store to write to, or FILE.nc for a small study as netCDF. Without it a summary is printed, "
            "nothing kept.",
        ),
    ] = None,
    plot: Annotated[
        Path | None,
        typer.Option("--plot", metavar="FILE.png", help="Draw it over one parameter or two (png, pdf or svg)."),
    ] = None,
    json: Json = False,
    workers: Annotated[int, typer.Option("--workers", metavar="N", help="Processes that compute.", parser=_count)] = 1,
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler", metavar="ADDRESS", help="Compute on the Dask cluster of this scheduler.", show_default=False
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a store that was left unfinished.")] = False,
    status: Annotated[bool, typer.Option("--status", help="Tell how far a store is; compute nothing.")] = False,
) -> None:
    """Measure a device over whole ranges of its parameters, as --over or a study file says.

    Large studies go block by block to a Zarr store. Killed at any moment, --resume finishes them.
    """
    if status:
        if over:
            raise ParameterError.of("--over", "be left out with --status", over[0])
        _tell_status(study, out)
        return
    options = [
        word
        for option, texts in (("--over", over), ("--set", settings))
        for text in texts or ()
        for word in (option, text)
    ]
    with _in_words_of_options(_OPTIONS_FOR_FILE if over else {}), _interruptible([study, *options], out):
        asked = arguments_of(study, over, settings)
        _sweep(asked, out, {"workers": workers, "scheduler": scheduler, "resume": resume}, plot=plot, json=json)


def _sweep(
    asked: Mapping[str, Any], out: Path | None, how: Mapping[str, Any], *, plot: Path | None, json: bool
) -> None:
    from leyden.cli.answers import check_file, write_netcdf, write_sweep_picture
    from leyden.cli.progress import on_stderr
    from leyden.study import sweep as run

    _refuse_other(out)
    file = out if out is not None and _is_netcdf(out) else None
    if file is not None:
        _refuse_unfit(file, resume=how["resume"])
    if plot is not None:
        check_file("--plot", plot)
        refuse_undrawable(asked)
    if how["scheduler"] is not None:
        from leyden.runner.cluster import silence

        # Dask tells of lost connections at length; one line about them is ours.
        silence()
    with on_stderr("sweeping") as message:
        teller = _Teller(message)
        found = run(**asked, store=None if file else out, progress=teller, **how)
    if not teller.blocks:
        tell("Every block was done before: nothing was computed.")
    if file is not None:
        write_netcdf(found, file)
    if json:
        print_sweep(found)
    elif out is not None and file is None:
        _print_status(out)
    else:
        from leyden.cli.summary import print_summary

        print_summary(found, is_kept=file is not None)
    if plot is not None:
        write_sweep_picture(found, plot)


def _is_netcdf(out: Path) -> bool:
    """Whether a name is that of a netCDF file; a folder is a store, whatever its name is."""
    from leyden.cli.answers import DATA_SUFFIXES

    return out.suffix.lower() in DATA_SUFFIXES and not os.path.isdir(out)


def _refuse_other(out: Path | None) -> None:
    """Refuse a name that says another format, which a store of that name would not be."""
    from leyden.cli.answers import DATA_SUFFIXES

    suffix = "" if out is None else out.suffix.lower()
    # A version or a number behind a dot is no format.
    is_format = suffix[1:2].isalpha() and suffix not in (".zarr", *DATA_SUFFIXES)
    # What is there speaks for itself.
    if out is not None and is_format and not os.path.lexists(out):
        allowed = f"end in .zarr for a store, or in {', '.join(DATA_SUFFIXES)} for a netCDF file"
        raise ParameterError.of("--out", allowed, str(out))


def _refuse_unfit(file: Path, *, resume: bool) -> None:
    """Refuse what no netCDF file can do, before anything is computed for it."""
    from leyden.cli.answers import check_file

    check_file("--out", file)
    if resume:
        remedy = "Name a Zarr store: --out FILE.zarr."
        raise ParameterError.of("--resume", "be left out for a netCDF file, which is written at the end", True, remedy)


def _tell_status(study: str, out: Path | None) -> None:
    from leyden.runner import require_zarr

    if out is None and os.path.isfile(study):
        raise ParameterError.of(
            "STUDY", "be a store for --status, unless --out names one", study, "It is the folder that --out made."
        )
    require_zarr("--status")
    if out is None:
        _print_status(Path(study), "STUDY")
    else:
        _print_status(out)


@contextmanager
def _in_words_of_options(more: Mapping[str, str]) -> Generator[None]:
    """Errors about arguments of the function as errors about options of the command."""
    try:
        yield
    except LeydenError as error:
        message = error.message
        for argument, option in {**_OPTIONS, **more}.items():
            message = message.replace(f"Argument `{argument}`", f"Argument `{option}`", 1)
            message = message.replace(f"({argument} set it already)", f"({option} sets it already)")
        raise LeydenError(message) from error


@contextmanager
def _interruptible(study: Sequence[str], out: Path | None) -> Generator[None]:
    """An interrupt costs the blocks in flight; one line says how to go on."""
    try:
        yield
    except KeyboardInterrupt as error:
        hush()
        kept = "Nothing is kept: there is no store"
        if out is not None and not _is_netcdf(out):
            words = shlex.join([*study, "--out", str(out), "--resume"])
            kept = f"Finished blocks are kept; go on with: leyden sweep {words}"
        tell(f"Error: {verb_of(error)}. {kept}")
        raise typer.Exit(status_of(error)) from None


class _Teller:
    """Tells after each block how far the sweep is, but not too often."""

    def __init__(self, message: Callable[..., None]) -> None:
        from leyden.cli.progress import Pauses

        self.message, self.pauses = message, Pauses()
        self.blocks = 0

    def __call__(self, progress: Progress) -> None:
        self.blocks += 1
        if not self.pauses.is_over(progress.done, progress.blocks):
            return
        share = 100 * progress.measured / progress.points
        failed = f", {progress.failed} failed" if progress.failed else ""
        words = f"{share:.3g} % of {progress.points} points{failed}, {_rate(progress.rate)} points/s"
        self.message(f"{words}, {_duration(progress.remaining)} left", progress.done, progress.blocks)


def _rate(rate: float) -> str:
    """Three digits; of thousands no power of ten."""
    rounded = float(f"{rate:.3g}")
    return f"{rounded:,.0f}" if rounded >= 1000 else f"{rounded:g}"


def _duration(seconds: float) -> str:
    """A time for people."""
    for unit, length in (("days", 86400.0), ("h", 3600.0), ("min", 60.0)):
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds:.0f} s"


def _print_status(path: Path, name: str = "--out") -> None:
    from leyden.cli.summary import print_status
    from leyden.runner import Store

    with _in_words_of_options({"store": name}):
        print_status(Store.at(path), str(path))
