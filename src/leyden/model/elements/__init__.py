"""What a device is made of: modes, couplings, drives and baths.

A new element is a record in one of these files, and a row of `KINDS`.
"""

from leyden.model.elements.baths import Dephasing as Dephasing
from leyden.model.elements.baths import Gain as Gain
from leyden.model.elements.baths import LocalBath as LocalBath
from leyden.model.elements.baths import SharedBath as SharedBath
from leyden.model.elements.couplings import CoherentCoupling as CoherentCoupling
from leyden.model.elements.couplings import ParametricCoupling as ParametricCoupling
from leyden.model.elements.couplings import PositionCoupling as PositionCoupling
from leyden.model.elements.drives import OnePhotonDrive as OnePhotonDrive
from leyden.model.elements.drives import TwoPhotonDrive as TwoPhotonDrive
from leyden.model.elements.mode import Mode as Mode
from leyden.model.elements.nonlinear import CrossKerr as CrossKerr
from leyden.model.elements.nonlinear import Kerr as Kerr
from leyden.model.elements.nonlinear import RadiationPressure as RadiationPressure
from leyden.model.elements.nonlinear import ThreeWaveMixing as ThreeWaveMixing
from leyden.model.elements.nonlinear import TwoPhotonLoss as TwoPhotonLoss
from leyden.model.elements.record import Element as Element
from leyden.model.elements.record import kind_of as kind_of

__all__ = [
    "KINDS",
    "CoherentCoupling",
    "CrossKerr",
    "Dephasing",
    "Element",
    "Gain",
    "Kerr",
    "LocalBath",
    "Mode",
    "OnePhotonDrive",
    "ParametricCoupling",
    "PositionCoupling",
    "RadiationPressure",
    "SharedBath",
    "ThreeWaveMixing",
    "TwoPhotonDrive",
    "TwoPhotonLoss",
    "kind_of",
]

KINDS: dict[str, type[Element]] = {
    kind_of(record): record
    for record in (
        CoherentCoupling,
        CrossKerr,
        Dephasing,
        Gain,
        Kerr,
        LocalBath,
        OnePhotonDrive,
        ParametricCoupling,
        PositionCoupling,
        RadiationPressure,
        SharedBath,
        ThreeWaveMixing,
        TwoPhotonDrive,
        TwoPhotonLoss,
    )
}
"""Kinds of element by the names that device files give them."""
