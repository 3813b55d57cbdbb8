"""What the site needs of its own: formulas without a script, and links that leave the folder of the documents."""

from __future__ import annotations

import html
import os
import re
import shutil
from pathlib import Path
from typing import Any

from sphinx.application import Sphinx
from sphinx.util import logging

from leyden.mathml import mathml_of

LOG = logging.getLogger(__name__)
DOCS = Path(__file__).parents[1]
ROOT = DOCS.parent

# Documents that lie elsewhere -> the page that shows them.
ADOPTED = {
    "README.md": "index.md",
    "docs/README.md": "index.md",
    "CONTRIBUTING.md": "site/contributing.md",
    "CHANGELOG.md": "site/changes.md",
    "benchmarks/README.md": "site/measuring.md",
    "tests/README.md": "site/tests.md",
    "findings/README.md": "site/findings.md",
}
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")


def place_of(target: str, folder: Path) -> Path | None:
    """The file that a relative link means, if there is one."""
    found = Path(os.path.normpath(folder / target.partition("#")[0]))
    return found if found.exists() else None


def relinked(text: str, folder: Path, page: Path) -> str:
    """A text from a folder, with links that hold on a page; what the site does not show is named without a link."""

    def change(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if re.match(r"[a-z]+:|#", target) or (place := place_of(target, folder)) is None:
            return match[0]
        name = place.relative_to(ROOT).as_posix()
        name = f"{name}/README.md" if place.is_dir() else name
        anchor = "".join(target.partition("#")[1:])
        if name in ADOPTED:
            shown = DOCS / ADOPTED[name]
        elif DOCS in place.parents and place.suffix in {".md", ".png"}:
            shown = place
        else:
            return words if words.startswith("`") else f"`{words}`"
        # A file's name is how a reader of the source finds it; on the site pages have titles.
        words = "" if re.fullmatch(r"[\w./-]+\.md|[\w./-]+/", words) else words
        return f"[{words}]({os.path.relpath(shown, page.parent)}{anchor})"

    return LINK.sub(change, text)


def read_page(app: Sphinx, docname: str, source: list[str]) -> None:
    """Show a document from elsewhere where a page stands for it, and mend links."""
    page = DOCS / f"{docname}.md"
    if not page.exists():
        return
    kept = {shown: name for name, shown in ADOPTED.items() if shown != "index.md"}
    name = kept.get(f"{docname}.md")
    text = (ROOT / name).read_text(encoding="utf-8") if name else source[0]
    source[0] = relinked(text, (ROOT / name).parent if name else page.parent, page)


def mathml(latex: str, *, inline: bool) -> str:
    """A formula as MathML, which browsers draw by themselves."""
    # Code hosts take formulas between backticks inside the dollars.
    text = latex.strip().removeprefix("`").removesuffix("`")
    # A word in letters that stand upright is a word, and no product of letters.
    found = mathml_of(re.sub(r"\\(?:mathrm|operatorname)\{([^{}\\]*)\}", r"\\text{\1}", text))
    if found is None:
        raise RuntimeError("the site needs latex2mathml: pip install '.[docs]'")
    return found.replace('display="block"', 'display="inline"', 1) if inline else found


def visit_inline(self: Any, node: Any) -> None:
    self.body.append(f'<span class="math">{mathml(node.astext(), inline=True)}</span>')
    raise_skip()


def visit_block(self: Any, node: Any) -> None:
    label = html.escape(node["number"] and f"({node['number']})" if node.get("number") else "")
    self.body.append(f'<div class="math formula">{mathml(node.astext(), inline=False)}<span>{label}</span></div>')
    raise_skip()


def raise_skip() -> None:
    from docutils.nodes import SkipNode

    raise SkipNode


# Docstrings are plain text first: |b|, V_+ and q^* are formulas there, and no markup.
QUOTED = re.compile(r"(`+[^`]*`+_*|\[[^\]\s]+\]_)")
MARKS = re.compile(r"\||(?<=\w)_(?!\w)|(?<![\w\s*])\*(?!\*)|(?<=\s)\*(?=\s)|(?<=\w)\*(?=[\s,.;)])")


def escape_formulas(*event: Any) -> None:
    """Keep signs of formulas in docstrings from being read as markup."""
    what, lines = event[1], event[-1]
    if what in {"property", "attribute"} and lines:
        # napoleon takes what stands before a colon for a type.
        lines[0] = lines[0].replace(": ", " \N{EN DASH} ")
    in_example = False
    for position, line in enumerate(lines):
        in_example = line.strip().startswith(">>>") or (in_example and bool(line.strip()))
        if not in_example:
            pieces = QUOTED.split(line)
            pieces[::2] = [MARKS.sub(lambda mark: "\\" + mark[0], piece) for piece in pieces[::2]]
            lines[position] = "".join(pieces)


def keep_inside(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Leave out the style sheet that matplotlib's films ask another server for; the theme has the signs on board."""
    if "body" in context:
        context["body"] = re.sub(r"<link[^>]*https?:[^>]*>", "", context["body"])


def finish(app: Sphinx, failure: Exception | None) -> None:
    """Lay the start page beside the site as a notebook, and tell if its five plots are not there."""
    page = Path(app.outdir) / "site" / "start.html"
    if failure is not None or not page.exists():
        return
    # Cells may run and show nothing.
    if page.read_text(encoding="utf-8").count("../_images/") < 5:
        LOG.warning("site/start shows fewer than five plots")
    notebook = Path(app.outdir).parent / "jupyter_execute" / "site" / "start.ipynb"
    if notebook.exists():
        shutil.copy(notebook, Path(app.outdir) / "start.ipynb")
    else:
        LOG.warning("no notebook of site/start to lay beside the site")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_block, None))
    app.connect("source-read", read_page)
    app.connect("html-page-context", keep_inside)
    app.connect("build-finished", finish)
    # Before napoleon, which makes markup of sections.
    app.connect("autodoc-process-docstring", escape_formulas, priority=400)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
