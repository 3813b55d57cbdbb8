"""Speed and accuracy of leyden beside what one would otherwise use; `python -m benchmarks` prints the tables."""

import os

# One linear algebra thread for every contender: on matrices as small as these, more of them wait for each other. This
# file is imported before NumPy is, and the processes that the cases start inherit it, unless their setting says not to.
if os.environ.get("BENCHMARK_THREADS") != "default":
    for _variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ.setdefault(_variable, "1")
