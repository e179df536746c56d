"""liblinear's dual solver (scikit-learn's LinearSVC, squared hinge), penalised intercept, on sparse_text with labels y > median.
Usage: l2svm_liblinear.py DIR C. Prints one JSON line per tolerance: seconds of the processor and the objective over n C."""
import json
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.svm import LinearSVC

warnings.filterwarnings("ignore")
folder, C = sys.argv[1] + "/sparse_text/", float(sys.argv[2])
load = lambda name: np.load(folder + name + ".npy")
X = sp.csr_matrix((load("data"), load("indices"), load("indptr")), shape=tuple(load("shape")))
y = load("y")
y = np.where(y > np.sort(y)[len(y) // 2], 1.0, -1.0)
print(json.dumps({"versions": {"scikit-learn": sklearn.__version__}}))
for tol in [1, 0.3, 0.1, 0.03, 1e-2, 3e-3, 1e-3, 1e-4]:
    best = np.inf
    for _ in range(3):
        model = LinearSVC(C=C, dual=True, loss="squared_hinge", tol=tol, max_iter=100000, random_state=0)
        start = time.process_time()
        model.fit(X, y)
        best = min(best, time.process_time() - start)
    w, b = model.coef_[0], model.intercept_[0]
    value = (0.5 * (w @ w + b * b) + C * np.sum(np.maximum(0, 1 - y * (X @ w + b)) ** 2)) / (C * len(y))
    print(json.dumps({"tol": tol, "ms": best * 1e3, "objective": value, "iterations": int(np.max(model.n_iter_))}))
