import type { City, Link } from '../../src/city/city.ts';
import { Random } from '../../src/core/random.ts';
import { CsrMatrix } from '../../src/index.ts';

/** A congested grid of size x size places, all of them zones with trips to each other. */
export function gridCity(size: number, seed: number): City {
  const random = new Random(seed);
  const links: Link[] = [];
  const join = (from: number, to: number) => {
    const freeFlowTime = 1 + 4 * random.uniform();
    links.push({
      from,
      to,
      distance: 1,
      cost: freeFlowTime,
      freeFlowTime,
      capacity: 40 + 100 * random.uniform(),
      b: 0.15,
      power: 4,
    });
  };
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      const at = i * size + j;
      for (const next of [...(j + 1 < size ? [at + 1] : []), ...(i + 1 < size ? [at + size] : [])]) {
        join(at, next);
        join(next, at);
      }
    }
  }
  const n = size * size;
  const cells = Array.from({ length: n * n }, (_, k) => k).filter((k) => Math.floor(k / n) !== k % n);
  return {
    zones: Array.from({ length: n }, (_, id) => ({ id, x: id % size, y: Math.floor(id / size) })),
    links,
    trips: CsrMatrix.fromCoo(n, n, {
      row: cells.map((k) => Math.floor(k / n)),
      col: cells.map((k) => k % n),
      value: cells.map(() => 4 * random.uniform()),
    }),
  };
}
