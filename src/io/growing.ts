/** Doubles in a typed array that grows by doubling. */
export class GrowingFloats {
  #items = new Float64Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#items.length) {
      const old = this.#items;
      this.#items = new Float64Array(old.length * 2);
      this.#items.set(old);
    }
    this.#items[this.length++] = value;
  }

  at(k: number): number {
    return this.#items[k];
  }

  /** A view of what is there, until the next push. */
  view(): Float64Array {
    return this.#items.subarray(0, this.length);
  }

  /** A copy of what is there. */
  toArray(): Float64Array {
    return this.#items.slice(0, this.length);
  }
}

/** 32-bit integers likewise: a class of its own, because one that holds both kinds is half as fast. */
export class GrowingInts {
  #items = new Int32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.#items.length) {
      const old = this.#items;
      this.#items = new Int32Array(old.length * 2);
      this.#items.set(old);
    }
    this.#items[this.length++] = value;
  }

  at(k: number): number {
    return this.#items[k];
  }

  /** A view of what is there, until the next push. */
  view(): Int32Array {
    return this.#items.subarray(0, this.length);
  }

  /** A copy of what is there. */
  toArray(): Int32Array {
    return this.#items.slice(0, this.length);
  }
}
