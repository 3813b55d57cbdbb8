"""What a command does when something goes wrong: one line on stderr and an exit status; no traceback for bad input.

Exit status: 0 done, 1 not well (`leyden doctor`), 2 bad usage or bad input, 3 no steady state where one was asked for,
130 interrupted, 143 and 129 ended by SIGTERM and SIGHUP.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import typer
from typer.core import TyperGroup

from leyden.cli.signals import hush, leave, status_of, untold, verb_of
from leyden.cli.streams import ready, tell
from leyden.errors import LeydenError, UnstableError
from leyden.text import bounded

__all__ = ["BAD_INPUT", "NO_STEADY_STATE", "Commands", "status_of_interrupt"]

BAD_INPUT = 2
NO_STEADY_STATE = 3


def _complain(text: str) -> None:
    tell(f"Error: {bounded(text)}")


def _drop_output() -> None:
    """Send what is still buffered for stdout nowhere, so that Python's own flush at exit does not fail once more."""
    with suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _status(run: Callable[[], Any]) -> int:
    """Exit status of a command; its complaint is printed."""
    try:
        found = run()
        if sys.stdout is not None:
            sys.stdout.flush()  # a full disk shows here, and not after the last word
    except LeydenError as error:
        # Of no argument of a command.
        _complain(error.message.replace("Argument `network` ", "The device ", 1))
        return NO_STEADY_STATE if isinstance(error, UnstableError) else BAD_INPUT
    except KeyboardInterrupt as error:
        return status_of_interrupt(error)
    except OSError as error:
        return _status_of_output(error)
    except MemoryError as error:
        _complain(f"out of memory: {str(error) or 'use fewer points or modes'}")
        return BAD_INPUT
    return found if isinstance(found, int) else 0


def status_of_interrupt(error: KeyboardInterrupt) -> int:
    """Exit status of a command that was told to end; its one line is printed."""
    hush()
    _complain(f"{verb_of(error)}; no half-written file is left.")
    return status_of(error)


def _status_of_output(error: OSError | SystemExit) -> int:
    """Exit status where a file or standard output could not be written."""
    # Rich and Typer make an exit with status 1 of a closed pipe.
    cause = error.__context__ if isinstance(error, SystemExit) else error
    if not isinstance(cause, OSError):
        raise error
    _drop_output()
    if isinstance(cause, BrokenPipeError):
        return 0  # the reader, such as `head`, has seen enough: nothing is wrong
    _complain(f"the system refuses: {cause}")
    return BAD_INPUT


class Commands(TyperGroup):
    """The group of all commands: turns what they raise into an exit status and one line."""

    def invoke(self, ctx: Any) -> Any:
        """Run the chosen command."""

        def run() -> Any:
            try:
                return super(Commands, self).invoke(ctx)
            except typer.Exit as found:
                return found.exit_code

        raise typer.Exit(_status(run))

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        """Read the command line, run, and leave with a status."""
        if not standalone_mode:
            return super().main(*args, standalone_mode=False, **more)
        ready()
        status: Any = 0
        try:
            status = super().main(*args, standalone_mode=False, **more)
            if sys.stdout is not None:
                sys.stdout.flush()
            if (unheard := untold()) is not None:
                # Typer makes a mere status of an interrupt while it reads the command line.
                raise unheard
        except (OSError, SystemExit) as error:
            status = _status_of_output(error)
        except KeyboardInterrupt as error:
            status = status_of_interrupt(error)
        except Exception as error:
            if isinstance(error.__cause__, KeyboardInterrupt):
                # Click makes an error of its own of an interrupt while it reads the command line.
                sys.exit(status_of_interrupt(error.__cause__))
            # Usage errors, by what they can do: their class moved between Typer's releases.
            if not hasattr(error, "format_message"):
                raise
            _complain(_usage(error))
            status = BAD_INPUT
        leave()
        sys.exit(status if isinstance(status, int) else 0)


def _usage(error: Any) -> str:
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "leyden"
    message = str(error.format_message())
    return f"{message}{'' if message.endswith(('.', '?')) else '.'} Try '{command} --help'."
