"""Times scikit-learn and scipy: spectral_sklearn.py DIR JOB prints one JSON row per solver, with the residual that it reached.

JOB svd: 50 singular triplets of sparse_text. JOB pca: 10 principal components of dense_tall. Residual: largest norm of C v - sigma u or
C'u - sigma v over sigma_1.
"""
import json
import sys
import time
import warnings

import numpy as np
import scipy
import scipy.sparse as sp
from gen import load
from scipy.sparse.linalg import svds
from sklearn.decomposition import PCA
from sklearn.utils.extmath import randomized_svd
import sklearn

warnings.filterwarnings("ignore")


def best_of(run, most=3, budget=3.0):
    best, end, out = np.inf, time.perf_counter() + budget, None
    for _ in range(most):
        start = time.perf_counter()
        out = run()
        best = min(best, time.perf_counter() - start)
        if time.perf_counter() > end:
            break
    return best * 1e3, out


def say(solver, ms, residual):
    print(json.dumps(dict(solver=solver, ms=ms, residual=float(residual))), flush=True)


def residual(C, U, s, Vt):
    norms = lambda R: np.sqrt((np.asarray(R) ** 2).sum(0)).max()
    return max(norms(C @ Vt.T - U * s), norms(C.T @ U - Vt.T * s)) / s.max()


def svd(root):
    X = load(root, "sparse_text")[0].tocsr()
    ms, (U, s, Vt) = best_of(lambda: svds(X, k=50, solver="arpack", random_state=0))
    say("TruncatedSVD arpack", ms, residual(X, U, s, Vt))
    for steps in (5, 20):
        ms, (U, s, Vt) = best_of(lambda: randomized_svd(X, 50, n_iter=steps, random_state=0, transpose=False))
        say(f"TruncatedSVD randomized, n_iter {steps}", ms, residual(X, U, s, Vt))


def pca(root):
    X = np.ascontiguousarray(load(root, "dense_tall")[0])
    C = X - X.mean(0)
    for solver in ("full", "randomized", "arpack"):
        ms, model = best_of(lambda: PCA(10, svd_solver=solver, random_state=0).fit(X))
        s, Vt = model.singular_values_, model.components_
        say(f"PCA {solver}", ms, residual(C, (C @ Vt.T) / s, s, Vt))


print(json.dumps(dict(versions={"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__})), flush=True)
dict(svd=svd, pca=pca)[sys.argv[2]](sys.argv[1])
