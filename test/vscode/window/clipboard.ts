import type { Actor } from './actor';

/** The clipboard of the browser, which is that of VS Code and its webviews. */
export class Clipboard {
  constructor(private readonly actor: Actor) {}

  read(): Promise<string> {
    const expression = 'navigator.clipboard.readText()';
    return this.actor.attempt('read the clipboard', () => this.actor.page.evaluate<string>(expression));
  }

  async write(text: string): Promise<void> {
    const expression = `navigator.clipboard.writeText(${JSON.stringify(text)})`;
    await this.actor.attempt('write the clipboard', () => this.actor.page.evaluate(expression));
  }

  /** Waits until the clipboard holds something that `good` accepts. */
  waitFor(what: string, good: (text: string) => boolean): Promise<string> {
    return this.actor.until(`${what} in the clipboard`, () => this.read(), good);
  }

  /** What `copy` puts into the clipboard; what was there before is restored. */
  async borrow(copy: () => Promise<void>): Promise<string> {
    const before = await this.read();
    const marker = `nothing was copied ${Math.random()}`;
    await this.write(marker);
    await copy();
    // Copying from nothing leaves the clipboard as it is.
    const text = await this.read();
    await this.write(before);
    return text === marker ? '' : text;
  }
}
