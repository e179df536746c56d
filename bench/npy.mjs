/** NumPy's .npy files, as far as the benchmarks write them: little-endian f8, f4 and i4, C order. */
import { readFileSync } from 'node:fs';

const KINDS = { '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array };

/** @returns {{ shape: number[], data: Float64Array | Float32Array | Int32Array }} */
export function readNpy(file) {
  const bytes = readFileSync(file);
  if (bytes.toString('latin1', 0, 6) !== '\x93NUMPY') throw new Error(`${file}: not a .npy file`);
  const wide = bytes[6] > 1;
  const start = wide ? 12 : 10;
  const end = start + (wide ? bytes.readUInt32LE(8) : bytes.readUInt16LE(8));
  const header = bytes.toString('latin1', start, end);
  const kind = /'descr': '([^']*)'/.exec(header)?.[1];
  const Kind = KINDS[kind];
  if (!Kind || !header.includes("'fortran_order': False")) throw new Error(`${file}: cannot read ${header.trim()}`);
  const shape = /'shape': \(([^)]*)\)/
    .exec(header)[1]
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  // A slice starts at byte 0 of its own buffer, so that any element size is aligned.
  const data = new Kind(bytes.buffer.slice(bytes.byteOffset + end, bytes.byteOffset + bytes.length));
  return { shape, data };
}
