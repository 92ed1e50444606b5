"""Writes statistics-golden.json: paired differences, and what SciPy says of them.

python statistics-golden.py > statistics-golden.json; needs numpy and scipy.
"""
import json
import warnings

import numpy as np
import scipy
from scipy import stats

SEED = 7
RESAMPLES = 999


def number(value):
    return None if np.isnan(value) else float(value)


def wilcoxon(differences):
    """Exact by counting, exact by all signs where ranks are shared, or the normal approximation."""
    moved = differences[differences != 0]
    if len(moved) == 0:
        return None
    untied = len(np.unique(np.abs(moved))) == len(moved)
    if len(moved) > 50:
        method = "asymptotic"
    elif untied:
        method = "exact"
    elif len(moved) <= 13:
        method = stats.PermutationMethod(n_resamples=np.inf)
    else:
        return None
    found = stats.wilcoxon(moved, method=method, correction=False)
    return {"statistic": float(found.statistic), "p": float(found.pvalue), "exact": len(moved) <= 50}


def described(name, differences):
    differences = np.asarray(differences, dtype=float)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        test = stats.ttest_1samp(differences, 0)
        interval = stats.bootstrap(
            (differences,), np.mean, n_resamples=RESAMPLES, method="BCa", rng=np.random.default_rng(SEED)
        ).confidence_interval
    quartiles = np.quantile(differences, [0.25, 0.75])
    return {
        "name": name,
        "differences": differences.tolist(),
        "mean": float(np.mean(differences)),
        "median": float(np.median(differences)),
        "deviation": number(np.std(differences, ddof=1)),
        "quartiles": quartiles.tolist(),
        "t": number(test.statistic),
        "p": number(test.pvalue),
        "wilcoxon": wilcoxon(differences),
        "interval": [float(interval.low), float(interval.high)],
        # Where means of resamples are the same, rounding decides which one is below the other.
        "precision": 1e-6 if len(np.unique(differences)) == len(differences) else 1e-2,
    }


random = np.random.default_rng(20261129)
cases = [
    described("twenty that fall", random.normal(-0.05, 0.01, 20)),
    described("twenty about zero", random.normal(0, 1, 20)),
    described("skewed", random.exponential(1, 15) - 0.4),
    described("two", [0.3, -0.1]),
    described("three of one sign", [0.5, 0.25, 0.125]),
    described("shared ranks", [0.5, -0.5, 0.25, 0.25, 1, -0.75, 0.5, 0.125, 2]),
    described("some zeros", [0, 0.5, 0, -0.25, 0.75, 1.5, 0, 0.375]),
    described("fifty", random.normal(0.2, 1, 50)),
    described("eighty", random.normal(0.2, 1, 80)),
    described("eighty, rounded", np.round(random.normal(0.2, 1, 80), 1)),
    described("far away", random.normal(40, 1, 20)),
]
quantiles = {
    "t": [{"t": t, "freedom": n, "p": float(2 * stats.t.sf(t, n))} for t in (0.1, 1.5, 4, 20) for n in (1, 4, 19, 99)],
}
print(
    json.dumps(
        {"scipy": scipy.__version__, "numpy": np.__version__, "seed": SEED, "resamples": RESAMPLES, "cases": cases, **quantiles},
        indent=1,
    )
)
