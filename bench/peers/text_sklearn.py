"""Times scikit-learn's vectorizers: text_sklearn.py FILE prints one JSON row per job, with what identifies the matrix. One document a line."""
import json
import sys
import time

import numpy as np
import scipy
import sklearn
from sklearn.feature_extraction.text import HashingVectorizer, TfidfVectorizer

with open(sys.argv[1], encoding="utf-8") as file:
    documents = file.read().split("\n")


def timed(job, run):
    start = time.perf_counter()
    X = run()
    ms = 1e3 * (time.perf_counter() - start)
    X.eliminate_zeros()
    checksum = float((X.data * (X.indices % 1009 + 1)).sum())
    print(json.dumps({"job": job, "ms": ms, "rows": X.shape[0], "cols": X.shape[1], "nnz": X.nnz, "checksum": checksum}))


vectorizer = TfidfVectorizer()
timed("tfidf", lambda: vectorizer.fit_transform(documents))
timed("transform", lambda: vectorizer.transform(documents))
timed("hashing", lambda: HashingVectorizer().transform(documents))
timed("bigrams", lambda: TfidfVectorizer(ngram_range=(1, 2), min_df=2).fit_transform(documents[: len(documents) // 5]))
print(json.dumps({"versions": {"scikit-learn": sklearn.__version__, "scipy": scipy.__version__, "numpy": np.__version__}}))
