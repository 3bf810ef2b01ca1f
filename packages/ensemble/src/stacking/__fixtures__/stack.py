#!/usr/bin/python3
"""Writes stack.json: stacks as scikit-learn and SciPy fit them.

    /usr/bin/python3 packages/ensemble/src/stacking/__fixtures__/stack.py

Needs Debian's python3-sklearn. Of two classes, a stack is a logistic regression on the members' log-odds. Of more, its
loss is written out here and minimised by SciPy's L-BFGS-B.
"""
import json
import pathlib

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.linear_model import LogisticRegression

random = np.random.default_rng(20221126)


def drawn(rows, classes, strengths):
    labels = random.integers(classes, size=rows)
    members = []
    for strength in strengths:
        logits = 1.5 * random.normal(size=(rows, classes))
        logits[np.arange(rows), labels] += strength
        members.append(np.round(softmax(logits, axis=1), 5).astype(np.float32))
    return labels, members


def binary():
    labels, members = drawn(300, 2, [1.5, 0.8, 0.3])
    odds = np.stack([np.log(m[:, 1]) - np.log(m[:, 0]) for m in members], axis=1).astype(float)
    fitted = LogisticRegression(penalty=None, tol=1e-10, max_iter=10_000).fit(odds, labels)
    return {
        'labels': labels.tolist(),
        'members': [m.tolist() for m in members],
        'weights': fitted.coef_[0].tolist(),
        'bias': float(fitted.intercept_[0]),
    }


ROWS, CLASSES = 160, 5
LABELS, MEMBERS = drawn(ROWS, CLASSES, [2.0, 1.0, -1.0])
LOGS = np.stack([np.log(np.maximum(m.astype(float), 2.0**-24)) for m in MEMBERS])  # [K, N, C]
K = len(MEMBERS)


def multinomial(weights, bias, deviations, non_negative):
    def parts(x):
        w = x[:K]
        b = x[K : K + CLASSES] if bias is not None else np.zeros(CLASSES)
        d = x[len(x) - K * CLASSES :].reshape(K, CLASSES) if deviations is not None else np.zeros((K, CLASSES))
        return w, b, d

    def loss(x):
        w, b, d = parts(x)
        logits = ((w[:, None, None] + d[:, None, :]) * LOGS).sum(0) + b
        penalty = weights / 2 * ((w - 1 / K) ** 2).sum()
        penalty += (bias or 0) / 2 * (b**2).sum() + (deviations or 0) / 2 * (d**2).sum()
        return -log_softmax(logits, axis=1)[np.arange(ROWS), LABELS].sum() + penalty

    size = K + (CLASSES if bias is not None else 0) + (K * CLASSES if deviations is not None else 0)
    start = np.zeros(size)
    bounds = [(0 if non_negative and i < K else None, None) for i in range(size)]
    found = minimize(loss, start, method='L-BFGS-B', bounds=bounds, options={'ftol': 1e-15, 'gtol': 1e-7, 'maxfun': 10**6})
    w, b, d = parts(found.x)
    ridge = {'weights': weights}
    if bias is not None:
        ridge['bias'] = bias
    if deviations is not None:
        ridge['deviations'] = deviations
    return {
        'ridge': ridge,
        'nonNegative': non_negative,
        'value': found.fun,
        'weights': w.tolist(),
        'bias': b.tolist(),
        'deviations': d.tolist(),
    }


cases = [
    multinomial(weights, bias, deviations, non_negative)
    for weights, bias, deviations in [(2, None, None), (0.5, 3, None), (5, 1, 40)]
    for non_negative in (False, True)
]
out = {
    'binary': binary(),
    'labels': LABELS.tolist(),
    'members': [m.tolist() for m in MEMBERS],
    'cases': cases,
}


def short(value):
    return round(value, 9) if isinstance(value, float) else value


def walked(value):
    if isinstance(value, dict):
        return {key: walked(one) for key, one in value.items()}
    if isinstance(value, list):
        return [walked(one) for one in value]
    return short(value)


pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(walked(out), separators=(',', ':')) + '\n')
