"""The networks of EnginePeerBenchmark in PyTorch: same layers, batch, precision and threads.

Started by the benchmark, which sends one JSON object a line and reads one number a line: examples a
second of training steps (Adam, cross entropy) or of inference; at {"mode": "memory"} the largest
resident set in bytes.
"""

import json
import resource
import sys
import time

import torch
from torch import nn


def layer(text, channels, side, flat):
    """Returns the module with its outputs' channels, side, and whether they are flat."""
    kind, size = text.split()
    if kind == "conv":
        numbers, _, stride = size.partition("/")
        kernel, _, outputs = (int(n) for n in numbers.split("x"))
        step = int(stride or 1)
        module = nn.Sequential(nn.Conv2d(channels, outputs, kernel, step, kernel // 2), nn.ReLU())
        return module, outputs, -(-side // step), False
    if kind == "maxpool":
        return nn.MaxPool2d(int(size)), channels, side // int(size), False
    inputs = channels if flat else channels * side * side
    dense = nn.Sequential(nn.Linear(inputs, int(size)), nn.ReLU())
    return (dense if flat else nn.Sequential(nn.Flatten(), dense)), int(size), 1, True


def network(channels, side, layers, classes):
    modules, flat = [], False
    for text in layers:
        module, channels, side, flat = layer(text, channels, side, flat)
        modules.append(module)
    if not flat:
        modules.append(nn.Flatten())
    modules.append(nn.Linear(channels * side * side, classes))
    return nn.Sequential(*modules)


def examples_a_second(task):
    model = network(task["channels"], task["side"], task["layers"], task["classes"])
    batch = task["batch"]
    images = torch.rand(batch, task["channels"], task["side"], task["side"])
    labels = torch.arange(batch) % task["classes"]
    optimizer = torch.optim.Adam(model.parameters(), 1e-3)
    loss = nn.CrossEntropyLoss()

    def train():
        optimizer.zero_grad()
        loss(model(images), labels).backward()
        optimizer.step()

    def infer():
        with torch.no_grad():
            model(images)

    step = train if task["mode"] == "train" else infer
    warm = time.perf_counter() + task["seconds"] / 3
    while time.perf_counter() < warm:
        step()
    done, start = 0, time.perf_counter()
    while time.perf_counter() - start < task["seconds"]:
        step()
        done += batch
    return done / (time.perf_counter() - start)


torch.set_num_threads(int(sys.argv[1]))
for line in sys.stdin:
    task = json.loads(line)
    if task["mode"] == "memory":
        answer = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    else:
        answer = examples_a_second(task)
    print(answer, flush=True)
