import type { RoadNetwork } from '../roads/roadNetwork.ts';

/**
 * Which unknown links follow from the known ones by conservation alone: the bridges of the graph of the unknown links, in which all places without a
 * known balance are one node (Tarjan 1974). 1 or 0 for each of `unknown`.
 */
export function determinedLinks(
  { from, to, places }: Pick<RoadNetwork, 'from' | 'to' | 'places'>,
  balance: Float64Array,
  unknown: Int32Array,
): Uint8Array {
  const ground = places.length;
  const node = (i: number) => (Number.isNaN(balance[i]) ? ground : i);
  const edges: number[][] = Array.from({ length: ground + 1 }, () => []);
  const other = (k: number, i: number) => (node(from[unknown[k]]) === i ? node(to[unknown[k]]) : node(from[unknown[k]]));
  unknown.forEach((e, k) => {
    edges[node(from[e])].push(k);
    edges[node(to[e])].push(k);
  });
  const entered = new Int32Array(ground + 1);
  const low = new Int32Array(ground + 1);
  const next = new Int32Array(ground + 1);
  const via = new Int32Array(ground + 1).fill(-1);
  const out = new Uint8Array(unknown.length);
  let clock = 0;
  for (let root = 0; root <= ground; root++) {
    if (entered[root] > 0) continue;
    const path = [root];
    entered[root] = low[root] = ++clock;
    while (path.length > 0) {
      const i = path[path.length - 1];
      if (next[i] < edges[i].length) {
        const k = edges[i][next[i]++];
        const j = other(k, i);
        if (k === via[i] || j === i) continue;
        if (entered[j] > 0) low[i] = Math.min(low[i], entered[j]);
        else {
          via[j] = k;
          entered[j] = low[j] = ++clock;
          path.push(j);
        }
        continue;
      }
      path.pop();
      const above = path[path.length - 1];
      if (above === undefined) continue;
      low[above] = Math.min(low[above], low[i]);
      if (low[i] > entered[above]) out[via[i]] = 1;
    }
  }
  return out;
}
