"""One contender in a process of its own: `python -m benchmarks.worker CASE PLACE [--quick]`, started by `compare`.

It does the work once and says what that took; then it waits for turns: a line with a budget of seconds comes in, a line
with the seconds of the runs goes out. It ends when its input does.
"""

from __future__ import annotations

import json
import os
import sys
import time
import warnings
from typing import Any

from benchmarks.case import Contender
from benchmarks.cases import CASES
from benchmarks.measure import clocked, extra_memory, sampled

# Work below this many seconds is done twice before its memory counts: the first run may have to load something.
SHORT = 1.0


def first_run(contender: Contender) -> tuple[dict[str, Any], Any]:
    """What one run takes, and the work itself."""
    work = contender.prepare()
    answers: list[Any] = []
    seconds: list[float] = []
    processor = time.process_time()
    memory = extra_memory(lambda: seconds.append(clocked(lambda: answers.append(work()))))
    processor = time.process_time() - processor
    if seconds[0] < SHORT:
        answers.clear()
        memory = extra_memory(lambda: answers.append(work()))
    answer = answers.pop()
    said = {
        "first": seconds[0],
        "memory": memory,
        "cores": processor / seconds[0],
        "error": contender.judge(answer),
        "remark": contender.remark(answer) if contender.remark else "",
    }
    return said, work


def main() -> None:
    # The line to the parent is private: what a library prints goes to standard error.
    line = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    warnings.simplefilter("ignore")
    name, place = sys.argv[1:3]
    makers = CASES[name].contenders
    assert makers is not None
    said, work = first_run(makers("--quick" in sys.argv[3:])[int(place)])
    print(json.dumps(said), file=line, flush=True)
    for budget in sys.stdin:
        processor = time.process_time()
        seconds = sampled(work, float(budget))
        cores = (time.process_time() - processor) / sum(seconds)
        print(json.dumps({"seconds": seconds, "cores": cores}), file=line, flush=True)


if __name__ == "__main__":
    main()
