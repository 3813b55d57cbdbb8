"""The audit as a whole: all claims in order, plain findings, and a judge that can say everything."""

from __future__ import annotations

import inspect
import json
import re
from dataclasses import FrozenInstanceError, asdict, fields
from typing import Any, get_args

import numpy as np
import pytest
import xarray as xr

import leyden as ly
from leyden.paper.claims import Finding, audit
from leyden.paper.claims.audit import table_of_claims
from leyden.paper.claims.register import claim
from leyden.paper.evidence.finding import Case, finding_of
from leyden.paper.evidence.judging import Check, Verdict, described_grid, judge, place_of

NAMES = [f"C{number}" for number in range(1, 31)]
X = xr.DataArray([1.0, 2.0, 3.0, 4.0], {"kappa": [1.0, 2.0, 3.0, 4.0]}, ("kappa",))


def grid(values: Any, **coordinates: Any) -> xr.DataArray:
    return xr.DataArray(np.array(values), coordinates, tuple(coordinates))


# The audit.


def test_all_claims_in_order(findings: dict[str, Finding]) -> None:
    assert list(findings) == NAMES == [finding.claim for finding in findings.values()]


def test_findings_are_plain_and_complete(findings: dict[str, Finding]) -> None:
    """JSON can hold them, without NaN; every finding says how it was judged, with numbers, and what was tried."""
    text = json.dumps({name: asdict(finding) for name, finding in findings.items()}, allow_nan=False)
    assert json.loads(text)["C1"]["verdict"] == "holds"
    for finding in findings.values():
        assert finding.verdict in get_args(Verdict)
        assert finding.where
        assert finding.statement.endswith(".")
        assert finding.statement.count(".") - len(re.findall(r"\d\.\d|Eq\.|Sec\.", finding.statement)) == 1
        assert re.match(r"Criterion: .+[.)] Found: .*\d.*\. Why: .+\.\)?$", finding.evidence), finding.evidence
        assert finding.parameters
        assert not re.search(r"\bnan\b", finding.evidence)
        assert not re.search(r"[{}]|e[+]00", finding.evidence)
        counts = [finding.numbers[f"points_{name}"] for name in ("true", "judged", "apart")]
        expected = "holds" if counts[0] == counts[1] else "holds in part" if counts[0] else "fails"
        assert finding.verdict == (expected if counts[1] else "not checkable")


def test_chosen_claims_and_progress() -> None:
    seen: list[tuple[str, int, int]] = []
    found = audit(claims=["C30", "C2"], progress=lambda *step: seen.append(step))
    assert list(found) == ["C2", "C30"]
    assert seen == [("C2", 0, 2), ("C30", 1, 2)]
    assert audit(claims=[]) == {}


def test_unknown_claim_is_refused(refuses) -> None:
    refuses("claims", lambda: audit(claims=["C2", "C31"]), "C31", "C1 to C30")


def test_findings_are_frozen(findings: dict[str, Finding]) -> None:
    with pytest.raises(FrozenInstanceError):
        findings["C1"].verdict = "fails"  # type: ignore[misc]


# No claim types its verdict.


def test_a_case_has_no_room_for_a_verdict() -> None:
    assert {entry.name for entry in fields(Case)} == {"checks", "criterion", "found", "why", "numbers", "fixed"}
    assert set(inspect.signature(judge).parameters) == {"checks"}


def test_no_claim_names_a_verdict() -> None:
    for entry in table_of_claims().values():
        source = inspect.getsource(entry.compute)
        assert not re.search(r'["\'](holds|holds in part|fails|not checkable)["\']', source), entry.name


def test_evidence_quotes_what_is_on_record() -> None:
    case = Case((Check(X > 0),), "x is positive.", "the least x is {least:.3g}.", "", {"least": X.min()}, {"a": X})
    finding = finding_of("C0", "here", "X is positive.", case)
    assert finding.evidence == "Criterion: x is positive. Found: the least x is 1. True at all of 4 points."
    assert finding.numbers == {"least": 1.0, "points_true": 4, "points_judged": 4, "points_apart": 0}
    assert finding.parameters == {"kappa": [1.0, 2.0, 3.0, 4.0], "a": [1.0, 2.0, 3.0, 4.0]}
    with pytest.raises(KeyError):
        finding_of("C0", "here", "X.", Case((Check(X > 0),), "c.", "{unrecorded:g}."))


def test_numbers_that_json_cannot_hold_become_none() -> None:
    numbers = {"a": np.float64("nan"), "b": [np.inf, 1.0], "c": {"d": -np.inf}, "e": np.int64(3), "f": "text"}
    case = Case((Check(X > 0),), "c.", "f.", "because.", numbers)
    found = finding_of("C0", "here", "X.", case).numbers
    assert {name: found[name] for name in numbers} == {
        "a": None,
        "b": [None, 1.0],
        "c": {"d": None},
        "e": 3,
        "f": "text",
    }
    assert type(found["e"]) is int


def test_a_name_is_entered_once() -> None:
    assert "C1" in table_of_claims()
    with pytest.raises(ValueError, match="C1 is entered twice"):
        claim("C1", "here", "Again.")(lambda bench: Case((), "", ""))
    assert len(table_of_claims()) == 30


