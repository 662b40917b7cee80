"""The pycocotools side of `npm run bench -- masks`. Its job (a JSON argument): case, width, height, and file, the label
image as int32, row by row. It takes turns as the engine's peers do (engine_turns.py)."""

from importlib.metadata import version

import numpy as np
from pycocotools import mask as coco_mask

from engine_turns import read_job, take_turns

job = read_job()
labels = np.fromfile(job["file"], dtype=np.int32).reshape(job["height"], job["width"])
cells = [int(cell) for cell in np.unique(labels) if cell != 0]


def mask_of(cell):
    return np.asfortranarray(labels == cell).view(np.uint8)


def encode_one_by_one():
    return [coco_mask.encode(mask_of(cell)) for cell in cells]


def encode_prepared():
    """The C code alone: what it reads lies ready, as it is nowhere in practice."""
    masks = np.zeros((job["height"], job["width"], len(cells)), dtype=np.uint8, order="F")
    for index, cell in enumerate(cells):
        masks[:, :, index] = labels == cell
    return lambda: coco_mask.encode(masks)


encoded = encode_one_by_one()
CASES = {
    "encode": {"cell by cell": lambda: encode_one_by_one},
    "encode prepared": {"stack of masks": encode_prepared},
    "decode": {"stack": lambda: lambda: coco_mask.decode(encoded)},
    "iou": {"all pairs": lambda: lambda: coco_mask.iou(encoded, encoded, [0] * len(encoded))},
}
take_turns(version("pycocotools"), len(cells), CASES[job["case"]])
