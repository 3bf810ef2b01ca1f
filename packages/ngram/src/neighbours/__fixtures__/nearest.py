#!/usr/bin/python3
"""Writes nearest.json: cosines of all pairs of texts, as scikit-learn's TfidfVectorizer and NearestNeighbors find them.

    /usr/bin/python3 packages/ngram/src/neighbours/__fixtures__/nearest.py

Needs Debian's python3-sklearn. The texts are those of ../../__fixtures__/scikit-learn.json.
"""
import json
import pathlib

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.neighbors import NearestNeighbors

here = pathlib.Path(__file__)
texts = json.loads((here.parents[2] / '__fixtures__' / 'scikit-learn.json').read_text())
cases = []
for shortest, longest, most in [(2, 3, 50_000), (1, 4, 50_000), (1, 3, 3)]:
    vectorizer = TfidfVectorizer(
        analyzer='char_wb', ngram_range=(shortest, longest), sublinear_tf=True, max_df=most if most < 100 else 1.0
    )
    train = vectorizer.fit_transform(texts['train'])
    search = NearestNeighbors(n_neighbors=len(texts['train']), metric='cosine', algorithm='brute').fit(train)
    distances, rows = search.kneighbors(vectorizer.transform(texts['unseen']))
    similarity = [[0.0] * len(texts['train']) for _ in texts['unseen']]
    for query, (far, found) in enumerate(zip(distances, rows)):
        for distance, row in zip(far, found):
            similarity[query][row] = round(1 - float(distance), 9)
    cases.append({'shortest': shortest, 'longest': longest, 'mostTexts': most, 'similarity': similarity})
here.with_suffix('.json').write_text(json.dumps(cases, separators=(',', ':')) + '\n')
