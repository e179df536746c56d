import { Random } from '../../core/random.ts';
import type { LinkStudy } from './linkStudy.ts';

/** Links held out at random, or all links of neighbourhoods: those at a random place and at the places next to it. */
export type LinkSplit = 'link' | 'neighbourhood';

/** Which links are judged and which are hidden from the methods: those and their ways back. */
export interface HeldOutLinks {
  test: Int32Array;
  hidden: Int32Array;
}

/** Holds out about a share of the candidates (1 = may be judged). */
export function holdOutLinks(
  { network, reverse }: LinkStudy,
  candidates: Uint8Array,
  split: LinkSplit,
  fraction: number,
  seed: number,
): HeldOutLinks {
  const random = new Random(seed);
  const all = Int32Array.from(candidates.keys()).filter((e) => candidates[e] === 1);
  const wanted = Math.max(1, Math.round(fraction * all.length));
  const chosen = new Set<number>();
  if (split === 'link') for (const e of random.shuffle(all).subarray(0, wanted)) chosen.add(e);
  else {
    const places = random.shuffle(Int32Array.from({ length: network.places.length }, (_, i) => i));
    for (let k = 0; k < places.length && chosen.size < wanted; k++) {
      const near = new Set([places[k]]);
      for (let e = 0; e < reverse.length; e++) {
        if (network.from[e] === places[k]) near.add(network.to[e]);
        if (network.to[e] === places[k]) near.add(network.from[e]);
      }
      for (const e of all) if (near.has(network.from[e]) && near.has(network.to[e])) chosen.add(e);
    }
  }
  const test = Int32Array.from(chosen).sort();
  const hidden = new Set(chosen);
  for (const e of test) if (reverse[e] >= 0) hidden.add(reverse[e]);
  return { test, hidden: Int32Array.from(hidden).sort() };
}
