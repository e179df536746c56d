/**
 * The errors of spinifex that are neither a wrong kind (`TypeError`) nor a wrong amount (`RangeError`) of an argument.
 * @module
 */

/** An error with a stable, machine-readable `code`. */
export class SpinifexError extends Error {
  /** Stable name of the failure, e.g. `'OUT_OF_MEMORY'`; the message is for people and may change. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A block of memory was refused before anything was overwritten; `code` is `'OUT_OF_MEMORY'`. */
export class OutOfMemoryError extends SpinifexError {
  /** How many bytes were needed. */
  readonly bytes: number;

  /** `reason` completes the sentence "... bytes needed, but", e.g. `'one array may have at most 1073741824 bytes'`. */
  constructor(bytes: number, reason: string, options?: ErrorOptions) {
    super('OUT_OF_MEMORY', `out of memory: ${bytes} bytes needed, but ${reason}`, options);
    this.bytes = bytes;
  }
}

/** This engine or page cannot run the Wasm build; `code` is `'WASM_UNSUPPORTED'`. */
export class WasmUnsupportedError extends SpinifexError {
  constructor(message: string, options?: ErrorOptions) {
    super('WASM_UNSUPPORTED', message, options);
  }
}
