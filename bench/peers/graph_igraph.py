"""PageRank by python-igraph (PRPACK) on the edge files of bench/graph.mjs: milliseconds of the ranking alone, the graph built beforehand.

usage: graph_igraph.py FOLDER SET NODES {unit|weighted} RUNS
"""
import json, os, sys, time

try:
    import igraph
    import numpy as np
except ImportError as error:
    print(json.dumps({"missing": error.name}))
    sys.exit()

folder, name, nodes, kind, runs = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4], int(sys.argv[5])
array = lambda key, kind: np.fromfile(os.path.join(folder, f"{name}.{key}"), kind)
edges = np.stack([array("source", np.int32), array("target", np.int32)], axis=1)
graph = igraph.Graph(n=nodes, edges=edges, directed=True)
weights = array("weight", np.float64).tolist() if kind == "weighted" else None
best = float("inf")
for _ in range(runs):
    start = time.perf_counter()
    scores = graph.pagerank(weights=weights, damping=0.85, implementation="prpack")
    best = min(best, time.perf_counter() - start)
np.array(scores, dtype=np.float64).tofile(os.path.join(folder, f"{name}.{kind}.scores"))
print(json.dumps({"system": "igraph", "version": igraph.__version__, "set": name, "ms": 1000 * best}))
