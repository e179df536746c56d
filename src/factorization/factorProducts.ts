import { arena } from '../backend/arena.ts';
import { currentBackend } from '../backend/backend.ts';
import { bytesOf, type Precision, valuesAt } from '../backend/kernelForms.ts';
import type { Floats } from './factorLayout.ts';

/** Products that are in memory at a time. */
const BLOCK = 2 ** 20;

/** Products of the rows of X with all rows of Y (rows of `stride`), a block of rows of X at a time; `block` is not to be kept. */
export function factorProducts(
  stride: number,
  X: Floats,
  Y: Floats,
  use: (block: Floats, width: number, first: number, count: number) => void,
): void {
  const precision: Precision = X instanceof Float32Array ? 'f32' : 'f64';
  const bytes = bytesOf(precision);
  const [m, n] = [X.length / stride, Y.length / stride];
  arena(currentBackend(), (frame) => {
    const { kernels, heap } = frame;
    const [transpose, affine] =
      precision === 'f32' ? [kernels.transposeF32, kernels.affineF32] : [kernels.transposeF64, kernels.affineF64];
    const width = Math.ceil(n / 8) * 8;
    const x = frame.put(X);
    const y = frame.put(Y);
    const YT = frame.zeros(stride * width * bytes);
    transpose(y, stride, n, stride, YT, width);
    const panel = frame.uninitialised(stride * 32);
    const chunk = Math.max(1, Math.min(m, Math.floor(BLOCK / width)));
    const block = frame.uninitialised(chunk * width * bytes);
    for (let first = 0; first < m; first += chunk) {
      const count = Math.min(chunk, m - first);
      affine(x + first * stride * bytes, stride, count, stride, YT, width, 0, block, panel);
      use(valuesAt(heap, precision, block, count * width), width, first, count);
    }
  });
}
