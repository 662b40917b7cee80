"""Runs model descriptions in PyTorch: the oracle of pytorch.test.ts.

Reads a list of jobs as JSON from standard input, each with model, weights, inputs, target, loss, steps, learningRate.
Writes for each: output, loss and the gradient of every trained weight for the first step, and the losses and weights of
that many Adam steps on the one batch.
"""

import json
import sys

import torch
import torch.nn.functional as F

torch.set_num_threads(1)


def array(entry):
    return torch.tensor(entry["data"], dtype=torch.float32).reshape(entry["shape"])


def entry(tensor):
    return {"shape": list(tensor.shape), "data": tensor.detach().flatten().tolist()}


def same(x, kernel, stride):
    """Pads so that the size becomes ceil(size / stride), the odd pixel at the bottom and right."""
    pads = []
    for size in (x.shape[3], x.shape[2]):
        total = max(0, (-(-size // stride) - 1) * stride + kernel - size)
        pads += [total // 2, total - total // 2]
    return F.pad(x, pads)


def run(layer, sources, weights):
    name, kind, x = layer["name"], layer["type"], sources[0]
    w, b = weights.get(f"{name}.weight"), weights.get(f"{name}.bias")
    if kind == "conv2d":
        stride = layer.get("stride", 1)
        return F.conv2d(same(x, layer["kernel"], stride), w, b, stride=stride, groups=layer.get("groups", 1))
    if kind == "convTranspose2d":
        return F.conv_transpose2d(x, w, b, stride=layer["stride"])
    if kind == "dense":
        return F.linear(x, w, b)
    if kind == "batchNorm":
        mean, variance = weights[f"{name}.mean"], weights[f"{name}.variance"]
        scale, shift = weights[f"{name}.scale"], weights[f"{name}.shift"]
        return F.batch_norm(x, mean, variance, scale, shift, training=True, momentum=0.1, eps=1e-5)
    if kind == "groupNorm":
        return F.group_norm(x, layer["groups"], weights[f"{name}.scale"], weights[f"{name}.shift"])
    if kind == "activation":
        name = layer["activation"]
        return {"relu": F.relu, "silu": F.silu, "gelu": F.gelu, "leakyRelu": F.leaky_relu}[name](x)
    if kind == "maxPool":
        return F.max_pool2d(x, layer["size"], layer.get("stride"))
    if kind == "averagePool":
        return F.avg_pool2d(x, layer["size"], layer.get("stride"))
    if kind == "resize":
        if layer["mode"] == "nearest":
            return F.interpolate(x, scale_factor=layer["factor"], mode="nearest")
        return F.interpolate(x, scale_factor=layer["factor"], mode="bilinear", align_corners=False)
    if kind == "globalAveragePool":
        return x.mean((2, 3))
    if kind == "concat":
        return torch.cat(sources, 1)
    if kind == "add":
        return sources[0] + sources[1]
    raise ValueError(kind)


def forward(job, weights):
    model = job["model"]
    values = {name: array(data) for name, data in job["inputs"].items()}
    previous = model["inputs"][0]["name"]
    for layer in model["layers"]:
        names = layer.get("from", previous)
        names = [names] if isinstance(names, str) else names
        values[layer["name"]] = run(layer, [values[n] for n in names], weights)
        previous = layer["name"]
    return values[model["outputs"][0]]


def loss_of(job, output):
    target = array(job["target"])
    if job["loss"] == "softmaxCrossEntropy":
        return F.cross_entropy(output, target.long())
    return F.binary_cross_entropy_with_logits(output, target)


def train(job):
    weights = {name: array(data) for name, data in job["weights"].items()}
    trained = {n: w.requires_grad_() for n, w in weights.items() if not n.endswith((".mean", ".variance"))}
    optimizer = torch.optim.Adam(trained.values(), lr=job["learningRate"])
    result = {"losses": []}
    for step in range(job["steps"]):
        optimizer.zero_grad()
        output = forward(job, weights)
        loss = loss_of(job, output)
        loss.backward()
        if step == 0:
            result["output"] = entry(output)
            result["gradients"] = {name: entry(w.grad) for name, w in trained.items()}
        result["losses"].append(loss.item())
        optimizer.step()
    result["weights"] = {name: entry(w) for name, w in weights.items()}
    return result


json.dump([train(job) for job in json.load(sys.stdin)], sys.stdout)
