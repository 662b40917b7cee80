"""Checks an exported package by the rules of bioimage.io's model format 0.5, and runs it with NumPy and onnxruntime.

Arguments: the package's folder, its description as a JSON file. Prints the greatest difference from the test output.
The rules are those of bioimageio.spec.model.v0_5 that concern what we write; bioimageio.core itself is not needed.
"""
import hashlib
import json
import re
import sys
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

folder, description = Path(sys.argv[1]), json.loads(Path(sys.argv[2]).read_text())


def identifier(name: str, most: int) -> None:
    assert re.fullmatch(r"[a-z_][a-z0-9_]*", name) and len(name) <= most, name


def file(entry: dict) -> Path:
    path = folder / entry["source"]
    assert hashlib.sha256(path.read_bytes()).hexdigest() == entry["sha256"], path
    return path


assert re.fullmatch(r"0\.5\.\d+", description["format_version"]) and description["type"] == "model"
assert re.fullmatch(r"[a-zA-Z0-9_+\- ()]{5,128}", description["name"])
assert len(description["description"]) <= 1024
assert description["authors"] and all(author["name"] for author in description["authors"])
assert description["cite"] and all(entry["text"] and (entry.get("doi") or entry.get("url")) for entry in description["cite"])
assert re.fullmatch(r"10\.\d{4,}\S+", description["cite"][0]["doi"])
assert (folder / description["documentation"]).suffix == ".md" and (folder / description["documentation"]).exists()
(tensor_in,), (tensor_out,) = description["inputs"], description["outputs"]
for tensor in (tensor_in, tensor_out):
    identifier(tensor["id"], 32)
    assert len(tensor["description"]) <= 128
    assert [axis["type"] for axis in tensor["axes"]] == ["batch", "channel", "space", "space"]
    for axis in tensor["axes"][2:]:
        identifier(axis["id"], 16)
        assert axis["unit"] == "micrometer" and axis["scale"] > 0
x = np.load(file(tensor_in["test_tensor"]))
expected = np.load(file(tensor_out["test_tensor"]))
assert x.dtype == np.float32 and expected.dtype == np.float32
assert x.shape[1] == len(tensor_in["axes"][1]["channel_names"]) and expected.shape[1] == len(tensor_out["axes"][1]["channel_names"])
for axis, (size_in, size_out) in enumerate(zip(x.shape, expected.shape)):
    if axis < 2:
        continue
    size, out = tensor_in["axes"][axis]["size"], tensor_out["axes"][axis]
    assert size_in >= size["min"] and (size_in - size["min"]) % size["step"] == 0
    assert out["size"] == {"tensor_id": tensor_in["id"], "axis_id": tensor_in["axes"][axis]["id"]}
    assert size_out == size_in and out["halo"] >= 1 and size["min"] - 2 * out["halo"] > 0

for step in tensor_in["preprocessing"]:
    kwargs = step["kwargs"]
    if step["id"] == "ensure_dtype":
        x = x.astype(kwargs["dtype"])
    elif step["id"] == "scale_range":
        assert kwargs["axes"] == ["y", "x"] and 0 <= kwargs["min_percentile"] < kwargs["max_percentile"] <= 100
        low = np.percentile(x, kwargs["min_percentile"], axis=(2, 3), keepdims=True)
        high = np.percentile(x, kwargs["max_percentile"], axis=(2, 3), keepdims=True)
        x = ((x - low) / (high - low + 1e-6)).astype(np.float32)
    elif step["id"] == "clip":
        x = np.clip(x, kwargs["min"], kwargs["max"]).astype(np.float32)
    else:
        raise AssertionError(step["id"])

weights = description["weights"]["onnx"]
model = onnx.load(file(weights))
onnx.checker.check_model(model, full_check=True)
assert next(o.version for o in model.opset_import if not o.domain) == weights["opset_version"]
session = onnxruntime.InferenceSession(str(folder / weights["source"]), providers=["CPUExecutionProvider"])
(found,) = session.run(None, {session.get_inputs()[0].name: x})
print(float(np.abs(found - expected).max()))