# The judge.


@pytest.mark.parametrize(
    ("checks", "verdict", "text"),
    [
        ([Check(X > 0)], "holds", "True at all of 4 points."),
        ([Check(X > 5)], "fails", "True at none of 4 points."),
        ([Check(X > 2)], "holds in part", "True at 2 of 4 points (where kappa is 3 to 4)."),
        ([Check(abs(X - 2.5) > 1)], "holds in part", "True at 2 of 4 points (where kappa is 1 and 4)."),
        ([Check(X > 0, applies=X > 9, idle="x is small")], "not checkable", "Nothing to check, because x is small."),
        (
            [Check(X > 2, "large", applies=X > 2, idle="x is small")],
            "holds",
            "Large: true at all of 2 points; 2 more were left apart, because x is small.",
        ),
        ([Check(X > 0, "positive"), Check(X > 5, "large")], "holds in part", "Positive: true at all of 4 points."),
        ([Check(X > 0, "a"), Check(X > 0, "b", X > 9)], "holds", "nothing to check"),
        ([Check(X > 9, "a"), Check(X > 0, "b", X > 9)], "fails", "a: true at none"),
        ([Check(xr.DataArray(True), "it is so")], "holds", "It is so: true."),
        ([Check(xr.DataArray(False), "it is so")], "fails", "It is so: not true."),
    ],
)
def test_judge(checks: list[Check], verdict: str, text: str) -> None:
    ruling = judge(*checks)
    assert ruling.verdict == verdict
    assert text in ruling.range


def test_ruling_counts_points() -> None:
    ruling = judge(Check(X > 2, "a"), Check(X > 1, "b", applies=X < 4))
    assert (ruling.holding, ruling.judged, ruling.apart) == (2 + 2, 4 + 3, 1)


def test_range_in_two_parameters_is_told_row_by_row() -> None:
    mask = grid(np.tril(np.ones((3, 4))), eta=[1.0, 2.0, 3.0], damping=[0.1, 0.2, 0.4, 0.8])
    text = judge(Check(mask)).range
    assert "where kappa is 0.1 at eta = 1, 0.1 to 0.2 at eta = 2, 0.1 to 0.4 at eta = 3" in text


def test_long_boundaries_are_sampled() -> None:
    values = np.arange(1.0, 11.0)
    mask = grid(np.tril(np.ones((10, 10))) * (values < 11), first=values, second=values)
    text = judge(Check(mask)).range
    assert text.count(" at ") <= 1 + 4
    assert "1 at first = 1" in text
    assert "1 to 10 at first = 10" in text


def test_rows_without_points_are_left_out() -> None:
    mask = grid([[1, 0, 0], [1, 0, 0], [1, 1, 0]], eta=[1.0, 2.0, 3.0], xi=[1.0, 2.0, 3.0])
    applies = grid([[1, 1, 1], [0, 0, 0], [1, 1, 1]], eta=[1.0, 2.0, 3.0], xi=[1.0, 2.0, 3.0])
    assert "(where xi is 1 at eta = 1, 1 to 2 at eta = 3)" in judge(Check(mask, applies=applies)).range


def test_text_coordinates_are_named() -> None:
    mask = grid([[1, 1], [0, 0], [1, 0], [1, 1]], quantity=["E", "W", "R", "P"], kappa=[1.0, 2.0])
    applies = grid([[1, 1], [1, 1], [1, 1], [0, 0]], quantity=["E", "W", "R", "P"], kappa=[1.0, 2.0])
    text = judge(Check(mask, applies=applies)).range
    assert "E: everywhere; W: nowhere; R: where kappa is 1; P: nothing to check" in text


def test_equal_ranges_are_told_once() -> None:
    mask = grid([[1, 0], [1, 0]], quantity=["E", "W"], kappa=[1.0, 2.0])
    assert judge(Check(mask)).range == "True at 2 of 4 points (where kappa is 1)."


def test_range_in_three_parameters_names_what_decides() -> None:
    a, b, c = (xr.DataArray([1.0, 2.0, 3.0], {dim: [1.0, 2.0, 3.0]}, (dim,)) for dim in "abc")
    decided = (a > 1) & ((b + c > 3) | (a > 2))
    text = judge(Check(decided)).range
    assert "always where a is 3" in text
    assert "never where a is 1" in text
    parity = (a + b + c) % 2 == 0
    assert "at 48% of the points, no single parameter decides" in judge(Check(parity)).range


def test_described_grid() -> None:
    few, many = grid([0, 1], eta=[1.0, 2.0]), grid(np.zeros(20), xi=np.linspace(1, 2, 20))
    assert described_grid([few, many, few]) == {"eta": [1.0, 2.0], "xi": "1 to 2, 20 values"}


def test_place_of() -> None:
    values = grid([[1.0, 5.0], [np.nan, 0.5]], quantity=["E", "W"], fraction=[0.1, 0.25])
    assert place_of(values) == "E, eps/eps_c = 0.25"
    assert place_of(values, "lowest") == "W, eps/eps_c = 0.25"


def test_error_family() -> None:
    with pytest.raises(ly.LeydenError):
        audit(claims=["X1"])
