import type { ScreenKernels } from '../kernels.ts';
import type { JsMemory } from './jsMemory.ts';

export function screenKernels(memory: JsMemory): ScreenKernels {
  return {
    screen(p, skip, centre, tail, radius, limit, l1, out) {
      const { f64, i32, u8 } = memory;
      skip >>>= 0;
      centre >>>= 3;
      tail >>>= 3;
      l1 >>>= 3;
      out >>>= 2;
      let count = 0;
      for (let j = 0; j < p; j++) {
        if (u8[skip + j] !== 0) continue;
        // Not "at least" but "not less": a bound that is not a number certifies nothing.
        if (Math.abs(f64[centre + j]) + f64[tail + j] * radius < limit * f64[l1 + j]) continue;
        i32[out + count++] = j;
      }
      return count;
    },
  };
}
