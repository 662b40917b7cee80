"""PyTorch's side of `npm run bench -- classify`: our description of a network, layer by layer; see engine_turns.py.

The job: model (our ModelSpec), crops, batch, smallBatch (as ours divides a batch), threads. A turn scores all crops.
"""

import torch
import torch._inductor.config
from torch import nn

from engine_turns import read_job, take_turns


def make_layer(layer, channels):
    """A module for the layers that have weights, and how many channels or features it gives."""
    kind = layer["type"]
    if kind == "conv2d":
        kernel, filters = layer["kernel"], layer["filters"]
        stride, bias = layer.get("stride", 1), layer.get("bias", True)
        # For odd kernels and even sizes this gives as many pixels as our padding "same".
        return nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=bias), filters
    if kind == "batchNorm":
        return nn.BatchNorm2d(channels), channels
    if kind == "dense":
        return nn.Linear(channels, layer["units"]), layer["units"]
    return None, channels


def compute(layer, module, sources):
    kind, x = layer["type"], sources[0]
    if module is not None:
        return module(x)
    if kind == "activation":
        return {"relu": torch.relu, "sigmoid": torch.sigmoid}[layer["activation"]](x)
    if kind == "maxPool":
        return nn.functional.max_pool2d(x, layer["size"])
    if kind == "averagePool":
        return nn.functional.avg_pool2d(x, layer["size"])
    if kind == "globalAveragePool":
        return x.mean((2, 3))
    if kind == "flatten":
        return x.flatten(1)
    if kind == "dropout":
        return x
    if kind == "concat":
        return torch.cat(sources, 1)
    if kind == "add":
        return sources[0] + sources[1]
    if kind == "multiply":
        return sources[0] * sources[1]
    raise ValueError(kind)


class Described(nn.Module):
    def __init__(self, model):
        super().__init__()
        self.model = model
        self.parts = nn.ModuleDict()
        first = model["inputs"][0]
        sizes = {first["name"]: first["shape"]}
        previous = first["name"]
        for layer in model["layers"]:
            sources = self.sources(layer, previous)
            module, _ = make_layer(layer, sizes[sources[0]][0])
            if module is not None:
                self.parts[layer["name"]] = module
            inputs = [torch.zeros(1, *sizes[name]) for name in sources]
            with torch.no_grad():
                result = compute(layer, module.eval() if module is not None else None, inputs)
            sizes[layer["name"]] = list(result.shape[1:])
            previous = layer["name"]

    @staticmethod
    def sources(layer, previous):
        names = layer.get("from", previous)
        return [names] if isinstance(names, str) else names

    def forward(self, x):
        previous = self.model["inputs"][0]["name"]
        values = {previous: x}
        for layer in self.model["layers"]:
            name = layer["name"]
            module = self.parts[name] if name in self.parts else None
            sources = [values[source] for source in self.sources(layer, previous)]
            values[name] = compute(layer, module, sources)
            previous = name
        return torch.sigmoid(values[previous])


def main():
    job = read_job()
    torch.set_num_threads(job["threads"])
    torch._inductor.config.freezing = True
    model = Described(job["model"]).eval()
    crops = torch.rand(job["crops"], *job["model"]["inputs"][0]["shape"])

    def form(memory_format, compiled, batch):
        batches = crops.split(batch)
        network = model.to(memory_format=memory_format)
        if compiled:
            network = torch.compile(network, dynamic=False)

        def step():
            with torch.inference_mode():
                for batch in batches:
                    network(batch.contiguous(memory_format=memory_format))

        return step

    forms = {
        f"{name}, batches of {batch}": lambda layout=layout, compiled=compiled, batch=batch: form(layout, compiled, batch)
        for batch in (job["batch"], job["smallBatch"])
        for name, layout, compiled in (
            ("eager", torch.contiguous_format, False),
            ("eager, channels last", torch.channels_last, False),
            ("compiled", torch.contiguous_format, True),
        )
    }
    parameters = sum(parameter.numel() for parameter in model.parameters())
    take_turns(torch.__version__, parameters, forms)


main()
