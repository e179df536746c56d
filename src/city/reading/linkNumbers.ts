import type { Link } from '../city.ts';

/** Numbers of links that a file may have, one column each; NaN where a link has none. */
export type LinkNumbers = Partial<
  Record<keyof Pick<Link, 'traffic' | 'capacity' | 'freeFlowTime' | 'b' | 'power' | 'speed' | 'toll' | 'type'>, Float64Array>
>;

/** Gives a link the numbers of a row that are there. Written out, because engines are fast only with names that they know. */
export function setLinkNumbers(link: Link, columns: LinkNumbers, row: number): void {
  const { traffic, capacity, freeFlowTime, b, power, speed, toll, type } = columns;
  if (has(traffic, row)) link.traffic = traffic[row];
  if (has(capacity, row)) link.capacity = capacity[row];
  if (has(freeFlowTime, row)) link.freeFlowTime = freeFlowTime[row];
  if (has(b, row)) link.b = b[row];
  if (has(power, row)) link.power = power[row];
  if (has(speed, row)) link.speed = speed[row];
  if (has(toll, row)) link.toll = toll[row];
  if (has(type, row)) link.type = type[row];
}

function has(values: Float64Array | undefined, row: number): values is Float64Array {
  return values !== undefined && !Number.isNaN(values[row]);
}
