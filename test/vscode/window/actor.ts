import { mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Locator, Page } from 'playwright-core';

/** How long anything in the window may take before an action counts as failed. */
export const patienceMs = 60_000;
const pollMs = 50;

/** What the parts of the driver share: the page, pictures of it, and failures that show what the window looked like. */
export class Actor {
  private taken: number | undefined;

  constructor(
    readonly page: Page,
    /** Where pictures go. */
    readonly folder: string,
  ) {}

  /** Does `work`; when it fails, leaves a picture and says in plain words what could not be done. */
  async attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof WindowError) throw error;
      const picture = await this.screenshot(`failed ${what}`).catch(() => 'no picture could be taken');
      const why = error instanceof Error ? error.message : String(error);
      throw new WindowError(`Could not ${what}. ${why}\nThe window then: ${picture}`, { cause: error });
    }
  }

  /** Reads until `good` says yes, and returns what was read; fails with the last thing read. */
  async until<T>(what: string, read: () => Promise<T>, good: (seen: T) => boolean, withinMs = patienceMs): Promise<T> {
    return await this.attempt(`see ${what}`, async () => {
      const end = performance.now() + withinMs;
      for (;;) {
        const seen = await read();
        if (good(seen)) return seen;
        if (performance.now() > end) throw new Error(`After ${withinMs / 1000} s there was: ${JSON.stringify(seen)}`);
        await delay(pollMs);
      }
    });
  }

  /** Takes the pointer off what it rests on, whose tooltip may come at any time and cover what is to be clicked next. */
  async pointAway(): Promise<void> {
    await this.page.mouse.move(2, 2);
  }

  /** Writes a picture of the window, numbered in the order taken; returns its path. */
  async screenshot(name: string): Promise<string> {
    await mkdir(this.folder, { recursive: true });
    this.taken ??= await highestNumber(this.folder);
    this.taken += 1;
    const words = name
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 60);
    const path = join(this.folder, `${String(this.taken).padStart(2, '0')}-${words}.png`);
    await this.page.screenshot({ path, animations: 'disabled' });
    return path;
  }

  /** The accessible buttons inside `area` with exactly this title, as VS Code's toolbars have them. */
  button(area: Locator, title: string): Locator {
    return area.getByRole('button', { name: title, exact: true });
  }
}

/** Something could not be done or seen in the window; the message is for the reader of a test's output. */
export class WindowError extends Error {
  override name = 'WindowError';
}

/** The innermost text of an element, with the no-break spaces that VS Code draws made plain. */
export function plain(text: string | null | undefined): string {
  return (text ?? '').replaceAll('\u00a0', ' ').replaceAll('\u200b', '').trim();
}

/** Whether a label is the one asked for: equal to a string, or matched by a pattern. */
export function matches(wanted: string | RegExp, label: string): boolean {
  return typeof wanted === 'string' ? wanted === label : wanted.test(label);
}

/** A pattern for an element whose whole text this is. */
export function exactly(text: string): RegExp {
  return new RegExp(`^\\s*${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\s*$`);
}

async function highestNumber(folder: string): Promise<number> {
  const numbers = (await readdir(folder)).map(name => Number.parseInt(name, 10)).filter(number => number > 0);
  return Math.max(0, ...numbers);
}
