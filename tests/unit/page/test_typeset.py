"""Symbols in plain text as a page shows them."""

from __future__ import annotations

import pytest

from leyden.page import science


@pytest.mark.parametrize(
    ("plain", "typeset"),
    [
        ("E_B and W_2/W_1", "E<sub>B</sub> and W<sub>2</sub>/W<sub>1</sub>"),
        ("kappa_a = eps^2", "κ<sub>a</sub> = ε<sup>2</sup>"),
        (r"\epsilon_c", "ε<sub>c</sub>"),
        ("a^dag^2 a", "a<sup>†</sup><sup>2</sup> a"),
        ("|p_a|^2", "|p<sub>a</sub>|<sup>2</sup>"),
        ("e^(-Lambda t)", "e<sup>(-Λ t)</sup>"),
        ("3.5e-07, 1e+03 and 0e+00.", "3.5\u00a0×\u00a010<sup>-7</sup>, 10<sup>3</sup> and 0."),
        ("stored_energy, steps, beta, sixteen", "stored_energy, steps, beta, sixteen"),
        ("charger_damping 1.5 e 2", "charger_damping 1.5 e 2"),
        ('<b> & "', "&lt;b&gt; &amp; &quot;"),
    ],
)
def test_symbols_are_set_in_type(plain: str, typeset: str) -> None:
    assert str(science(plain)) == typeset
