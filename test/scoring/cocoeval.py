"""COCOeval's answers to the scenes on stdin (JSON; see cocoeval.test.ts), as JSON on stdout."""

import contextlib
import json
import sys

import numpy as np
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval


def evaluate(scene):
    truth = COCO()
    truth.dataset = {
        "images": scene["images"],
        "categories": [{"id": i, "name": str(i)} for i in range(1, scene["classes"] + 1)],
        "annotations": [
            {"id": i + 1, "iscrowd": 0, "area": 1, "bbox": [0, 0, 1, 1], **annotation}
            for i, annotation in enumerate(scene["annotations"])
        ],
    }
    truth.createIndex()
    run = COCOeval(truth, truth.loadRes(scene["results"]), "segm")
    run.evaluate()
    run.accumulate()
    precision = run.eval["precision"][:, :, :, 0, -1]  # IoU, recall, class
    known = [k for k in range(precision.shape[2]) if precision[0, 0, k] > -1]
    mean = lambda values: float(np.mean(values)) if values.size else None
    return {
        "ap": mean(precision[:, :, known]),
        "ap50": mean(precision[0][:, known]),
        "ap75": mean(precision[5][:, known]),
        "perClass": [mean(precision[:, :, k]) if k in known else None for k in range(precision.shape[2])],
        # Matched detections at each IoU, over all images and classes.
        "matched": [
            int(sum((e["dtMatches"][t] > 0).sum() for e in run.evalImgs if e and e["aRng"] == [0, 1e10]))
            for t in range(10)
        ],
    }


with contextlib.redirect_stdout(sys.stderr):
    answers = [evaluate(scene) for scene in json.load(sys.stdin)]
json.dump(answers, sys.stdout)
