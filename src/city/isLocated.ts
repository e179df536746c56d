import type { City } from './city.ts';

/** Whether every zone has a position. */
export function isLocated({ zones }: City): boolean {
  return zones.every(({ x, y }) => x !== undefined && y !== undefined);
}
