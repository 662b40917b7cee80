"""Exports a small Mask R-CNN of torchvision with random weights by torch.onnx, for torchvision-export.full.test.ts.

Usage: torchvision-export.py OUT.onnx: writes the network and prints JSON: the picture, and what torchvision answers.
Wheels whose compiled operators do not load (those for another accelerator) get them in Python: they only have to
answer alike here, since the exporter replaces them by ONNX's own operators.
"""

import importlib
import inspect
import json
import sys
import warnings

import torch

warnings.filterwarnings("ignore")
torch.manual_seed(0)

BOXES = "Tensor dets, Tensor scores, float iou_threshold"
POOLING = "Tensor input, Tensor rois, float spatial_scale, SymInt pooled_height, SymInt pooled_width"
ALIGN = POOLING + ", int sampling_ratio, bool aligned"
UNUSED = ["qnms", *(f"{kind}{name}{end}" for name in ["roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"]
                    for kind, end in [("", ""), ("_", "_backward")] if (kind, name) != ("", "roi_align"))]


def suppress(boxes, scores, overlap):
    kept = []
    order = scores.argsort(descending=True).tolist()
    areas = (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
    while order:
        best = order.pop(0)
        kept.append(best)
        if not order:
            break
        rest = torch.tensor(order)
        corner = torch.maximum(boxes[best, :2], boxes[rest, :2])
        size = (torch.minimum(boxes[best, 2:], boxes[rest, 2:]) - corner).clamp(min=0)
        common = size.prod(1)
        iou = common / (areas[best] + areas[rest] - common)
        order = [index for index, value in zip(order, iou) if value <= overlap]
    return torch.tensor(kept, dtype=torch.long)


def has_ops() -> bool:
    return True


try:
    import torchvision
except RuntimeError:
    LIBRARY = torch.library.Library("torchvision", "FRAGMENT")
    LIBRARY.define(f"nms({BOXES}) -> Tensor")
    LIBRARY.define(f"roi_align({ALIGN}) -> Tensor")
    for operator in UNUSED:
        LIBRARY.define(operator + "(Tensor x) -> Tensor")
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    import torchvision

    module = importlib.import_module("torchvision.ops.roi_align")
    # The function that torch.compile would wrap; a trace cannot go through the wrapper.
    align = inspect.getclosurevars(module._roi_align).nonlocals["fn"]
    LIBRARY.impl("nms", suppress, "CPU")
    LIBRARY.impl("roi_align", lambda *given: align(*given), "CPU")
    torchvision.extension._has_ops = has_ops
    module._has_ops = has_ops

from torchvision.models.detection import MaskRCNN
from torchvision.models.detection.backbone_utils import resnet_fpn_backbone

network = MaskRCNN(
    resnet_fpn_backbone(backbone_name="resnet18", weights=None),
    num_classes=4,
    min_size=96,
    max_size=128,
    box_score_thresh=0.05,
    rpn_post_nms_top_n_test=60,
    box_detections_per_img=12,
).eval()
image = torch.rand(3, 96, 120)
with torch.no_grad():
    [found] = network([image])
torch.onnx.export(
    network,
    ([image],),
    sys.argv[1],
    opset_version=16,
    input_names=["image"],
    output_names=["boxes", "labels", "scores", "masks"],
    dynamic_axes={
        "image": {1: "height", 2: "width"},
        "boxes": {0: "cells"},
        "labels": {0: "cells"},
        "scores": {0: "cells"},
        "masks": {0: "cells", 2: "height", 3: "width"},
    },
    dynamo=False,
)
answer = {name: found[name].flatten().tolist() for name in ["boxes", "labels", "scores"]}
print("ANSWER " + json.dumps({**answer, "image": image.flatten().tolist()}))
