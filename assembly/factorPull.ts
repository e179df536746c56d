import { at, get, geti } from './access';
import { place } from './lanes';

// What the graph says about a row of factors: graph is three pointers [indptr, indices, data].

/** Weighted sum over the neighbours of row i of what their slot t says, seen from row i's own prior. */
// @ts-ignore: decorator
@inline
export function neighbours<V>(i: i32, graph: usize, prior: usize, Z: usize, stride: i32, t: i32): f64 {
  const indices = load<u32>(graph, 4), data = load<u32>(graph, 8);
  const mine = prior ? at<V>(place<V>(prior, i * stride), t) : 0.0;
  let s = 0.0;
  for (let e = geti(load<u32>(graph), i), end = geti(load<u32>(graph), i + 1); e < end; e++) {
    const l = geti(indices, e) * stride;
    s += get(data, e) * (at<V>(place<V>(Z, l), t) - (prior ? at<V>(place<V>(prior, l), t) : 0.0) + mine);
  }
  return s;
}

// @ts-ignore: decorator
@inline
export function degree(i: i32, graph: usize): f64 {
  let s = 0.0;
  const data = load<u32>(graph, 8);
  for (let e = geti(load<u32>(graph), i), end = geti(load<u32>(graph), i + 1); e < end; e++) s += get(data, e);
  return s;
}
