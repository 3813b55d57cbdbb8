"""Draw the pictures of docs/plots.md from its own code: `python docs/images/plots.py`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import matplotlib as mpl

FOLDER = Path(__file__).parent


def main() -> None:
    mpl.use("Agg")
    text = (FOLDER.parent / "plots.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    os.chdir(FOLDER)
    with mpl.rc_context({"savefig.dpi": 120, "figure.max_open_warning": 0}):
        exec("\n".join(blocks), {})


if __name__ == "__main__":
    main()
