"""Answers test/masks/coco-oracle.ts: one JSON request a line on stdin, one JSON answer a line on stdout."""

import contextlib
import io
import json
import sys

import numpy as np
from pycocotools import mask as coco_mask
from pycocotools.coco import COCO


def as_rle(height, width, counts):
    return {"size": [height, width], "counts": counts.encode("ascii")}


def masks(request):
    height, width = request["height"], request["width"]
    pixels = [np.array(mask, dtype=np.uint8).reshape(height, width) for mask in request["masks"]]
    encoded = [coco_mask.encode(np.asfortranarray(mask)) for mask in pixels]
    ours = [as_rle(height, width, counts) for counts in request["counts"]]
    return {
        "counts": [rle["counts"].decode("ascii") for rle in encoded],
        "decoded": [coco_mask.decode(rle).ravel().tolist() for rle in ours],
        "areas": [int(coco_mask.area(rle)) for rle in ours],
        "boxes": [coco_mask.toBbox(rle).tolist() for rle in ours],
        "iou": coco_mask.iou(ours, ours, [0] * len(ours)).tolist(),
        "union": coco_mask.merge(ours, False)["counts"].decode("ascii"),
        "overlap": coco_mask.merge(ours, True)["counts"].decode("ascii"),
    }


def polygons(request):
    height, width = request["height"], request["width"]
    merged = coco_mask.merge(coco_mask.frPyObjects(request["polygons"], height, width))
    return {"counts": merged["counts"].decode("ascii")}


def load(request):
    with contextlib.redirect_stdout(io.StringIO()):
        coco = COCO(request["file"])
    annotations = coco.loadAnns(coco.getAnnIds())
    return {
        "images": [image["file_name"] for image in coco.loadImgs(coco.getImgIds())],
        "categories": [category["name"] for category in coco.loadCats(coco.getCatIds())],
        "annotations": [
            {
                "id": annotation["id"],
                "area": int(coco_mask.area(coco.annToRLE(annotation))),
                "box": coco_mask.toBbox(coco.annToRLE(annotation)).tolist(),
                "sum": int(coco.annToMask(annotation).sum()),
            }
            for annotation in annotations
        ],
    }


ANSWERS = {"masks": masks, "polygons": polygons, "load": load}
for line in sys.stdin:
    request = json.loads(line)
    print(json.dumps(ANSWERS[request["what"]](request)), flush=True)
