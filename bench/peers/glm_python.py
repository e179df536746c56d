"""Times liblinear and saga (scikit-learn) and skglm on L1 classifiers: glm_python.py DIR SET JOBS BUDGET.

JOBS is a JSON list of {job, loss, lambda, intercept, enough}. Every solver's tolerance falls until the objective 1/n sum loss + lambda ||w||_1 is
at most `enough`, or a run takes more than BUDGET seconds. Prints one JSON row per solver and job: the times of that tolerance, the coefficients.
"""
import json
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
from gen import load

warnings.filterwarnings("ignore")
TOLERANCES = [m * 10.0**-e for e in range(1, 10) for m in (10, 3)][1:]
AGAIN = 4


def say(**row):
    print(json.dumps(row), flush=True)


def module(name, import_name=None):
    try:
        found = __import__(import_name or name)
        say(system=name, version=getattr(found, "__version__", "?"))
        return found
    except ImportError:
        say(missing=name)


def timed(run):
    start, cpu = time.perf_counter(), time.process_time()
    out = run()
    return time.perf_counter() - start, time.process_time() - cpu, out


def objective(X, y, fitted, job):
    w, b = fitted.coef_.ravel(), float(np.ravel(fitted.intercept_)[0]) if job["intercept"] else 0.0
    margins = y * (np.asarray(X @ w).ravel() + b)
    loss = np.logaddexp(0, -margins) if job["loss"] == "logistic" else np.maximum(0, 1 - margins) ** 2
    return loss.mean() + job["lambda"] * np.abs(w).sum(), w, b


def walk(system, solver, make, X, y, job, budget):
    """The first tolerance that is good enough, or the last one in the budget."""
    for tol in TOLERANCES:
        wall, cpu, fitted = timed(lambda: make(tol).fit(X, y))
        value, w, b = objective(X, y, fitted, job)
        if value <= job["enough"] or wall > budget:
            break
    spent = wall
    for _ in range(AGAIN):
        if spent > 4:
            break
        again = timed(lambda: make(tol).fit(X, y))
        wall, cpu, spent = min(wall, again[0]), min(cpu, again[1]), spent + again[0]
    index = np.flatnonzero(w)
    fit = {"lambda": job["lambda"], "intercept": b, "index": index.tolist(), "values": w[index].tolist()}
    say(system=system, solver=solver, job=job["job"], tol=tol, ms=wall * 1e3, cpuMs=cpu * 1e3, fits=[fit])


def main(root, name, jobs, budget):
    X, y = load(root, name)
    y = np.where(y > np.sort(y)[len(y) // 2], 1, -1)
    sklearn, skglm = module("scikit-learn", "sklearn"), module("skglm")
    rows = X.tocsr() if sp.issparse(X) else np.ascontiguousarray(X)
    for job in jobs:
        intercept, lam = job["intercept"], job["lambda"]
        if sklearn:
            from sklearn.linear_model import LogisticRegression
            from sklearn.svm import LinearSVC
            C = 1 / (len(y) * lam)
            # It penalises the intercept, the less the larger the scaling.
            scalings = [10, 100] if intercept else [1]
            for scaling in scalings:
                common = dict(C=C, penalty="l1", fit_intercept=intercept, intercept_scaling=scaling, max_iter=100000, random_state=0)
                if job["loss"] == "logistic":
                    make = lambda tol: LogisticRegression(solver="liblinear", tol=tol, **common)
                else:
                    make = lambda tol: LinearSVC(loss="squared_hinge", dual=False, tol=tol, **common)
                walk("liblinear", f"intercept scaling {scaling}" if intercept else "", make, rows, y, job, budget)
            if job["loss"] == "logistic" and sp.issparse(X):
                saga = dict(C=C, penalty="l1", solver="saga", fit_intercept=intercept, random_state=0)
                epoch = timed(lambda: LogisticRegression(tol=0, max_iter=5, **saga).fit(rows, y))[0] / 5
                most = max(5, int(budget / epoch))
                walk("saga", "", lambda tol: LogisticRegression(tol=tol, max_iter=most, **saga), rows, y, job, 0.9 * budget)
        if skglm and job["loss"] == "logistic":
            make = lambda tol: skglm.SparseLogisticRegression(alpha=lam, fit_intercept=intercept, tol=tol / 10, max_iter=100)
            walk("skglm", "", make, X, y, job, budget)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], json.loads(sys.argv[3]), float(sys.argv[4]))
