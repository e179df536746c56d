import type { CompressedParts } from './compressed.ts';
import { CscMatrix } from './cscMatrix.ts';
import { CsrMatrix } from './csrMatrix.ts';
import { DenseMatrix } from './denseMatrix.ts';
import { SpinifexError } from './errors.ts';
import type { Label } from './labels.ts';
import { seen } from './seen.ts';

const special: Record<string, number> = { NaN: Number.NaN, Infinity: Infinity, '-Infinity': -Infinity, '-0': -0 };

/**
 * Reads the fields of a saved model one by one; a field that is missing or wrong is a `SpinifexError` with the code
 * `'BAD_MODEL'` that names it. See `readModelJson`.
 */
export class ModelReader {
  readonly #fields: Record<string, unknown>;
  readonly #kind: string;
  readonly #path: string;

  constructor(fields: unknown, kind: string, path = '') {
    this.#kind = kind;
    this.#path = path;
    if (typeof fields !== 'object' || fields === null || Array.isArray(fields)) {
      this.fail(`${path === '' ? 'is' : `"${path.slice(0, -1)}" is`} ${seen(fields)}: expected an object`);
    }
    this.#fields = fields as Record<string, unknown>;
  }

  /** Throws: `what` completes the sentence that starts with the kind of the model. */
  fail(what: string, cause?: unknown): never {
    throw new SpinifexError('BAD_MODEL', `${this.#kind} model: ${what}`, cause === undefined ? undefined : { cause });
  }

  /** Whether an optional field is there. */
  has(name: string): boolean {
    return Object.hasOwn(this.#fields, name);
  }

  number(name: string): number {
    return this.#decode(this.#field(name), name);
  }

  integer(name: string, low: number, high: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.number(name);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    this.#wrong(name, value, high === Number.MAX_SAFE_INTEGER ? `an integer >= ${low}` : `an integer in ${low}..${high}`);
  }

  string(name: string): string {
    const value = this.#field(name);
    if (typeof value === 'string') return value;
    this.#wrong(name, value, 'a string');
  }

  boolean(name: string): boolean {
    const value = this.#field(name);
    if (typeof value === 'boolean') return value;
    this.#wrong(name, value, 'true or false');
  }

  oneOf<const T extends string>(name: string, choices: readonly T[]): T {
    const value = this.#field(name);
    if (choices.includes(value as T)) return value as T;
    this.#wrong(name, value, `one of ${choices.map((choice) => JSON.stringify(choice)).join(', ')}`);
  }

  /** An array of numbers, of `length` entries where that is given. */
  float64Array(name: string, length?: number): Float64Array {
    const list = this.#array(name, length);
    const out = new Float64Array(list.length);
    for (let i = 0; i < list.length; i++) out[i] = this.#decode(list[i], name, i);
    return out;
  }

  /** An array of integers in `low..high`, of `length` entries where that is given. */
  int32Array(name: string, length?: number, low = -2147483648, high = 2147483647): Int32Array {
    const numbers = this.float64Array(name, length);
    for (let i = 0; i < numbers.length; i++) {
      if (!(Number.isInteger(numbers[i]) && numbers[i] >= low && numbers[i] <= high)) {
        this.#wrong(`${name}[${i}]`, numbers[i], `an integer in ${low}..${high}`);
      }
    }
    return Int32Array.from(numbers);
  }

  /** An array of strings, of `length` entries where that is given. */
  strings(name: string, length?: number): string[] {
    return this.#array(name, length).map((value, i) => {
      if (typeof value !== 'string') this.#wrong(`${name}[${i}]`, value, 'a string');
      return value;
    });
  }

  /** An array of class labels: all numbers or all strings. */
  labels(name: string): Label[] {
    const list = this.#array(name);
    return typeof list[0] === 'string' ? this.strings(name) : Array.from(this.float64Array(name));
  }

  /** A nested object. */
  object(name: string): ModelReader {
    return new ModelReader(this.#field(name), this.#kind, `${this.#path}${name}.`);
  }

  /** An array of nested objects. */
  list(name: string, length?: number): ModelReader[] {
    return this.#array(name, length).map((value, i) => new ModelReader(value, this.#kind, `${this.#path}${name}[${i}].`));
  }

  /** A nested `DenseMatrix`, of 64-bit numbers. */
  denseMatrix(name: string): DenseMatrix {
    return this.object(name).asDenseMatrix();
  }

  /** A nested `CsrMatrix`, of 64-bit numbers. */
  csrMatrix(name: string): CsrMatrix {
    return this.object(name).asCsrMatrix();
  }

  /** A nested `CscMatrix`, of 64-bit numbers. */
  cscMatrix(name: string): CscMatrix {
    return this.object(name).asCscMatrix();
  }

  /** This object as a `DenseMatrix`. */
  asDenseMatrix(): DenseMatrix {
    const [rows, cols] = [this.integer('rows', 1), this.integer('cols', 1)];
    return new DenseMatrix(this.float64Array('data', rows * cols), rows, cols, this.oneOf('order', ['row', 'column']));
  }

  /** This object as a `CsrMatrix`. */
  asCsrMatrix(): CsrMatrix {
    return this.#sparse((parts) => new CsrMatrix(parts));
  }

  /** This object as a `CscMatrix`. */
  asCscMatrix(): CscMatrix {
    return this.#sparse((parts) => new CscMatrix(parts));
  }

  #sparse<T>(build: (parts: CompressedParts) => T): T {
    const parts = {
      rows: this.integer('rows', 1),
      cols: this.integer('cols', 1),
      indptr: this.int32Array('indptr'),
      indices: this.int32Array('indices'),
      data: this.float64Array('data'),
    };
    try {
      return build(parts);
    } catch (cause) {
      this.fail(`"${this.#path.slice(0, -1)}" is not a sparse matrix: ${(cause as Error).message}`, cause);
    }
  }

  #field(name: string): unknown {
    if (!this.has(name)) this.fail(`"${this.#path}${name}" is missing`);
    return this.#fields[name];
  }

  #array(name: string, length?: number): unknown[] {
    const value = this.#field(name);
    if (!Array.isArray(value)) this.#wrong(name, value, 'an array');
    if (length !== undefined && value.length !== length) this.#wrong(name, value, `an array of length ${length}`);
    return value;
  }

  /** A number, or the name of one that JSON cannot hold. */
  #decode(value: unknown, name: string, position?: number): number {
    if (typeof value === 'number') return value;
    if (typeof value === 'string' && Object.hasOwn(special, value)) return special[value];
    this.#wrong(position === undefined ? name : `${name}[${position}]`, value, 'a number');
  }

  #wrong(name: string, value: unknown, expected: string): never {
    this.fail(`"${this.#path}${name}" is ${seen(value)}: expected ${expected}`);
  }
}
