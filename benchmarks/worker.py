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
from collections.abc import Callable
from typing import Any

from benchmarks.case import Contender
from benchmarks.cases import CASES
from benchmarks.measure import clocked, extra_memory

MOST = 500
# Work below this many seconds of the processor is done twice before its memory counts: the first run may load things.
SHORT = 1.0


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Seconds of one run, and of the processor in it, all threads together."""
    processor = time.process_time()
    seconds = clocked(work)
    return seconds, time.process_time() - processor


def first_run(contender: Contender) -> tuple[dict[str, Any], Any]:
    """What one run takes, and the work itself."""
    work = contender.prepare()
    answers: list[Any] = []
    seconds: list[float] = []
    memory = extra_memory(lambda: seconds.extend(timed(lambda: answers.append(work()))))
    if seconds[1] < SHORT:
        answers.clear()
        memory = extra_memory(lambda: answers.append(work()))
    answer = answers.pop()
    said = {
        "first": seconds[0],
        "memory": memory,
        "processor": seconds[1],
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
        runs = [timed(work)]
        while sum(seconds for seconds, _ in runs) < float(budget) and len(runs) < MOST:
            runs.append(timed(work))
        seconds, processor = zip(*runs, strict=True)
        print(json.dumps({"seconds": seconds, "processor": min(processor)}), file=line, flush=True)


if __name__ == "__main__":
    main()
