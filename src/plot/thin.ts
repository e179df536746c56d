/** At most `most` of the numbers 0 to n - 1, evenly spread, with the first and the last. */
export function thin(n: number, most: number): number[] {
  if (n <= most) return Array.from({ length: n }, (_, k) => k);
  return Array.from({ length: most }, (_, k) => Math.round((k * (n - 1)) / (most - 1)));
}
