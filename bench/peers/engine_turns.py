"""What the Python peers of `npm run bench -- engine` share: the job they get and the turns they take.

The job is one JSON argument: network ({"kind": "classifier" | "unet", "filters": [...]}), mode ("training" |
"inference"), size (pixels of a side), batch, threads. A peer says on stdout, as one line of JSON, who it is; then each
line on stdin is a number of steps to make, and the answer on stdout is the seconds one of them took.
"""

import gc
import json
import sys
import time

CHANNELS = 3
CLASSES = 19  # of the classifier
PLANES = 3  # of the U-Net's output
TRIAL_STEPS = 2


def read_job():
    return json.loads(sys.argv[1])


def take_turns(version, parameters, forms):
    """Keeps the fastest form (name -> maker of a function that makes one step) and answers until stdin ends."""
    form, step, seconds = None, None, float("inf")
    for name, make in forms.items():
        candidate = make()
        trial = _best_seconds(candidate)
        print(f"{name}: {trial:.4f} s", file=sys.stderr)
        if trial < seconds:
            form, step, seconds = name, candidate, trial
        del candidate
        gc.collect()
    _say({"version": version, "form": form, "parameters": parameters})
    for line in sys.stdin:
        steps = int(line)
        start = time.perf_counter()
        for _ in range(steps):
            step()
        _say((time.perf_counter() - start) / steps)


def _best_seconds(step):
    step()  # the first one compiles and allocates
    seconds = []
    for _ in range(TRIAL_STEPS):
        start = time.perf_counter()
        step()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def _say(answer):
    print(json.dumps(answer), flush=True)
