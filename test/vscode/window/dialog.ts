import type { Locator } from 'playwright-core';
import { patienceMs, plain, type Actor } from './actor';

/** The modal dialog in the middle of the window. */
export class Dialog {
  private readonly box: Locator;

  constructor(private readonly actor: Actor) {
    this.box = actor.page.locator('.monaco-dialog-box');
  }

  isOpen(): Promise<boolean> {
    return this.box.isVisible();
  }

  message(): Promise<string> {
    return this.text('.dialog-message-text');
  }

  /** The smaller text under the message; empty when there is none. */
  detail(): Promise<string> {
    return this.text('.dialog-message-detail');
  }

  async buttons(): Promise<string[]> {
    await this.opened();
    return (await this.box.locator('.dialog-buttons .monaco-button').allTextContents()).map(plain).filter(Boolean);
  }

  /** Presses the button and waits until the dialog is gone. */
  async press(button: string): Promise<void> {
    await this.opened();
    await this.actor.attempt(`press "${button}" of the dialog`, async () => {
      const labels = await this.buttons();
      if (!labels.includes(button)) throw new Error(`Its buttons are: ${labels.join(' | ')}`);
      const message = await this.message();
      await this.box.getByRole('button', { name: button, exact: true }).click();
      // Another dialog may follow at once.
      await this.actor.until(
        'the dialog close',
        async () => ((await this.isOpen()) ? await this.message() : undefined),
        seen => seen !== message,
      );
    });
  }

  private async text(selector: string): Promise<string> {
    await this.opened();
    const found = this.box.locator(selector);
    return (await found.count()) > 0 ? plain(await found.innerText()) : '';
  }

  private async opened(): Promise<void> {
    await this.actor.attempt('see a dialog', () => this.box.waitFor({ timeout: patienceMs }));
  }
}
