import { SpinifexError } from './errors.ts';
import { seen } from './seen.ts';

/**
 * Identifiers of any kind (numbers, strings, objects) numbered 0, 1, ... in the order of their first use. They are told apart as a `Map` does:
 * 7 and '7' are different identifiers.
 */
export class IdIndex<Id> {
  readonly #title: string;
  readonly #ids: Id[] = [];
  readonly #numbers = new Map<Id, number>();

  /** @param title what one of them is called in error messages, e.g. `'row'` */
  constructor(title: string, ids: Iterable<Id> = []) {
    this.#title = title;
    for (const id of ids) this.add(id);
  }

  /** All identifiers in order: entry i has number i. */
  get ids(): readonly Id[] {
    return this.#ids;
  }

  get size(): number {
    return this.#ids.length;
  }

  has(id: Id): boolean {
    return this.#numbers.has(id);
  }

  /** The number of an identifier. @throws SpinifexError `'UNKNOWN_ID'` for one that is not there */
  at(id: Id): number {
    const number = this.#numbers.get(id);
    if (number !== undefined) return number;
    const twin = this.#ids.find((known) => isText(known) && isText(id) && String(known) === String(id));
    const hint = twin === undefined ? '' : `; there is ${seen(twin)}, which is another kind of value`;
    throw new SpinifexError('UNKNOWN_ID', `${this.#title}: ${seen(id)} is not among the ${this.size} known identifiers${hint}`);
  }

  /** @internal The number of an identifier, new or known. */
  add(id: Id): number {
    let number = this.#numbers.get(id);
    if (number === undefined) {
      number = this.#ids.push(id) - 1;
      this.#numbers.set(id, number);
    }
    return number;
  }
}

/** Kinds of identifier that are mistaken for each other: 7, '7' and 7n. */
const isText = (id: unknown): boolean => typeof id === 'string' || typeof id === 'number' || typeof id === 'bigint';
