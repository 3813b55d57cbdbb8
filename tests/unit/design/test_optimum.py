"""What an optimum looks like at the prompt and in a notebook."""

from __future__ import annotations

import leyden as ly

FIXED = {"charger_damping": 0.1, "battery_damping": 0.1}


def test_an_optimum_in_a_few_lines() -> None:
    bounds = {"drive": (0.05, 0.1), "shared_rate": (0.01, 3.0)}
    best = ly.optimize("one_photon_battery", bounds, "ergotropy", fixed=FIXED, starts=2)
    first, *rows = repr(best).splitlines()
    assert first.startswith("<Optimum, maximum of ergotropy: 1, converged, ")
    assert rows == [
        "  drive        0.1          upper bound",
        f"  shared_rate  {best.parameters['shared_rate']:.8g}".ljust(len(rows[1])),
        "  held by the upper bound of drive; 2 of 2 searches came to it>",
    ]
    assert "<td>upper bound</td>" in best._repr_html_()
    assert best.why in best._repr_html_()
