import type { Locator } from 'playwright-core';
import { patienceMs, plain, type Actor } from './actor';

/** What this driver needs of the xterm.js terminal that VS Code ties to its element. */
interface Xterm {
  buffer: {
    active: {
      length: number;
      getLine(y: number): { isWrapped: boolean; translateToString(trimRight: boolean): string };
    };
  };
}

/** The terminal that is shown. */
export class Terminal {
  private readonly wrapper: Locator;

  constructor(private readonly actor: Actor) {
    this.wrapper = actor.page.locator('.terminal-wrapper:visible').last();
  }

  /** All text of the terminal, scrolled-away lines included, without trailing spaces. Lines that were wrapped are one. */
  async text(): Promise<string> {
    return await this.actor.attempt('read the terminal', async () => {
      await this.wrapper.waitFor({ timeout: patienceMs });
      return await this.wrapper.evaluate(element => {
        const buffer = (element as unknown as { xterm?: Xterm }).xterm?.buffer.active;
        if (!buffer) return '';
        let text = '';
        for (let y = 0; y < buffer.length; y++) {
          const line = buffer.getLine(y);
          text += (line.isWrapped || y === 0 ? '' : '\n') + line.translateToString(true);
        }
        return text.trimEnd();
      });
    });
  }

  /** Waits until the terminal shows a match; returns the whole text. */
  waitFor(pattern: RegExp, withinMs = patienceMs): Promise<string> {
    return this.actor.until(
      `${pattern} in the terminal`,
      () => this.text(),
      text => pattern.test(text),
      withinMs,
    );
  }

  /** Types the text into the terminal. A line is sent with `press('Enter')`. */
  async type(text: string): Promise<void> {
    await this.focus();
    await this.actor.page.keyboard.type(text);
  }

  /** Presses a key, e.g. `Enter` or `Control+C`. */
  async press(key: string): Promise<void> {
    await this.focus();
    await this.actor.page.keyboard.press(key);
  }

  /** The name of the terminal that is shown. */
  async name(): Promise<string> {
    const tabs = this.actor.page.locator('.terminal-tabs-entry, .single-terminal-tab');
    return plain(await this.actor.attempt('read the name of the terminal', () => tabs.last().innerText()));
  }

  private async focus(): Promise<void> {
    await this.actor.attempt('focus the terminal', async () => {
      await this.wrapper.waitFor({ timeout: patienceMs });
      await this.wrapper.locator('.xterm-helper-textarea').focus();
    });
  }
}
