/** The end of a text that arrives in pieces. It is cut only now and then, so that many small pieces cost no more than large ones. */
export class LastText {
  #text = '';

  /** @param limit characters. */
  constructor(readonly limit: number) {}

  push(piece: string): void {
    this.#text += piece;
    if (this.#text.length > 2 * this.limit) this.#text = this.text;
  }

  get text(): string {
    return this.#text.slice(-this.limit);
  }
}
