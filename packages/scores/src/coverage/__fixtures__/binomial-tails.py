#!/usr/bin/python3
"""Writes binomial-tails.json: [successes, trials, probability, log P(X >= successes)] of binomial distributions.

    python3 packages/scores/src/coverage/__fixtures__/binomial-tails.py

Needs mpmath, which sums the terms with 60 digits, and SciPy, whose survival function must agree where it does not underflow.
"""
import json
import pathlib

from mpmath import binomial, log, mp, mpf
from scipy.stats import binom

mp.dps = 60
cases = []
for n in [1, 2, 15, 16, 29, 100, 997, 2500]:
    for p in [0.001, 0.3, 0.5, 0.8, 0.9, 0.95, 0.99, 0.9995]:
        shares = [0, 0.2, 0.5, 0.9, 0.97, 1]
        successes = {1, n, *(round(share * n) for share in shares), round(p * n), round(p * n) + 1}
        cases += [(k, n, p) for k in sorted(successes) if 0 < k <= n]
cases += [(900_500, 1_000_000, 0.9), (899_500, 1_000_000, 0.9), (905_000, 1_000_000, 0.9), (999_100, 1_000_000, 0.999)]


def tail(k, n, p):
    """log P(X >= k), the shorter side summed."""
    p, odds = mpf(p), mpf(p) / (1 - mpf(p))
    upper = k > n * p
    i = k if upper else k - 1
    term = binomial(n, i) * p**i * (1 - p) ** (n - i)
    total = mpf(0)
    while 0 <= i <= n and term > total * mpf(10) ** -50:
        total += term
        term *= mpf(n - i) / (i + 1) * odds if upper else mpf(i) / (n - i + 1) / odds
        i += 1 if upper else -1
    return log(total) if upper else log(1 - total)


rows = []
for k, n, p in cases:
    exact, scipy = float(tail(k, n, p)), float(binom.logsf(k - 1, n, p))
    assert scipy < -600 or abs(scipy - exact) <= 1e-7 * abs(exact) + 1e-12, (k, n, p, exact, scipy)
    rows.append([k, n, p, exact])
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")
print(len(rows))
