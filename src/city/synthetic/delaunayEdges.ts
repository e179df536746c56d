import { Delaunay } from 'd3-delaunay';

/** An undirected edge between two points, with its squared length. */
export interface PlaneEdge {
  a: number;
  b: number;
  square: number;
}

/**
 * The edges of the Delaunay triangulation of points in the plane, in three groups: first those of the minimum spanning tree, then the other Gabriel
 * edges (no third point in the circle over the edge), then the rest; the shortest first within a group.
 */
export function delaunayEdges(x: Float64Array, y: Float64Array): { edges: PlaneEdge[]; tree: number; gabriel: number } {
  const n = x.length;
  const points = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) points.set([x[i], y[i]], 2 * i);
  const graph = new Delaunay(points);
  const square = (i: number, j: number) => (x[i] - x[j]) ** 2 + (y[i] - y[j]) ** 2;
  const all: (PlaneEdge & { group: number })[] = [];
  for (let a = 0; a < n; a++) {
    const near = [...graph.neighbors(a)];
    for (const b of near) {
      if (b <= a) continue;
      const length = square(a, b);
      // The triangulation's own neighbours are the only points that can lie in the circle.
      const inside = near.some((k) => k !== b && square(a, k) + square(b, k) < length);
      all.push({ a, b, square: length, group: inside ? 2 : 1 });
    }
  }
  all.sort((p, q) => p.square - q.square || p.a - q.a || p.b - q.b);
  const root = Int32Array.from({ length: n }, (_, i) => i);
  const find = (i: number): number => {
    while (root[i] !== i) i = root[i] = root[root[i]];
    return i;
  };
  for (const edge of all) {
    const [a, b] = [find(edge.a), find(edge.b)];
    if (a === b) continue;
    root[a] = b;
    edge.group = 0;
  }
  const tree = all.filter(({ group }) => group === 0);
  const gabriel = all.filter(({ group }) => group === 1);
  const rest = all.filter(({ group }) => group === 2);
  const edges = [...tree, ...gabriel, ...rest].map(({ a, b, square }) => ({ a, b, square }));
  return { edges, tree: tree.length, gabriel: tree.length + gabriel.length };
}
