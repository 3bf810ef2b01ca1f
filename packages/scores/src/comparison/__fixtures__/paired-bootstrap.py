#!/usr/bin/python3
"""Writes paired-bootstrap.json: intervals of scipy.stats.bootstrap, paired, by percentiles.

    /usr/bin/python3 packages/scores/src/comparison/__fixtures__/paired-bootstrap.py

Needs Debian's python3-scipy.
"""
import json
import pathlib

import numpy as np
from scipy.stats import bootstrap

random = np.random.default_rng(4)
first = (random.random(400) < 0.8).astype(int)
second = np.where(random.random(400) < 0.9, first, (random.random(400) < 0.5).astype(int))


def interval(level):
    found = bootstrap(
        (first, second),
        lambda a, b, axis=-1: a.mean(axis) - b.mean(axis),
        paired=True,
        vectorized=True,
        n_resamples=200_000,
        batch=2_000,
        confidence_level=level,
        method='percentile',
        random_state=1,
    ).confidence_interval
    return {'level': level, 'low': found.low, 'high': found.high}


out = {'first': first.tolist(), 'second': second.tolist(), 'intervals': [interval(0.95), interval(0.8)]}
pathlib.Path(__file__).with_suffix('.json').write_text(json.dumps(out, separators=(',', ':')) + '\n')
