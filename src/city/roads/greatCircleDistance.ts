import { finiteNumber } from '../../core/checks.ts';
import { sinTurns } from '../../spiking/sinTurns.ts';

/** Mean radius of the Earth in km (IUGG). */
const EARTH_RADIUS = 6371.0088;

/** A point on the Earth in degrees. */
export interface GeographicPoint {
  /** Longitude. */
  x: number;
  /** Latitude. */
  y: number;
}

/**
 * Distance in km between two points on a sphere of the Earth's mean radius, along the surface, by the haversine formula
 *
 *   d = 2 R asin(sqrt(sin^2((y2 - y1) / 2) + cos y1 cos y2 sin^2((x2 - x1) / 2)))
 *
 * the same bits on every engine; within 1e-13 of itself for points that are not nearly opposite.
 *
 * @example
 * greatCircleDistance({ x: 0, y: 51.5 }, { x: 2.35, y: 48.85 }); // London to Paris, 339.6 km
 */
export function greatCircleDistance(a: GeographicPoint, b: GeographicPoint): number {
  for (const [name, p] of Object.entries({ a, b })) {
    finiteNumber(p.x, `${name}.x`);
    finiteNumber(p.y, `${name}.y`);
  }
  const north = sinTurns((b.y - a.y) / 720);
  const east = sinTurns((b.x - a.x) / 720);
  const h = north * north + cosDegrees(a.y) * cosDegrees(b.y) * east * east;
  return 2 * EARTH_RADIUS * arcsine(Math.sqrt(Math.min(h, 1)));
}

const cosDegrees = (degrees: number) => sinTurns(degrees / 360 + 0.25);

/** asin(z) for z in [0, 1]: the arc is halved until its series is short. */
function arcsine(z: number): number {
  let halvings = 1;
  while (z > 0.1) {
    z /= Math.sqrt(2 * (1 + Math.sqrt((1 - z) * (1 + z))));
    halvings *= 2;
  }
  let term = z;
  let sum = z;
  for (let k = 1; k < 9; k++) {
    term *= (z * z * (2 * k - 1)) / (2 * k);
    sum += term / (2 * k + 1);
  }
  return halvings * sum;
}
