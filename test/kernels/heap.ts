import type { LinearMemory, Pointer } from '../../src/backend/kernels.ts';

export type Kind = 'f64' | 'f32' | 'i32' | 'u32' | 'u8';

const VIEWS = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u32: Uint32Array, u8: Uint8Array };
const GAP = 40;
/** Reads as NaN in both float widths, so that a sum which runs past its array shows it too. */
const CANARY = 0xff;

interface Block {
  start: Pointer;
  bytes: number;
  /** What must still be there afterwards; absent where the kernel may write */
  frozen?: Uint8Array;
}

/**
 * A stack of arrays with a canary before and after each. Starts are multiples of the element size and seldom of 16, as the contract
 * allows. `check` fails when a kernel wrote to a gap or to an array that it was only to read.
 */
export class Heap {
  private top: number;
  private blocks: Block[] = [];

  constructor(
    private readonly memory: LinearMemory,
    private readonly base: number,
  ) {
    this.top = base;
    this.reset();
  }

  /** An array that kernels only read. */
  input(values: ArrayLike<number>, kind: Kind = 'f64'): Pointer {
    return this.place(values, kind, true);
  }

  /** As input, or 0 (absent). */
  optional(values: ArrayLike<number> | undefined, kind: Kind = 'f64'): Pointer {
    return values === undefined ? 0 : this.input(values, kind);
  }

  /** An array that the kernel may change. */
  output(values: ArrayLike<number>, kind: Kind = 'f64'): Pointer {
    return this.place(values, kind, false);
  }

  /** An array that the kernel must overwrite: NaN or -1 until then. */
  blank(length: number, kind: Kind = 'f64'): Pointer {
    return this.output(new Array(length).fill(kind === 'f64' || kind === 'f32' ? NaN : -1), kind);
  }

  /** New values for an array that the kernel may change. */
  write(pointer: Pointer, values: ArrayLike<number>, kind: Kind = 'f64'): void {
    new VIEWS[kind](this.memory.buffer, pointer, values.length).set(values);
  }

  read(pointer: Pointer, length: number, kind: Kind = 'f64'): number[] {
    return Array.from(new VIEWS[kind](this.memory.buffer, pointer, length));
  }

  check(): void {
    const bytes = new Uint8Array(this.memory.buffer);
    let gap = this.base;
    for (const { start, bytes: length, frozen } of this.blocks) {
      this.checkGap(bytes, gap, start);
      gap = start + length;
      if (frozen?.some((value, i) => bytes[start + i] !== value))
        throw new Error('a kernel changed an array that it may only read');
    }
    this.checkGap(bytes, gap, this.top);
  }

  reset(): void {
    this.top = Math.ceil(this.base / 8) * 8 + GAP;
    this.blocks = [];
    this.memory.grow(this.top);
    new Uint8Array(this.memory.buffer, this.base, this.top - this.base).fill(CANARY);
  }

  private checkGap(bytes: Uint8Array, from: number, to: number): void {
    for (let i = from; i < to; i++) if (bytes[i] !== CANARY) throw new Error(`a kernel wrote outside its arrays, at byte ${i}`);
  }

  private place(values: ArrayLike<number>, kind: Kind, frozen: boolean): Pointer {
    const View = VIEWS[kind];
    const start = this.top;
    const bytes = values.length * View.BYTES_PER_ELEMENT;
    const end = Math.ceil((start + bytes) / 8) * 8 + GAP;
    if (!this.memory.grow(end)) throw new Error('out of memory');
    new Uint8Array(this.memory.buffer, start, end - start).fill(CANARY);
    new View(this.memory.buffer, start, values.length).set(values);
    const copy = frozen ? new Uint8Array(this.memory.buffer.slice(start, start + bytes)) : undefined;
    this.blocks.push({ start, bytes, frozen: copy });
    this.top = end;
    return start;
  }
}
