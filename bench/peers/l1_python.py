"""Times scikit-learn, celer and skglm: l1_python.py DIR SET {fast|slow} prints one JSON row per (system, job, tolerance).

Objective everywhere: 1/(2n) ||y - b - Xw||^2 + lambda ||w||_1 with an intercept, columns not scaled. `fast` leaves out the paths on which
scikit-learn needs a minute or more. A peer that cannot be imported is reported as {"missing": ...}.
"""
import json
import sys
import time
import warnings

import numpy as np
import scipy
import scipy.sparse as sp
from gen import load

warnings.filterwarnings("ignore")
POINTS = 20, 50, 99


def say(**row):
    print(json.dumps(row), flush=True)


def module(name, import_name=None):
    try:
        found = __import__(import_name or name)
        say(system=name, version=getattr(found, "__version__", "?"))
        return found
    except ImportError:
        say(missing=name)


def best_of(run, budget=4.0, most=10):
    """After a first run, which also compiles what is compiled lately; that one counts when it used up the budget."""
    start = time.perf_counter()
    out = run()
    best = time.perf_counter() - start
    if best > budget:
        return best, out
    best, end = np.inf, start + budget
    for k in range(most):
        start = time.perf_counter()
        out = run()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > end:
            break
    return best, out


class Problem:
    def __init__(self, root, name):
        self.name = name
        self.X, self.y = load(root, name)
        self.n, self.p = self.X.shape
        self.mean = np.asarray(self.X.mean(0)).ravel()
        self.centred = self.y - self.y.mean()
        self.null = self.centred @ self.centred / (2 * self.n)
        self.lambda_max = np.abs(self.correlation(self.centred)).max() / self.n
        self.lambdas = self.lambda_max * np.logspace(0, -2, 100)

    def correlation(self, r):
        return np.asarray(self.X.T @ r).ravel() - self.mean * r.sum()

    def gap(self, w, lam):
        """(primal - dual) / primal of the null model, at the residual scaled to be feasible."""
        r = self.centred - (np.asarray(self.X @ w).ravel() - self.mean @ w)
        s = min(1.0, lam * self.n / max(np.abs(self.correlation(r)).max(), 1e-300))
        primal = r @ r / (2 * self.n) + lam * np.abs(w).sum()
        dual = self.null - np.sum((s * r - self.centred) ** 2) / (2 * self.n)
        return (primal - dual) / self.null

    def report(self, system, job, tol, seconds, gap):
        say(system=system, set=self.name, job=job, tol=tol, ms=seconds * 1e3, gap=gap)

    def single(self, system, tol, estimator):
        seconds, fitted = best_of(lambda: estimator.fit(self.X, self.y))
        self.report(system, "single", tol, seconds, self.gap(fitted.coef_, estimator.alpha))

    def path(self, system, tol, run):
        seconds, out = best_of(run)
        self.report(system, "path", tol, seconds, max(self.gap(out[1][:, k], self.lambdas[k]) for k in POINTS))


def main(root, name, slow):
    say(system="numpy", version=np.__version__)
    sklearn, celer, skglm = module("scikit-learn", "sklearn"), module("celer"), module("skglm")
    if name == "matvec":
        return matvec(root)
    problem = Problem(root, name)
    lam = problem.lambda_max / 20
    if sklearn:
        from sklearn.linear_model import Lasso, lasso_path
    for tol in (1e-4, 1e-6):
        if sklearn:
            problem.single("scikit-learn", tol, Lasso(alpha=lam, tol=tol, max_iter=100000))
        if celer:
            problem.single("celer", tol, celer.Lasso(alpha=lam, tol=tol, max_iter=100))
        if skglm:  # its tolerance is on the violation of optimality
            problem.single("skglm", tol / 100, skglm.Lasso(alpha=lam, tol=tol / 100, max_iter=100))
    # The path functions have no intercept: centred columns where X is dense, their own implicit centring where it is sparse.
    X, centring = problem.X, {}
    if sp.issparse(X):
        centring = dict(X_offset=problem.mean, X_scale=np.ones(problem.p))
    else:
        X = np.asfortranarray(X - problem.mean)
    given = dict(alphas=problem.lambdas, **centring)
    long = {("dense_gene", 1e-6), ("sparse_text", 1e-4), ("sparse_text", 1e-6)}
    for tol in (1e-4, 1e-6):
        if sklearn and (slow or (name, tol) not in long):
            problem.path("scikit-learn", tol, lambda: lasso_path(X, problem.centred, tol=tol, max_iter=100000, **given))
        elif sklearn:
            say(left_out="scikit-learn", set=name, job="path", tol=tol)
        if celer:
            problem.path("celer", tol, lambda: celer.celer_path(X, problem.centred, pb="lasso", tol=tol, max_iter=100, **given))


def matvec(root):
    say(system="scipy", version=scipy.__version__)
    folder = f"{root}/matvec/"
    read = lambda key: np.load(folder + key + ".npy")
    X, x = sp.csr_matrix((read("data"), read("indices"), read("indptr")), shape=tuple(read("shape"))), read("x")
    X @ x
    samples = []
    for _ in range(400):
        start = time.perf_counter()
        X @ x
        samples.append(time.perf_counter() - start)
    say(system="scipy", set="matvec", job="matvec", ms=float(np.median(samples)) * 1e3, sum=float((X @ x).sum()))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3] == "slow")
