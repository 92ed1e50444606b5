"""Writes metrics-golden.json: predictions, and what scikit-learn says of them.

python metrics-golden.py > metrics-golden.json; needs numpy and scikit-learn.
"""
import json

import numpy as np
import sklearn
from sklearn import metrics


def logits_of(random, rows, classes, lean):
    labels = random.integers(0, classes, rows)
    logits = np.round(random.normal(0, 1.5, (rows, classes)), 2)
    logits[np.arange(rows), labels] += lean
    return labels, logits


def described(name, labels, scores, probabilities, predicted, classes):
    every = list(range(classes))
    precision, recall, f1, support = metrics.precision_recall_fscore_support(
        labels, predicted, labels=every, zero_division=np.nan
    )
    used = sorted(set(labels) | set(predicted))
    macro = metrics.precision_recall_fscore_support(
        labels, predicted, labels=used, average="macro", zero_division=0.0
    )[:3]
    number = lambda value: None if np.isnan(value) else float(value)
    return {
        "name": name,
        "classes": classes,
        "labels": [int(label) for label in labels],
        "scores": np.asarray(scores).tolist(),
        "probabilities": np.asarray(probabilities).tolist(),
        "predicted": [int(label) for label in predicted],
        "accuracy": float(metrics.accuracy_score(labels, predicted)),
        "precision": [number(value) for value in precision],
        "recall": [number(value) for value in recall],
        "f1": [number(value) for value in f1],
        "support": [int(value) for value in support],
        "macro": [float(value) for value in macro],
        "balancedAccuracy": float(metrics.balanced_accuracy_score(labels, predicted)),
        "confusion": metrics.confusion_matrix(labels, predicted, labels=every).tolist(),
        "logLoss": float(metrics.log_loss(labels, probabilities, labels=every)),
        "auc": float(metrics.roc_auc_score(labels, probabilities[:, 1])) if classes == 2 else None,
    }


def softmax(logits):
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def one_score(name, random, rows, positives, digits):
    labels = (np.arange(rows) < positives).astype(int)
    scores = np.round(random.normal(0, 1, rows) + 1.2 * labels - 0.6, digits)
    second = 1 / (1 + np.exp(-scores))
    probabilities = np.stack([1 - second, second], axis=1)
    return described(name, labels, scores[:, None], probabilities, (scores > 0).astype(int), 2)


def several(name, random, rows, classes, lean, change=lambda labels, logits: None):
    labels, logits = logits_of(random, rows, classes, lean)
    change(labels, logits)
    return described(name, labels, logits, softmax(logits), logits.argmax(axis=1), classes)


def never_named(labels, logits):
    logits[:, 2] = -9


def without_rows(labels, logits):
    labels[labels == 1] = 0


random = np.random.default_rng(20)
print(
    json.dumps(
        {
            "scikit-learn": sklearn.__version__,
            "cases": [
                one_score("two classes, one of them rare", random, 40, 6, 3),
                one_score("two classes with many ties", random, 40, 20, 0),
                several("three classes", random, 30, 3, 1.5),
                several("a class that is never named", random, 30, 3, 1.5, never_named),
                several("a class without rows", random, 30, 3, 1.0, without_rows),
                several("a mistake that was sure", random, 12, 4, -40.0),
            ],
        }
    )
)
