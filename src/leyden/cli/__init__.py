"""How do I ask? The command line: one file for each group of commands, all of it a thin layer over the front door."""

from leyden.cli.program import app as app
from leyden.cli.program import main as main

__all__ = ["app", "main"]
