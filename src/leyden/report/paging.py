"""The page of a report, from what is known of a device."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from leyden.mathml import mathml_of
from leyden.model.files import device_text
from leyden.page import Illustration, Typeset, render, svg_of
from leyden.portrait import Statement, left_out, statements
from leyden.report.checks import checks
from leyden.report.drawing import Drawing
from leyden.report.material import Material
from leyden.report.tables import cards, number_tables, part_rows
from leyden.text import listed, one_line
from leyden.units.unit_words import units_told

__all__ = ["report_page"]

# A drive that is so close to its threshold deserves a word.
_CLOSE = 0.05
# Of equations that are worth a look.
_MOST_LINES = 40
# An error of a function, and a reason on a page.
_REFUSAL, _RELATED = "Argument `network` must", "For these the device must"


def report_page(material: Material, drawn: Sequence[Drawing], command: str) -> str:
    """The page as HTML that asks for nothing outside itself."""
    portrait, network = material.portrait, material.network
    said = [*(_with_error(material, one) for one in statements(portrait)), *checks(material)]
    latex = network.to_latex()
    is_short = latex.count("\n") <= _MOST_LINES
    math_element = mathml_of(latex) if is_short else None
    return render(
        "leyden.report",
        "device.html.jinja",
        title=one_line(network.name),
        lead=_lead(material),
        cards=list(cards(portrait, said)),
        illustrations=[_illustration(number, one) for number, one in enumerate(drawn, 1)],
        diagram=Typeset(material.diagram),
        parts=list(part_rows(material)),
        equations=None if math_element is None else Typeset(math_element),
        latex=latex if is_short else "",
        said=said,
        tables=list(number_tables(material)),
        end=portrait.end,
        time_unit=portrait.unit("time"),
        method=_method(material),
        conventions=material.run.attrs["conventions"],
        notes=list(_notes(material)),
        left_out=sorted((what, why.replace(_REFUSAL, _RELATED)) for what, why in material.reasons.items()),
        warnings=material.warnings,
        command=command or "leyden report device.toml",
        points=portrait.points,
        is_stable=portrait.is_stable,
        device_file=device_text(network),
        has_pulses=bool(portrait.changes),
    )


def _with_error(material: Material, said: Statement) -> Statement:
    """The bound of the spectrum's error beside the spectrum."""
    error = material.abscissa_error
    if said.label != "stability" or error is None:
        return said
    return replace(said, numbers={**said.numbers, "its error at most": error})


def _illustration(number: int, drawing: Drawing) -> Illustration:
    return Illustration(
        number=number,
        title=drawing.title,
        caption=drawing.caption,
        description=drawing.description,
        page=svg_of(drawing.page),
        narrow=None if drawing.narrow is None else svg_of(drawing.narrow),
        panels=(f"{drawing.stem}.png", f"{drawing.stem}.pdf"),
        size=drawing.size,
    )


def _lead(material: Material) -> str:
    network = material.network
    modes = f"{material.size} mode{'' if material.size == 1 else 's'}"
    batteries = listed([one_line(name) for name in network.batteries], 4)
    plural = "Batteries" if len(network.batteries) > 1 else "Battery"
    count = len(network.elements)
    units = {"rate": network.rate_unit, "frequency": network.frequency_unit}
    told = ", ".join(f"the {kind} unit is {one_line(unit)}" for kind, unit in units.items() if unit)
    return (
        f"A device of {modes} and {count} element{'' if count == 1 else 's'}. Charger: {one_line(network.charger)}. "
        f"{plural}: {batteries}.{f' Here {told}.' if told else ''} "
        f"{units_told(network, material.portrait.unit('stored_energy'))}"
    ).strip()


def _method(material: Material) -> str:
    attributes = material.run.attrs
    reason = str(attributes.get("method_reason", "")).strip()
    why = f"; {reason}" if reason else ", because the first and second moments of this device close"
    return f"Computed by the method {attributes['method']}{why}"


def _notes(material: Material) -> Iterator[str]:
    """What a reader should know before using the numbers."""
    portrait = material.portrait
    if portrait.changes:
        yield f"Nothing is said of a steady state: {one_line(left_out(portrait))}."
    for threshold in portrait.thresholds:
        if threshold.critical and 0 <= 1 - threshold.drive / threshold.critical < _CLOSE:
            yield (
                f"The drive on {one_line(threshold.mode)} is within {100 * _CLOSE:g} % of its threshold: energies and "
                "times change much with every parameter there."
            )
    is_partial = any(way.back > 0 for way in portrait.transport.values())
    if is_partial and _exceeds_one(material, "conversion_ratio"):
        yield "Conversion above one does not show that transport runs one way: here it does not."
    if portrait.condition == "unstable":
        yield "Energies grow without bound; what is shown is the run's beginning, and no steady value exists."
    errors = [str(name) for name in material.run.data_vars if str(name).endswith("_error")]
    if errors:
        yield f"These are estimates, with their errors in the data: {listed(errors, 6)}."
    yield (
        "Energies count the quanta of each mode at its own frequency; what couplings and drives hold is not counted "
        "as stored."
    )


def _exceeds_one(material: Material, name: str) -> bool:
    values = [material.portrait.steady_value(column, name) for column in material.portrait.columns]
    return any(value is not None and not math.isnan(value) and value > 1 for value in values)
