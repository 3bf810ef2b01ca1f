#!/usr/bin/python3
"""Writes voting.json: votes and selections as NumPy, SciPy and scikit-learn compute them.

    /usr/bin/python3 packages/ensemble/src/__fixtures__/voting.py

Needs Debian's python3-sklearn. Probabilities are multiples of 1/32, so that sums are exact and ties are ties.
"""
import json
import pathlib
from collections import Counter

import numpy as np
from scipy.special import softmax
from sklearn.ensemble import VotingClassifier
from sklearn.preprocessing import LabelEncoder

ROWS, CLASSES, MEMBERS, UNIT = 150, 6, 5, 32
PARENT = np.array([0, 0, 1, 1, 2, 2])  # of each class, in the level above
TOP = np.array([0, 0, 1])  # of each of those
FLOOR = 2.0**-126
random = np.random.default_rng(20221125)


class Stored:
    """A fitted classifier whose probabilities are stored: rows are asked for by number."""

    def __init__(self, probabilities):
        self.probabilities = probabilities

    def predict_proba(self, rows):
        return self.probabilities[rows]

    def predict(self, rows):
        return self.probabilities[rows].argmax(1)


def sklearn_vote(members, voting, weights):
    classifier = VotingClassifier([(str(i), None) for i in range(len(members))], voting=voting, weights=weights)
    classifier.estimators_ = [Stored(member) for member in members]
    classifier.le_ = LabelEncoder().fit(np.arange(CLASSES))
    classifier.classes_ = classifier.le_.classes_
    return classifier.predict(np.arange(ROWS))


def draw(labels, skill, classes):
    """Counts of UNIT parts, a part of them on the label."""
    parts = np.stack([random.multinomial(UNIT, random.dirichlet(np.full(classes, 0.4))) for _ in labels])
    knows = random.random(len(labels)) < skill
    right = np.eye(classes, dtype=int)[labels] * (UNIT // 2)
    half = np.stack([random.multinomial(UNIT // 2, np.full(classes, 1 / classes)) for _ in labels])
    return np.where(knows[:, None], right + half, parts)


labels = random.integers(0, CLASSES, ROWS)
counts = np.stack([draw(labels, skill, CLASSES) for skill in (0.3, 0.5, 0.2, 0.4, 0.1)])
members = counts / UNIT
weights = [1, 2, 1, 4, 1]
temperatures = [1, 2, 0.5, 1.5, 1]
logs = np.log(np.maximum(members, FLOOR))
tempered = softmax(logs / np.array(temperatures)[:, None, None], axis=2)

# Of the level above: five voters.
coarse_counts = np.stack([draw(PARENT[labels], skill, 3) for skill in (0.3, 0.4)])
coarse = coarse_counts / UNIT
top_of = TOP[PARENT]


def first_most_common(votes):
    return [Counter(row).most_common(1)[0][0] for row in votes.T.tolist()]


def greedy(rounds):
    """Caruana et al. 2004: with replacement, from nothing, the first of equally good members."""
    total, picks, scores = np.zeros((ROWS, CLASSES)), [], []
    for _ in range(rounds):
        accuracy = [((total + member).argmax(1) == labels).mean() for member in members]
        best = int(np.argmax(accuracy))
        total += members[best]
        picks.append(best)
        scores.append(float(accuracy[best]))
    return picks, scores


group = members.mean(0)
division = np.concatenate([coarse, [np.stack([m[:, PARENT == d].sum(1) for d in range(3)], 1) for m in members]]).mean(0)
section = np.stack([division_of_top for division_of_top in [
    np.concatenate([[c[:, TOP == s].sum(1) for c in coarse], [m[:, top_of == s].sum(1) for m in members]]).mean(0)
    for s in range(2)
]], 1)
with np.errstate(divide="ignore"):
    path_scores = (
        np.log(np.maximum(group, FLOOR))
        + np.log(np.maximum(division, FLOOR))[:, PARENT]
        + np.log(np.maximum(section, FLOOR))[:, top_of]
    )

# The published scheme, row by row and in words.
published = {"group": [], "division": [], "section": []}
for row in range(ROWS):
    best = int(np.mean(members[:, row], axis=0).argmax())
    votes = [int(PARENT[m[row].argmax()]) for m in members] + [int(c[row].argmax()) for c in coarse]
    tally = Counter(votes)
    most = tally.most_common(1)[0][1]
    own = int(PARENT[best])
    published["group"].append(best)
    published["division"].append(own if tally[own] == most else tally.most_common(1)[0][0])
    published["section"].append(int(top_of[best]))

hard_votes = members.argmax(2)
sorted_means = np.sort(members.sum(0), 1)
picks, scores = greedy(12)
smoothed = np.log((counts + 1) / (UNIT + CLASSES))  # one more part each: no zeros
result = {
    "unit": UNIT,
    "rows": ROWS,
    "classes": CLASSES,
    "parent": PARENT.tolist(),
    "top": TOP.tolist(),
    "labels": labels.tolist(),
    "members": [member.ravel().tolist() for member in counts],
    "coarse": [member.ravel().tolist() for member in coarse_counts],
    "weights": weights,
    "temperatures": temperatures,
    "softTies": int((sorted_means[:, -1] == sorted_means[:, -2]).sum()),
    "soft": sklearn_vote(members, "soft", None).tolist(),
    "softWeighted": sklearn_vote(members, "soft", weights).tolist(),
    "hardTies": int(sum(len([n for n in Counter(row).values() if n == max(Counter(row).values())]) > 1 for row in hard_votes.T.tolist())),
    "hardLowest": sklearn_vote(members, "hard", None).tolist(),
    "hardLowestWeighted": sklearn_vote(members, "hard", weights).tolist(),
    "hardFirst": first_most_common(hard_votes),
    "mean": np.average(members, axis=0, weights=weights)[:20].ravel().tolist(),
    "meanTempered": np.average(tempered, axis=0, weights=weights)[:20].ravel().tolist(),
    "logMean": softmax(np.average(logs, axis=0, weights=weights), axis=1)[:20].ravel().tolist(),
    "logMeanTempered": softmax(np.average(np.log(tempered), axis=0, weights=weights), axis=1)[:20].ravel().tolist(),
    "greedyPicks": picks,
    "greedyScores": scores,
    "lossesBefore": [float(-logs[np.arange(ROWS), labels].mean()) for logs in smoothed],
    "path": path_scores.argmax(1).tolist(),
    "pathDiffersFromGroup": int((path_scores.argmax(1) != group.argmax(1)).sum()),
    "published": published,
}
target = pathlib.Path(__file__).with_suffix(".json")
target.write_text(json.dumps(result, separators=(",", ":")) + "\n")
print({key: result[key] for key in ("softTies", "hardTies", "greedyPicks", "greedyScores", "lossesBefore", "pathDiffersFromGroup")})
