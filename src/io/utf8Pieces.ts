/**
 * Text of UTF-8 bytes that come in pieces, cut within characters or not. `TextDecoder` does that, too (`stream: true`), but some engines then take
 * a slow path that makes texts of twice the size; whole characters go the fast way. Throws a `TypeError` for bytes that are not UTF-8.
 */
export class Utf8Pieces {
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  /** The start of a character whose rest is in the next piece. */
  #held = new Uint8Array(0);

  next(piece: Uint8Array): string {
    let bytes = piece;
    if (this.#held.length > 0) {
      bytes = new Uint8Array(this.#held.length + piece.length);
      bytes.set(this.#held);
      bytes.set(piece, this.#held.length);
    }
    const end = wholeCharacters(bytes);
    this.#held = bytes.slice(end);
    return this.#decoder.decode(bytes.subarray(0, end));
  }

  /** To be called after the last piece: a character that is not complete is an error. */
  finish(): void {
    this.#decoder.decode(this.#held);
    this.#held = new Uint8Array(0);
  }
}

/** How many bytes there are before a character that is not complete. */
function wholeCharacters(bytes: Uint8Array): number {
  const length = bytes.length;
  for (let back = 1; back <= Math.min(3, length); back++) {
    const byte = bytes[length - back];
    if (byte >> 6 === 0b10) continue;
    const size = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    return size > back ? length - back : length;
  }
  return length;
}
