"""Decision values of scikit-learn 1.2 for the tests of linear models: /usr/bin/python3 linear-models.py > linear-models.json

The texts are those of scikit-learn.json. NB-SVM after Wang & Manning 2012, section 2.3, without interpolation: the presence
of features times their log-count ratio in each class (smoothing 1), then LinearSVC. `intercept_scaling=1` is as in @kic/ngram.
"""

import json
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

reference = json.loads((Path(__file__).parent / 'scikit-learn.json').read_text())
labels = np.array(reference['labels'])
vectorizer = TfidfVectorizer(analyzer='char_wb', ngram_range=(1, 4), sublinear_tf=True)
train = vectorizer.fit_transform(reference['train'])
unseen = vectorizer.transform(reference['unseen'])

logistic, bayes, ratios = [], [], []
for label in range(3):
    own = labels == label
    model = LogisticRegression(C=2, solver='liblinear', dual=True, tol=1e-10, max_iter=1_000_000)
    logistic.append(model.fit(train, own).decision_function(unseen).tolist())
    present = (train > 0).toarray()
    p, q = 1 + present[own].sum(axis=0), 1 + present[~own].sum(axis=0)
    r = np.log((p / p.sum()) / (q / q.sum()))
    svc = LinearSVC(C=0.5, tol=1e-8, max_iter=10_000_000)
    svc.fit((train > 0).multiply(r).tocsr(), own)
    bayes.append(svc.decision_function((unseen > 0).multiply(r).tocsr()).tolist())
    ratios.append({name: r[i] for name, i in sorted(vectorizer.vocabulary_.items())[:20]})

print(json.dumps({'logisticRegression': logistic, 'nbSvc': bayes, 'ratios': ratios}, ensure_ascii=False, indent=1))
