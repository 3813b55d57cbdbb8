"""The front door: every name of the public contract with its parameters and defaults, and no other by accident."""

from __future__ import annotations

import importlib.metadata
import inspect
import pickle
import pkgutil
from types import ModuleType
from typing import Any

import pytest

import leyden as ly

EMPTY = inspect.Parameter.empty
KEYWORD = inspect.Parameter.KEYWORD_ONLY
EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD

# Name -> parameters as (name, default) in order; after "*" they are keyword-only. `...` as default: any.
Contract = list[Any]
REQUIRED = EMPTY
CONTRACT: dict[str, Contract] = {
    "Mode": [("name", REQUIRED), ("frequency", 1.0), ("detuning", 0.0)],
    "CoherentCoupling": [("first", REQUIRED), ("second", REQUIRED), ("strength", REQUIRED)],
    "OnePhotonDrive": [("mode", REQUIRED), ("amplitude", REQUIRED), ("phase", 0.0)],
    "TwoPhotonDrive": [("mode", REQUIRED), ("amplitude", REQUIRED), ("phase", 0.0)],
    "LocalBath": [("mode", REQUIRED), ("rate", REQUIRED), ("occupation", 0.0)],
    "SharedBath": [("weights", REQUIRED), ("rate", REQUIRED), ("occupation", 0.0)],
    "Network": [("modes", REQUIRED), ("elements", REQUIRED), ("charger", ...), ("battery", ...)],
    "charge": [("network", REQUIRED), ("times", REQUIRED), "*", ("initial", None)],
    "steady_state": [("network", REQUIRED)],
    "stability": [("network", REQUIRED)],
    "critical_drive": [("network", REQUIRED), ("mode", None)],
    "moment_equations": [("network", REQUIRED)],
    "sweep": [("build", REQUIRED), ("axes", REQUIRED), "*", ("measure", "steady_state"), ("store", None)],
    "read_device": [("path", REQUIRED)],
    "write_device": [("network", REQUIRED), ("path", REQUIRED)],
}

# In the contract, but of a later release. The test below fails as soon as one appears: move it out of here then.
NOT_YET: set[str] = set()

TWO_PHOTON: Contract = [
    "*",
    ("drive", REQUIRED),
    ("charger_damping", REQUIRED),
    ("battery_damping", REQUIRED),
    ("shared_rate", 1.0),
    ("charger_weight", 2**-0.5),
    ("battery_weight", 2**-0.5),
    ("detuning", 0.0),
    ("phase", 0.0),
    ("frequency", 1.0),
    ("occupation", 0.0),
    ("coupling", "nonreciprocal"),
]
CATALOG: dict[str, Contract] = {
    "two_photon_battery": TWO_PHOTON,
    "one_photon_battery": TWO_PHOTON,
    "cascade": [
        ("modes", REQUIRED),
        "*",
        ("drive", REQUIRED),
        ("damping", REQUIRED),
        ("shared_rate", 1.0),
        ("photons", 2),
        ("occupation", 0.0),
    ],
}
RECIPROCAL: Contract = [
    "*",
    ("drive", REQUIRED),
    ("charger_damping", REQUIRED),
    ("battery_damping", REQUIRED),
    ("coupling", REQUIRED),
    ("photons", 2),
]

ERRORS = [
    "LeydenError",
    "NonGaussianError",
    "ParameterError",
    "TruncationError",
    "UnphysicalStateError",
    "UnstableError",
]

DATASET = {
    "stored_energy",
    "passive_energy",
    "ergotropy",
    "charging_power",
    "charger_energy",
    "utilization_ratio",
    "conversion_ratio",
    "transfer_ratio",
    "is_stable",
}


def expected(contract: Contract) -> list[tuple[str, Any, Any]]:
    """The contract as (name, default, kind)."""
    kind, found = EITHER, []
    for entry in contract:
        if entry == "*":
            kind = KEYWORD
        else:
            found.append((*entry, kind))
    return found


def taken(thing: Any) -> list[tuple[str, Any, Any]]:
    return [(entry.name, entry.default, entry.kind) for entry in inspect.signature(thing).parameters.values()]


def matches(found: tuple[str, Any, Any], wanted: tuple[str, Any, Any]) -> bool:
    name, default, kind = wanted
    is_default_right = default is ... or (found[1] is default) or bool(found[1] == default)
    # Where the contract passes a parameter by position, keyword-only would break callers; where it does so only by
    # keyword (a default of `...`), both kinds will do.
    is_kind_right = found[2] == kind or (default is ... and found[2] == KEYWORD)
    return found[0] == name and is_default_right and is_kind_right


def device(**changes: Any) -> Any:
    return ly.catalog.two_photon_battery(**({"drive": 0.05, "charger_damping": 0.1, "battery_damping": 0.1} | changes))


