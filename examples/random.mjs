// Seeded random numbers for the examples: the same on every machine.
export function uniforms(seed) {
  let state = seed;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
}

// Sums of twelve uniform numbers are close to normal.
export function normals(seed) {
  const uniform = uniforms(seed);
  return () => Array.from({ length: 12 }, uniform).reduce((sum, u) => sum + u, -6);
}
