"""The documents: every block of code in README.md and docs/ is executed; see tests/README.md for the rules."""

from __future__ import annotations

import contextlib
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
# What the site's tools leave in docs/ when they build it is no document.
MADE = {"api", "examples"}
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
DOCUMENTS = [path for path in DOCUMENTS if path.exists() and not MADE & set(path.relative_to(ROOT).parts)]
PYTHON = {"python", "{code-cell}"}  # cells are executed by the site, too, which shows their results
SHELLS = {"sh", "bash", "shell", "console"}
OUTPUTS = {"text", "output"}
MISSPELT = {"py", "python3", "pycon", "ipython", "zsh", "shell-session"}  # would be skipped in silence


@dataclass(frozen=True)
class Block:
    """One fenced block: its language, text, line, the comment just before it, and the output block just after it."""

    language: str
    text: str
    line: int
    comment: str = ""
    output: str | None = None


def fences(document: str) -> Iterator[tuple[Block, str]]:
    """Each block, with the text between the block before and this one."""
    opening = r"^(?P<ticks>`{3,})(?P<language>\{code-cell\}|[\w+-]*)[^\n`]*\n"
    fence = re.compile(opening + r"(?P<text>.*?)^(?P=ticks)[ ]*$", re.M | re.S)
    end = 0
    for found in fence.finditer(document):
        line = document.count("\n", 0, found.start()) + 1
        between = document[end : found.start()]
        comment = re.search(r"<!--\s*(.*?)\s*-->\s*\Z", between, re.S)
        yield Block(found["language"], found["text"], line, comment[1] if comment else ""), between
        end = found.end()


def blocks(document: str) -> list[Block]:
    """The blocks of a document; an output block that follows directly is joined to the block before it."""
    found: list[Block] = []
    for block, between in fences(document):
        if block.language in OUTPUTS and found and not between.strip() and found[-1].output is None:
            before = found[-1]
            found[-1] = Block(before.language, before.text, before.line, before.comment, block.text)
        else:
            found.append(block)
    return found


def commands(block: Block) -> list[list[str]]:
    """The `leyden` commands of a shell block, as argument lists; a backslash continues a line."""
    lines = block.text.replace("\\\n", " ").splitlines()
    stripped = [line.removeprefix("$ ").strip() for line in lines]
    found = [shlex.split(line, comments=True) for line in stripped if line.startswith("leyden ")]
    for words in found:
        if {"|", ">", ">>", "<", "&&", "||", ";", "&"} & set(words):
            raise ValueError(f"line {block.line}: {shlex.join(words)} needs a shell; give it a line of its own")
    return found


def tidy(text: str) -> list[str]:
    """Lines without trailing blanks, which editors remove from documents."""
    return [line.rstrip() for line in text.strip("\n").splitlines()]


def run_python(block: Block, namespace: dict[str, Any], document: str) -> str:
    # Padding keeps the document's own line numbers in tracebacks.
    code = compile("\n" * block.line + block.text, document, "exec")
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(code, namespace)
    return printed.getvalue()


def run_commands(block: Block, folder: Path) -> str:
    environment = os.environ | {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb", "MPLBACKEND": "Agg"}
    printed = ""
    for words in commands(block):
        run = subprocess.run(
            [sys.executable, "-m", *words],
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert run.returncode == 0, f"line {block.line}: {shlex.join(words)} exits {run.returncode}\n{run.stderr}"
        printed += run.stdout
    return printed


def execute(text: str, folder: Path, document: str = "document") -> None:
    """Run all blocks of a document in order, in one namespace and one folder."""
    namespace: dict[str, Any] = {"__name__": "__main__"}
    for block in blocks(text):
        if block.comment.startswith("not run:"):
            continue
        if block.comment.startswith("file:"):
            (folder / block.comment.removeprefix("file:").strip()).write_text(block.text, encoding="utf-8")
            continue
        # What a page makes of itself, as the table of verdicts, needs the tools of the site: `make docs` runs it.
        if block.language == "{code-cell}" and block.text.startswith(":tags: [remove-input]"):
            continue
        if block.language in MISSPELT:
            raise ValueError(f"{document}, line {block.line}: write `python` or `sh`, not `{block.language}`")
        if block.language in PYTHON:
            printed = run_python(block, namespace, document)
        elif block.language in SHELLS:
            printed = run_commands(block, folder)
        else:
            continue
        if block.output is not None:
            assert tidy(printed) == tidy(block.output), f"{document}, line {block.line}: the output differs"


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_blocks_run_and_print_what_they_say(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.chdir(tmp_path)
    try:
        execute(path.read_text(encoding="utf-8"), tmp_path, path.name)
    finally:
        # Of many pages in one process, unlike a reader's, figures would pile up.
        if "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")


# The runner itself, on small documents.

GOOD = """
```{code-cell} python
:tags: [remove-input]
import sphinx_is_not_here
```

```python
x = 2
print(x + 1)
```

```text
3
```

A sentence.

```python
from pathlib import Path
Path("made").write_text(str(x))
```

<!-- not run: it takes an hour -->
```python
raise SystemExit
```

<!-- file: data.toml -->
```toml
a = 1
```

```python
import tomllib
print(tomllib.loads(Path("data.toml").read_text()))
```
```output
{'a': 1}
```

```text
no block before this one directly: a picture in letters
```
"""


def test_the_runner_accepts_a_good_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    execute(GOOD, tmp_path)
    assert (tmp_path / "made").read_text() == "2"


@pytest.mark.parametrize(
    ("document", "error"),
    [
        ("```python\nprint(1)\n```\n```text\n2\n```\n", AssertionError),
        ("```python\nundefined\n```\n", NameError),
        ("```{code-cell} python\nundefined\n```\n", NameError),
        ("```sh\nleyden no-such-command\n```\n", AssertionError),
        ("```console\n$ leyden devices | head\n```\n", ValueError),
        ("```py\nprint(1)\n```\n", ValueError),
    ],
)
def test_the_runner_sees_faults(document: str, error: type[Exception], tmp_path: Path) -> None:
    with pytest.raises(error):
        execute(document, tmp_path)


def test_commands_of_a_block() -> None:
    block = Block("console", "$ leyden charge a.toml \\\n  --until 3  # long\nmake test\nleyden devices\n", 1)
    assert commands(block) == [["leyden", "charge", "a.toml", "--until", "3"], ["leyden", "devices"]]
