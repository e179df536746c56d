import type { JsMemory } from './jsMemory.ts';

/** What tells the f32 and the f64 form of a kernel apart: the view, the shift from bytes to elements, and how a value is rounded. */
export interface Precision {
  values(memory: JsMemory): Float32Array | Float64Array;
  shift: number;
  round(value: number): number;
}

export const single: Precision = { values: (memory) => memory.f32, shift: 2, round: Math.fround };
export const double: Precision = { values: (memory) => memory.f64, shift: 3, round: (value) => value };
