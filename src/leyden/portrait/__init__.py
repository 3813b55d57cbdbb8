"""What is asked first of a device: stable or not, how far from threshold, how much, how fast, one way or not."""

from leyden.portrait.device import Portrait as Portrait
from leyden.portrait.fields import left_out as left_out
from leyden.portrait.fields import portrait_fields as portrait_fields
from leyden.portrait.fields import reasons as reasons
from leyden.portrait.fields import remarks as remarks
from leyden.portrait.parts import Column as Column
from leyden.portrait.parts import Threshold as Threshold
from leyden.portrait.parts import Transport as Transport
from leyden.portrait.parts import place_of as place_of
from leyden.portrait.wiring import diagram_of as diagram_of
from leyden.portrait.wiring import diagram_svg as diagram_svg
from leyden.portrait.words import Statement as Statement
from leyden.portrait.words import number as number
from leyden.portrait.words import statements as statements

__all__ = [
    "Column",
    "Portrait",
    "Statement",
    "Threshold",
    "Transport",
    "diagram_of",
    "diagram_svg",
    "left_out",
    "number",
    "place_of",
    "portrait_fields",
    "reasons",
    "remarks",
    "statements",
]
