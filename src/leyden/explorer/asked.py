"""What the page may ask, with a bound on everything; whatever is outside is refused with the field that it concerns."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator

__all__ = [
    "MOST_MODES",
    "AnswerAsked",
    "Axis",
    "Complex",
    "DeviceAsked",
    "DeviceOnly",
    "ExportAsked",
    "MapAsked",
    "ProtocolAsked",
    "PulseAsked",
    "SpectrumAsked",
    "StageAsked",
    "Times",
    "Value",
    "WignerAsked",
]

# Modes of a device, times of a curve, points along an axis of a map, characters of a device file.
MOST_MODES, _POINTS, _ACROSS, _TEXT = 200, 4001, 200, 200_000
_PARAMETERS, _SAMPLES, _NAME, _WORD, _STAGES = 400, 1000, 300, 40, 12
_LARGEST = 1e150

Number = Annotated[float, Field(ge=-_LARGEST, le=_LARGEST, allow_inf_nan=False)]
Name = Annotated[str, Field(min_length=1, max_length=_NAME)]


class _Strict(BaseModel):
    """A table of known keys."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)


class Complex(_Strict):
    """A complex number, in its two parts."""

    re: Number
    im: Number


def _value(given: Any) -> Any:
    """A number, a complex number, a word, a switch, or nothing."""
    # One rule in place of a union of types, whose complaint would name each of them.
    if given is None or isinstance(given, (bool, Complex)) or (isinstance(given, str) and len(given) <= _WORD):
        return given
    if isinstance(given, (int, float)) and abs(given) <= _LARGEST and math.isfinite(given):
        return given
    if isinstance(given, dict):
        return Complex.model_validate(given)
    raise ValueError(f"must be a number of at most {_LARGEST:g} in size, a complex one as {{re, im}}, or a word")


Value = Annotated[
    Any,
    BeforeValidator(_value),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": ["null", "boolean"]},
                {"type": "number", "minimum": -_LARGEST, "maximum": _LARGEST},
                {"type": "string", "maxLength": _WORD},
                {"$ref": "#/components/schemas/Complex"},
            ]
        }
    ),
]


class PulseAsked(_Strict):
    """A pulse: one of the functions of `leyden.pulse`, and its numbers by their names."""

    kind: Literal["square", "gaussian", "ramp", "cosine", "piecewise", "sampled"]
    numbers: dict[Name, Number | Complex | Annotated[list[Number], Field(max_length=_SAMPLES)]] = Field(
        default_factory=dict, max_length=8
    )


class DeviceAsked(_Strict):
    """A device of the catalog, or a device file, with some of its parameters changed."""

    catalog: Annotated[str, Field(max_length=100)] | None = None
    text: Annotated[str, Field(max_length=_TEXT)] | None = None
    parameters: dict[Name, Value] = Field(default_factory=dict, max_length=_PARAMETERS)
    pulses: dict[Name, PulseAsked] = Field(default_factory=dict, max_length=20)

    @model_validator(mode="after")
    def _one_of_both(self) -> DeviceAsked:
        if (self.catalog is None) == (self.text is None):
            raise ValueError("a device is either one of the `catalog` or a `text`")
        return self


class Times(_Strict):
    """Times of a run, equidistant from 0."""

    until: Annotated[float, Field(gt=0, le=_LARGEST)] | None = None
    points: int = Field(default=401, ge=2, le=_POINTS)


class DeviceOnly(_Strict):
    """A device and nothing else."""

    device: DeviceAsked


class AnswerAsked(DeviceOnly):
    """What a device does."""

    times: Times = Times()
    detail: Literal["all", "curves"] = "all"


class WignerAsked(DeviceOnly):
    """The battery's Wigner function at a time; in the steady state without one."""

    time: Annotated[float, Field(ge=0, le=_LARGEST)] | None = None
    points: int = Field(default=81, ge=11, le=201)
    mode: Name | None = None


class SpectrumAsked(DeviceOnly):
    """Eigenvalues, and what comes out at each frequency."""

    points: int = Field(default=401, ge=11, le=2001)
    span: Annotated[float, Field(gt=0, le=_LARGEST)] | None = None


class StageAsked(_Strict):
    """A part of a protocol: how long, and which parameters are others meanwhile."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    duration: Annotated[float, Field(gt=0, le=_LARGEST)]
    parameters: dict[Name, Value] = Field(default_factory=dict, max_length=_PARAMETERS)
    pulses: dict[Name, PulseAsked] = Field(default_factory=dict, max_length=20)


class ProtocolAsked(DeviceOnly):
    """Stages in a row."""

    stages: Annotated[list[StageAsked], Field(min_length=1, max_length=_STAGES)]
    points: int = Field(default=201, ge=2, le=1001)


class Axis(_Strict):
    """A parameter along an axis of a map."""

    parameter: Name
    low: Number
    high: Number


class MapAsked(DeviceOnly):
    """A quantity of the steady state over two parameters."""

    x: Axis
    y: Axis
    points: int = Field(default=25, ge=2, le=_ACROSS)
    merit: Name = "ergotropy"


class ExportAsked(DeviceOnly):
    """A file of what is shown: `request` is what was asked for it, without its device."""

    what: Literal["curves", "steady", "map", "wigner", "spectrum", "protocol", "device"]
    format: Literal["csv", "nc", "png", "svg", "toml"]
    request: dict[str, Any] = Field(default_factory=dict, max_length=10)
