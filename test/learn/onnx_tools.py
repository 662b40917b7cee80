"""Opens exported networks with Python's tools: the oracle of onnx-tools.test.ts.

Arguments: folders, each with model.onnx and input.json (shape, data). Checks each model with onnx.checker and writes
the outputs of Python's onnxruntime, all as one JSON list, to standard output.
"""

import json
import pathlib
import sys

import numpy
import onnx
import onnxruntime

results = []
for folder in map(pathlib.Path, sys.argv[1:]):
    model = onnx.load(folder / "model.onnx")
    onnx.checker.check_model(model, full_check=True)
    data = json.loads((folder / "input.json").read_text())
    session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
    image = numpy.array(data["data"], numpy.float32).reshape(data["shape"])
    [output] = session.run(None, {session.get_inputs()[0].name: image})
    results.append(
        {
            "shape": output.shape,
            "data": output.flatten().tolist(),
            "metadata": session.get_modelmeta().custom_metadata_map,
        }
    )
json.dump(results, sys.stdout)
