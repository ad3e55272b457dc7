/** Keeps the beginning and the end of a stream of output, however long it gets. */
export class OutputWindow {
  readonly #partBytes: number;
  readonly #head: Buffer[] = [];
  readonly #tail: Buffer[] = [];
  #headBytes = 0;
  #tailBytes = 0;
  #totalBytes = 0;

  /** `partBytes`: how much of the beginning, and how much of the end, is kept. */
  constructor(partBytes: number) {
    this.#partBytes = partBytes;
  }

  /** Everything that came, kept or not. */
  get totalBytes(): number {
    return this.#totalBytes;
  }

  add(chunk: Buffer): void {
    this.#totalBytes += chunk.length;
    const start = chunk.subarray(0, this.#partBytes - this.#headBytes);
    if (start.length > 0) this.#head.push(start);
    this.#headBytes += start.length;
    this.#addToTail(chunk.subarray(start.length));
  }

  text(): string {
    const head = Buffer.concat(this.#head);
    const tail = Buffer.concat(this.#tail).subarray(-this.#partBytes);
    const leftOut = this.#totalBytes - head.length - tail.length;
    // One decoding of both, so that a character which the border splits stays whole.
    if (leftOut === 0) return Buffer.concat([head, tail]).toString();
    return `${head.toString()}\n… ${leftOut} bytes left out …\n${tail.toString()}`;
  }

  #addToTail(chunk: Buffer): void {
    if (chunk.length === 0) return;
    this.#tail.push(chunk);
    this.#tailBytes += chunk.length;
    for (let first = this.#tail[0]; first && this.#tailBytes - first.length >= this.#partBytes; first = this.#tail[0]) {
      this.#tail.shift();
      this.#tailBytes -= first.length;
    }
  }
}
