"""PyTorch's side of `npm run bench -- engine`; see engine_turns.py for how it is asked."""

import torch
import torch._inductor.config
from torch import nn

from engine_turns import CHANNELS, CLASSES, PLANES, read_job, take_turns


def conv_norm_relu(inputs, filters):
    return nn.Sequential(
        nn.Conv2d(inputs, filters, 3, padding=1, bias=False), nn.BatchNorm2d(filters), nn.ReLU()
    )


def classifier(filters):
    layers = []
    for inputs, outputs in zip([CHANNELS, *filters], filters):
        layers += [conv_norm_relu(inputs, outputs), nn.MaxPool2d(2)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(filters[-1], CLASSES))


class UNet(nn.Module):
    """Two convolutions a level, max pooling down, transposed convolutions up, skip connections."""

    def __init__(self, filters):
        super().__init__()
        double = lambda inputs, outputs: nn.Sequential(
            conv_norm_relu(inputs, outputs), conv_norm_relu(outputs, outputs)
        )
        self.down = nn.ModuleList(map(double, [CHANNELS, *filters], filters))
        upwards = list(zip(filters[:0:-1], filters[-2::-1]))
        self.grow = nn.ModuleList(nn.ConvTranspose2d(below, here, 2, stride=2) for below, here in upwards)
        self.up = nn.ModuleList(double(2 * here, here) for _, here in upwards)
        self.out = nn.Conv2d(filters[0], PLANES, 1)

    def forward(self, x):
        skips = []
        for level, double in enumerate(self.down):
            x = double(nn.functional.max_pool2d(x, 2) if level > 0 else x)
            skips.append(x)
        skips.pop()
        for grow, double in zip(self.grow, self.up):
            x = double(torch.cat([skips.pop(), grow(x)], 1))
        return self.out(x)


def training(model, images, targets):
    model.train()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss_of = nn.BCEWithLogitsLoss()

    def step():
        optimizer.zero_grad()
        loss = loss_of(model(images), targets)
        loss.backward()
        optimizer.step()
        loss.item()

    return step


def inference(model, images):
    model.eval()

    def step():
        with torch.inference_mode():
            model(images)

    return step


def main():
    job = read_job()
    torch.set_num_threads(job["threads"])
    filters, size, batch = job["network"]["filters"], job["size"], job["batch"]
    is_unet = job["network"]["kind"] == "unet"
    make = UNet if is_unet else classifier
    images = torch.rand(batch, CHANNELS, size, size)
    targets = torch.randint(0, 2, (batch, PLANES, size, size) if is_unet else (batch, CLASSES)).float()

    is_training = job["mode"] == "training"

    def form(memory_format, compiled):
        model = make(filters).to(memory_format=memory_format)
        if compiled:
            model = torch.compile(model)
        ordered = images.to(memory_format=memory_format)
        return training(model, ordered, targets) if is_training else inference(model, ordered)

    # Folds batch normalisation into the convolutions and reorders filters beforehand, as our export does.
    torch._inductor.config.freezing = not is_training
    forms = {
        "eager, channels last": lambda: form(torch.channels_last, False),
        "compiled": lambda: form(torch.contiguous_format, True),
        "compiled, channels last": lambda: form(torch.channels_last, True),
    }
    parameters = sum(parameter.numel() for parameter in make(filters).parameters())
    take_turns(torch.__version__, parameters, forms)


main()
