"""How the site is built: `make docs` runs Sphinx over this folder, into build/docs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from sphinx_gallery.sorting import ExplicitOrder

import leyden

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE / "_ext"))

# Kernels draw into pages only where nothing else is asked of matplotlib; the gallery chooses for itself.
os.environ.pop("MPLBACKEND", None)

# Modules that the front door hands out under a name of its own.
for name in ("catalog", "pulse", "words"):
    sys.modules[f"leyden.{name}"] = getattr(leyden, name)

project = "leyden"
author = "The leyden developers"
version = release = leyden.__version__
copyright = author

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.autosummary",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "sphinx_design",
    "sphinx_gallery.gen_gallery",
    "leyden_site",
]
# The pages are read on code hosts, too, where README.md stands for index.md.
exclude_patterns = [
    "README.md",
    "_templates",
    "images/*.py",
    "gallery",
    "derivations/*.py",
    "**/*.ipynb",
    "sg_execution_times.rst",
]
# Types of parameters are said in words: "shape" there is no attribute of a class. A blank in the name of a folder above
# the checkout breaks no link.
suppress_warnings = ["config.cache", "ref.python", "sphinx_gallery.space_in_filename"]
nitpicky = False

# Pages in MyST: what code hosts call math is math here; headings are places to link to.
myst_enable_extensions = ["amsmath", "colon_fence", "dollarmath", "deflist"]
myst_fence_as_directive = {"math"}
myst_heading_anchors = 4
myst_dmath_double_inline = True
myst_update_mathjax = False
html_math_renderer = "mathml"

# Pages with code cells are executed when the site is built, and a cell that fails ends the build.
nb_execution_mode = "cache"
nb_execution_cache_path = str(HERE.parent / "build" / "docs-cells")
nb_execution_raise_on_error = True
nb_execution_timeout = 120
nb_ipywidgets_js = {}
nb_render_text_lexer = "none"

autosummary_generate = True
autodoc_typehints = "none"
autodoc_member_order = "bysource"
napoleon_google_docstring = False
napoleon_use_rtype = False
napoleon_use_ivar = True

GALLERY = ["gallery/paper", "gallery/literature", "gallery/beyond", "gallery/laboratory"]
sphinx_gallery_conf = {
    "examples_dirs": ["gallery"],
    "gallery_dirs": ["examples"],
    "filename_pattern": r"\.py$",
    "subsection_order": ExplicitOrder(GALLERY),
    "within_subsection_order": "FileNameSortKey",
    "abort_on_example_error": True,
    "image_scrapers": ("matplotlib",),
    "matplotlib_animations": True,
    "download_all_examples": True,
    "show_memory": False,
    "show_signature": False,
    "min_reported_time": 1e9,
    "write_computation_times": False,
    "remove_config_comments": True,
    "reset_modules": ("matplotlib",),
    "thumbnail_size": (480, 336),
    "plot_gallery": True,
}

html_theme = "pydata_sphinx_theme"
html_title = "leyden"
templates_path = ["_templates"]
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_favicon = "_static/jar.svg"
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "logo": {"text": "leyden", "image_light": "_static/jar.svg", "image_dark": "_static/jar.svg", "alt_text": "leyden"},
    "header_links_before_dropdown": 7,
    "navbar_end": ["theme-switcher"],
    "show_nav_level": 1,
    "navigation_with_keys": False,
    "show_prev_next": True,
    "secondary_sidebar_items": {"**": ["page-toc"], "index": []},
    "footer_start": ["copyright"],
    "footer_center": [],
    "footer_end": [],
    "pygments_light_style": "a11y-high-contrast-light",
    "pygments_dark_style": "a11y-high-contrast-dark",
}
html_context = {"default_mode": "auto"}
html_sidebars = {"index": [], "site/start": [], "site/qutip": []}
copybutton_exclude = ".linenos, .gp, .go"
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
