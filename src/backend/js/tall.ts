import type { TallKernels } from '../tallKernels.ts';
import type { JsMemory } from './jsMemory.ts';
import { double, type Precision, single } from './precision.ts';

/** As in Wasm, so that both add in one order: the rows of a block, then the blocks. */
const TALL_ROWS = 64;

function tallGram(memory: JsMemory, { values, shift, round }: Precision): TallKernels['tallGramF32'] {
  return (A, lda, a, B, ldb, b, rows, out, ldo) => {
    const f = values(memory);
    const { f64 } = memory;
    const symmetric = A === B && lda === ldb && a === b;
    A >>>= shift;
    B >>>= shift;
    out >>>= 3;
    for (let first = 0; first < rows; first += TALL_ROWS) {
      const count = Math.min(TALL_ROWS, rows - first);
      for (let i = 0; i < a; i++) {
        let j = symmetric ? i : 0;
        for (; j + 3 < b; j += 4) {
          let x = A + first * lda + i;
          let y = B + first * ldb + j;
          let s = 0;
          let t = 0;
          let u = 0;
          let v = 0;
          for (let r = 0; r < count; r++) {
            const value = f[x];
            s = round(s + round(value * f[y]));
            t = round(t + round(value * f[y + 1]));
            u = round(u + round(value * f[y + 2]));
            v = round(v + round(value * f[y + 3]));
            x += lda;
            y += ldb;
          }
          const to = out + i * ldo + j;
          f64[to] += s;
          f64[to + 1] += t;
          f64[to + 2] += u;
          f64[to + 3] += v;
        }
        for (; j < b; j++) {
          let x = A + first * lda + i;
          let y = B + first * ldb + j;
          let sum = 0;
          for (let r = 0; r < count; r++) {
            sum = round(sum + round(f[x] * f[y]));
            x += lda;
            y += ldb;
          }
          f64[out + i * ldo + j] += sum;
        }
      }
    }
    if (symmetric) for (let i = 1; i < a; i++) for (let j = 0; j < i; j++) f64[out + i * ldo + j] = f64[out + j * ldo + i];
  };
}

export function tallKernels(memory: JsMemory): TallKernels {
  return { tallGramF32: tallGram(memory, single), tallGramF64: tallGram(memory, double) };
}
