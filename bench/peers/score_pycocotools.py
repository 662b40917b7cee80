"""pycocotools' side of `npm run bench -- score`; says on stdout, as JSON, the seconds (null: the whole process counts)
and its highest resident memory.

    evaluate TRUTH.json RESULTS.json    COCO's AP at 10 IoUs, all areas
    iou MASKS.json IMAGES               IoU of each predicted with each true mask, for so many images
"""

import contextlib
import json
import resource
import sys
import time

from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def evaluate(truth_path, results_path):
    truth = COCO(truth_path)
    run = COCOeval(truth, truth.loadRes(results_path), "segm")
    run.params.areaRng, run.params.areaRngLbl = [[0, 1e10]], ["all"]
    run.evaluate()
    run.accumulate()


def iou(path, images):
    with open(path, encoding="utf8") as file:
        fields = json.load(file)
    start = time.perf_counter()
    for image in range(images):
        field = fields[image % len(fields)]
        size = [field["size"], field["size"]]
        encoded = lambda texts: [{"size": size, "counts": text} for text in texts]
        masks.iou(encoded(field["predicted"]), encoded(field["truth"]), [0] * len(field["truth"]))
    return time.perf_counter() - start


with contextlib.redirect_stdout(sys.stderr):
    seconds = iou(sys.argv[2], int(sys.argv[3])) if sys.argv[1] == "iou" else evaluate(*sys.argv[2:4])
memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
json.dump({"seconds": seconds, "peakMemoryMb": memory}, sys.stdout)
