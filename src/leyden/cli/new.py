"""`leyden new`: a folder to start from, with a device, a study and a script that run as they are."""

from __future__ import annotations

import json
import os
import secrets
import shlex
import shutil
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from leyden.atomic import reason_of
from leyden.errors import ParameterError
from leyden.extras import python_words
from leyden.text import NAME_RULE, is_name

__all__ = ["new"]

# Name in the folder -> name among the texts here; a script is no module of ours.
_FILES = {"device.toml": "device.toml", "study.toml": "study.toml", "run.py": "run.txt", "README.md": "README.md"}


def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Folder to make; it must not be there yet.")],
) -> None:
    """Make a folder with a commented device file, a study file and a Python script that run as they are."""
    folder = _folder(name)
    called = folder.resolve().name
    starter = files("leyden.cli") / "starter"
    # A string of JSON is one of TOML.
    texts = {
        file: (starter / source).read_text(encoding="utf-8").replace("@NAME@", json.dumps(called))
        for file, source in _FILES.items()
    }
    _write(folder, texts, name)
    leyden = _leyden_words()
    print(
        f"Made {name}: {', '.join(_FILES)}. Next:\n\n"
        f"  cd {shlex.quote(name)}\n"
        f"  {leyden} charge device.toml --plot curves.png\n"
        f"  {leyden} sweep study.toml --plot map.png\n"
        f"  {python_words()} run.py\n"
    )


def _leyden_words() -> str:
    """How this leyden is called in a shell: by its name where that is the one, else as a module of this Python."""
    found = shutil.which("leyden")
    is_ours = found is not None and Path(found).absolute().parent == Path(sys.executable).absolute().parent
    return "leyden" if is_ours else f"{python_words()} -m leyden"


def _folder(name: str) -> Path:
    folder = Path(name)
    if not name.strip() or not is_name(folder.absolute().name):
        raise ParameterError.of("NAME", f"be the name of a folder, {NAME_RULE}", name)
    try:
        is_there, has_place = os.path.lexists(folder), folder.absolute().parent.is_dir()
    except (OSError, ValueError) as error:
        raise ParameterError.of("NAME", "be the name of a folder that can be made", name) from error
    if is_there:
        raise ParameterError.of("NAME", "be the name of a folder that is not there yet", name, "Name another one.")
    if not has_place:
        place = str(folder.absolute().parent)
        raise ParameterError.of("NAME", f"be a folder in one that is there ({place!r} is not)", name)
    return folder


def _write(folder: Path, texts: dict[str, str], name: str) -> None:
    """All of the folder, or none of it: filled under another name, then renamed."""
    temporary = folder.absolute().with_name(f".leyden-{secrets.token_hex(6)}.part")
    try:
        temporary.mkdir()
        for file, text in texts.items():
            (temporary / file).write_text(text, encoding="utf-8")
        temporary.rename(folder.absolute())
    except OSError as error:
        shutil.rmtree(temporary, ignore_errors=True)
        raise ParameterError.of("NAME", f"be a folder that can be made ({reason_of(error)})", name) from None
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
