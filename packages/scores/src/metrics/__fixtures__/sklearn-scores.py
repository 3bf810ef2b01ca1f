"""Writes sklearn-scores.json, what metrics.test.ts compares with: /usr/bin/python3 sklearn-scores.py

Needs scikit-learn (Debian: python3-sklearn).
"""
import json
from pathlib import Path

import numpy as np
import sklearn
from sklearn.metrics import (
    accuracy_score, confusion_matrix, log_loss, precision_recall_fscore_support, top_k_accuracy_score,
)
from sklearn.calibration import calibration_curve
from sklearn.preprocessing import MultiLabelBinarizer

random = np.random.RandomState(7)


def task(rows, classes, unused=0):
    """Labels with a skewed distribution, and scores that favour the actual class; the last `unused` classes are absent"""
    shares = 1 / np.arange(1, classes - unused + 1)
    actual = random.choice(classes - unused, rows, p=shares / shares.sum())
    logits = random.normal(size=(rows, classes)).astype(np.float32) * 1.5
    logits[np.arange(rows), actual] += random.uniform(-1, 3, rows).astype(np.float32)
    logits = np.round(logits, 2)
    return actual, logits


def scores(actual, predicted):
    average = lambda kind: precision_recall_fscore_support(actual, predicted, average=kind, zero_division=0)[:3]
    each = precision_recall_fscore_support(actual, predicted, zero_division=0)
    return {
        "accuracy": accuracy_score(actual, predicted),
        "macro": average("macro"), "micro": average("micro"), "weighted": average("weighted"),
        "perClass": [column.tolist() for column in each],
    }


def calibration(probabilities, actual, bins):
    """Expected calibration error by calibration_curve of the predicted class' confidence against its being right"""
    confidence, right = probabilities.max(1), probabilities.argmax(1) == actual
    shares, means = calibration_curve(right, confidence, n_bins=bins)
    counts = np.histogram(confidence, bins=np.linspace(0, 1, bins + 1))[0]
    return float((np.abs(shares - means) * counts[counts > 0]).sum() / len(actual))


cases = []
for rows, classes, unused in [(12, 4, 1), (200, 19, 0), (150, 40, 4)]:
    actual, logits = task(rows, classes, unused)
    exp = np.exp(logits.astype(np.float64) - logits.max(1, keepdims=True))
    probabilities = exp / exp.sum(1, keepdims=True)
    predicted = logits.argmax(1)
    labels = np.arange(classes)
    # A forest over the classes: every class but the first three hangs below an earlier one.
    parents = [-1 if i < 3 else int(random.randint(i)) for i in range(classes)]

    def lineage(node):
        found = set()
        while node != -1:
            found.add(node)
            node = parents[node]
        return found

    binarizer = MultiLabelBinarizer(classes=labels)
    hierarchical = precision_recall_fscore_support(
        binarizer.fit_transform([lineage(i) for i in actual]),
        binarizer.transform([lineage(i) for i in predicted]), average="micro",
    )[:3]
    cases.append({
        "classes": classes,
        "actual": actual.tolist(),
        "logits": [float(f"{x:.2f}") for x in logits.ravel()],
        "predicted": predicted.tolist(),
        "scores": scores(actual, predicted),
        "confusion": confusion_matrix(actual, predicted, labels=labels).ravel().tolist(),
        "topK": {k: top_k_accuracy_score(actual, logits, k=k, labels=labels) for k in (1, 2, 3)},
        "calibration": {bins: calibration(probabilities, actual, bins) for bins in (10, 15)},
        "logLoss": log_loss(actual, probabilities, labels=labels),
        "parents": parents,
        "hierarchical": hierarchical,
    })

path = Path(__file__).with_suffix(".json")
path.write_text(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, separators=(",", ":")) + "\n")
