/** FNV-1a over the bytes of 64-bit numbers, in hexadecimal. */
export class Hash {
  #state = 0x811c9dc5;

  add(values: ArrayLike<number>): this {
    for (const byte of new Uint8Array(Float64Array.from(values).buffer)) {
      this.#state = Math.imul(this.#state ^ byte, 0x01000193) >>> 0;
    }
    return this;
  }

  get text(): string {
    return this.#state.toString(16).padStart(8, '0');
  }
}
