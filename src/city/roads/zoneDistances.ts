import { allocateFloats } from '../../core/allocateFloats.ts';
import { oneOf } from '../../core/checks.ts';
import { DenseMatrix } from '../../core/denseMatrix.ts';
import { SpinifexError } from '../../core/errors.ts';
import { seen } from '../../core/seen.ts';
import type { City } from '../city.ts';
import { greatCircleDistance } from './greatCircleDistance.ts';
import { halfNearestOnDiagonal } from './intrazonal.ts';

/**
 * Distances as the crow flies, zones x zones: in the unit of the coordinates, or in km where those are degrees. Within a zone: half the distance
 * to its nearest other zone.
 *
 * @throws SpinifexError `NO_COORDINATES` for a zone without x and y
 */
export function zoneDistances(city: City): DenseMatrix {
  const kind = oneOf(city.coordinates ?? 'plane', 'coordinates', ['plane', 'degrees']);
  const points = city.zones.map(({ id, x, y }, i) => {
    if (Number.isFinite(x) && Number.isFinite(y)) return { x: x as number, y: y as number };
    throw new SpinifexError('NO_COORDINATES', `zones[${i}] (${seen(id)}) has no coordinates x and y`);
  });
  const n = points.length;
  const out = new DenseMatrix(allocateFloats(n * n, `a ${n} x ${n} matrix`), n, n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) {
      const [a, b] = [points[i], points[j]];
      const d = kind === 'degrees' ? greatCircleDistance(a, b) : Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);
      out.data[i * n + j] = out.data[j * n + i] = d;
    }
  }
  return halfNearestOnDiagonal(out);
}
