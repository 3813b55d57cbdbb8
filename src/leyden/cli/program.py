"""The program `leyden`: its commands, its version, its way in."""

from __future__ import annotations

import io
import sys
from typing import Annotated

import typer

from leyden.cli.charge import charge, steady
from leyden.cli.devices import devices
from leyden.cli.doctor import doctor
from leyden.cli.explore import explore
from leyden.cli.failures import Commands, status_of_interrupt
from leyden.cli.new import new
from leyden.cli.paper import audit, reproduce
from leyden.cli.report import report
from leyden.cli.signals import heeded
from leyden.cli.streams import warnings_told
from leyden.cli.sweep import sweep
from leyden.version import __version__

__all__ = ["app", "main"]

app = typer.Typer(
    name="leyden",
    cls=Commands,
    help="Open bosonic quantum batteries, exactly: charge them, find their steady state, check the paper.",
    epilog="Example: leyden charge two_photon_battery --set drive=0.1 --plot curve.png",
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"leyden {__version__}")
        raise typer.Exit


@app.callback()
def root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    if context.invoked_subcommand is None:
        print(context.get_help())


app.command(epilog="Example: leyden new my-study")(new)
app.command(epilog="Example: leyden charge two_photon_battery --until 100 --json")(charge)
app.command(epilog="Example: leyden steady my_device.toml --out steady.nc")(steady)
app.command(epilog="Example: leyden report my_device.toml --out my_report")(report)
app.command(epilog="Example: leyden devices two_photon_battery > my_device.toml")(devices)
app.command(epilog="Example: leyden audit C15")(audit)
app.command(epilog="Example: leyden reproduce --out reproduction")(reproduce)
app.command(epilog="Example: leyden sweep two_photon_battery --over drive=0.01:0.14:40 --plot map.png")(sweep)
app.command(epilog="Example: leyden explore two_photon_battery --set drive=0.1")(explore)
app.command(epilog="Example: leyden doctor --json")(doctor)


def main() -> None:
    """Run the command line of this process."""
    with heeded():
        try:
            for stream in (sys.stdout, sys.stderr):
                if isinstance(stream, io.TextIOWrapper):
                    # A mode's name must not fail for want of a letter in the terminal's alphabet.
                    stream.reconfigure(errors="backslashreplace")
            with warnings_told():
                app()
        except KeyboardInterrupt as error:  # while Typer puts the commands together
            sys.exit(status_of_interrupt(error))
