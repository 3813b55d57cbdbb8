"""Numbers as people read them: durations, sizes, ratios, errors."""

from __future__ import annotations

__all__ = ["count", "duration", "error", "ratio", "size"]


def _three_digits(value: float) -> str:
    """Three digits, trailing zeros kept, and never an exponent."""
    for digits, limit in ((2, 9.995), (1, 99.95)):
        if value < limit:
            return f"{value:.{digits}f}"
    return f"{value:,.0f}"


def duration(seconds: float) -> str:
    for unit, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= scale * 0.9995:
            return f"{_three_digits(seconds / scale)} {unit}"
    return f"{_three_digits(seconds / 1e-9)} ns"


def size(bytes_: float | None) -> str:
    if bytes_ is None:
        return ""
    for unit, scale in (("GiB", 2**30), ("MiB", 2**20)):
        if bytes_ >= scale * 0.9995:
            return f"{_three_digits(bytes_ / scale)} {unit}"
    return "< 1 MiB"


def ratio(value: float | None) -> str:
    """Times as long as ours."""
    return "" if value is None else f"{_three_digits(value)} x"


def error(value: float | None) -> str:
    return "" if value is None else f"{value:.0e}"


def count(value: int | None) -> str:
    return "" if value is None else f"{value:,}"
