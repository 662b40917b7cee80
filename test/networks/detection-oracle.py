"""Answers of torchvision's own Python parts: the oracle of torchvision-interop.test.ts.

Reads one JSON object from standard input and writes the answers to standard output. Wheels whose compiled operators
do not load (those for another accelerator) still bring the parts that are plain Python, so their operators are
declared without bodies; non-maximum suppression, which is compiled, is then answered by ONNX Runtime's operator.
"""

import json
import sys

import numpy as np
import onnx
import onnxruntime
import torch

torch.set_num_threads(1)
REGIONS = ["roi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"]
try:
    import torchvision
except RuntimeError:
    LIBRARY = torch.library.Library("torchvision", "FRAGMENT")
    for operator in ["nms", "qnms", *REGIONS, *(f"_{name}_backward" for name in REGIONS)]:
        if not hasattr(torch.ops.torchvision, operator):
            LIBRARY.define(operator + "(Tensor x) -> Tensor")
    for name in [name for name in sys.modules if name.startswith("torchvision")]:
        del sys.modules[name]
    import torchvision

from torchvision.models.detection import roi_heads, rpn
from torchvision.models.detection._utils import BoxCoder, Matcher
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.models.detection.image_list import ImageList
from torchvision.ops.boxes import box_iou
from torchvision.ops.roi_align import _roi_align

job = json.load(sys.stdin)


def array(name):
    entry = job[name]
    return torch.tensor(entry["data"], dtype=torch.float32).reshape(entry["shape"])


def anchors():
    plan, size = job["plan"], job["size"]
    generator = AnchorGenerator(tuple((s,) for s in plan["sizes"]), (tuple(plan["ratios"]),) * len(plan["sizes"]))
    maps = [torch.zeros(1, 1, size // stride, size // stride) for stride in plan["strides"]]
    found = generator(ImageList(torch.zeros(1, 1, size, size), [(size, size)]), maps)[0]
    out, at = [], 0
    for level in maps:
        places, kinds = level.shape[2] * level.shape[3], len(plan["ratios"])
        part = found[at : at + places * kinds].reshape(places, kinds, 4)
        out.append(part.permute(1, 0, 2).reshape(-1, 4))
        at += places * kinds
    return torch.cat(out)


def suppressed():
    helper = onnx.helper
    node = helper.make_node("NonMaxSuppression", ["boxes", "scores", "most", "iou"], ["kept"])
    kinds = onnx.TensorProto
    graph = helper.make_graph(
        [node],
        "suppression",
        [
            helper.make_tensor_value_info("boxes", kinds.FLOAT, [1, None, 4]),
            helper.make_tensor_value_info("scores", kinds.FLOAT, [1, 1, None]),
            helper.make_tensor_value_info("most", kinds.INT64, [1]),
            helper.make_tensor_value_info("iou", kinds.FLOAT, [1]),
        ],
        [helper.make_tensor_value_info("kept", kinds.INT64, [None, 3])],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    boxes, scores = array("boxes").numpy(), array("scores").numpy()
    feeds = {"boxes": boxes[None], "scores": scores[None, None]}
    feeds |= {"most": np.array([len(boxes)], np.int64), "iou": np.array([job["overlap"]], np.float32)}
    return session.run(None, feeds)[0][:, 2].tolist()


def losses():
    head = torch.nn.Identity()
    network = rpn.RegionProposalNetwork(AnchorGenerator(), head, 0.7, 0.3, 256, 0.5, {}, {}, 0.7)
    labels = array("labels")
    network.fg_bg_sampler = lambda given: ([label == 1 for label in given], [label == 0 for label in given])
    codes, targets = array("codes"), array("codeTargets")
    objectness, proposals = network.compute_loss(
        array("objectness").flatten(), codes.reshape(-1, 4), list(labels), list(targets.reshape(len(labels), -1, 4))
    )
    ids = array("ids").long()
    logits, boxes = array("classes"), array("boxCodes")
    classes, box = roi_heads.fastrcnn_loss(
        logits, boxes.repeat(1, logits.shape[1]), [ids], [array("boxTargets")]
    )
    masks = torch.nn.functional.binary_cross_entropy_with_logits(array("maskLogits"), array("maskTargets"))
    return {
        "objectness": objectness.item(),
        "codes": proposals.item(),
        "classes": classes.item(),
        "boxes": box.item(),
        "masks": masks.item(),
    }


def aligned():
    x = array("map").requires_grad_()
    regions = torch.cat([array("regionImages")[:, None], array("regions")], dim=1)
    y = _roi_align(x, regions, job["scale"], 7, 7, 2, True)
    (y * array("slopes")).sum().backward()
    return {"output": y.flatten().tolist(), "gradient": x.grad.flatten().tolist()}


coder = BoxCoder((10.0, 10.0, 5.0, 5.0))
boxes, objects = array("boxes"), array("objects")
matcher = Matcher(0.7, 0.3, allow_low_quality_matches=True)
target = _roi_align(array("mask")[None, None], torch.cat([torch.zeros(1, 1), array("maskBox")[None]], 1), 1.0, 28, 28, 2, True)
json.dump(
    {
        "anchors": anchors().flatten().tolist(),
        "encoded": coder.encode_single(array("nearBoxes"), boxes).flatten().tolist(),
        "decoded": coder.decode_single(array("deltas"), boxes).flatten().tolist(),
        "matches": matcher(box_iou(objects, boxes)).tolist(),
        "kept": suppressed(),
        "losses": losses(),
        "aligned": aligned(),
        "maskTarget": target.flatten().tolist(),
    },
    sys.stdout,
)
