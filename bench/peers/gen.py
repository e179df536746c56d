"""The problem files: gen.py DIR [NAME...] writes DIR/NAME/*.npy. Needs numpy and scipy.

dense_wide 500 x 5000, dense_gene 100 x 20000, dense_tall 20000 x 300: normal columns, neighbours correlated, few planted coefficients.
sparse_text 10000 x 100000: 60 draws of words by popularity per row, rows of norm 1. matvec 20000 x 20000: 50 uniform entries per row.
"""
import os
import sys

import numpy as np
import scipy.sparse as sp


def write(root, name, **arrays):
    folder = os.path.join(root, name)
    os.makedirs(folder, exist_ok=True)
    for key, array in arrays.items():
        np.save(os.path.join(folder, key + ".npy"), np.ascontiguousarray(array))


def csr_parts(X):
    X = X.tocsr()
    X.sort_indices()
    return dict(indptr=X.indptr.astype(np.int32), indices=X.indices.astype(np.int32), data=X.data.astype(np.float64),
                shape=np.array(X.shape, np.int32))


def load(root, name):
    """X as scikit-learn wants it for coordinate descent (Fortran order or CSC), and y."""
    read = lambda key: np.load(os.path.join(root, name, key + ".npy"))
    if os.path.exists(os.path.join(root, name, "X.npy")):
        return np.asfortranarray(read("X")), read("y")
    return sp.csr_matrix((read("data"), read("indices"), read("indptr")), shape=tuple(read("shape"))).tocsc(), read("y")


def correlated(rng, n, p, rho):
    X = np.empty((n, p))
    X[:, 0] = rng.standard_normal(n)
    for j in range(1, p):
        X[:, j] = rho * X[:, j - 1] + np.sqrt(1 - rho * rho) * rng.standard_normal(n)
    return X


def planted(rng, X, k, snr):
    w = np.zeros(X.shape[1])
    chosen = rng.choice(X.shape[1], k, replace=False)
    w[chosen] = rng.choice([-1, 1], k) * rng.uniform(0.5, 2, k)
    z = X @ w
    return z + rng.standard_normal(len(z)) * np.std(z) / snr


def dense(seed, n, p, rho, k, snr):
    def make(root, name):
        rng = np.random.default_rng(seed)
        X = correlated(rng, n, p, rho)
        write(root, name, y=planted(rng, X, k, snr), X=X)
    return make


def sparse_text(root, name):
    rng = np.random.default_rng(2)
    n, p, words = 10000, 100000, 60
    popularity = 1 / (np.arange(p) + 10.0)
    popularity /= popularity.sum()
    columns = rng.choice(p, size=(n, words), p=popularity)
    X = sp.csr_matrix((rng.exponential(1, n * words), (np.repeat(np.arange(n), words), columns.ravel())), shape=(n, p))
    X.sum_duplicates()
    X = sp.diags(1 / np.sqrt(np.asarray(X.multiply(X).sum(1)).ravel())) @ X
    w = np.zeros(p)
    chosen = rng.choice(2000, 200, replace=False)
    w[chosen] = rng.standard_normal(200) * 3
    y = np.asarray(X @ w).ravel()
    y += rng.standard_normal(n) * y.std() * 0.5
    write(root, name, y=y, **csr_parts(X))


def matvec(root, name):
    rng = np.random.default_rng(7)
    n, each = 20000, 50
    columns = np.concatenate([rng.choice(n, each, replace=False) for _ in range(n)])
    X = sp.csr_matrix((rng.standard_normal(n * each), columns, np.arange(0, n * each + 1, each)), shape=(n, n))
    write(root, name, x=rng.standard_normal(n), **csr_parts(X))


SETS = dict(dense_wide=dense(0, 500, 5000, 0.5, 50, 3), dense_gene=dense(5, 100, 20000, 0.9, 20, 5),
            dense_tall=dense(1, 20000, 300, 0.5, 30, 2), sparse_text=sparse_text, matvec=matvec)

if __name__ == "__main__":
    for name in sys.argv[2:] or SETS:
        SETS[name](sys.argv[1], name)
