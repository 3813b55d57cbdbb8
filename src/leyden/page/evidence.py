"""What stands behind a verdict, in pieces that a page sets apart: criterion, finding, reason; names and values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["entries", "paragraphs"]

_LEAD = re.compile(r"(?:^|(?<=[.)] ))(Criterion|Found|Why): ")


def paragraphs(evidence: str) -> list[tuple[str, str]]:
    """Evidence cut at its leads, "Criterion: ... Found: ... Why: ...": pairs of lead and text."""
    parts = _LEAD.split(evidence)
    pairs = [("", parts[0]), *zip(parts[1::2], parts[2::2], strict=True)]
    return [(lead, text.strip()) for lead, text in pairs if text.strip()]


def entries(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Names and values as they are shown."""
    # Underscores between words go, those of symbols such as E_B stay.
    return [(re.sub(r"(?<=[a-z0-9]{2})_(?=[a-z0-9]{2})", " ", name), _shown(value)) for name, value in values.items()]


def _shown(value: Any) -> str:
    """A value behind a verdict, short enough for a line or two."""
    if isinstance(value, bool) or value is None:
        return {True: "yes", False: "no", None: "none"}[value]
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Mapping):
        return "; ".join(f"{name}: {_shown(entry)}" for name, entry in value.items())
    if isinstance(value, (list, tuple)):
        entries = [_shown(entry) for entry in value]
        return ", ".join(entries if len(entries) <= 12 else [*entries[:6], "…", *entries[-5:]])
    return str(value)
