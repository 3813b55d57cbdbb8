"""The cases by name; a new one is a file here and a row."""

from benchmarks.cases import (
    beyond,
    charge_batch,
    charging_curve,
    dense,
    explorer,
    import_time,
    networks,
    non_normal,
    pulsed,
    reproduce,
    stability,
    steady_batch,
    steady_map,
    steady_state,
    sweep,
)

CASES = {
    case.name: case
    for case in (
        charging_curve.CASE,
        steady_state.CASE,
        steady_batch.CASE,
        charge_batch.CASE,
        pulsed.CURVE,
        pulsed.MANY,
        beyond.STEADY,
        beyond.ERGOTROPY,
        beyond.CURVE,
        beyond.WIGNER,
        beyond.PAIR_STEADY,
        beyond.PAIR_CURVE,
        dense.CASCADE,
        dense.CHAIN,
        stability.STABILITY,
        stability.CRITICAL_DRIVE,
        non_normal.CASE,
        networks.CASCADE,
        networks.LATTICE,
        networks.TRANSIENT,
        steady_map.CASE,
        sweep.CASE,
        explorer.CASE,
        import_time.CASE,
        reproduce.CASE,
    )
}
