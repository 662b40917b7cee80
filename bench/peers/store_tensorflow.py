"""tf.data's side of `npm run bench -- store`: the PNG files of one folder as shuffled batches, epoch after epoch.

Arguments: the folder, the batch size, "bytes" or "floats". Turns as in engine_turns.py.
"""

import json
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import tensorflow as tf

folder, batch, kind = sys.argv[1], int(sys.argv[2]), sys.argv[3]


def read(path):
    crop = tf.io.decode_png(tf.io.read_file(path), channels=4)
    return tf.cast(crop, tf.float32) / 255.0 if kind == "floats" else crop


paths = [entry.path for entry in os.scandir(folder)]
data = (
    tf.data.Dataset.from_tensor_slices(paths)
    .shuffle(len(paths), seed=1)
    .repeat()
    .map(read, num_parallel_calls=tf.data.AUTOTUNE)
    .batch(batch, drop_remainder=True)
    .prefetch(tf.data.AUTOTUNE)
)
batches = iter(data)
for _ in range(3):
    next(batches)
print(json.dumps({"version": tf.__version__, "form": kind, "parameters": 0}), flush=True)
for line in sys.stdin:
    steps = int(line)
    start = time.perf_counter()
    for _ in range(steps):
        next(batches)
    print(json.dumps((time.perf_counter() - start) / steps), flush=True)
