import { matches, patienceMs, plain, type Actor } from './actor';

/** The bar at the window's bottom. */
export class StatusBar {
  constructor(private readonly actor: Actor) {}

  /** The texts of its items, from left to right; icons are left out. */
  async items(): Promise<string[]> {
    return (await this.labels().allTextContents()).map(plain).filter(Boolean);
  }

  /** Waits until an item has this text. */
  async waitFor(text: string | RegExp, withinMs = patienceMs): Promise<void> {
    const good = (items: string[]): boolean => items.some(item => matches(text, item));
    await this.actor.until(`"${text}" in the status bar`, () => this.items(), good, withinMs);
  }

  async click(text: string | RegExp): Promise<void> {
    await this.waitFor(text);
    await this.actor.attempt(`click "${text}" in the status bar`, async () => {
      const texts = (await this.labels().allTextContents()).map(plain);
      await this.labels()
        .nth(texts.findIndex(item => matches(text, item)))
        .click();
    });
  }

  private labels() {
    return this.actor.page.locator('.part.statusbar .statusbar-item-label');
  }
}
