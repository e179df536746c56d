import type { LinearMemory } from '../kernels.ts';

const PAGE = 65536;
const LIMIT = 2 ** 32;

/** The JS twin's linear memory: one ArrayBuffer under five full-length views, grown in 64 KiB pages up to 4 GiB. */
export class JsMemory implements LinearMemory {
  buffer!: ArrayBuffer;
  f64!: Float64Array;
  f32!: Float32Array;
  i32!: Int32Array;
  u32!: Uint32Array;
  u8!: Uint8Array;

  constructor() {
    this.use(new ArrayBuffer(PAGE));
  }

  /** Earlier views go stale rather than detached: one detached buffer makes V8 check every typed array of the process. */
  grow(bytes: number): boolean {
    if (bytes <= this.buffer.byteLength) return true;
    if (!(bytes <= LIMIT)) return false;
    const contents = this.u8;
    try {
      this.use(new ArrayBuffer(Math.ceil(bytes / PAGE) * PAGE));
    } catch {
      return false;
    }
    this.u8.set(contents);
    return true;
  }

  private use(buffer: ArrayBuffer): void {
    this.buffer = buffer;
    this.f64 = new Float64Array(buffer);
    this.f32 = new Float32Array(buffer);
    this.i32 = new Int32Array(buffer);
    this.u32 = new Uint32Array(buffer);
    this.u8 = new Uint8Array(buffer);
  }
}
