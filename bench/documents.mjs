/** A seeded corpus: words of syllables with Zipf's popularity, capitals, punctuation, accents; one document a line. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { Random } from './data.mjs';

const SYLLABLES = 'ka lo ri ten mar vi so per in con da est ul bra qui no the ex ta ment ing er ly tion'.split(' ');
const ACCENTED = ['é', 'ü', 'ñ', 'ç', 'ø', 'è'];

/** Writes documents of 60 to 300 words, of which there are `vocabulary`, until the file has its size. */
export function writeDocuments(file, bytes, { vocabulary = 200_000, seed = 1 } = {}) {
  const random = new Random(seed);
  const pick = (list) => list[random.integer(list.length)];
  const words = new Set();
  while (words.size < vocabulary) {
    const rank = words.size;
    const syllables = 1 + Math.floor(random.unit() * random.unit() * 3 + 1) + (rank > 5000 ? 1 : 0) + (rank > 20_000 ? 1 : 0);
    const word = Array.from({ length: syllables }, () => pick(SYLLABLES)).join('');
    words.add(random.unit() < 0.02 ? word + pick(ACCENTED) : word);
  }
  const byRank = [...words];
  const mass = new Float64Array(vocabulary + 1);
  for (let j = 0; j < vocabulary; j++) mass[j + 1] = mass[j] + 1 / (j + 2.7);
  const draw = () => {
    const at = random.unit() * mass[vocabulary];
    let low = 0;
    for (let high = vocabulary - 1; low < high; ) {
      const middle = (low + high) >> 1;
      if (mass[middle + 1] <= at) low = middle + 1;
      else high = middle;
    }
    return byRank[low];
  };
  const target = openSync(file, 'w');
  for (let size = 0; size < bytes; ) {
    const parts = [];
    let capital = true;
    for (let left = 60 + random.integer(240); left > 0; left--) {
      const word = draw();
      const ends = left === 1 || random.unit() < 0.08;
      parts.push((capital ? word[0].toUpperCase() + word.slice(1) : word) + (ends ? '.' : random.unit() < 0.06 ? ',' : ''));
      capital = ends;
    }
    size += writeSync(target, `${size === 0 ? '' : '\n'}${parts.join(' ')}`);
  }
  closeSync(target);
}
