"""The field's symbols in plain text, set in type for a page."""

from __future__ import annotations

import html
import re

__all__ = ["Typeset", "science"]

_GREEK = {
    "epsilon": "ε",
    "eps": "ε",
    "kappa": "κ",
    "Gamma": "Γ",
    "Lambda": "Λ",
    "Delta": "Δ",
    "theta": "θ",
    "lambda": "λ",
    "omega": "ω",
    "eta": "η",
    "xi": "ξ",
    "mu": "μ",
    "hbar": "ħ",
    "phi": "φ",
    "chi": "χ",
    "rho": "ρ",
}
_GREEK_WORD = re.compile(rf"(?<![A-Za-z])\\?({'|'.join(_GREEK)})(?![A-Za-z])")
_SUBSCRIPT = re.compile(r"(?<![A-Za-z_])([A-Za-zΓΔΛεηθκλμξρφχω])_([A-Za-z0-9+]{1,2})(?![A-Za-z0-9_])")
_POWER = re.compile(r"(?<=[A-Za-z0-9)\]}|εκξηΓΛωμλθΔρφχ>†])\^(-?\d+|[+*†]|\([^()]*\)|\{[^{}]*\})")
_SUM = re.compile(r"(?<![A-Za-z_])sum_([a-z])(?![A-Za-z0-9_])")
_TEN = re.compile(r"(?<![A-Za-z0-9_.])(\d+(?:\.\d+)?)e([+-]\d+)(?![A-Za-z0-9_]|\.\d)")


class Typeset(str):
    """Text that is HTML already; jinja2 asks for it by this name."""

    def __html__(self) -> str:
        return str(self)


def science(text: object) -> str:
    """Plain text as HTML with the field's symbols set in type, E_B, kappa_a, eps^2, a^dag, and all else escaped."""
    safe = html.escape(str(text)).replace("^dag", "^†").replace("sqrt2", "√2")
    safe = _SUM.sub(r"∑<sub>\1</sub>", safe)
    safe = _GREEK_WORD.sub(lambda match: _GREEK[match[1]], safe)
    safe = _SUBSCRIPT.sub(r"\1<sub>\2</sub>", safe)
    safe = _POWER.sub(_raised, safe).replace("ħ ω", "ħω")
    return Typeset(_TEN.sub(_power_of_ten, safe))


def _raised(match: re.Match[str]) -> str:
    return f"<sup>{match[1].strip('{}')}</sup>"


def _power_of_ten(match: re.Match[str]) -> str:
    mantissa, exponent = match[1], int(match[2])
    if float(mantissa) == 0:
        return "0"
    return ("" if mantissa == "1" else f"{mantissa}\u00a0×\u00a0") + f"10<sup>{exponent}</sup>"
