#!/usr/bin/python3
"""Writes the results in temperatures.json, best temperatures as SciPy finds them, beside the members and labels there.

    python3 packages/scores/src/calibration/__fixtures__/temperatures.py

Needs NumPy and SciPy. Members are parts of a unit, [rows, classes]; one more part each leaves no zero.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

path = pathlib.Path(__file__).with_suffix(".json")
fixture = json.loads(path.read_text())
classes, labels = fixture["classes"], np.array(fixture["labels"])
rows = np.arange(len(labels))


def fitted(parts):
    """Temperature, loss with it, and loss without."""
    logs = np.log((np.array(parts).reshape(-1, classes) + 1) / (fixture["unit"] + classes))

    def loss(beta):
        return -log_softmax(beta * logs, axis=1)[rows, labels].mean()

    found = minimize_scalar(loss, bounds=(0.02, 50), method="bounded", options={"xatol": 1e-10})
    return float(1 / found.x), float(found.fun), float(loss(1))


temperatures, losses, before = zip(*[fitted(parts) for parts in fixture["parts"]])
result = {**fixture, "temperatures": temperatures, "losses": losses, "before": before}
path.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print(temperatures, losses, before)
