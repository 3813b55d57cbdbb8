"""Evidence in pieces: what leads a sentence, and values short enough for a line."""

from __future__ import annotations

from leyden.page import entries, paragraphs


def test_evidence_is_cut_at_its_leads() -> None:
    text = "On a grid. Criterion: it falls (Why: not). Found: 0.1. Why: because Found: is no lead here."
    assert paragraphs(text) == [
        ("", "On a grid."),
        ("Criterion", "it falls (Why: not)."),
        ("Found", "0.1."),
        ("Why", "because Found: is no lead here."),
    ]
    assert paragraphs("") == []


def test_values_are_short() -> None:
    values = {"largest_ratio": 1 / 3, "E_B": [True, None], "many": list(range(20)), "nested": {"x": 0.5, "y": "z"}}
    assert entries(values) == [
        ("largest ratio", "0.333333"),
        ("E_B", "yes, none"),
        ("many", "0, 1, 2, 3, 4, 5, …, 15, 16, 17, 18, 19"),
        ("nested", "x: 0.5; y: z"),
    ]
