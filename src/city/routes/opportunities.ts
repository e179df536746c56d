/**
 * Intervening opportunities (Stouffer 1940; Simini et al. 2012): how much mass lies nearer to the origin than the destination does,
 * s_ij = sum of mass_k over k with separation_ik <= separation_ij, without i and j. Row after row, zones x zones.
 */
export function interveningOpportunities(separation: Float64Array, mass: Float64Array): Float64Array {
  const n = mass.length;
  const out = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    const from = separation.subarray(i * n, (i + 1) * n);
    const others = Array.from(mass, (_, k) => k).filter((k) => k !== i);
    others.sort((a, b) => from[a] - from[b] || a - b);
    let within = 0;
    for (let k = 0; k < others.length; ) {
      let end = k;
      let ring = 0;
      while (end < others.length && from[others[end]] === from[others[k]]) ring += mass[others[end++]];
      within += ring;
      for (; k < end; k++) out[i * n + others[k]] = within - mass[others[k]];
    }
  }
  return out;
}
