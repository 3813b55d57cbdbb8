"""How does a page look that one reads offline? One style sheet, symbols set in type, pictures inside; no physics."""

from leyden.page.evidence import entries as entries
from leyden.page.evidence import paragraphs as paragraphs
from leyden.page.pictures import Illustration as Illustration
from leyden.page.pictures import svg_of as svg_of
from leyden.page.render import render as render
from leyden.page.render import versions as versions
from leyden.page.typeset import Typeset as Typeset
from leyden.page.typeset import science as science

__all__ = ["Illustration", "Typeset", "entries", "paragraphs", "render", "science", "svg_of", "versions"]
