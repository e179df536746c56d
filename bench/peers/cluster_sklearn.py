"""Times scikit-learn's KMeans: cluster_sklearn.py DIR JOB prints one JSON row per algorithm; labels go to DIR/JOB/sklearn.i4.

DIR/JOB holds shape.json ({n, p, k, starts}) and X.f8 (row-major), or indptr.i4, indices.i4 and data.f8.
"""
import json
import os
import sys
import time
import warnings

import numpy as np
import scipy.sparse as sp
import sklearn
from sklearn.cluster import KMeans

warnings.filterwarnings("ignore")
folder = os.path.join(sys.argv[1], sys.argv[2])
shape = json.load(open(os.path.join(folder, "shape.json")))
read = lambda name, kind: np.fromfile(os.path.join(folder, name), kind)
if os.path.exists(os.path.join(folder, "X.f8")):
    X = read("X.f8", "<f8").reshape(shape["n"], shape["p"])
    start = X[shape["starts"]]
else:
    X = sp.csr_matrix((read("data.f8", "<f8"), read("indices.i4", "<i4"), read("indptr.i4", "<i4")), shape=(shape["n"], shape["p"]))
    start = X[shape["starts"]].toarray()

print(json.dumps(dict(versions={"scikit-learn": sklearn.__version__, "numpy": np.__version__})), flush=True)
for algorithm in ("lloyd", "elkan"):
    model = KMeans(shape["k"], init=start, n_init=1, algorithm=algorithm, tol=0, max_iter=1000)
    best = np.inf
    for _ in range(2):
        begin = time.process_time()
        model.fit(X)
        best = min(best, time.process_time() - begin)
    model.labels_.astype("<i4").tofile(os.path.join(folder, "sklearn.i4"))
    print(json.dumps(dict(solver="KMeans " + algorithm, ms=best * 1e3, inertia=model.inertia_, iterations=int(model.n_iter_))), flush=True)
