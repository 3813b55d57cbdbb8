"""leyden: open bosonic quantum batteries, exactly.

Modes, couplings, drives and baths make a `Network`; `charge`, `steady_state` and `stability` say what it does, in
labelled Datasets of energy, ergotropy, power and ratios. `import leyden as ly` is the front door.
"""

import importlib
import sys
import typing

from leyden import merit as merit
from leyden import states as states
from leyden.diagram.handed import hand_down as _hand_down
from leyden.equations.device import moment_equations as moment_equations
from leyden.equations.moments import MomentEquations as MomentEquations
from leyden.errors import ConvergenceError as ConvergenceError
from leyden.errors import LeydenError as LeydenError
from leyden.errors import NonGaussianError as NonGaussianError
from leyden.errors import ParameterError as ParameterError
from leyden.errors import TruncationError as TruncationError
from leyden.errors import UnphysicalStateError as UnphysicalStateError
from leyden.errors import UnstableError as UnstableError
from leyden.model import catalog as catalog
from leyden.model import words as words
from leyden.model.elements import CoherentCoupling as CoherentCoupling
from leyden.model.elements import CrossKerr as CrossKerr
from leyden.model.elements import Dephasing as Dephasing
from leyden.model.elements import Element as Element
from leyden.model.elements import Gain as Gain
from leyden.model.elements import Kerr as Kerr
from leyden.model.elements import LocalBath as LocalBath
from leyden.model.elements import Mode as Mode
from leyden.model.elements import OnePhotonDrive as OnePhotonDrive
from leyden.model.elements import ParametricCoupling as ParametricCoupling
from leyden.model.elements import PositionCoupling as PositionCoupling
from leyden.model.elements import RadiationPressure as RadiationPressure
from leyden.model.elements import SharedBath as SharedBath
from leyden.model.elements import ThreeWaveMixing as ThreeWaveMixing
from leyden.model.elements import TwoPhotonDrive as TwoPhotonDrive
from leyden.model.elements import TwoPhotonLoss as TwoPhotonLoss
from leyden.model.families import Family as Family
from leyden.model.files import read_device as read_device
from leyden.model.files import write_device as write_device
from leyden.model.modes import Modes as Modes
from leyden.model.network import Network as Network
from leyden.model.value import Parameter as Parameter
from leyden.simulate import charge as charge
from leyden.simulate import critical_drive as critical_drive
from leyden.simulate import evolve as evolve
from leyden.simulate import stability as stability
from leyden.simulate import steady_state as steady_state
from leyden.states import GaussianState as GaussianState
from leyden.version import __version__ as __version__

if typing.TYPE_CHECKING:
    from leyden import closed_form as closed_form
    from leyden import fock as fock
    from leyden import plots as plots
    from leyden import truncated_wigner as truncated_wigner
    from leyden import units as units
    from leyden.design import optimize as optimize
    from leyden.diagram.record import Diagram
    from leyden.model import pulse as pulse
    from leyden.runner import Range as Range
    from leyden.simulate.branches import branches as branches
    from leyden.simulate.compare import compare as compare
    from leyden.simulate.correlations import correlations as correlations
    from leyden.simulate.critical import critical as critical
    from leyden.simulate.critical import critical_exponent as critical_exponent
    from leyden.simulate.cycle import cycle as cycle
    from leyden.simulate.energetics import energetics as energetics
    from leyden.simulate.exceptional import exceptional_points as exceptional_points
    from leyden.simulate.monitor import monitor as monitor
    from leyden.simulate.output import spectrum as spectrum
    from leyden.simulate.protocol import protocol as protocol
    from leyden.simulate.reduced import reduced_state as reduced_state
    from leyden.simulate.stages import Stage as Stage
    from leyden.simulate.transfer import response as response
    from leyden.study import sweep as sweep
    from leyden.truncated_wigner.settings import TruncatedWigner as TruncatedWigner

# Imported when they are first asked for: sweeps and Fock space would take a third of the time that the door takes.
_LATER = {
    "closed_form": "leyden.closed_form",
    "fock": "leyden.fock",
    "plots": "leyden.plots",
    "pulse": "leyden.model.pulse",
    "sweep": "leyden.study",
    "Range": "leyden.runner",
    "branches": "leyden.simulate.branches",
    "compare": "leyden.simulate.compare",
    "correlations": "leyden.simulate.correlations",
    "critical": "leyden.simulate.critical",
    "critical_exponent": "leyden.simulate.critical",
    "cycle": "leyden.simulate.cycle",
    "energetics": "leyden.simulate.energetics",
    "exceptional_points": "leyden.simulate.exceptional",
    "monitor": "leyden.simulate.monitor",
    "optimize": "leyden.design",
    "protocol": "leyden.simulate.protocol",
    "reduced_state": "leyden.simulate.reduced",
    "Stage": "leyden.simulate.stages",
    "response": "leyden.simulate.transfer",
    "spectrum": "leyden.simulate.output",
    "TruncatedWigner": "leyden.truncated_wigner.settings",
    "truncated_wigner": "leyden.truncated_wigner",
    "units": "leyden.units",
}

__all__ = [
    "CoherentCoupling",
    "ConvergenceError",
    "CrossKerr",
    "Dephasing",
    "Element",
    "Family",
    "Gain",
    "GaussianState",
    "Kerr",
    "LeydenError",
    "LocalBath",
    "Mode",
    "Modes",
    "MomentEquations",
    "Network",
    "NonGaussianError",
    "OnePhotonDrive",
    "Parameter",
    "ParameterError",
    "ParametricCoupling",
    "PositionCoupling",
    "RadiationPressure",
    "Range",
    "SharedBath",
    "Stage",
    "ThreeWaveMixing",
    "TruncatedWigner",
    "TruncationError",
    "TwoPhotonDrive",
    "TwoPhotonLoss",
    "UnphysicalStateError",
    "UnstableError",
    "__version__",
    "branches",
    "catalog",
    "charge",
    "closed_form",
    "compare",
    "correlations",
    "critical",
    "critical_drive",
    "critical_exponent",
    "cycle",
    "energetics",
    "evolve",
    "exceptional_points",
    "fock",
    "merit",
    "moment_equations",
    "monitor",
    "optimize",
    "plots",
    "protocol",
    "pulse",
    "read_device",
    "reduced_state",
    "response",
    "spectrum",
    "stability",
    "states",
    "steady_state",
    "sweep",
    "truncated_wigner",
    "units",
    "words",
    "write_device",
]


def _diagram_of(device: Network) -> "Diagram":
    from leyden.portrait.wiring import diagram_of

    return diagram_of(device)


# Rooms below the front door draw devices without knowing how equations tell who feels whom.
_hand_down(_diagram_of)

# Datasets that were opened from files may come first; otherwise leyden's own first one brings the accessor.
if "xarray" in sys.modules:
    from leyden.results.accessor import register as _register

    _register()


def __getattr__(name: str) -> object:
    if name not in _LATER:
        raise AttributeError(f"module 'leyden' has no attribute {name!r}")
    module = importlib.import_module(_LATER[name])
    value = getattr(module, name, module)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
