"""The cases by name; a new one is a file here and a row."""

from benchmarks.cases import charging_curve, import_time, reproduce, steady_batch, steady_map, steady_state

CASES = {
    module.CASE.name: module.CASE
    for module in (charging_curve, steady_state, steady_batch, steady_map, import_time, reproduce)
}