@pytest.mark.parametrize("name", sorted(set(CONTRACT) - NOT_YET))
def test_signatures_keep_the_contract(name: str) -> None:
    """The contract's parameters come first, in order; what was added since must be optional."""
    found, wanted = taken(getattr(ly, name)), expected(CONTRACT[name])
    for position, entry in enumerate(wanted):
        assert matches(found[position], entry), f"{name}: {found[position]} is not {entry}"
    assert [entry for entry in found[len(wanted) :] if entry[1] is EMPTY and entry[2] in (EITHER, KEYWORD)] == []


@pytest.mark.parametrize("name", sorted(CATALOG))
def test_catalog_keeps_the_contract(name: str) -> None:
    """Exactly the contract's parameters first; what was added since stands behind them, by keyword, and is optional."""
    found, wanted = taken(getattr(ly.catalog, name)), expected(CATALOG[name])
    assert found[: len(wanted)] == wanted
    assert [entry for entry in found[len(wanted) :] if entry[1] is EMPTY or entry[2] != KEYWORD] == []


def test_reciprocal_battery_keeps_the_contract() -> None:
    """Its list is open in the contract; nothing may be required beyond it, and no shared bath can be asked for."""
    found = taken(ly.catalog.reciprocal_battery)
    assert set(expected(RECIPROCAL)) <= set(found)
    assert {entry[0] for entry in found if entry[1] is EMPTY} == {entry[0] for entry in RECIPROCAL[1:5]}
    assert {entry[2] for entry in found} == {KEYWORD}
    assert {"shared_rate", "charger_weight", "battery_weight"}.isdisjoint(entry[0] for entry in found)


def test_all_is_exact() -> None:
    """Each listed name exists, none is listed twice, and no other public name is within reach."""
    assert len(ly.__all__) == len(set(ly.__all__))
    assert [name for name in ly.__all__ if not hasattr(ly, name)] == []
    reachable = {name for name, value in vars(ly).items() if not name.startswith("_")} | set(dir(ly))
    # Submodules appear as attributes once something imported them; "annotations" is the __future__ import.
    extra = {
        name
        for name in reachable - set(ly.__all__)
        if not name.startswith("_") and name != "annotations" and not isinstance(getattr(ly, name), ModuleType)
    }
    assert extra == set()


def test_no_function_shares_its_name_with_a_module() -> None:
    """`import leyden.sweep` would give the function, and what the module holds could not be reached."""
    modules = {entry.name for entry in pkgutil.iter_modules(ly.__path__)}
    assert [name for name in ly.__all__ if name in modules and not isinstance(getattr(ly, name), ModuleType)] == []


def test_all_holds_the_contract() -> None:
    assert (set(CONTRACT) - NOT_YET) | set(ERRORS) | {"catalog"} <= set(ly.__all__)


def test_later_names_are_absent() -> None:
    assert set(ly.__all__).isdisjoint(NOT_YET)


def test_version_is_the_installed_one() -> None:
    assert ly.__version__ == importlib.metadata.version("leyden")


@pytest.mark.parametrize("name", ERRORS)
def test_errors_are_of_one_family(name: str) -> None:
    assert issubclass(getattr(ly, name), ly.LeydenError)


def test_a_real_error_survives_pickling() -> None:
    with pytest.raises(ly.ParameterError) as caught:
        device(charger_damping=-1.0)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (type(again), str(again), again.details) == (ly.ParameterError, str(caught.value), caught.value.details)


def test_the_modes_of_the_catalog_devices() -> None:
    assert [mode.name for mode in device().modes] == ["charger", "battery"]
    assert [mode.name for mode in ly.catalog.cascade(3, drive=0.05, damping=0.1).modes] == ["m0", "m1", "m2"]


@pytest.mark.parametrize("name", ["drift", "diffusion", "forcing", "contributions"])
def test_moment_equations_keep_the_contract(name: str) -> None:
    assert hasattr(ly.moment_equations(device()), name)


def test_datasets_keep_the_contract() -> None:
    """Names and attributes of the variables, float64 (and bool), the same for a curve and for a steady state."""
    for result, dims in [(ly.charge(device(), [0.0, 1.0, 2.0]), ("time",)), (ly.steady_state(device()), ())]:
        assert set(result.data_vars) >= DATASET
        assert {"device", "version", "conventions"} <= set(result.attrs)
        for name in DATASET - {"is_stable"}:
            variable = result[name]
            assert (variable.dims, variable.dtype) == (dims, float), name
            assert {"long_name", "units", "symbol"} <= set(variable.attrs), name
        assert result["is_stable"].dtype == bool
    assert set(ly.stability(device())) >= {"spectral_abscissa", "is_stable", "eigenvalues"}
