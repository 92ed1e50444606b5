"""Classical baselines on the rows that a model takes: logistic regression, and a support vector machine with an RBF kernel.

Called with a folder that has rows.json, train.bin, train-labels.bin, test.bin and test-labels.bin (doubles, 32-bit
integers). Columns are standardised by the training rows; C and gamma are chosen by cross-validation on at most 4000 of
those; the machine learns from at most 20,000. The test rows are read once, at the end. Prints JSON.
"""

import json
import sys
import warnings

import numpy
import sklearn
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

CHOOSING, LEARNING, SEED = 4000, 20000, 1

folder = sys.argv[1]
with open(f"{folder}/rows.json", encoding="utf8") as file:
    columns = json.load(file)["columns"]


def part(name):
    features = numpy.fromfile(f"{folder}/{name}.bin", dtype="<f8").reshape(-1, columns)
    return features, numpy.fromfile(f"{folder}/{name}-labels.bin", dtype="<i4")


def some(features, labels, most):
    order = numpy.random.default_rng(SEED).permutation(len(labels))[:most]
    return features[order], labels[order]


CONTESTANTS = {
    "logistic": (
        LogisticRegression(max_iter=1000),
        {"logisticregression__C": [0.01, 0.1, 1, 10, 100]},
        sys.maxsize,
    ),
    "svm": (
        SVC(kernel="rbf"),
        {"svc__C": [1, 10, 100], "svc__gamma": [0.3 / columns, 1 / columns, 3 / columns]},
        LEARNING,
    ),
}

warnings.filterwarnings("ignore")
train, chosen = part("train"), {}
for name, (model, grid, most) in CONTESTANTS.items():
    pipeline = make_pipeline(StandardScaler(), model)
    folds = StratifiedKFold(n_splits=3, shuffle=True, random_state=SEED)
    search = GridSearchCV(pipeline, grid, cv=folds, refit=False).fit(*some(*train, CHOOSING))
    pipeline.set_params(**search.best_params_).fit(*some(*train, most))
    chosen[name] = (pipeline, search.best_params_, min(most, len(train[1])))

features, labels = part("test")
found = {
    name: {"accuracy": float((pipeline.predict(features) == labels).mean()), "parameters": parameters, "rows": rows}
    for name, (pipeline, parameters, rows) in chosen.items()
}
print(json.dumps({"scikit-learn": sklearn.__version__, "numpy": numpy.__version__, **found}))
